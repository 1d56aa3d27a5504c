"""The nodes of a single file that ask no model."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TypeGuard

from langchain_core.runnables import Runnable, RunnableConfig
from langgraph.errors import GraphDrained, GraphInterrupt
from langgraph.runtime import Runtime, get_runtime

from paper2code.artifacts import FileAnalysis, FileReview, FileStatus, Finding, SourceFile, Step
from paper2code.board import Published, Refusal
from paper2code.context import Context
from paper2code.errors import AnswerError
from paper2code.events import emit_file
from paper2code.routing import cannot_run, is_content, tests_fail
from paper2code.run import Run
from paper2code.state import FileOutput, FileState, Node

_LOOK_UP_SECONDS = 0.5


async def await_imports(state: FileState, runtime: Runtime[Context]) -> FileState:
    """Wait until the imported files of this round are published, and take up what there is of this one.

    It gives way when the run is asked to drain, or when the node of another file asks a human: the
    superstep could not end otherwise, and the run would hang.
    """
    board = runtime.context.run.board
    emit_file(state["path"], "await_imports")
    waiting = asyncio.ensure_future(board.wait(state["awaited"], state["round"]))
    try:
        while not (await asyncio.wait([waiting], timeout=_LOOK_UP_SECONDS))[0]:
            if runtime.drain_requested:
                raise GraphDrained(runtime.drain_reason or "drain requested")
            if board.paused:
                raise GraphInterrupt
        await waiting
    finally:
        waiting.cancel()
    return _as_published(state["path"], runtime.context.run) if state["round"] else {}


def _as_published(path: str, run: Run) -> FileState:
    """A file of an earlier round: its text, its tests, and the review that holds while neither changes."""
    record = run.board.record(path)
    if record is None:
        return {}
    state = FileState(
        draft=SourceFile(path=path, text=run.workspace.read(path), revision=record.revision),
    )
    if record.review:
        state["review"], state["reviewed"] = record.review, record.revision
    tests = run.design.tests_of(path)
    if tests and run.workspace.exists(tests):
        state["tests"] = SourceFile(path=tests, text=run.workspace.read(tests), revision=record.revision)
    return state


def giving_way(node: Node) -> Node:
    """A node that may ask a human: while it does, the other files stop waiting, so that the run can pause."""
    if isinstance(node, Runnable):

        async def run(state: FileState, config: RunnableConfig) -> object:
            with _pausing():
                return await node.ainvoke(state, config)

        return run

    if _is_async(node):

        @wraps(node)
        async def wait(*args: object, **kwargs: object) -> object:
            with _pausing():
                return await node(*args, **kwargs)

        return wait

    @wraps(node)
    def call(*args: object, **kwargs: object) -> object:
        with _pausing():
            return node(*args, **kwargs)

    return call


def _is_async(node: Callable[..., object]) -> TypeGuard[Callable[..., Awaitable[object]]]:
    """Whether it is a coroutine function, or an object that is called like one."""
    return inspect.iscoroutinefunction(node) or inspect.iscoroutinefunction(type(node).__call__)


@contextmanager
def _pausing() -> Iterator[None]:
    try:
        yield
    except GraphInterrupt:
        get_runtime(Context).context.run.board.paused = True
        raise


async def publish(state: FileState, runtime: Runtime[Context]) -> FileOutput:
    """Write the file and its tests, and tell those who wait; accepted only if nothing speaks against it."""
    review = state.get("review")
    content = (
        review is not None
        and is_content(review)
        and not cannot_run(state["findings"])
        and not tests_fail(state)
    )
    if "mend" in state and not content and _is_accepted(state["path"], runtime):
        return _refuse(state, runtime)
    left = len(state["findings"]) + (len(review.findings) if review else 0)
    note = "" if content else "its tests fail" if tests_fail(state) else f"{left} findings left"
    return await _publish(state, runtime, state["draft"], "accepted" if content else "rejected", note)


def _is_accepted(path: str, runtime: Runtime[Context]) -> bool:
    record = runtime.context.run.board.record(path)
    return record is not None and record.status == "accepted"


def _refuse(state: FileState, runtime: Runtime[Context]) -> FileOutput:
    """Leave an accepted file as it is: a mend that is not accepted would make it worse."""
    judged, findings = state["review"], state["findings"]
    if (tried := state["tried"]) and tried.ending == "failed":
        failure = f"Its tests fail ({tried.reason}): {tried.output[-2_000:]}"
        findings += (Finding(severity="blocker", line=0, problem=failure, fix="Mend it so that they pass."),)
    why = FileReview(verdicts=judged.verdicts, findings=findings + judged.findings, accepted=False)
    runtime.context.run.board.refuse(state["path"], Refusal(mend=state["mend"], review=why))
    emit_file(state["path"], "accepted", state["draft"].revision, "the mend is not taken")
    return {}


def giving_up(file: Runnable[FileState, FileOutput]) -> Node:
    """The graph of one file as a node of the whole: a file that no model can answer for does not end the run.

    It is no error handler of LangGraph's: one that raises what is not for it to mend does not end the run.
    """

    async def write(state: FileState, config: RunnableConfig, runtime: Runtime[Context]) -> FileOutput:
        try:
            return await file.ainvoke(state, config)
        except AnswerError as error:
            return await _give_up(state, runtime, error)

    return write


async def _give_up(state: FileState, runtime: Runtime[Context], error: AnswerError) -> FileOutput:
    """Publish what there is of the file, so that nobody waits for it for ever."""
    draft = runtime.context.run.board.draft(state["path"])
    if draft is None:
        draft = SourceFile(path=state["path"], text=f"# Not written: {error}\n", revision=0)
    return await _publish(state, runtime, draft, "failed", note=str(error))


async def _publish(
    state: FileState, runtime: Runtime[Context], draft: SourceFile, status: FileStatus, note: str = ""
) -> FileOutput:
    run, path, review = runtime.context.run, state["path"], state.get("review")
    await asyncio.to_thread(run.workspace.write, path, draft.text)
    if tests := state.get("tests"):
        await asyncio.to_thread(run.workspace.write, tests.path, tests.text)
    record = Published(path=path, round=state["round"], revision=draft.revision, status=status, review=review)
    await run.board.publish(record)
    emit_file(path, status, draft.revision, note)
    update = FileOutput(file_status={path: status})
    if review:
        update["reviews"] = {path: review}
    if proposals := state.get("proposals"):
        update["proposals"] = proposals
    if tried := state.get("tried") or _untested(path, run):
        update["test_results"] = {path: tried}
    return update


def _untested(path: str, run: Run) -> Step | None:
    """What is told of a file that was to have tests and has none, or None."""
    planned, analysis = run.design.tests_of(path), run.workspace.load(f"analyses/{path}", FileAnalysis)
    if planned is None or analysis is None or not analysis.properties or run.workspace.exists(planned):
        return None
    return Step(kind="tests", target=path, ending="not run", reason="no usable tests were written for it")
