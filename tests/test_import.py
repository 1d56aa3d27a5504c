"""Importing the package does nothing but import it."""

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

import paper2code
from paper2code import errors

ROOT = Path(__file__).parent.parent

WATCHED = """
    import os, sys

    class Environment(dict):
        def _read(self, name, *default):
            print("reads", name)
            return dict.get(self, name, *default)
        get = __getitem__ = _read

    opened = []
    sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
    before = set(sys.modules)
    os.environ = Environment(os.environ)
    os.getenv = os.environ.get

    import paper2code

    for name in sorted(set(sys.modules) - before):
        print("imports", name.partition(".")[0])
    for path in opened:
        if not path.endswith((".py", ".pyc")):
            print("opens", path)
"""


def run(program: str) -> str:
    """What a program prints in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", dedent(program)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_importing_reads_no_environment_opens_no_file_and_loads_no_package() -> None:
    told = run(WATCHED).splitlines()
    assert not [line for line in told if line.startswith(("reads", "opens"))]
    imported = {line.removeprefix("imports ") for line in told if line.startswith("imports")}
    assert imported <= {"paper2code", *sys.stdlib_module_names}
    assert "paper2code" in imported


def test_importing_takes_little_time() -> None:
    seconds = run(
        """
        import time
        start = time.process_time()
        import paper2code
        print(time.process_time() - start)
        """
    )
    assert float(seconds) < 0.1


@pytest.mark.parametrize("name", paper2code.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(paper2code, name) is not None


def test_the_public_names_are_listed_in_order_and_no_others_are_offered() -> None:
    assert paper2code.__all__ == sorted(paper2code.__all__)
    assert dir(paper2code) == paper2code.__all__
    with pytest.raises(AttributeError, match="no attribute 'build_graf'"):
        _ = paper2code.build_graf


def test_every_error_is_a_public_name() -> None:
    family = {name for name, kind in vars(errors).items() if isinstance(kind, type)}
    assert family <= set(paper2code.__all__)


def test_a_public_name_is_looked_up_once() -> None:
    told = run(
        """
        import paper2code
        first = paper2code.PaperError
        print("PaperError" in vars(paper2code), first is paper2code.PaperError)
        """
    )
    assert told.split() == ["True", "True"]
