"""Which words the files of a repository could read a configuration by."""

import ast
import re
from collections.abc import Iterable, Iterator

from paper2code.checks.source.config_keys import CONFIG_NAMES
from paper2code.checks.source.scopes import Scope, Scopes

_WORD = re.compile(r"[A-Za-z_]\w*")


class Readings:
    """Every name that files say, and which of them they may take as a whole.

    It errs on the side of reading: a name counts wherever it is said, as a text, attribute, variable, keyword
    or field.
    """

    def __init__(self, files: Iterable[Scopes], texts: Iterable[str] = ()) -> None:
        self.words: set[str] = set()
        self.whole: set[str] = set()
        self.takes_all = False
        """Whether keys of the configuration itself are made up as the program runs."""
        for scopes in files:
            self.takes_all |= _takes_all(scopes)
            parents = {child: node for node in scopes.nodes for child in ast.iter_child_nodes(node)}
            for node in scopes.nodes:
                self.words.update(_said(node))
                self.whole.update(_taken_whole(node, parents, scopes))
        for text in texts:
            self.words.update(_WORD.findall(text))


def _takes_all(scopes: Scopes) -> bool:
    roots = {*CONFIG_NAMES, *_loaded(scopes.nodes)}
    for node in scopes.nodes:
        match node:
            case (
                ast.Subscript(value=ast.Name(id=name), slice=ast.expr() as key)
                | ast.Call(func=ast.Name(id="getattr"), args=[ast.Name(id=name), key, *_])
            ) if not isinstance(key, ast.Constant):
                pass
            case (
                ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="items" | "values"))
                | ast.For(iter=ast.Name(id=name))
                | ast.comprehension(iter=ast.Name(id=name))
                | ast.keyword(arg=None, value=ast.Name(id=name))
            ):
                pass
            case _:
                continue
        if name in roots:
            return True
    return False


def _loaded(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Variables that hold what was read from YAML."""
    for node in nodes:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=function))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Call(func=function))
            ) if "load" in ast.unparse(function):
                yield name


def _said(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield from _WORD.findall(text)
            yield text
        case ast.Attribute(attr=name) | ast.Name(id=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
            yield name


def _taken_whole(node: ast.AST, parents: dict[ast.AST, ast.AST], scopes: Scopes) -> Iterator[str]:
    """The names of parts of which not just single keys are read."""
    match node:
        case (
            ast.Subscript(slice=ast.Constant(value=str(name)))
            | ast.Attribute(attr=name)
            | ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(name)), *_])
        ):
            if not _reads_on(node, parents, scopes):
                yield name
        case ast.Constant(value=str(text)):
            parent = parents.get(node)
            is_key = isinstance(parent, ast.Subscript) and parent.slice is node
            is_got = isinstance(parent, ast.Call) and getattr(parent.func, "attr", "") == "get"
            if not (is_key or is_got):
                yield from _WORD.findall(text)
        case ast.arg(arg=name) | ast.keyword(arg=str(name)):
            yield name
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def _reads_on(node: ast.expr, parents: dict[ast.AST, ast.AST], scopes: Scopes) -> bool:
    """Whether only single keys of an expression, or of the variable that holds it, are read."""
    parent = parents.get(node)
    match parent:
        case ast.Subscript(value=value, slice=ast.Constant(value=str())) if value is node:
            return True
        case ast.Attribute(value=value, attr=attr) if value is node:
            return attr not in {"items", "keys", "values", "copy", "update"}
        case ast.Assign(targets=[ast.Name(id=name) as target], value=value) if value is node:
            scope: Scope = scopes.of[target]
            uses = [
                other
                for other in scopes.nodes
                if isinstance(other, ast.Name) and other.id == name and isinstance(other.ctx, ast.Load)
            ]
            only = scope.only(name)
            is_single = only is not None and only.value is node
            return is_single and bool(uses) and all(_reads_on(use, parents, scopes) for use in uses)
    return False
