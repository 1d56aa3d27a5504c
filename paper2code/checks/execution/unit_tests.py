"""The step that runs tests: pytest in the sandbox, believed only where all that it left agrees."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from paper2code.artifacts.execution import Ending, Step
from paper2code.checks.execution.endings import ending
from paper2code.checks.execution.environments.environment import Environment
from paper2code.checks.execution.excerpt import parts
from paper2code.checks.execution.outcomes import Outcomes
from paper2code.checks.execution.sandbox.confinement import Limits, Sandbox
from paper2code.checks.execution.stage import Ran, Stage, staged
from paper2code.checks.modules import is_test
from paper2code.checks.wording import listed, one_line

TEST_LIMITS = Limits(seconds=120.0)

_OPTIONS = (
    "-q", "--tb=short", "--no-header", "--color=no", "--disable-warnings",
    "-p", "no:cacheprovider", "-p", "paper2code_pytest",
)  # fmt: skip


async def run_tests(
    sandbox: Sandbox,
    environment: Environment,
    files: Mapping[str, str],
    tests: Sequence[str],
    limits: Limits = TEST_LIMITS,
) -> Step:
    """Run some test files of a repository in a fresh folder.

    Args:
        sandbox: What they run in.
        environment: The interpreter, with pytest.
        files: All files that are needed, path to text; `pytest.ini` and the package markers among them.
        tests: The paths of the test files.
        limits: How much they may use together.

    Raises:
        PathFault: A path may not stand in a repository.
        SandboxError: The sandbox could not start pytest.
    """
    async with staged(sandbox, environment, files) as stage:
        step = await run_staged_tests(stage, tests, limits)
    named = {"target": tests[0] if len(tests) == 1 else "", "command": pytest_command(*tests)}
    return step.model_copy(update=named)


def collected_files(paths: Sequence[str]) -> list[str]:
    """The files that pytest looks for tests in; the others beside them only help.

    >>> collected_files(["tests/conftest.py", "tests/test_mlp.py", "train.py"])
    ['tests/test_mlp.py']
    """
    names = {path: PurePosixPath(path).name for path in paths if is_test(path)}
    return [path for path, name in names.items() if name.startswith("test_") or name.endswith("_test.py")]


async def run_staged_tests(stage: Stage, tests: Sequence[str], limits: Limits) -> Step:
    """Run test files of a repository that is laid out, all that it has."""
    ran = await stage.python(("-m", "pytest", *_OPTIONS, *tests), limits)
    outcomes = Outcomes(ran.notes)
    verdict, reason = judge(ran, outcomes, tests)
    return Step(
        kind="tests",
        command=pytest_command(),
        ending=verdict,
        reason=one_line(reason, 1_000),
        seconds=round(ran.finished.seconds, 2),
        output="" if verdict == "passed" else _output(ran, outcomes),
    )


def pytest_command(*tests: str) -> str:
    """As a user would type it."""
    return shlex.join(["python", "-m", "pytest", "-q", *tests])


def judge(ran: Ran, outcomes: Outcomes, tests: Sequence[str]) -> tuple[Ending, str]:
    """How the tests ended and why: the first thing that is amiss, else their counts."""
    summary = outcomes.summary()
    if fault := _interruption(ran, outcomes) or _collection_fault(outcomes, tests):
        return "failed", f"{fault} ({summary})" if summary else fault
    if outcomes.count("failed"):
        return "failed", summary
    if not outcomes.count("passed"):
        return "not run", f"no test ran: {'; '.join(outcomes.excuses) or summary}"
    if ran.finished.exit_code != 0:
        return "failed", f"pytest ended with {ending(ran.finished)}, although no test failed ({summary})"
    return "passed", summary


def _interruption(ran: Ran, outcomes: Outcomes) -> str:
    """What kept pytest from its end."""
    how = ending(ran.finished)
    if outcomes.under_way:
        return f"{how} in {outcomes.under_way}"
    if ran.finished.stopped_by or ran.finished.exit_code not in range(6):
        return f"{how} outside of any test"
    if not outcomes.notes:
        return f"pytest did not start: {how}"
    if not outcomes.is_complete and not outcomes.uncollected:
        return f"pytest ended with {how} before all tests were run"
    return ""


def _collection_fault(outcomes: Outcomes, tests: Sequence[str]) -> str:
    """What kept tests from being found."""
    if outcomes.uncollected:
        told = [f"{note.subject}: {note.reason}" for note in outcomes.uncollected]
        return f"cannot be collected: {'; '.join(told)}"
    if empty := outcomes.without_tests(tests):
        return f"no test was found in {listed(empty, limit=6)}: name functions test_..."
    return ""


def _output(ran: Ran, outcomes: Outcomes) -> str:
    """The tracebacks of what failed; what was printed only where pytest did not come to its end."""
    failures = parts(f"{note.subject}\n{note.detail}" for note in outcomes.failures)
    is_whole = failures and (outcomes.is_complete or outcomes.uncollected)
    return failures if is_whole else "\n\n".join(filter(None, [failures, ran.output]))
