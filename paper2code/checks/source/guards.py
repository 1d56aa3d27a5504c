"""Code that may fail, because something around it provides for that."""

import ast
from collections.abc import Iterable, Iterator

_EVERY_ERROR = {"Exception", "BaseException"}
_EXPECTING = {"raises", "suppress", "warns", "assertRaises", "assertRaisesRegex"}


def guarded(nodes: Iterable[ast.AST], errors: set[str]) -> frozenset[ast.AST]:
    """The nodes in whose place one of the errors is caught or expected, or that only type checkers see.

    Args:
        nodes: All nodes of a file.
        errors: Names of exception classes; those above all others count too.
    """
    return frozenset(_guarded(nodes, errors | _EVERY_ERROR))


def _guarded(nodes: Iterable[ast.AST], errors: set[str]) -> Iterator[ast.AST]:
    for node in nodes:
        match node:
            case ast.Try(body=body, handlers=handlers) if any(_catches(h.type, errors) for h in handlers):
                yield from _all_of(body)
            case ast.With(items=items, body=body) if any(_expects(item.context_expr) for item in items):
                yield from _all_of(body)
            case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"), body=body):
                yield from _all_of(body)


def _all_of(body: list[ast.stmt]) -> Iterator[ast.AST]:
    return (inner for statement in body for inner in ast.walk(statement))


def _catches(caught: ast.expr | None, errors: set[str]) -> bool:
    return caught is None or any(isinstance(n, ast.Name) and n.id in errors for n in ast.walk(caught))


def _expects(context: ast.expr) -> bool:
    match context:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name in _EXPECTING
    return False
