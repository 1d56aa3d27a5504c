"""The runner: the finished repository, installed and run; what fails goes to the debugger and comes back."""

import asyncio
from collections.abc import Mapping
from typing import Any, Literal

from langgraph.runtime import Runtime
from langgraph.types import Send

from paper2code import snapshot
from paper2code.artifacts import RunResult, SourceFile, Ticket
from paper2code.context import Context
from paper2code.events import announced, emit_step
from paper2code.report.setup_files import setup_files
from paper2code.run import Run
from paper2code.state import State


def _told(update: Mapping[str, Any]) -> str:
    result = update["run"]
    parts = (
        (len(result.steps) - len(result.failed) - len(result.not_run), "passed"),
        (len(result.failed), "failed"),
        (len(result.not_run), "not run"),
    )
    return ", ".join(f"{count} {word}" for count, word in parts if count)


@announced("runner", _told)
async def run_repository(state: State, runtime: Runtime[Context]) -> State:
    """Run what a user would run: imports, tests, `--help` and the smoke run of every entry point.

    Where a mend left more failing than before, it is undone: the best state stands.
    """
    run, number = runtime.context.run, state.get("mends", 0)
    files = await asyncio.to_thread(_installed, run)
    result = await run.executor.run_gate(number, files, run.design.architecture, emit_step)
    before = state.get("run")
    if before is None or len(result.failed) <= len(before.failed):
        await asyncio.to_thread(snapshot.keep, run)
        return {"run": result, "relapse": ()}
    update = State(run=before, relapse=result.failed)
    if best := await snapshot.restore(run):
        update["config"], update["dependencies"] = best.config, best.dependencies
        update["file_status"] = {record.path: record.status for record in best.records}
        update["reviews"] = {record.path: record.review for record in best.records if record.review}
    return update


def _installed(run: Run) -> dict[str, str]:
    """The repository as a user gets it, once what stands around the generated files is written."""
    for path, text in setup_files(run.design, run.texts()).items():
        run.workspace.write(path, text)
    return {path: run.workspace.read(path) for path in run.workspace.files()}


async def after_run(state: State, runtime: Runtime[Context]) -> Literal["debug", "done"]:
    """To the debugger while something fails and the budget lasts."""
    if state["run"].failed and state.get("mends", 0) < runtime.context.max_mends:
        return "debug"
    return "done"


async def after_debug(
    state: State, runtime: Runtime[Context]
) -> list[Send] | Literal["run again", "give up"]:
    """Each mended file through the checks again, under the changed settings; these alone are simply tried."""
    runtime.context.run.amend(config=state["config"], dependencies=state["dependencies"])
    run, mended = runtime.context.run, {file.path: file.text for file in state["mended"]}
    if not mended:
        return "give up"
    sends = [
        _send(path, mended, state, run)
        for path in run.design.order
        if path in mended or run.design.tests_of(path) in mended
    ]
    return sends or "run again"


def _send(path: str, mended: Mapping[str, str], state: State, run: Run) -> Send:
    """A mended file on its way to be checked.

    It is judged again if it owns a requirement or its tests were changed, so that a mend can neither hollow
    out the method, be it in a helper of the symbol that meets it, nor weaken what guards it.
    """
    record, place = run.board.record(path), run.design.tests_of(path)
    revision = record.revision + 1 if record else 0
    texts = {p: run.workspace.read(p) for p in (path, place) if p and run.workspace.exists(p)}
    texts |= {p: text for p, text in mended.items() if p in texts}
    file: dict[str, Any] = {
        "path": path,
        "awaited": (),
        "rank": run.design.ranks[path],
        "round": record.round if record else 0,
        "mend": state["mends"],
        "ticket": _ticket(path, state["run"]),
        "draft": SourceFile(path=path, text=texts[path], revision=revision),
    }
    if place in texts:
        file["tests"] = SourceFile(path=place, text=texts[place], revision=revision)
    if record and record.review:
        file["review"] = record.review
        if not run.design.requirements_of(path) and place not in mended:
            file["reviewed"] = revision
    return Send("mend", file)


def _ticket(path: str, result: RunResult) -> Ticket:
    failures = "; ".join(f"`{step.command or step.kind}`: {step.reason}" for step in result.failed)
    return Ticket(
        path=path,
        severity="blocker",
        problem=f"The repository was run, and this failed: {failures[:4_000]}",
        change="Mend the cause of what failed; the draft is that mend.",
        keep="What the requirements say and the interface promises: a mend must not hollow out the method.",
        requirements=(),
    )
