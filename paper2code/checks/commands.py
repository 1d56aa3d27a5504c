"""Which file of the repository a command starts."""

import shlex
from collections.abc import Iterator
from pathlib import PurePosixPath

from paper2code.artifacts import Architecture, Command
from paper2code.checks.modules import Modules, is_test

_SCRIPTS = (".py", ".sh")


def started_files(command: Command, architecture: Architecture) -> tuple[str, ...]:
    """The planned files that a command starts, as scripts or with `python -m`."""
    planned = {file.path for file in architecture.files}
    return tuple(path for path in _named_files(command.command, planned) if path in planned)


def scripts(architecture: Architecture) -> frozenset[str]:
    """The planned files that a command starts by their path, so that Python knows no package of theirs."""
    planned = {file.path for file in architecture.files}
    words = (word.removeprefix("./") for command in architecture.commands for word in _words(command.command))
    return frozenset(word for word in words if word in planned)


def unplanned_scripts(command: Command, architecture: Architecture) -> tuple[str, ...]:
    """The scripts that a command names and the architecture doesn't have."""
    planned = {file.path for file in architecture.files}
    return tuple(path for path in _named_files(command.command, planned) if path not in planned)


def entry_point(architecture: Architecture, imported: set[str]) -> str | None:
    """The likeliest start of the whole: of the scripts that no file imports, the last one planned."""
    scripts = [
        file.path
        for file in architecture.files
        if PurePosixPath(file.path).suffix in _SCRIPTS
        and file.path not in imported
        and not is_test(file.path)
        and PurePosixPath(file.path).name != "__init__.py"
    ]
    return scripts[-1] if scripts else None


def _named_files(command: str, planned: set[str]) -> Iterator[str]:
    words = _words(command)
    modules = Modules(planned if "-m" in words else ())
    for before, word in zip(["", *words], words, strict=False):
        if before == "-m" and modules.is_ours(word):
            yield (
                modules.path_of(word) or modules.path_of(f"{word}.__main__") or f"{word.replace('.', '/')}.py"
            )
        elif word.endswith(_SCRIPTS):
            yield word.removeprefix("./")


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command, comments=True)
    except ValueError:
        return command.split()
