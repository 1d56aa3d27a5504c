"""The runner: the finished repository, installed and run; a mend that made it worse is undone."""

from collections.abc import Mapping
from typing import Any

from langgraph.runtime import Runtime

from paper2code.acceptance import is_content, tests_fail
from paper2code.artifacts import RunResult
from paper2code.blocking import to_its_end
from paper2code.board import Published
from paper2code.context import Context
from paper2code.events import announced, emit_file, emit_step
from paper2code.resumption import set_up
from paper2code.run import Run
from paper2code.state import Snapshot, State


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
    proven = await _proven(run, result)
    design = run.design
    best = Snapshot(published=run.board.versions, config=design.config, dependencies=design.dependencies)
    return {"run": result, "relapse": (), "best": best, **proven}


async def _proven(run: Run, result: RunResult) -> State:
    """The files that nothing but failing tests spoke against, where all tests pass in the whole repository.

    What made them fail stood in another file, and that one was mended: these need not be judged again.
    """
    passed = next((step for step in result.steps if step.kind == "tests" and step.ending == "passed"), None)
    if passed is None:
        return {}
    settled = State(file_status={}, test_results={})
    for path, edition in run.board.versions.items():
        record = run.board.record(path, edition)
        if record and _only_tests_failed(record):
            tried = passed.model_copy(update={"target": path})
            await run.board.publish(edition, record.model_copy(update={"status": "accepted", "tried": tried}))
            emit_file(path, "accepted", record.file.revision, "its tests pass now")
            settled["file_status"][path], settled["test_results"][path] = "accepted", tried
    return settled


def _only_tests_failed(record: Published) -> bool:
    """Whether a rejected file would be accepted had its tests passed, which run only where checks agree."""
    is_judged = record.review is not None and is_content(record.review)
    return record.status == "rejected" and tests_fail(record.tried) and is_judged


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
