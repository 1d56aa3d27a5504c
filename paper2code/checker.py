"""The checker: what can be said of a draft without a model, by reading it and by running its tests."""

from langgraph.runtime import Runtime

from paper2code.artifacts import Finding, SourceFile, Step
from paper2code.checks.modules import is_test
from paper2code.checks.source import check_source
from paper2code.context import Context
from paper2code.events import emit_file
from paper2code.report.setup_files import setup_files
from paper2code.routing import asks_for_change
from paper2code.run import Run
from paper2code.state import FileState


async def check(state: FileState, runtime: Runtime[Context]) -> FileState:
    """Read the draft and its tests against the design, then run the tests where nothing speaks against it."""
    run, draft, tests = runtime.context.run, state["draft"], state.get("tests")
    emit_file(draft.path, "checker", draft.revision)
    texts = _texts(draft, tests, run)
    findings = _read(draft, tests, texts, run)
    broken = asks_for_change(findings)
    tried = None if broken else await _tried(draft, tests, texts, run)
    broken = broken or (tried is not None and tried.ending == "failed")
    return {"findings": findings, "tried": tried, "fixes": state.get("fixes", 0) + 1 if broken else 0}


def _texts(draft: SourceFile, tests: SourceFile | None, run: Run) -> dict[str, str]:
    """The draft, its tests, and all that it imports, directly or through others."""
    written = (p for p in run.design.all_imports_of(draft.path) if run.workspace.exists(p))
    texts = {path: run.workspace.read(path) for path in written}
    return texts | {file.path: file.text for file in (draft, tests) if file}


def _read(
    draft: SourceFile, tests: SourceFile | None, texts: dict[str, str], run: Run
) -> tuple[Finding, ...]:
    design = run.design
    parts = (design.architecture, design.dependencies, design.config, texts)
    findings = check_source(draft, *parts)
    if tests:
        findings += tuple(
            finding.model_copy(update={"in_tests": True}) for finding in check_source(tests, *parts)
        )
    return findings


async def _tried(draft: SourceFile, tests: SourceFile | None, texts: dict[str, str], run: Run) -> Step | None:
    """How the tests of the file ended; None where it has none."""
    if tests:
        place = tests.path
    elif is_test(draft.path):
        place = draft.path
    else:
        return None
    return await run.executor.run_tests(
        draft.path, draft.revision, {**texts, **setup_files(run.design, texts)}, (place,)
    )
