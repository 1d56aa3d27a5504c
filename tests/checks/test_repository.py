"""Whether the parts of a finished repository agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.artifacts import ConfigValue, ExperimentConfig
from paper2code.checks.repository import downloading_files, inconsistencies, needed_packages
from paper2code.checks.repository.command_line import defined_options
from tests.designs import a_file, an_architecture, the_dependencies

PARSER = "import argparse\n\n\ndef parser():\n    p = argparse.ArgumentParser()\n{}    return p\n"
TRAIN = "from options import parser\n\nparser().parse_args()\n"
FILES = {
    "options.py": PARSER.format("    p.add_argument('-s', '--smoke', action='store_true')\n"),
    "train.py": TRAIN,
    "run/sweep.py": "print('no options')\n",
}
CONFIG = ExperimentConfig(yaml="training:\n  lr: 0.1\n  seeds: [0, 1]\n", values=())


def found(
    *commands: str, config: ExperimentConfig = CONFIG, files: dict[str, str] | None = None
) -> list[str]:
    texts = FILES if files is None else files
    architecture = an_architecture(*map(a_file, FILES), commands=commands)
    return [str(inconsistency) for inconsistency in inconsistencies(architecture, config, texts)]


@pytest.mark.parametrize(
    "command",
    [
        "python train.py",
        "python train.py --smoke",
        "python ./train.py -s",
        "python train.py --smo",
        "python -m train --help",
        "PYTHONPATH=. python train.py --smoke && python run/sweep.py",
        "python -m pytest -q --maxfail=1",
        "for s in 0 1; do python train.py --smoke; done",
        "python train.py -1",
        "python run/sweep.py training.lr=0.2 training.seeds=[3]",
        "python run/sweep.py config.yaml",
    ],
)
def test_what_fits_is_left_alone(command: str) -> None:
    assert found(command) == []


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("python train.py --smoak", "gives it --smoak, which it does not define; did you mean --smoke?"),
        ("python train.py --lr=1", "gives it --lr"),
        ("python run/sweep.py --all", "gives it --all"),
        ("python -m run.sweep --all", "run/sweep.py"),
        ("python lost.py", "starts no file of this repository"),
        ("curl http://x | sh", "starts no file of this repository"),
        ("python train.py configs/big.yaml", "names configs/big.yaml, which is not there"),
        ("python run/sweep.py training.rate=1", "sets training.rate, which config.yaml has not"),
    ],
)
def test_what_does_not_fit_is_found(command: str, says: str) -> None:
    (problem,) = found(command)
    assert says in problem


def test_a_script_that_was_not_written_is_found() -> None:
    (problem,) = found("python train.py --lr 1", files={})
    assert problem.startswith("train.py:")


def test_keys_whose_source_is_told_must_be_there() -> None:
    values = tuple(
        ConfigValue(key=key, source="paper", place="s1", note="")
        for key in ("training.lr", "training.seeds[0]", "training.epochs")
    )
    (problem,) = found(config=CONFIG.model_copy(update={"values": values}))
    assert "training.epochs" in problem
    assert len(found(config=ExperimentConfig(yaml="a: [", values=()))) == 1


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("import typer\napp = typer.Typer()\n@app.command()\ndef main(max_len: int = 1): ...\n", "--max-len"),
        ("import click\n@click.command()\n@click.option('--on/--off')\ndef main(on): ...\n", "--on --off"),
        ("import argparse\np.add_argument('--x', action=argparse.BooleanOptionalAction)\n", "--x --no-x"),
        ("import argparse, sys\np.add_argument('--x')\np.parse_args(sys.argv[1:])\n", "--x"),
    ],
)
def test_options_are_read_of_every_common_library(text: str, options: str) -> None:
    defined = defined_options("a.py", {"a.py": text})
    assert defined is not None
    assert set(options.split()) <= defined


@pytest.mark.parametrize(
    "text",
    [
        "import sys\nprint(sys.argv[1])\n",
        "import fire\nfire.Fire()\n",
        "from transformers import HfArgumentParser\n",
        "import hydra\n",
        "p.add_argument(f'--{name}')\n",
        "p.parse_known_args()\n",
        "def broken(:\n",
        "import other\nother.build(1)\n",
    ],
)
def test_where_the_text_does_not_tell_nothing_is_known(text: str) -> None:
    files = {"a.py": text, "other.py": "def build(p):\n    p.add_argument(*names())\n"}
    assert defined_options("a.py", files) is None


def test_options_of_a_program_that_is_only_imported_do_not_count() -> None:
    files = {
        "a.py": "import argparse\nfrom b import run\nargparse.ArgumentParser().parse_args()\nrun()\n",
        "b.py": "import argparse\ndef run(): ...\n"
        "def main():\n    p = argparse.ArgumentParser()\n    p.add_argument('--deep')\n"
        "if __name__ == '__main__':\n    main()\n",
    }
    assert defined_options("a.py", files) == {"-h", "--help"}
    assert "--deep" in (defined_options("b.py", files) or ())


def packages(files: dict[str, str], *commands: str, **declared: str) -> list[str]:
    architecture = an_architecture(a_file("train.py"), commands=commands)
    return [
        package.distribution
        for package in needed_packages(architecture, the_dependencies(packages=declared), files)
    ]


def test_packages_are_those_imported_with_the_declared_first() -> None:
    files = {
        "train.py": "import json, numpy.linalg\nfrom PIL import Image\nimport models.mlp\nfrom . import x\n",
        "models/mlp.py": "def f():\n    import torch\n",
    }
    assert packages(files, torch="torch", scipy="scipy") == ["torch", "numpy", "pillow"]


def test_what_commands_start_and_what_others_load_is_needed_too() -> None:
    assert packages({"train.py": "import pandas as pd\npd.read_parquet('x')\n"}, pyarrow="pyarrow") == [
        "pyarrow", "pandas",
    ]  # fmt: skip
    assert packages({}, "accelerate launch train.py", accelerate="accelerate") == ["accelerate"]
    assert packages({"tests/test_a.py": "x = 1\n"}) == ["pytest"]
    assert packages({"train.py": "x = 1\n"}, pytest="pytest") == []


def test_files_that_download_are_named() -> None:
    files = {
        "a.py": "import requests\nrequests.get('x')\n",
        "b.py": "from datasets import load_dataset\nload_dataset('x')\n",
        "c.py": "MNIST(download=False)\n{}.get('x')\n",
        "tests/test_d.py": "urlretrieve('x')\n",
    }
    assert downloading_files(files) == ("a.py", "b.py")


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_command_and_any_file_can_be_looked_at(command: str, text: str) -> None:
    found(f"python train.py {command}", command, files={"train.py": text})
    packages({"train.py": text}, command)
    downloading_files({"train.py": text})
