"""Names of files in a program: which it reads, which it writes, which it only says."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from paper2code.checks.source.scopes import Scope, Scopes

_SUFFIXES = {".json", ".jsonl", ".csv", ".pt", ".pth", ".npz", ".npy", ".pkl", ".parquet", ".txt", ".h5"}
_READERS = {
    "read_csv", "read_json", "read_parquet", "read_pickle", "read_text", "read_bytes", "load", "loadtxt",
    "genfromtxt", "load_file",
}  # fmt: skip
_WRITERS = {
    "to_csv", "to_json", "to_parquet", "to_pickle", "write_text", "write_bytes", "save", "savez",
    "savez_compressed", "savetxt", "save_file",
}  # fmt: skip
_DEEPEST = 10


@dataclass(frozen=True)
class Mention:
    """The last part of a path, and what is done with the file."""

    name: str
    use: Literal["read", "write", "say"]
    line: int


def mentions(scopes: Scopes) -> Iterator[Mention]:
    """The names of data files that a program says; those built as it runs are left out."""
    used: set[ast.AST] = set()
    found: list[Mention] = []
    for node, scope in scopes:
        if isinstance(node, ast.Call) and (use := _use(node)) is not None:
            for argument in _paths(node):
                literal = _last_part(argument, scope, _DEEPEST)
                if literal is not None:
                    used.add(literal)
                    found.append(Mention(PurePosixPath(str(literal.value)).name, use, node.lineno))
    yield from (mention for mention in found if PurePosixPath(mention.name).suffix in _SUFFIXES)
    for node in scopes.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in used:
            name = PurePosixPath(node.value[-200:]).name
            if PurePosixPath(name).suffix in _SUFFIXES:
                yield Mention(name, "say", node.lineno)


def _use(call: ast.Call) -> Literal["read", "write"] | None:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name == "open":
        mode = _mode(call)
        if mode is None:
            return None
        return "write" if set(mode) & set("wax") else "read"
    if name in _READERS:
        return "read"
    return "write" if name in _WRITERS else None


def _mode(call: ast.Call) -> str | None:
    """The mode that a file is opened with; None where it isn't said in letters."""
    is_method = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") not in {
        "gzip",
        "io",
    }
    modes = [keyword.value for keyword in call.keywords if keyword.arg == "mode"]
    modes = modes or call.args[0 if is_method else 1 :][:1]
    if not modes:
        return "r"
    match modes[0]:
        case ast.Constant(value=str(mode)):
            return mode
    return None


def _paths(call: ast.Call) -> Iterator[ast.expr]:
    """Where the path may stand in a call that reads or writes a file."""
    yield from call.args[:2]
    yield from (keyword.value for keyword in call.keywords)
    if isinstance(call.func, ast.Attribute):
        yield call.func.value


def _last_part(node: ast.expr, scope: Scope, left: int) -> ast.Constant | None:
    """The literal that ends a path; None where the path is built as the program runs."""
    match node:
        case ast.Constant(value=str()):
            return node
        case ast.BinOp(op=ast.Div(), right=right) if left:
            return _last_part(right, scope, left - 1)
        case ast.Call(func=ast.Name(id="Path" | "str") | ast.Attribute(attr="join"), args=[*_, last]) if left:
            return _last_part(last, scope, left - 1)
        case ast.Name(id=name) if left:
            found = scope.lookup(name)
            value = found[1][0].value if found and len(found[1]) == 1 else None
            return _last_part(value, found[0], left - 1) if found and value is not None else None
    return None
