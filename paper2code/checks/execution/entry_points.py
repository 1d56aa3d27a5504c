"""How the programs of a repository are started small: by the commands that its design documents."""

import ast
import re
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from paper2code.artifacts import Architecture, Command
from paper2code.checks.commands import scripts, started_files
from paper2code.checks.modules import is_test, module_of

SMOKE = "--smoke"

_PARSERS = {
    "absl", "argparse", "click", "docopt", "fire", "hydra", "jsonargparse", "simple_parsing", "tap", "typer",
    "tyro",
}  # fmt: skip
_OF_THE_SHELL = ("&", "|", ";", ">", "<", "2>")
_OPTION = re.compile(r"--?[A-Za-z]")
_EXPANDED = set("$`*?{}")


@dataclass(frozen=True)
class EntryPoint:
    """A file that a documented command starts."""

    path: str
    start: tuple[str, ...]
    """What the interpreter is given to start it: its path, or `-m` and its module."""
    smoke_runs: tuple[tuple[str, ...], ...]
    """The arguments of each of its smoke runs."""
    documented: tuple[str, ...] = ()
    """What the first command gives to it."""

    def command(self, *arguments: str) -> str:
        """The command that starts it, as a user types it."""
        return shlex.join(["python", *self.start, *arguments])

    def smoke_run_with(self, required: Collection[str]) -> tuple[str, ...]:
        """Its smoke run with the documented values of what it requires; with all if that is not clear.

        >>> entry = EntryPoint("train.py", ("train.py",), (), ("--problem", "wave", "--steps", "1000"))
        >>> entry.smoke_run_with(["--problem"]), entry.smoke_run_with(["file"])
        (('--problem', 'wave', '--smoke'), ('--problem', 'wave', '--steps', '1000', '--smoke'))
        """
        options: dict[str, list[str]] = {}
        name = ""
        for word in self.documented:
            if _OPTION.match(word):
                name = word.partition("=")[0]
            options.setdefault(name, []).append(word)
        is_clear = bool(required) and all(each in options for each in required)
        kept = [word for each in required for word in options[each]] if is_clear else self.documented
        return (*kept, SMOKE)


def entry_points(architecture: Architecture) -> tuple[EntryPoint, ...]:
    """The Python files that documented commands start, in the order of the commands, without the tests."""
    by_path: dict[str, list[list[str]]] = {}
    for command in architecture.commands:
        for path in started_files(command, architecture):
            if path.endswith(".py") and not is_test(path):
                by_path.setdefault(path, []).append(_arguments(command, path))
    by_script = scripts(architecture)
    return tuple(
        EntryPoint(
            path, _start(path, path in by_script), tuple(_smoke_runs(documented)), tuple(documented[0])
        )
        for path, documented in by_path.items()
    )


def takes_arguments(source: str) -> bool:
    """Whether a file reads a command line with a parser, so that `--help` ends and does no work."""
    return bool(_imported(source) & _PARSERS)


def may_take_smoke(path: str, files: Mapping[str, str]) -> bool:
    """Whether a smoke run may be tried: without a parser and the word, it would be the full experiment."""
    source = files.get(path, "")
    return "smoke" in source or takes_arguments(source)


def _smoke_runs(documented: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """The documented smoke runs, or else the one that every program has by convention."""
    small = [tuple(arguments) for arguments in documented if SMOKE in arguments]
    yield from dict.fromkeys(small or [(SMOKE,)])


def _start(path: str, is_script: bool) -> tuple[str, ...]:
    module = module_of(path)
    return (path,) if is_script or module is None else ("-m", module.removesuffix(".__main__"))


def _arguments(command: Command, path: str) -> list[str]:
    """What a command gives to a file; nothing if a shell would have to work it out."""
    try:
        words = shlex.split(command.command, comments=True)
    except ValueError:
        return []
    names = {path, f"./{path}", module_of(path), (module_of(path) or "").removesuffix(".__main__")}
    place = next((index for index, word in enumerate(words) if word in names), len(words))
    arguments = list(takewhile(lambda word: not word.startswith(_OF_THE_SHELL), words[place + 1 :]))
    is_plain = not any(_EXPANDED & set(word) or word.endswith(";") for word in arguments)
    return arguments if is_plain else []


def _imported(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return set()
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [
        node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level
    ]
    return {name.partition(".")[0] for name in names}
