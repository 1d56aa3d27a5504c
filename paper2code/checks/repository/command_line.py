"""The options that a script takes, read from its syntax tree."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from paper2code.checks.modules import Modules
from paper2code.checks.parsing import parse_python
from paper2code.checks.symbols import Definition

_UNREADABLE = frozenset(
    {
        "HfArgumentParser", "absl", "cyclopts", "docopt", "fire", "getopt", "hydra", "jsonargparse",
        "parse_known_args", "pydantic_settings", "sacred", "simple_parsing", "tap", "tyro",
    }
)  # fmt: skip
"""Names of what makes options out of something else than literals, or takes any."""
_DECLARING = frozenset({"add_argument", "option", "Option"})


def defined_options(path: str, files: Mapping[str, str]) -> frozenset[str] | None:
    r"""The options that a script defines, itself or in what it uses of other files of the repository.

    Args:
        path: The script.
        files: The texts of the repository, by path.

    Returns:
        The options with their dashes, `--help` included. None where the text doesn't tell: a file can't be
        parsed, `sys.argv` is read by hand, or a library makes the options up from types or settings.

    >>> files = {"a.py": "import argparse\np = argparse.ArgumentParser()\np.add_argument('-n', '--number')\n"}
    >>> sorted(defined_options("a.py", files))
    ['--help', '--number', '-h', '-n']
    """
    found: set[str] = {"-h", "--help"}
    attributes: set[str] = set()
    try:
        for part in _Reach(files).parts(path):
            if part.options is None:
                return None
            found |= part.options
            attributes |= part.attributes
    except SyntaxError:
        return None
    return None if "argv" in attributes and "parse_args" not in attributes else frozenset(found)


@dataclass(frozen=True)
class _Part:
    """A statement on the top level of a file, as far as options depend on it."""

    definition: str
    """The name of the function or class that it defines; empty where it is something else."""
    runs_on_import: bool
    names: frozenset[str]
    """All that it uses or imports."""
    attributes: frozenset[str]
    """Those of its names that are taken from something."""
    options: frozenset[str] | None
    """What it declares; None if any may be meant."""


@dataclass(frozen=True)
class _File:
    """A file, as far as options depend on it."""

    parts: tuple[_Part, ...]
    imported: tuple[str, ...]
    """The dotted names that it imports, each once."""


@dataclass
class _Reach:
    """What a script can come to: all of itself, and of other files what it names and what importing runs."""

    files: Mapping[str, str]

    def __post_init__(self) -> None:
        self._modules = Modules(self.files)
        self._imports: dict[str, tuple[str, ...]] = {}

    def parts(self, path: str) -> Iterator[_Part]:
        """The parts of a script, and all that they reach.

        Raises:
            SyntaxError: A file on the way can't be parsed.
        """
        seen: set[tuple[str, _Part]] = set()
        ahead = [(path, part) for part in self._file(path).parts]
        while ahead:
            place = ahead.pop()
            if place not in seen:
                seen.add(place)
                yield place[1]
                ahead += self._reached_from(*place)

    def _reached_from(self, path: str, part: _Part) -> Iterator[tuple[str, _Part]]:
        """What a part of a file names there, and names and runs of the files that are imported there."""
        file = self._file(path)
        yield from ((path, other) for other in file.parts if other.definition in part.names)
        for found in self._imported_by(path):
            for other in self._file(found).parts:
                if other.runs_on_import or other.definition in part.names:
                    yield found, other

    def _imported_by(self, path: str) -> tuple[str, ...]:
        if path not in self._imports:
            found = (self._modules.path_of(name) for name in self._file(path).imported)
            self._imports[path] = tuple(dict.fromkeys(filter(None, found)))
        return self._imports[path]

    def _file(self, path: str) -> _File:
        return _read(self.files.get(path, ""))


@lru_cache(maxsize=512)  # many commands reach the same files
def _read(text: str) -> _File:
    tree = parse_python(text)
    parts = tuple(map(_part, tree.body))
    return _File(parts, tuple(dict.fromkeys(_imported(tree))))


def _part(statement: ast.stmt) -> _Part:
    nodes = list(ast.walk(statement))
    names = frozenset(name for node in nodes for name in _names(node))
    defined = statement.name if isinstance(statement, Definition) else ""
    return _Part(
        definition=defined,
        runs_on_import=not defined and not _is_for_scripts(statement),
        names=names,
        attributes=frozenset(node.attr for node in nodes if isinstance(node, ast.Attribute)),
        options=None if names & _UNREADABLE else _all_declared(nodes),
    )


def _all_declared(nodes: Iterable[ast.AST]) -> frozenset[str] | None:
    """The options that nodes declare; None if one of them may declare any."""
    found: set[str] = set()
    for node in nodes:
        options = _declared(node)
        if options is None:
            return None
        found |= options
    return frozenset(found)


def _is_for_scripts(statement: ast.stmt) -> bool:
    match statement:
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
    return False


def _imported(tree: ast.Module) -> Iterator[str]:
    """The dotted names that a file imports."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                yield from (alias.name for alias in aliases)
            case ast.ImportFrom(module=str(module), names=aliases, level=0):
                yield module
                yield from (f"{module}.{alias.name}" for alias in aliases)


def _names(node: ast.AST) -> set[str]:
    """The names that a node uses or imports."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return {name}
        case ast.Import(names=aliases):
            return {alias.name.partition(".")[0] for alias in aliases}
        case ast.ImportFrom(module=str(module), names=aliases):
            return {module.partition(".")[0], *(alias.name for alias in aliases)}
    return set()


def _declared(node: ast.AST) -> set[str] | None:
    """The options that a node declares; None if their names are no literals, so that any may be meant."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in _DECLARING:
            return _of_literals(node)
        case ast.FunctionDef(decorator_list=decorators) if _is_command(decorators):
            return _of_parameters(node)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="typer"), attr="run")):
            return None
    return set()


def _of_literals(call: ast.Call) -> set[str] | None:
    # typer's first argument may be the default; with click and argparse all of them are names.
    if _called(call) != "Option" and not all(isinstance(arg, ast.Constant) for arg in call.args):
        return None
    words = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    found = {part.strip() for word in words for part in word.split("/") if part.strip().startswith("-")}
    action = next((keyword.value for keyword in call.keywords if keyword.arg == "action"), None)
    if action is not None and "BooleanOptionalAction" in ast.unparse(action):
        found |= {f"--no-{option[2:]}" for option in found if option.startswith("--")}
    return found


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is_command(decorators: Iterable[ast.expr]) -> bool:
    """Whether click or typer makes a command of the function."""
    called = (d.func if isinstance(d, ast.Call) else d for d in decorators)
    return any(isinstance(c, ast.Attribute) and c.attr in {"command", "callback"} for c in called)


def _of_parameters(function: ast.FunctionDef) -> set[str]:
    """What typer makes of a function's parameters; click knows these names too, from its decorators."""
    names = [a.arg.replace("_", "-") for a in (*function.args.args, *function.args.kwonlyargs)]
    return {f"--{prefix}{name}" for name in names for prefix in ("", "no-")}
