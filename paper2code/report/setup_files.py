"""The files that set a generated repository up and run it: requirements.txt and reproduce.sh."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from paper2code.artifacts import Architecture, Command, Dependencies, Package
from paper2code.checks.commands import started_files
from paper2code.checks.modules import is_test
from paper2code.checks.packages import third_party
from paper2code.checks.wording import one_line

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[A-Za-z0-9,._ -]+\])?")
_SPECIFIER = re.compile(r"(?:===|~=|==|!=|<=|>=|<|>)\s*[A-Za-z0-9.*+!_-]+")
_BARE_VERSION = re.compile(r"\d+(?:\.\d+)*")


def requirements_txt(dependencies: Dependencies) -> str:
    """The text of requirements.txt: a package a line, with what it is for.

    Names and versions come from a model, and pip takes options and addresses on the same lines. So a name
    that is none is left out with a comment, and a version that is none is left away.
    """
    lines = [_line(package) for package in third_party(dependencies)]
    return "\n".join(lines) + "\n" if lines else "# The standard library is enough.\n"


def package_markers(paths: Iterable[str]) -> dict[str, str]:
    """An empty `__init__.py` for each folder of Python files that has none.

    Without one, an installed package of the same name, such as `tables` or `models`, would be imported in
    place of the folder, whatever stands first on the search path.

    >>> package_markers(["train.py", "models/mlp.py", "eval/__init__.py", "eval/plots/bars.py"])
    {'eval/plots/__init__.py': '', 'models/__init__.py': ''}
    """
    known = set(paths)
    folders = {
        parent.as_posix()
        for path in known
        if path.endswith(".py")
        for parent in PurePosixPath(path).parents
        if parent.name
    }
    markers = (f"{folder}/__init__.py" for folder in sorted(folders))
    return {marker: "" for marker in markers if marker not in known}


def pytest_ini(paths: Iterable[str]) -> dict[str, str]:
    """A `pytest.ini` where there are tests: it makes the folder pytest's root and puts it on the search path.

    Without one, pytest would take the settings of whatever project the repository lies in.
    """
    known = set(paths)
    if "pytest.ini" in known or not any(is_test(path) for path in known):
        return {}
    return {"pytest.ini": "[pytest]\npythonpath = .\n"}


def reproduce_sh(architecture: Architecture) -> str:
    """The text of reproduce.sh: installs the packages once, then runs every command in order.

    Commands that start no planned file are there as comments only.
    """
    total = sum(command.minutes for command in architecture.commands)
    return "\n".join(
        [
            "#!/usr/bin/env bash",
            "# Installs what the experiments need into .venv, then runs all of them, the quickest first.",
            f"# Takes {duration(total)} on the hardware they are meant for.",
            "set -euo pipefail",
            'cd "$(dirname "${BASH_SOURCE[0]}")"',
            "",
            "if [ ! -x .venv/bin/python ]; then",
            '  "${PYTHON:-python3}" -m venv .venv',
            "  .venv/bin/python -m pip install -r requirements.txt",
            "fi",
            "source .venv/bin/activate",
            'export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"',
            *(line for command in architecture.commands for line in _run(command, architecture)),
            "",
        ]
    )


def duration(minutes: float) -> str:
    """A rough time in words.

    >>> duration(0.4), duration(5), duration(150), duration(4000)
    ('less than a minute', 'about 5 minutes', 'about 2.5 hours', 'about 2.8 days')
    """
    for unit, length in (("days", 24 * 60), ("hours", 60), ("minutes", 1)):
        if minutes >= 2 * length:
            return f"about {round(minutes / length, 1):g} {unit}"
    return "about a minute" if minutes >= 1 else "less than a minute"


def _line(package: Package) -> str:
    name = package.distribution.strip()
    if not _NAME.fullmatch(name):
        return f"# left out, because it is no name of a package: {one_line(name)}"
    reason = one_line(package.reason, 200)
    return f"{name}{_version(package.version)}" + (f"  # {reason}" if reason else "")


def _version(text: str) -> str:
    text = text.strip()
    if _BARE_VERSION.fullmatch(text):
        return f">={text}"
    parts = [part.strip() for part in text.split(",")]
    return ",".join(part.replace(" ", "") for part in parts) if all(map(_SPECIFIER.fullmatch, parts)) else ""


def _run(command: Command, architecture: Architecture) -> list[str]:
    typed = one_line(command.command)
    is_ours = bool(started_files(command, architecture)) or "-m pytest" in typed
    return [
        "",
        f"# {one_line(command.purpose)} ({duration(command.minutes)})",
        typed if is_ours else f"# {typed}",
    ]
