"""Where commands, configuration and code of a finished repository do not fit each other."""

import re
import shlex
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from paper2code.artifacts import Architecture, Command, ExperimentConfig
from paper2code.checks.commands import started_files
from paper2code.checks.repository.command_line import defined_options
from paper2code.checks.wording import alike, listed, one_line
from paper2code.checks.yaml_text import parse_yaml

_SETTINGS = (".yaml", ".yml", ".toml", ".ini", ".cfg")
_BETWEEN_COMMANDS = frozenset({"&&", "||", ";", "|", "&", "do", "done", ">", ">>"})
_OVERRIDE = re.compile(r"(?:--)?([A-Za-z_]\w*(?:\.\w+)+)=.*")


@dataclass(frozen=True)
class Inconsistency:
    """Two parts of a repository that do not fit, on one line each."""

    path: str
    """The file that would have to change, or that stands nearest to it."""
    problem: str
    fix: str

    def __str__(self) -> str:
        return f"{self.path}: {self.problem} {self.fix}"


def inconsistencies(
    architecture: Architecture, config: ExperimentConfig, files: Mapping[str, str]
) -> tuple[Inconsistency, ...]:
    """Hold the documented commands and settings against the code.

    A command must start a file that is there, with options that the script or the files it imports define;
    settings files that it names must exist, and so must keys of config.yaml that it sets. Where the text of
    a script does not tell its options, nothing is found.

    Args:
        architecture: Its commands are those of README.md and reproduce.sh.
        config: The text of config.yaml, and the values whose sources are told.
        files: The texts of the repository, by path.

    Returns:
        What does not fit, in the order of the commands, each once.
    """
    found = [
        *(problem for command in architecture.commands for problem in _of(command, architecture, files)),
        *_settings(architecture, config),
    ]
    return tuple(dict.fromkeys(found))


def _of(command: Command, architecture: Architecture, files: Mapping[str, str]) -> Iterator[Inconsistency]:
    typed = one_line(command.command, 200)
    started = started_files(command, architecture)
    if not started and "pytest" not in typed:
        yield Inconsistency(
            "README.md", f"'{typed}' starts no file of this repository.", "Name a script that is there."
        )
    for path in started:
        if path in files:
            yield from _unknown_options(typed, path, files)
        else:
            yield Inconsistency(path, f"'{typed}' starts it, and it was not written.", "Write it.")
    for word in _words(command.command):
        name = word.partition("=")[2] or word
        if name.endswith(_SETTINGS) and not any(c in name for c in "*?$<{") and not _is_there(name, files):
            yield Inconsistency(
                "README.md", f"'{typed}' names {name}, which is not there.", "Name one that is."
            )


def _unknown_options(typed: str, path: str, files: Mapping[str, str]) -> Iterator[Inconsistency]:
    if not path.endswith(".py"):
        return
    defined = defined_options(path, files)
    if defined is None:
        return
    for option in _given_options(typed, path):
        if not _is_defined(option, defined):
            names = sorted(defined - {"-h"})
            yield Inconsistency(
                path,
                f"'{typed}' gives it {option}, which it does not define{alike(option, names) or '.'}",
                f"It defines {listed(names)}.",
            )


def _is_defined(option: str, defined: Collection[str]) -> bool:
    """Whether it is an option or, as argparse takes it, the beginning of a long one."""
    return option in defined or (
        option.startswith("--") and any(known.startswith(option) for known in defined)
    )


def _given_options(typed: str, path: str) -> Iterator[str]:
    """The options that follow a script in a command."""
    module = path.removesuffix(".py").removesuffix("/__main__").replace("/", ".")
    follows = False
    for word in _words(typed):
        if word.removeprefix("./") == path or word == module:
            follows = True
        elif word in _BETWEEN_COMMANDS or word.endswith(";"):
            follows = False
        elif follows and re.match(r"--?[A-Za-z]", word):
            yield word.partition("=")[0]


def _settings(architecture: Architecture, config: ExperimentConfig) -> Iterator[Inconsistency]:
    """Keys that commands set or that the ledger of values tells of, and that config.yaml doesn't have."""
    try:
        values = parse_yaml(config.yaml)
    except ValueError as error:
        yield Inconsistency("config.yaml", f"It is no YAML: {one_line(str(error), 200)}.", "Mend it.")
        return
    for command in architecture.commands:
        for word in _words(command.command):
            override = _OVERRIDE.fullmatch(word)
            if override and not _has(values, override[1]):
                yield Inconsistency(
                    "README.md",
                    f"'{one_line(command.command, 200)}' sets {override[1]}, which config.yaml has not.",
                    "Set a key that it has.",
                )
    for value in config.values:
        if not _has(values, value.key):
            yield Inconsistency(
                "config.yaml", f"Its key {value.key}, whose source is told, is not there.", "Add it."
            )


def _has(values: object, key: str) -> bool:
    """Whether nested mappings have a dotted key; items of a list, such as `seeds[0]`, count as it."""
    for part in re.sub(r"\[.*?\]", "", key).split("."):
        if isinstance(values, list) and part.isdecimal():
            return True
        if not isinstance(values, dict) or part not in {str(name) for name in values}:
            return False
        values = next(value for name, value in values.items() if str(name) == part)
    return True


def _is_there(name: str, files: Mapping[str, str]) -> bool:
    path = PurePosixPath(name.removeprefix("./"))
    return path.as_posix() in files or path.as_posix() in {"config.yaml", "pytest.ini"}


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command, comments=True)
    except ValueError:
        return command.split()
