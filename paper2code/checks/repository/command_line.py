"""The options that a script takes, read from its syntax tree."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from paper2code.checks.modules import Modules
from paper2code.checks.parsing import parse_python

_UNREADABLE = frozenset(
    {
        "HfArgumentParser", "absl", "cyclopts", "docopt", "fire", "getopt", "hydra", "jsonargparse",
        "parse_known_args", "pydantic_settings", "sacred", "simple_parsing", "tap", "tyro",
    }
)  # fmt: skip
"""Names of what makes options out of something else than literals, or takes any."""
_DECLARING = frozenset({"add_argument", "option", "Option"})


# Many commands reach the same files.
_tree = lru_cache(maxsize=512)(parse_python)


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
        for node in _Reach(files).nodes(path):
            if isinstance(node, ast.Attribute):
                attributes.add(node.attr)
            if _names(node) & _UNREADABLE:
                return None
            options = _declared(node)
            if options is None:
                return None
            found |= options
    except SyntaxError:
        return None
    return None if "argv" in attributes and "parse_args" not in attributes else frozenset(found)


@dataclass
class _Reach:
    """What a script can come to: all of itself, and of other files what it names and what importing runs."""

    files: Mapping[str, str]
    _seen: set[tuple[str, str]] = field(default_factory=set, init=False)
    _imports: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._modules = Modules(self.files)

    def nodes(self, path: str) -> Iterator[ast.AST]:
        """The nodes of a script, and of the definitions that it reaches.

        Raises:
            SyntaxError: A file on the way can't be parsed.
        """
        tree = _tree(self.files.get(path, ""))
        yield from self._with_uses(path, tree, tree)

    def _with_uses(self, path: str, tree: ast.Module, part: ast.AST) -> Iterator[ast.AST]:
        """The nodes of a part of a file, and of all that they name."""
        nodes = list(ast.walk(part))
        yield from nodes
        used = {name for node in nodes for name in _names(node)}
        yield from self._definitions(path, tree, used)
        if path not in self._imports:
            self._imports[path] = tuple(_imported_files(tree, self._modules))
        for imported in self._imports[path]:
            other = _tree(self.files[imported])
            if (imported, "") not in self._seen:
                self._seen.add((imported, ""))
                for statement in _run_on_import(other):
                    yield from self._with_uses(imported, other, statement)
            yield from self._definitions(imported, other, used)

    def _definitions(self, path: str, tree: ast.Module, used: set[str]) -> Iterator[ast.AST]:
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                place = (path, node.name)
                if node.name in used and place not in self._seen:
                    self._seen.add(place)
                    yield from self._with_uses(path, tree, node)


def _run_on_import(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements that run when a file is imported, its definitions left out."""
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                continue
        yield node


def _imported_files(tree: ast.Module, modules: Modules) -> Iterator[str]:
    """The files of the repository that a file imports, each once."""
    names: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                names += (alias.name for alias in aliases)
            case ast.ImportFrom(module=str(module), names=aliases, level=0):
                names += (module, *(f"{module}.{alias.name}" for alias in aliases))
    yield from dict.fromkeys(path for name in names if (path := modules.path_of(name)))


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
