"""The checker: what can be said of a draft without a model, by reading it and by running its tests."""

from langgraph.runtime import Runtime

from paper2code.acceptance import asks_for_change
from paper2code.artifacts import Finding, SourceFile, Step
from paper2code.checks.modules import is_test
from paper2code.checks.source import check_within
from paper2code.checks.source.scopes import scopes_of
from paper2code.checks.source.third_party import findings_from, lookups
from paper2code.context import Context
from paper2code.events import emit_file
from paper2code.report.setup_files import package_markers, pytest_ini, setup_files
from paper2code.run import Run
from paper2code.state import FileState


async def check(state: FileState, runtime: Runtime[Context]) -> FileState:
    """Hold the draft and its tests against the design and the packages, then run the tests.

    Each only where nothing before it speaks against them.
    """
    run, draft, tests = runtime.context.run, state["draft"], state.get("tests")
    emit_file(draft.path, "checker", draft.revision)
    texts = _texts(draft, tests, run)
    findings = _read(draft, tests, texts, run)
    if not asks_for_change(findings):
        findings += await _looked_up(draft, tests, run)
    refused = asks_for_change(findings)
    tried = None if refused else await _tried(draft, tests, texts, run)
    refused = refused or (tried is not None and tried.ending == "failed")
    if run.recording and (sent_back := run.recording.sent_back(draft.path, draft.revision)) is not None:
        # The checks may have learned since: a replay goes the way that the run went.
        refused = sent_back
    fixes = state.get("fixes", 0) + 1 if refused else 0
    return {"findings": findings, "tried": tried, "refused": refused, "fixes": fixes}


def _texts(draft: SourceFile, tests: SourceFile | None, run: Run) -> dict[str, str]:
    """The draft, its tests, and all that it imports, directly or through others."""
    written = (p for p in run.design.all_imports_of(draft.path) if run.workspace.exists(p))
    texts = {path: run.workspace.read(path) for path in written}
    return texts | {file.path: file.text for file in (draft, tests) if file}


def _read(
    draft: SourceFile, tests: SourceFile | None, texts: dict[str, str], run: Run
) -> tuple[Finding, ...]:
    """What the texts alone show."""
    within = (run.design.layout, run.design.config, texts)
    findings = check_within(draft, *within)
    return findings + _of_tests(check_within(tests, *within)) if tests else findings


async def _looked_up(draft: SourceFile, tests: SourceFile | None, run: Run) -> tuple[Finding, ...]:
    """What the installed packages say of the names that the files take from them, and of their calls."""
    packages = {package.import_name for package in run.design.dependencies.packages}
    asked = lookups(scopes_of(draft.text), packages) if draft.path.endswith(".py") else ()
    of_tests = lookups(scopes_of(tests.text), packages) if tests else ()
    if not asked and not of_tests:
        return ()
    requirements = setup_files(run.design, {})["requirements.txt"]
    answers = await run.executor.inspect(draft.path, draft.revision, requirements, (*asked, *of_tests))
    if not answers:
        return ()
    split = len(asked)
    return findings_from(asked, answers[:split]) + _of_tests(findings_from(of_tests, answers[split:]))


def _of_tests(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding.model_copy(update={"in_tests": True}) for finding in findings)


async def _tried(draft: SourceFile, tests: SourceFile | None, texts: dict[str, str], run: Run) -> Step | None:
    """How the tests of the file ended; None where it has none."""
    if tests:
        place = tests.path
    elif is_test(draft.path):
        place = draft.path
    else:
        return None
    # The packages are those of the design, so that all files are tried in one environment.
    files = {**texts, **setup_files(run.design, {}), **package_markers(texts), **pytest_ini(texts)}
    return await run.executor.run_tests(draft.path, draft.revision, files, (place,))
