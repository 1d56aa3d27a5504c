"""The checker: what the tests of one file are run among."""

from collections.abc import Mapping, Sequence

import pytest

from paper2code.artifacts import SourceFile, Step
from paper2code.checker import check
from tests.agents.conftest import Workplace, work
from tests.script import CHAIN, a_step

__all__ = ["work"]


async def test_the_tests_of_a_file_run_in_a_repository_that_is_set_up(
    work: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, str] = {}

    async def run_tests(path: str, revision: int, files: Mapping[str, str], tests: Sequence[str]) -> Step:
        seen.update(files)
        return a_step("passed")

    monkeypatch.setattr(work.run.executor, "run_tests", run_tests)
    work.write("data.py")
    text = CHAIN.code("model.py").removeprefix("```python\n").removesuffix("```")
    tests = CHAIN.tests("model.py").removeprefix("```python\n").removesuffix("```")
    update = await check(
        {
            "path": "model.py",
            "draft": SourceFile(path="model.py", text=text, revision=0),
            "tests": SourceFile(path="tests/test_model.py", text=tests, revision=0),
        },
        work.runtime,
    )
    assert not update["refused"]
    assert {"data.py", "model.py", "config.yaml", "requirements.txt"} <= set(seen)
    assert seen["tests/__init__.py"] == ""
    assert "pythonpath = ." in seen["pytest.ini"]
