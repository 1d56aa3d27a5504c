"""The nodes of a single file that ask no model."""

import asyncio
import inspect
from functools import wraps

from langgraph.errors import GraphDrained, GraphInterrupt, NodeError
from langgraph.runtime import Runtime, get_runtime

from paper2code.artifacts import FileStatus, SourceFile
from paper2code.board import Published
from paper2code.checks.source import check_source
from paper2code.context import Context
from paper2code.errors import AnswerError
from paper2code.events import emit_file
from paper2code.routing import asks_for_change, cannot_run, is_content
from paper2code.state import FileOutput, FileState, Node

_LOOK_UP_SECONDS = 0.5


async def await_imports(state: FileState, runtime: Runtime[Context]) -> FileState:
    """Wait until the imported files of this round are published.

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
    return {}


def giving_way(node: Node) -> Node:
    """A node that may ask a human: while it does, the other files stop waiting, so that the run can pause.

    Only coroutine functions are watched; other kinds of nodes are taken as they are.
    """
    if not inspect.iscoroutinefunction(node):
        return node

    @wraps(node)
    async def watched(*args: object, **kwargs: object) -> object:
        try:
            return await node(*args, **kwargs)
        except GraphInterrupt:
            get_runtime(Context).context.run.board.paused = True
            raise

    return watched


async def check(state: FileState, runtime: Runtime[Context]) -> FileState:
    """Check the draft without a model."""
    run, draft = runtime.context.run, state["draft"]
    design = run.design
    emit_file(draft.path, "checker", draft.revision)
    imported = {p: run.workspace.read(p) for p in design.order if run.workspace.exists(p)}
    findings = check_source(draft, design.architecture, design.dependencies, design.config, imported)
    broken = asks_for_change(findings)
    return {"findings": findings, "fixes": state.get("fixes", 0) + 1 if broken else 0}


async def publish(state: FileState, runtime: Runtime[Context]) -> FileOutput:
    """Write the file and tell those who wait for it; accepted only if its reviewer is content."""
    review = state.get("review")
    content = review is not None and is_content(review) and not cannot_run(state["findings"])
    return await _publish(state, runtime, state["draft"], "accepted" if content else "rejected")


async def give_up(state: FileState, error: NodeError, runtime: Runtime[Context]) -> FileOutput:
    """Publish what there is of a file that no model could answer for, so that nobody waits for it for ever.

    Raises:
        BaseException: Whatever is not the fault of this file alone, as it was: it ends the run.
    """
    if not isinstance(error.error, AnswerError):
        raise error.error
    draft = runtime.context.run.board.draft(state["path"])
    if draft is None:
        draft = SourceFile(path=state["path"], text=f"# Not written: {error.error}\n", revision=0)
    return await _publish(state, runtime, draft, "failed", note=str(error.error))


async def _publish(
    state: FileState, runtime: Runtime[Context], draft: SourceFile, status: FileStatus, note: str = ""
) -> FileOutput:
    run, path, review = runtime.context.run, state["path"], state.get("review")
    await asyncio.to_thread(run.workspace.write, path, draft.text)
    record = Published(path=path, round=state["round"], revision=draft.revision, status=status, review=review)
    await run.board.publish(record)
    emit_file(path, status, draft.revision, note)
    update = FileOutput(file_status={path: status})
    if review:
        update["reviews"] = {path: review}
    return update
