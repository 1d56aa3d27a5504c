"""Running generated code on behalf of one run: each thing once, and what came of it in the journal."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from paper2code.artifacts import Architecture, Artifact, RunResult, Step
from paper2code.checks.execution.environments.environment import Environment
from paper2code.checks.execution.environments.provision import Provision, provide
from paper2code.checks.execution.fingerprint import fingerprint
from paper2code.checks.execution.gate import run_gate
from paper2code.checks.execution.inspection import inspect
from paper2code.checks.execution.sandbox.confinement import Absent, Sandbox
from paper2code.checks.execution.sandbox.finder import find_sandbox
from paper2code.checks.execution.unit_tests import pytest_command, run_tests
from paper2code.checks.source.third_party import Answer, Lookup
from paper2code.context import Context
from paper2code.errors import SandboxError
from paper2code.models.journal import Entry, Journal, Recording
from paper2code.throwaway import clear_leftovers

GATE = "(repository)"
"""How the journal names the execution gate, where it names a file for its tests."""

_RUNNER, _INSPECTOR = "runner", "inspector"
"""How the journal names executions, where it names an agent for calls."""

_OFF = "execution is off"
"""Also where a recording holds no result, since the repository is to be that of the run that was recorded."""

OnStep = Callable[[Step], None]


class Inspection(Artifact):
    """What an environment says of the names and calls of packages, in the order of the lookups."""

    answers: tuple[Answer, ...]


ResultT = TypeVar("ResultT", Step, RunResult, Inspection)


class Executor:
    """The sandbox, the environment, and the record of what was run.

    The environment is built in the background as soon as the packages are known, and awaited by the first
    that needs it. A result is served from the journal where the same files were run before, and from the
    recording where one is replayed: then nothing is executed.
    """

    def __init__(self, context: Context, journal: Journal, recording: Recording | None) -> None:
        self._context = context
        self._journal = journal
        self._recording = recording
        self._sandbox: asyncio.Task[Sandbox | Absent] | None = None
        self._provisions: dict[str, asyncio.Task[Provision]] = {}
        # Generated code uses this machine's own cores, whatever the number of calls under way.
        self._slots = asyncio.Semaphore(max(1, (os.cpu_count() or 2) // 2))

    def prepare(self, requirements: str) -> None:
        """Begin to build the environment of a requirements.txt, if anything is going to be run in it."""
        if self._context.execute and self._recording is None:
            self._provision(requirements)

    async def inspect(
        self, path: str, revision: int, requirements: str, asked: Sequence[Lookup]
    ) -> tuple[Answer, ...]:
        """What the installed packages say of the names and calls of one file; empty where they cannot say.

        Args:
            path: The file.
            revision: Its revision, by which a recording is searched.
            requirements: The text of requirements.txt.
            asked: What the file takes from packages.
        """

        async def look(sandbox: Sandbox, environment: Environment) -> Inspection | str:
            answers = await inspect(sandbox, environment, asked)
            return "the packages cannot be imported" if answers is None else Inspection(answers=answers)

        told = [lookup.model_dump_json() for lookup in asked]
        request = fingerprint("imports", {}, requirements.splitlines(), told)
        work = partial(self._in_environment, requirements, look)
        result = await self._once(_INSPECTOR, path, revision, request, Inspection, work)
        if isinstance(result, str) or len(result.answers) != len(asked):
            return ()  # a recording is of the draft of its run, and this may be another
        return result.answers

    async def run_tests(
        self, path: str, revision: int, files: Mapping[str, str], tests: Sequence[str]
    ) -> Step:
        """How the tests of one file end.

        Args:
            path: The file.
            revision: Its revision, by which a recording is searched.
            files: All that the tests need, requirements.txt among them.
            tests: The paths of the tests.
        """
        not_run = Step(kind="tests", target=path, command=pytest_command(*tests), ending="not run")
        requirements = files["requirements.txt"]

        async def test(sandbox: Sandbox, environment: Environment) -> Step | str:
            return await run_tests(sandbox, environment, files, tests)

        request = fingerprint("tests", files, requirements.splitlines(), tests)
        work = partial(self._in_environment, requirements, test)
        result = await self._once(_RUNNER, path, revision, request, Step, work)
        if isinstance(result, str):
            return not_run.model_copy(update={"reason": result})
        return result.model_copy(update={"target": path})

    async def run_gate(
        self, number: int, files: Mapping[str, str], architecture: Architecture, on_step: OnStep
    ) -> RunResult:
        """How the whole repository fares.

        Args:
            number: How often it was mended before, by which a recording is searched.
            files: The repository as a user gets it.
            architecture: Whose commands are documented.
            on_step: Told of each step as it ends; of one that ended in another session, at once.
        """
        requirements = files["requirements.txt"]
        told: list[Step] = []

        def tell(step: Step) -> None:
            told.append(step)
            on_step(step)

        async def work() -> RunResult | str:
            sandbox, provision = await self._sandbox_and(requirements)
            if isinstance(sandbox, Absent):
                return sandbox.reason
            return await run_gate(sandbox, provision, files, architecture, on_step=tell)

        commands = [command.command for command in architecture.commands]
        request = fingerprint("smoke", files, requirements.splitlines(), commands)
        result = await self._once(_RUNNER, GATE, number, request, RunResult, work)
        if isinstance(result, str):
            return RunResult(steps=(Step(kind="install", ending="not run", reason=result),))
        for step in result.steps[len(told) :]:
            on_step(step)
        return result.model_copy(update={"replayed": self._recording is not None})

    async def close(self) -> None:
        """Stop what is under way."""
        tasks = [task for task in (self._sandbox, *self._provisions.values()) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _once(  # noqa: PLR0917 - what names an entry of the journal
        self,
        role: str,
        target: str,
        revision: int,
        request: str,
        kind: type[ResultT],
        work: Callable[[], Awaitable[ResultT | str]],
    ) -> ResultT | str:
        """The recorded or journaled result, else that of the work; or why there is none."""
        known = self._journal.find(request)
        if known is None and self._recording is not None:
            place = (role, target, revision, 0)
            recorded = self._recording.find(place, self._journal.count(place))
            if recorded is None:
                return _OFF
            known = recorded.model_copy(update={"request": request, "replayed": True})
            self._journal.append(known)
        if known is not None:
            return kind.model_validate_json(known.answer)
        if not self._context.execute:
            return _OFF
        async with self._slots:
            start = time.monotonic()
            result = await work()
        # What could not be run is tried again by the next start: the network may be back by then.
        if not isinstance(result, str) and _has_run(result):
            self._journal.append(
                Entry(
                    role=role,
                    target=target,
                    revision=revision,
                    attempt=0,
                    request=request,
                    model="",
                    answer=result.model_dump_json(),
                    seconds=round(time.monotonic() - start, 3),
                )
            )
        return result

    async def _in_environment(
        self,
        requirements: str,
        deed: Callable[[Sandbox, Environment], Awaitable[ResultT | str]],
    ) -> ResultT | str:
        """What comes of a deed in the environment of a requirements.txt, or why it cannot be done."""
        sandbox, provision = await self._sandbox_and(requirements)
        if isinstance(sandbox, Absent):
            return sandbox.reason
        if provision.environment is None:
            return provision.lack
        try:
            return await deed(sandbox, provision.environment)
        except SandboxError as error:
            return str(error)

    async def _sandbox_and(self, requirements: str) -> tuple[Sandbox | Absent, Provision]:
        return await self._found(), await self._provision(requirements)

    def _found(self) -> "asyncio.Task[Sandbox | Absent]":
        if self._sandbox is None:
            self._sandbox = asyncio.create_task(asyncio.to_thread(self._look))
        return self._sandbox

    def _look(self) -> Sandbox | Absent:
        clear_leftovers()
        return find_sandbox(unsafe=self._context.execute == "unsafe")

    def _provision(self, requirements: str) -> "asyncio.Task[Provision]":
        """The environment of these requirements, built once."""

        async def build() -> Provision:
            sandbox = await self._found()
            if isinstance(sandbox, Absent):
                return Provision(Step(kind="install", ending="not run", reason=sandbox.reason))
            return await provide(requirements.splitlines(), sandbox, given=self._context.environment)

        if requirements not in self._provisions:
            self._provisions[requirements] = asyncio.create_task(build())
        return self._provisions[requirements]


def _has_run(result: Step | RunResult | Inspection) -> bool:
    """Whether anything was run to an end that the same files would have again."""
    if isinstance(result, Inspection):
        return True
    first = result if isinstance(result, Step) else result.steps[0]
    return first.ending != "not run"
