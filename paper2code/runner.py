"""The runner: the finished repository, installed and run; what fails goes to the debugger and comes back."""

from collections.abc import Mapping
from typing import Any, Literal

from langgraph.runtime import Runtime
from langgraph.types import Send

from paper2code.artifacts import RunResult, SourceFile, Ticket
from paper2code.blocking import to_its_end
from paper2code.context import Context
from paper2code.events import announced, emit_step
from paper2code.resumption import set_up
from paper2code.run import Run
from paper2code.state import FileState, Snapshot, State


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
    files = await to_its_end(set_up, run)
    result = await run.executor.run_gate(number, files, run.design.architecture, emit_step)
    if "best" in state and len(result.failed) > len(state["run"].failed):
        undone = await to_its_end(_undo, run, state["best"])
        return {**undone, "run": state["run"], "relapse": result.failed}
    design = run.design
    best = Snapshot(published=run.board.versions, config=design.config, dependencies=design.dependencies)
    return {"run": result, "relapse": (), "best": best}


def _undo(run: Run, best: Snapshot) -> State:
    """Put the best state back in place."""
    run.amend(config=best.config, dependencies=best.dependencies)
    run.board.bring_back(best.published)
    set_up(run)
    records = [record for path in best.published if (record := run.board.record(path))]
    return {
        "config": best.config,
        "dependencies": best.dependencies,
        "published": best.published,
        "file_status": {record.path: record.status for record in records},
        "reviews": {record.path: record.review for record in records if record.review},
        "test_results": {record.path: record.tried for record in records if record.tried},
    }


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
    files = [
        _mended(path, mended, state, run)
        for path in run.design.order
        if path in mended or run.design.tests_of(path) in mended
    ]
    edition = run.open_edition({file["path"]: file["draft"] for file in files})
    return [Send("mend", {**file, "edition": edition}) for file in files] or "run again"


def _mended(path: str, mended: Mapping[str, str], state: State, run: Run) -> FileState:
    """A mended file on its way to be checked.

    It is judged again if it owns a requirement or its tests were changed, so that a mend can neither hollow
    out the method, be it in a helper of the symbol that meets it, nor weaken what guards it.
    """
    record = run.board.record(path)
    assert record is not None  # noqa: S101 - every planned file was published before the repository is run
    revision = record.file.revision + 1
    file = FileState(
        path=path,
        awaited=(),
        rank=run.design.ranks[path],
        before=run.board.versions[path],
        mend=state["mends"],
        ticket=_ticket(path, state["run"]),
        draft=SourceFile(path=path, text=mended.get(path, record.file.text), revision=revision),
    )
    if record.analysis:
        file["analysis"] = record.analysis
    if tests := record.tests:
        text = mended.get(tests.path, tests.text)
        file["tests"] = SourceFile(path=tests.path, text=text, revision=revision)
    if record.review:
        file["review"] = record.review
        if not run.design.requirements_of(path) and run.design.tests_of(path) not in mended:
            file["reviewed"] = revision
    return file


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
