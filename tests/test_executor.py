"""Running generated code on behalf of a run: once, journaled, replayed, and honest about what did not run."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from paper2code.artifacts import RunResult, Step
from paper2code.checks.execution.environments.environment import Environment
from paper2code.checks.execution.environments.provision import Provision
from paper2code.checks.execution.sandbox.confinement import Absent, Confined, Finished
from paper2code.checks.source.scopes import scopes_of
from paper2code.checks.source.third_party import Answer, lookups
from paper2code.context import Context
from paper2code.errors import SandboxError
from paper2code.executor import GATE, Executor, Inspection
from paper2code.models.journal import Entry, Journal, Recording
from tests.script import PAIR, a_run, a_step

FILES = {"model.py": "X = 1\n", "tests/test_model.py": "", "requirements.txt": "numpy\nnumpy\n"}
TESTS = ("tests/test_model.py",)


class NoSandbox:
    """A sandbox that must not be used: what would run in it is replaced."""

    name = "a double"

    async def run(self, confined: Confined) -> Finished:
        raise AssertionError(confined)


class Machine:
    """In place of the sandbox, the installer and the gate: what they do, and how often."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sandbox: NoSandbox | Absent = NoSandbox()
        self.provision = Provision(
            Step(kind="install", ending="passed"), Environment(Path("python"), "3.11", ())
        )
        self.step: Step | SandboxError = a_step("passed")
        self.result = a_run("passed", "passed")
        self.calls: list[str] = []
        for name, deed in (
            ("find_sandbox", self.find),
            ("provide", self.provide),
            ("run_tests", self.run_tests),
            ("run_gate", self.run_gate),
        ):
            monkeypatch.setattr(f"paper2code.executor.{name}", deed)

    def find(self, *, unsafe: bool) -> NoSandbox | Absent:
        self.calls.append("find unsafe" if unsafe else "find")
        return self.sandbox

    async def provide(self, *_: object, **__: object) -> Provision:
        self.calls.append("provide")
        return self.provision

    async def run_tests(self, *_: object) -> Step:
        self.calls.append("tests")
        if isinstance(self.step, SandboxError):
            raise self.step
        return self.step

    async def run_gate(self, *_: object, on_step: Callable[[Step], None]) -> RunResult:
        self.calls.append("gate")
        for step in self.result.steps:
            on_step(step)
        return self.result


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(tmp_path / "journal.jsonl", "5" * 64, "A paper")
    yield opened
    opened.close()


def executor(journal: Journal, recording: Recording | None = None, **settings: Any) -> Executor:
    """What runs code for a run with these settings, on by default."""
    return Executor(Context(**{"execute": True, **settings}), journal, recording)


async def test_the_environment_is_built_once_for_all(machine: Machine, journal: Journal) -> None:
    works = executor(journal)
    works.prepare(FILES["requirements.txt"])
    await works.run_tests("model.py", 0, FILES, TESTS)
    await works.run_tests("model.py", 1, {**FILES, "model.py": "X = 2\n"}, TESTS)
    assert machine.calls == ["find", "provide", "tests", "tests"]


async def test_the_same_files_are_not_run_again(machine: Machine, journal: Journal) -> None:
    first = await executor(journal).run_tests("model.py", 0, FILES, TESTS)
    again = await executor(journal).run_tests("model.py", 0, FILES, TESTS)
    assert first == again
    assert machine.calls.count("tests") == 1
    assert journal.usage().calls == 0


async def test_the_gate_tells_its_steps_each_time_and_is_run_once(machine: Machine, journal: Journal) -> None:
    told: tuple[list[Step], list[Step]] = ([], [])
    first = await executor(journal).run_gate(0, FILES, PAIR.architecture(), told[0].append)
    again = await executor(journal).run_gate(0, FILES, PAIR.architecture(), told[1].append)
    assert first == again == machine.result
    assert tuple(told[0]) == tuple(told[1]) == machine.result.steps
    assert len(journal.entries) == 1


async def test_what_could_not_be_run_is_tried_again_by_the_next_start(
    machine: Machine, journal: Journal
) -> None:
    lack = "packages cannot be fetched"
    machine.provision = Provision(Step(kind="install", ending="not run", reason=lack))
    step = await executor(journal).run_tests("model.py", 0, FILES, TESTS)
    assert (step.ending, step.reason) == ("not run", lack)
    assert journal.entries == ()


async def test_a_sandbox_that_fails_is_no_fault_of_the_code(machine: Machine, journal: Journal) -> None:
    machine.step = SandboxError("bubblewrap went away")
    step = await executor(journal).run_tests("model.py", 0, FILES, TESTS)
    assert (step.ending, step.reason) == ("not run", "bubblewrap went away")


async def test_without_a_sandbox_nothing_runs_and_the_reason_is_told(
    machine: Machine, journal: Journal
) -> None:
    machine.sandbox = Absent("Install bubblewrap.")
    works = executor(journal)
    step = await works.run_tests("model.py", 0, FILES, TESTS)
    result = await works.run_gate(0, FILES, PAIR.architecture(), lambda _: None)
    assert (step.ending, step.reason) == ("not run", "Install bubblewrap.")
    assert [(s.ending, s.reason) for s in result.steps] == [("not run", "Install bubblewrap.")]
    assert machine.calls == ["find"]


async def test_nothing_runs_unless_it_is_asked_for(machine: Machine, journal: Journal) -> None:
    works = executor(journal, execute=False)
    works.prepare(FILES["requirements.txt"])
    step = await works.run_tests("model.py", 0, FILES, TESTS)
    assert (step.ending, step.reason) == ("not run", "execution is off")
    assert machine.calls == []


async def test_only_one_who_insists_runs_without_a_sandbox(machine: Machine, journal: Journal) -> None:
    await executor(journal, execute="unsafe").run_tests("model.py", 0, FILES, TESTS)
    assert machine.calls[0] == "find unsafe"


async def test_a_recording_is_served_in_place_of_running(
    machine: Machine, journal: Journal, tmp_path: Path
) -> None:
    with_results = executor(journal)
    machine.step = a_step("failed")
    await with_results.run_tests("model.py", 0, FILES, TESTS)
    await with_results.run_gate(0, FILES, PAIR.architecture(), lambda _: None)
    machine.calls.clear()

    other = Journal.open(tmp_path / "other.jsonl", "5" * 64, "A paper")
    works = executor(other, Recording.read(journal.path))
    step = await works.run_tests("model.py", 0, {**FILES, "model.py": "X = 2\n"}, TESTS)
    result = await works.run_gate(0, FILES, PAIR.architecture(), lambda _: None)
    unknown = await works.run_tests("model.py", 7, FILES, TESTS)
    other.close()
    assert step.ending == "failed"
    assert result.replayed
    assert result.steps == machine.result.steps
    assert (unknown.ending, unknown.reason) == ("not run", "execution is off")
    assert machine.calls == []
    assert [(entry.target, entry.replayed) for entry in other.entries] == [
        ("model.py", True),
        (GATE, True),
    ]


async def test_what_was_recorded_of_another_draft_says_nothing_of_this_one(
    journal: Journal, tmp_path: Path
) -> None:
    looked_up = lookups(scopes_of("import numpy as np\nnp.mean\nnp.std\n"), {"numpy"})
    answers = tuple(Answer(state="there") for _ in looked_up)
    journal.append(
        Entry(
            role="inspector",
            target="model.py",
            revision=0,
            attempt=0,
            request="r",
            model="",
            answer=Inspection(answers=answers).model_dump_json(),
        )
    )
    other = Journal.open(tmp_path / "other.jsonl", "5" * 64, "A paper")
    works = executor(other, Recording.read(journal.path))
    assert await works.inspect("model.py", 0, "", looked_up) == answers
    assert await works.inspect("model.py", 0, "", looked_up[:1]) == ()
    other.close()


async def test_closing_stops_what_is_being_built(
    machine: Machine, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    building, ended = asyncio.Event(), []

    async def build(*_: object, **__: object) -> Provision:
        building.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("stopped")
        return machine.provision

    monkeypatch.setattr("paper2code.executor.provide", build)
    works = executor(journal)
    works.prepare("numpy\n")
    await building.wait()
    await works.close()
    assert ended == ["stopped"]
