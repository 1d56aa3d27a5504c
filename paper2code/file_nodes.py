"""The nodes of a single file that ask no model."""

import asyncio

from langchain_core.runnables import Runnable, RunnableConfig
from langgraph.errors import GraphInterrupt
from langgraph.runtime import Runtime

from paper2code.acceptance import is_acceptable, tests_fail
from paper2code.artifacts import FileReview, FileStatus, Finding, SourceFile, Step
from paper2code.artifacts.file import MOST_FINDINGS
from paper2code.board import Board, Published
from paper2code.context import Context
from paper2code.draining import give_way
from paper2code.errors import AnswerError
from paper2code.events import emit_file
from paper2code.run import Run
from paper2code.state import FileOutput, FileState, Node, Refusal

_LOOK_UP_SECONDS = 0.5


async def await_imports(state: FileState, runtime: Runtime[Context]) -> FileState:
    """Wait until the imported files of this edition are published, and take up what there is of this one."""
    board = runtime.context.run.board
    emit_file(state["path"], "await_imports")
    await _imports_published(state, board)
    if state.get("kept"):
        return _as_kept(state["path"], runtime.context.run)
    before = board.record(state["path"], state["before"]) if state["before"] else None
    return _as_published(before) if before else {}


async def _imports_published(state: FileState, board: Board) -> None:
    """Return once they are.

    It gives way when the run is asked to drain, or when the node of another file asks a human: the
    superstep could not end otherwise, and the run would hang.
    """
    waiting = asyncio.ensure_future(board.wait(state["edition"], state["awaited"]))
    try:
        while not (await asyncio.wait([waiting], timeout=_LOOK_UP_SECONDS))[0]:
            give_way()
            if board.paused:
                raise GraphInterrupt
        await waiting
    finally:
        waiting.cancel()


def _as_kept(path: str, run: Run) -> FileState:
    """A file as somebody has changed it by hand, with the tests that stand beside it."""
    state = FileState(draft=SourceFile(path=path, text=run.workspace.read(path), revision=0))
    place = run.design.tests_of(path)
    if place and run.workspace.exists(place):
        state["tests"] = SourceFile(path=place, text=run.workspace.read(place), revision=0)
    return state


def _as_published(record: Published) -> FileState:
    """A file of an earlier edition, with the review of it."""
    state = FileState(draft=record.file)
    if record.analysis:
        state["analysis"] = record.analysis
    if record.review:
        state["review"], state["reviewed"] = record.review, record.file.revision
    if record.tests:
        state["tests"] = record.tests
    return state


async def publish(state: FileState, runtime: Runtime[Context]) -> FileOutput:
    """Write the file and its tests, and tell those who wait; accepted only if nothing speaks against it."""
    review, content = state.get("review"), is_acceptable(state)
    if "mend" in state and not content and _is_accepted(state["path"], runtime):
        return _refuse(state)
    left = len(state["findings"]) + (len(review.findings) if review else 0)
    note = "" if content else "its tests fail" if tests_fail(state.get("tried")) else f"{left} findings left"
    if state.get("kept"):
        note = "; ".join(filter(None, ["kept as it was changed by hand", note]))
    return await _publish(state, runtime, state["draft"], "accepted" if content else "rejected", note)


def _is_accepted(path: str, runtime: Runtime[Context]) -> bool:
    record = runtime.context.run.board.record(path)
    return record is not None and record.status == "accepted"


def _refuse(state: FileState) -> FileOutput:
    """Leave an accepted file as it is: a mend that is not accepted would make it worse."""
    judged, findings = state["review"], list(state["findings"])
    if (tried := state["tried"]) and tried.ending == "failed":
        failure = f"Its tests fail ({tried.reason}): {tried.output[-2_000:]}"
        findings.append(
            Finding(severity="blocker", line=0, problem=failure, fix="Mend it so that they pass.")
        )
    told = (*findings, *judged.findings)[:MOST_FINDINGS]
    why = FileReview(verdicts=judged.verdicts, findings=told, accepted=False)
    emit_file(state["path"], "accepted", state["draft"].revision, "the mend is not taken")
    return {"refusals": {state["path"]: Refusal(mend=state["mend"], review=why)}}


def giving_up(file: Runnable[FileState, FileOutput]) -> Node:
    """The graph of one file as a node of the whole: a file that no model can answer for does not end the run.

    It is no error handler of LangGraph's: one that raises what is not for it to mend does not end the run.
    """

    async def write(state: FileState, config: RunnableConfig, runtime: Runtime[Context]) -> FileOutput:
        run = runtime.context.run
        run.board.go_on(state["edition"], run.design.order)
        await run.board.step_in()
        try:
            return await file.ainvoke(state, config)
        except AnswerError as error:
            return await _give_up(state, runtime, error)

    return write


async def _give_up(state: FileState, runtime: Runtime[Context], error: AnswerError) -> FileOutput:
    """Publish what there is of the file, so that nobody waits for it for ever.

    After its imports, as every file: whoever waits for this one then has what it leads to.
    """
    board, path = runtime.context.run.board, state["path"]
    await _imports_published(state, board)
    draft, before = board.draft(state["edition"], path), board.record(path, state["before"])
    if draft is None and before:
        draft = before.file
    if draft is None:
        draft = SourceFile(path=path, text=f"# Not written: {error}\n", revision=0)
    return await _publish(state, runtime, draft, "failed", note=str(error))


async def _publish(
    state: FileState, runtime: Runtime[Context], draft: SourceFile, status: FileStatus, note: str = ""
) -> FileOutput:
    path, edition = state["path"], state["edition"]
    record = Published(
        file=draft,
        tests=state.get("tests"),
        status=status,
        analysis=state.get("analysis"),
        review=state.get("review"),
        tried=state.get("tried"),
    )
    await runtime.context.run.board.publish(edition, record)
    emit_file(path, status, draft.revision, note)
    update = FileOutput(published={path: edition}, file_status={path: status})
    if record.review:
        update["reviews"] = {path: record.review}
    if proposals := state.get("proposals"):
        update["proposals"] = proposals
    if tried := record.tried or _untested(record, runtime.context.run):
        update["test_results"] = {path: tried}
    return update


def _untested(record: Published, run: Run) -> Step | None:
    """What is told of a file that was to have tests and has none, or None."""
    path, analysis = record.file.path, record.analysis
    if record.tests or analysis is None or not analysis.properties or run.design.tests_of(path) is None:
        return None
    return Step(kind="tests", target=path, ending="not run", reason="no usable tests were written for it")
