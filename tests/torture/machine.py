"""In place of sandbox and environment: executions whose ends follow from the files, and which take time.

Nothing is executed, so that what is measured is a run's own durability, on any machine.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

from paper2code.artifacts import Architecture, RunResult, Step
from paper2code.checks.execution.environments.environment import Environment
from paper2code.checks.execution.environments.provision import Provision
from paper2code.checks.execution.sandbox.confinement import Confined, Finished
from paper2code.checks.execution.unit_tests import pytest_command
from paper2code.executor import OnStep
from tests.torture.stories import FAILS, WRONG


class _NoSandbox:
    name = "a script"

    async def run(self, confined: Confined) -> Finished:
        raise AssertionError(confined)


class Machine:
    """Takes the place of what an executor uses.

    Args:
        seconds: How long each execution takes, and each environment to be built.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    @contextmanager
    def standing_in(self) -> Iterator[None]:
        """While the block lasts."""
        with ExitStack() as stack:
            for name in ("provide", "run_tests", "run_gate"):
                stack.enter_context(patch(f"paper2code.executor.{name}", getattr(self, name)))
            stack.enter_context(patch("paper2code.executor.find_sandbox", lambda **_: _NoSandbox()))
            yield

    async def provide(self, *_: object, **__: object) -> Provision:
        await asyncio.sleep(self.seconds)
        return Provision(Step(kind="install", ending="passed"), Environment(Path("python"), "3.11", ()))

    async def run_tests(self, _: object, __: object, files: Mapping[str, str], tests: Sequence[str]) -> Step:
        await asyncio.sleep(self.seconds)
        wrong = any(WRONG in text for text in files.values())
        return Step(
            kind="tests",
            command=pytest_command(*tests),
            ending="failed" if wrong else "passed",
            reason="1 failed" if wrong else "1 passed",
            output="AssertionError" if wrong else "",
        )

    async def run_gate(
        self, _: object, __: object, files: Mapping[str, str], ___: Architecture, *, on_step: OnStep
    ) -> RunResult:
        """One step for each line that fails, and one that passes."""
        steps = [Step(kind="install", ending="passed")]
        for path, text in sorted(files.items()):
            steps += [
                Step(kind="smoke", target=path, command=f"python {path}", ending="failed", reason=f"line {n}")
                for n, line in enumerate(text.splitlines(), 1)
                if line == FAILS
            ]
        for step in steps:
            await asyncio.sleep(self.seconds)
            on_step(step)
        return RunResult(steps=tuple(steps), sandbox="a script", python="3.11")
