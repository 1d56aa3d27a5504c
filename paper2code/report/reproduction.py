"""reproduce.sh: from a bare checkout to every experiment."""

import re
import shlex
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from paper2code.artifacts import Architecture, Command
from paper2code.checks.commands import started_files
from paper2code.checks.repository import downloading_files
from paper2code.checks.wording import listed, one_line

_FETCHES = re.compile(r"(?:^|[_.])(?:download|fetch|prepare|preprocess)")
# One of these outside of quotes, or a reserved word in front, makes more of a line than a simple command.
_SHELL_SYNTAX = frozenset("$`;&|()<>{}!\\\n'\"#")
_SIMPLE_PROGRAM = re.compile(r"(?:python3?|pytest|bash|sh|torchrun|accelerate|\./[\w./-]+)(?:\s|$)")


def reproduce_sh(architecture: Architecture, files: Mapping[str, str]) -> str:
    """The text of reproduce.sh: installs the packages once, gets the data, then runs every command in order.

    It may be started again after any interruption, and needs no network once the packages are installed.
    Commands that start no planned file are there as comments only.

    Args:
        architecture: Its commands.
        files: The texts of the repository, by path: some of them may fetch data.
    """
    data = [command for command in architecture.commands if _is_data_step(command, architecture)]
    others = [command for command in architecture.commands if command not in data]
    total = sum(command.minutes for command in architecture.commands)
    return "\n".join(
        [
            "#!/usr/bin/env bash",
            "# Installs what the experiments need into .venv, gets the data, then runs the commands of",
            "# README.md in their order. It can be started again after an interruption.",
            f"# Takes {duration(total)} on the hardware they are meant for.",
            "set -euo pipefail",
            'cd "$(dirname "${BASH_SOURCE[0]}")"',
            "",
            "# Environment",
            "# The copy of requirements.txt in .venv says that all of it is installed.",
            "if ! cmp -s requirements.txt .venv/requirements.txt; then",
            '  "${PYTHON:-python3}" -m venv .venv',
            "  .venv/bin/python -m pip install -r requirements.txt",
            "  cp requirements.txt .venv/requirements.txt",
            "fi",
            "source .venv/bin/activate",
            'export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"',
            "",
            *_data_step(data, architecture, files),
            *_steps(others, architecture),
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


def _is_data_step(command: Command, architecture: Architecture) -> bool:
    """Whether a command only gets the data, by the name of what it starts or by its subcommand."""
    stems = [PurePosixPath(path).stem for path in started_files(command, architecture)]
    arguments = [word for word in command.command.split() if re.fullmatch(r"[a-z][a-z_-]*", word)]
    return any(_FETCHES.search(name) for name in (*stems, *arguments))


def _data_step(data: list[Command], architecture: Architecture, files: Mapping[str, str]) -> list[str]:
    fetching = downloading_files(files)
    if data:
        return ["# Data", *_steps(data, architecture)]
    if fetching:
        return [f"# Data: fetched when it is first used, by {listed(fetching)}"]
    return ["# Data: nothing to fetch, the code makes or holds its own"]


def _steps(commands: Iterable[Command], architecture: Architecture) -> list[str]:
    return [line for command in commands for line in _step(command, architecture)]


def _step(command: Command, architecture: Architecture) -> list[str]:
    typed = one_line(command.command)
    is_ours = bool(started_files(command, architecture)) or "-m pytest" in typed
    return [
        "",
        f"# {one_line(command.purpose)} ({duration(command.minutes)})",
        _line(typed) if is_ours else f"# {typed}",
    ]


def _line(typed: str) -> str:
    """The command as a line that bash can always read, so that a slip in one does not void the script."""
    if _SIMPLE_PROGRAM.match(typed) and not _SHELL_SYNTAX & set(typed):
        return typed
    return f"bash -euo pipefail -c {shlex.quote(typed)}"
