"""Is a name that hides a module or a function used as what it hides?"""

import ast
import builtins
import importlib
from collections.abc import Callable, Iterator

from paper2code.artifacts import Finding
from paper2code.checks.source.scopes import Binding, Scope, Scopes
from paper2code.checks.wording import finding

_PLAIN_VALUES = (
    ast.Constant, ast.Dict, ast.DictComp, ast.JoinedStr, ast.List, ast.ListComp, ast.Set, ast.SetComp,
    ast.Tuple,
)  # fmt: skip
_NO_FUNCTIONS = (ast.BinOp, ast.Compare)
"""Values that may be of any type, but hardly functions."""
_MODULES = ("copy", "itertools", "json", "logging", "math", "os", "random", "re", "statistics", "sys", "time")
"""Modules of the standard library whose names are likely ones for variables, or that are much used."""
_PLAIN_TYPES: dict[str, type] = {
    kind.__name__: kind for kind in (int, float, str, bool, list, dict, tuple, set)
}
_PLAIN_RESULTS = {
    "len",
    "sum",
    "int",
    "float",
    "str",
    "round",
    "abs",
    "list",
    "dict",
    "tuple",
    "set",
    "sorted",
}


def find_shadowing(scopes: Scopes) -> Iterator[Finding]:
    """Names that a scope binds to plain values and then uses as the module or function that they hide.

    A name that is read before the scope binds it is pyflakes' affair.
    """
    for node, scope in scopes:
        match node:
            case ast.Call(func=ast.Name(id=name)):
                if _hides_callable(name, scope) and _is_bound_to(name, scope, _is_no_function):
                    yield _hidden(node, name, f"{name}(...)")
            case ast.Attribute(value=ast.Name(id=name), attr=attr, ctx=ast.Load()):
                module = _hidden_module(name, scope)
                if module is None or any(hasattr(kind, attr) for kind in _PLAIN_TYPES.values()):
                    continue
                if _is_bound_to(name, scope, _is_plain) or (
                    _is_bound_to(name, scope, _is_no_function) and _has(module, attr)
                ):
                    yield _hidden(node, name, f"{name}.{attr}")
    yield from _called_again(scopes)


def _hidden(node: ast.expr, name: str, used: str) -> Finding:
    return finding(
        "shadowing",
        "blocker",
        node.lineno,
        f"`{used}` fails: in this scope {name} is a plain value that hides what is meant.",
        f"Give the variable another name than {name}.",
    )


def _is_bound_to(name: str, scope: Scope, is_such: Callable[[Binding], bool]) -> bool:
    """Whether a name is bound, here or in a scope around, and to nothing but values of a sort."""
    found = scope.lookup(name)
    return found is not None and bool(found[1]) and all(map(is_such, found[1]))


def _is_plain(binding: Binding) -> bool:
    """Whether it is bound to a number, a text or a collection."""
    match binding:
        case Binding(value=ast.Constant(value=None)):
            return False
        case Binding(value=ast.Call(func=ast.Name(id=name))):
            return name in _PLAIN_RESULTS
        case Binding(value=ast.expr() as value):
            return isinstance(value, _PLAIN_VALUES)
        case Binding(node=ast.arg(annotation=ast.Name(id=kind))):
            return kind in _PLAIN_TYPES
    return isinstance(binding.node, ast.AugAssign)


def _is_no_function(binding: Binding) -> bool:
    return _is_plain(binding) or isinstance(binding.value, _NO_FUNCTIONS)


def _hides_callable(name: str, scope: Scope) -> bool:
    found = scope.lookup(name)
    if found and isinstance(found[0].node, ast.ClassDef):
        return False
    return callable(getattr(builtins, name, None)) or any(
        isinstance(binding.node, ast.FunctionDef | ast.ClassDef | ast.ImportFrom)
        for binding in _hidden_bindings(name, scope)
    )


def _hidden_module(name: str, scope: Scope) -> str | None:
    for binding in _hidden_bindings(name, scope):
        if isinstance(binding.node, ast.Import) and binding.alias:
            return binding.alias.name
    return None


def _has(module: str, name: str) -> bool:
    return module in _MODULES and hasattr(importlib.import_module(module), name)


def _hidden_bindings(name: str, scope: Scope) -> list[Binding]:
    """What a name would stand for if the scope that binds it did not."""
    found = scope.lookup(name)
    outer = found[0].parent.lookup(name) if found and found[0].parent else None
    return outer[1] if outer else []


def _called_again(scopes: Scopes) -> Iterator[Finding]:
    """`loss = loss(x)` in a loop: the second round calls a number."""
    for node, _ in scopes:
        if isinstance(node, ast.For | ast.AsyncFor | ast.While):
            bound = [
                inner.id
                for inner in ast.walk(node)
                if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
            ]
            for inner in node.body:
                match inner:
                    case ast.Assign(
                        targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id=called))
                    ) if name == called and bound.count(name) == 1:
                        yield finding(
                            "shadowing",
                            "major",
                            inner.lineno,
                            f"`{name} = {name}(...)` in a loop: the next round calls its result.",
                            f"Give the result another name than {name}.",
                        )
