"""What a step says of tests: passed only where everything that a run left agrees."""

from collections.abc import Mapping
from typing import Protocol

import pytest

from paper2code.artifacts.execution import Step
from paper2code.checks.execution.environments.environment import Environment
from paper2code.checks.execution.sandbox.confinement import Limits, Sandbox
from paper2code.checks.execution.unit_tests import run_tests

TEST = "tests/test_it.py"
WRAPPER = "import pytest\n@pytest.hookimpl(hookwrapper=True)\n"
LIMITS = Limits(seconds=30)


class Run(Protocol):
    """Runs one test file of this text, with other files beside it."""

    async def __call__(
        self, text: str, others: Mapping[str, str] | None = None, limits: Limits = LIMITS
    ) -> Step: ...


@pytest.fixture
def run(confining: Sandbox, environment: Environment) -> Run:
    async def run(text: str, others: Mapping[str, str] | None = None, limits: Limits = LIMITS) -> Step:
        files = {"pytest.ini": "[pytest]\npythonpath = .\n", TEST: text, **(others or {})}
        return await run_tests(confining, environment, files, [TEST], limits)

    return run


async def test_tests_that_pass_are_counted(run: Run) -> None:
    step = await run("def test_a(): pass\ndef test_b(): pass\n")
    assert (step.kind, step.target, step.ending, step.reason) == ("tests", TEST, "passed", "2 passed")
    assert step.command == f"python -m pytest -q {TEST}"
    assert step.output == ""


async def test_a_failure_shows_the_assertion_and_not_the_noise(run: Run) -> None:
    noise = "import warnings\nwarnings.warn('old')\n"
    code = f"{noise}def test_a(): pass\ndef test_b():\n    print('seen', 7)\n    assert 1 + 1 == 3, 'sums'\n"
    step = await run(code)
    assert (step.ending, step.reason) == ("failed", "1 passed, 1 failed")
    assert step.output.startswith(f"{TEST}::test_b\n")
    assert "E   AssertionError: sums" in step.output
    assert "seen 7" in step.output
    assert "old" not in step.output


async def test_a_file_without_tests_has_not_passed(run: Run) -> None:
    step = await run("def check_a(): pass\n")
    assert step.ending == "failed"
    assert step.reason == f"no test was found in {TEST}: name functions test_..."


async def test_tests_that_cannot_be_collected_say_why(run: Run) -> None:
    step = await run("import nowhere_at_all\ndef test_a(): pass\n")
    assert step.ending == "failed"
    assert "cannot be collected" in step.reason
    assert "No module named 'nowhere_at_all'" in step.reason
    assert "line 1" not in step.reason
    assert "import nowhere_at_all" in step.output


async def test_tests_that_were_all_skipped_were_not_run(run: Run) -> None:
    step = await run("import pytest\n@pytest.mark.skip(reason='no GPU')\ndef test_a(): pass\n")
    assert (step.ending, step.reason) == ("not run", "no test ran: no GPU")
    step = await run("import pytest\npytest.skip('no data', allow_module_level=True)\n")
    assert (step.ending, step.reason) == ("not run", "no test ran: no data")


async def test_a_hang_is_stopped_and_shows_where(run: Run) -> None:
    code = "def test_a(): pass\ndef test_b():\n    while True:\n        pass\n"
    step = await run(code, limits=Limits(seconds=3))
    assert step.ending == "failed"
    assert step.reason == f"no end after 3 s in {TEST}::test_b (1 passed)"
    assert "in test_b" in step.output


@pytest.mark.parametrize(
    ("deed", "how"),
    [
        ("import os; os._exit(0)", "exit code 0"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "segmentation fault"),
    ],
)
async def test_a_test_that_ends_the_process_has_not_passed(run: Run, deed: str, how: str) -> None:
    step = await run(f"def test_a(): pass\ndef test_b():\n    {deed}\n")
    assert step.ending == "failed"
    assert step.reason == f"{how} in {TEST}::test_b (1 passed)"


@pytest.mark.parametrize(
    "conftest",
    [
        "def pytest_sessionfinish(session):\n    session.exitstatus = 0\n",
        "import os\ndef pytest_sessionfinish():\n    os._exit(0)\n",
        f"{WRAPPER}def pytest_runtest_makereport():\n    (yield).get_result().outcome = 'passed'\n",
    ],
)
async def test_a_conftest_cannot_make_a_failure_pass(run: Run, conftest: str) -> None:
    step = await run("def test_a(): pass\ndef test_b(): assert False\n", {"tests/conftest.py": conftest})
    assert step.ending == "failed"
    assert "1 failed" in step.reason


async def test_a_conftest_cannot_take_tests_out_unseen(run: Run) -> None:
    deselect = (
        "def pytest_collection_modifyitems(config, items):\n"
        "    config.hook.pytest_deselected(items=items[:])\n    items[:] = []\n"
    )
    step = await run("def test_a(): assert False\n", {"tests/conftest.py": deselect})
    assert step.ending == "not run"
    assert "deselected" in step.reason
    step = await run(
        "def test_a(): assert False\n", {"tests/conftest.py": "collect_ignore = ['test_it.py']\n"}
    )
    assert step.ending == "failed"
    step = await run(
        "def test_a(): pass\n",
        {"tests/conftest.py": "import os\ndef pytest_collection_finish(): os._exit(0)\n"},
    )
    assert step.ending == "failed"


async def test_a_failed_tear_down_fails_its_test(run: Run) -> None:
    step = await run(
        "import pytest\n@pytest.fixture\ndef broken():\n    yield\n    raise OSError('gone')\n"
        "def test_a(broken): pass\n"
    )
    assert (step.ending, step.reason) == ("failed", "1 failed")
    assert "OSError: gone" in step.output


async def test_many_failures_are_cut_to_what_is_read(run: Run) -> None:
    step = await run(
        "import pytest\n@pytest.mark.parametrize('n', range(30))\n"
        "def test_a(n):\n    print('x' * 20_000)\n    assert n < 0\n"
    )
    assert step.reason == "30 failed"
    assert len(step.output) < 10_000
    assert "assert 0 < 0" in step.output
