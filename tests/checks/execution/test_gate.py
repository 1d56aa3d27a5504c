"""What the gate runs of a repository, in which order, and what it says of one that is broken."""

import time
from collections.abc import Iterable, Mapping
from typing import Protocol

import pytest

from paper2code.artifacts.execution import RunResult, Step, StepKind
from paper2code.checks.execution.environments.environment import Environment
from paper2code.checks.execution.environments.provision import Provision
from paper2code.checks.execution.gate import GATE_LIMITS, run_gate
from paper2code.checks.execution.sandbox.confinement import Limits, Sandbox
from paper2code.paths import PathFault
from tests.checks.execution.repositories import COMMANDS, SOUND, SURROUNDINGS
from tests.designs import a_file, an_architecture

INSTALLED = Step(kind="install", ending="passed")
LIMITS = {**GATE_LIMITS, "imports": Limits(seconds=20), "smoke": Limits(seconds=3)}


class Gate(Protocol):
    """Runs the gate on a repository, path to text, whose commands are these."""

    async def __call__(
        self, files: Mapping[str, str], commands: Iterable[str] = ..., limits: Mapping[StepKind, Limits] = ...
    ) -> RunResult: ...


@pytest.fixture
def gate(confining: Sandbox, environment: Environment) -> Gate:
    async def gate(
        files: Mapping[str, str],
        commands: Iterable[str] = ("python program.py",),
        limits: Mapping[StepKind, Limits] = LIMITS,
    ) -> RunResult:
        return await run_gate(
            confining,
            Provision(INSTALLED, environment),
            files,
            an_architecture(*map(a_file, files), commands=commands),
            surroundings={path: text for path, text in SURROUNDINGS.items() if _has_folder(path, files)},
            limits=limits,
        )

    return gate


def _has_folder(path: str, files: Mapping[str, str]) -> bool:
    folder = path.rpartition("/")[0]
    return not folder or any(file.startswith(f"{folder}/") for file in files)


def of_kind(result: RunResult, kind: str) -> list[Step]:
    return [step for step in result.steps if step.kind == kind]


async def test_a_sound_repository_passes_every_step_in_order_with_little_time_between(
    gate: Gate, environment: Environment
) -> None:
    start = time.monotonic()
    result = await gate(SOUND, COMMANDS)
    own_time = time.monotonic() - start - sum(step.seconds for step in result.steps)
    assert [(step.kind, step.target, step.command) for step in result.steps] == [
        ("install", "", ""),
        ("imports", "", "python -c 'import model, tables, tables.make, train'"),
        ("tests", "", "python -m pytest -q"),
        ("help", "train.py", "python train.py --help"),
        ("smoke", "train.py", "python train.py --seed 3 --smoke"),
        ("smoke", "tables/make.py", "python -m tables.make --smoke"),
    ]
    assert result.passed, result.failed
    assert 0 <= own_time < 2
    assert (result.sandbox, result.python) == ("bubblewrap", environment.version)
    assert result.steps[2].reason == "2 passed"
    assert result.steps[-1].output == "loss 0.5"  # the table reads what the training wrote


async def test_steps_are_told_as_they_end(confining: Sandbox, environment: Environment) -> None:
    told: list[Step] = []
    files = {"program.py": "smoke = 1\n"}
    architecture = an_architecture(a_file("program.py"), commands=["python program.py"])
    result = await run_gate(
        confining, Provision(INSTALLED, environment), files, architecture, on_step=told.append
    )
    assert tuple(told) == result.steps
    assert [step.kind for step in told] == ["install", "imports", "smoke"]


async def test_every_module_is_tried_whatever_the_others_do(gate: Gate) -> None:
    result = await gate(
        {
            "a_exits.py": "import sys\nsys.exit(2)\n",
            "b_ends.py": "import os\nos._exit(0)\n",
            "c_missing.py": "import nowhere_at_all\n",
            "d_broken.py": "def f(:\n",
            "e_blob.py": "\x00\x01\ufffd\x7fELF",
            "f_needs.py": "import c_missing\n",
            "program.py": "smoke = 1\n",
        }
    )
    (step,) = of_kind(result, "imports")
    assert step.ending == "failed"
    assert step.reason.startswith("6 of 7 modules cannot be imported: ")
    assert "a_exits.py: calls sys.exit when it is imported" in step.reason
    assert "b_ends.py: ends the interpreter when it is imported (exit code 0)" in step.reason
    assert "c_missing.py, f_needs.py: ModuleNotFoundError: No module named 'nowhere_at_all'" in step.reason
    assert "d_broken.py: SyntaxError: " in step.reason
    assert "null bytes" in step.reason
    assert 'File "c_missing.py", line 1' in step.output
    assert "importlib" not in step.output


async def test_a_module_that_hangs_is_named(gate: Gate) -> None:
    files = {"a.py": "while True: pass\n", "program.py": "smoke = 1\n"}
    result = await gate(files, limits={**LIMITS, "imports": Limits(seconds=2)})
    (step,) = of_kind(result, "imports")
    assert step.reason == (
        "1 of 2 modules cannot be imported: a.py: no end after 2 s; no time left to import program.py"
    )
    assert 'a.py", line 1' in step.output


async def test_a_smoke_run_without_end_is_stopped_and_shows_where(gate: Gate) -> None:
    loop = "def smoke():\n    while True:\n        print('step ' * 1000)\n        time.sleep(0.001)\n"
    code = f"import time\n{loop}\nif __name__ == '__main__':\n    smoke()\n"
    (step,) = of_kind(await gate({"program.py": code}), "smoke")
    assert (step.ending, step.reason) == ("failed", "no end after 3 s")
    assert 'program.py", line ' in step.output
    assert "in smoke" in step.output
    assert len(step.output) < 20_000


async def test_ten_megabytes_of_output_leave_their_end(gate: Gate) -> None:
    code = "if __name__ == '__main__':\n    print('smoke\\n' * 2_000_000 + 'the end')\n"
    (step,) = of_kind(await gate({"program.py": code}), "smoke")
    assert step.ending == "passed"
    assert step.output.endswith("the end")
    assert len(step.output) < 10_000


async def test_a_repository_without_an_entry_point_says_what_to_add(gate: Gate) -> None:
    result = await gate({"model.py": ""}, ["python -m pytest"])
    (step,) = of_kind(result, "smoke")
    assert step.ending == "failed"
    assert "add an entry point" in step.reason
    assert not result.passed


@pytest.mark.parametrize(
    "code",
    [
        "print('the full experiment')\n",
        "import argparse\nif __name__ == '__main__':\n    argparse.ArgumentParser().parse_args()\n",
    ],
)
async def test_an_entry_point_without_a_smoke_run_says_what_to_add(gate: Gate, code: str) -> None:
    (step,) = of_kind(await gate({"program.py": code}), "smoke")
    assert step.ending == "failed"
    assert step.reason.startswith("program.py takes no --smoke: add the option")
    assert "the full experiment" not in step.output


async def test_options_that_a_program_needs_are_those_that_are_documented(gate: Gate) -> None:
    code = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--smoke", action="store_true")
parser.add_argument("--problem", required=True)
parser.add_argument("--steps", type=int, default=2)
if __name__ == "__main__":
    print(parser.parse_args())
"""
    result = await gate({"program.py": code}, ["python program.py --problem wave --steps 9000"])
    (step,) = of_kind(result, "smoke")
    assert step.command == "python program.py --problem wave --smoke"
    assert "steps=2" in step.output


async def test_a_crash_is_told_with_what_was_raised(gate: Gate) -> None:
    code = "if __name__ == '__main__':\n    raise ValueError('smoke without a shape')\n"
    (step,) = of_kind(await gate({"program.py": code}), "smoke")
    assert step.reason == "exit code 1: ValueError: smoke without a shape"
    assert 'program.py", line 2' in step.output


async def test_a_loss_that_does_not_fall_fails_the_smoke_run(gate: Gate) -> None:
    (step,) = of_kind(await gate({"program.py": "print('smoke: loss 1.0 -> 1.0')\n"}), "smoke")
    assert step.ending == "failed"
    assert "from 1.0 to 1.0: it must fall" in step.reason


async def test_a_program_that_rewrites_the_repository_fails_and_ends_the_gate(gate: Gate) -> None:
    rewriting = "import os\nif __name__ == '__main__':\n    os.remove('model.py')  # smoke\n"
    files = {"model.py": "", "program.py": rewriting, "table.py": "smoke = 1\n"}
    result = await gate(files, ["python program.py", "python table.py"])
    first, second = of_kind(result, "smoke")
    assert (first.ending, second.ending) == ("failed", "not run")
    assert "it changed or removed model.py" in first.reason
    assert "model.py is no longer what was generated" in second.reason


async def test_nothing_passes_without_the_packages(confining: Sandbox) -> None:
    for ending in ("failed", "not run"):
        step = Step(kind="install", ending=ending, reason="no network")
        result = await run_gate(
            confining,
            Provision(step),
            SOUND,
            an_architecture(*map(a_file, SOUND), commands=COMMANDS),
            surroundings=SURROUNDINGS,
        )
        assert [step.kind for step in result.steps] == [
            "install", "imports", "tests", "help", "smoke", "smoke",
        ]  # fmt: skip
        assert {step.ending for step in result.steps[1:]} == {"not run"}
        assert all("no network" in step.reason for step in result.steps)


async def test_no_path_leads_out_of_the_folder(gate: Gate) -> None:
    with pytest.raises(PathFault, match="climbs out"):
        await gate({"../outside.py": ""})
