"""Which programs are started, and how, by the commands that a design documents."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.checks.execution.entry_points import EntryPoint, entry_points, may_take_smoke, takes_arguments
from paper2code.checks.execution.programs import loss_fault
from tests.designs import a_file, an_architecture

PATHS = ("train.py", "experiments/grid.py", "tools/__main__.py", "tests/test_model.py", "run.sh")
SMOKE_ALONE = (("--smoke",),)


def found(commands: Iterable[str]) -> tuple[EntryPoint, ...]:
    return entry_points(an_architecture(*map(a_file, PATHS), commands=commands))


@pytest.mark.parametrize(
    ("commands", "start", "smoke_runs"),
    [
        (["python train.py"], ("train.py",), SMOKE_ALONE),
        (["python ./train.py --seed 1"], ("train.py",), SMOKE_ALONE),
        (["CUDA_VISIBLE_DEVICES=0 torchrun train.py"], ("train.py",), SMOKE_ALONE),
        (["python -m experiments.grid"], ("-m", "experiments.grid"), SMOKE_ALONE),
        (["python -m tools --all"], ("-m", "tools"), SMOKE_ALONE),
        (["python train.py", "python train.py --smoke -n 2"], ("train.py",), (("--smoke", "-n", "2"),)),
        (["python train.py --smoke > log.txt 2>&1"], ("train.py",), SMOKE_ALONE),
        (["for s in 0 1; do python train.py --smoke --seed $s; done"], ("train.py",), SMOKE_ALONE),
        (["python train.py 'unclosed"], ("train.py",), SMOKE_ALONE),
    ],
)
def test_a_program_is_started_as_documented(
    commands: list[str], start: tuple[str, ...], smoke_runs: tuple[tuple[str, ...], ...]
) -> None:
    (entry,) = found(commands)
    assert (entry.start, entry.smoke_runs) == (start, smoke_runs)


def test_programs_come_in_the_order_of_their_commands_each_once_and_tests_are_none() -> None:
    commands = ["python -m pytest", "python tests/test_model.py", "python -m experiments.grid", "bash run.sh"]
    entries = found([*commands, "python train.py --table 1", "python train.py --table 2"])
    assert [entry.path for entry in entries] == ["experiments/grid.py", "train.py"]
    assert entries[1].documented == ("--table", "1")


@given(st.text(max_size=60))
def test_any_command_is_read(text: str) -> None:
    for entry in found([text, f"python train.py {text}"]):
        assert entry.smoke_runs


def test_a_program_takes_arguments_if_it_has_a_parser() -> None:
    assert takes_arguments("def main():\n    from argparse import ArgumentParser\n")
    assert takes_arguments("import click.testing\n")
    assert not takes_arguments("import sys\nprint(sys.argv)\n")
    assert not takes_arguments("import argparse(\n")
    assert may_take_smoke("a.py", {"a.py": "if '--smoke' in sys.argv: ..."})
    assert not may_take_smoke("a.py", {"a.py": "train()"})


@pytest.mark.parametrize(
    ("output", "fault"),
    [
        ("", ""),
        ("step 1\nsmoke: loss 2.0 -> 1e-3\ndone", ""),
        ("smoke: loss 2.0 -> 2.0", "it must fall"),
        ("smoke: loss 2.0 -> 1.0\nsmoke: loss 1.0 -> 3.0", "it must fall"),
        ("smoke: loss 2.0 -> nan", "not finite"),
        ("smoke: loss inf -> 1.0", "not finite"),
        ("smoke: loss two -> one", "no number"),
        ("smoke: loss is low", ""),
    ],
)
def test_a_loss_must_fall_and_be_finite(output: str, fault: str) -> None:
    assert fault in loss_fault(output)
    assert bool(fault) == bool(loss_fault(output))
