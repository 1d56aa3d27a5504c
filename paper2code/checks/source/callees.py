"""How the functions and classes of the repository are called."""

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from inspect import Parameter

from paper2code.checks.source.classes import (
    PLAIN_DECORATORS,
    Classes,
    Members,
    Method,
    last_names,
    own_methods,
)
from paper2code.checks.source.definitions import Defined
from paper2code.checks.source.signatures import shown, shown_fields, signature_of

_SAME_SIGNATURE = {
    "abstractmethod", "beartype", "cache", "classmethod", "contextmanager", "enable_grad", "final",
    "inference_mode", "jaxtyped", "jit", "lru_cache", "njit", "no_grad", "override", "staticmethod",
    "typechecked",
}  # fmt: skip
"""Decorators after which a function is called as it is written."""


@dataclass(frozen=True)
class Callee:
    """Something that can be called."""

    signature: inspect.Signature
    defined: Defined
    shown: Callable[[], str]
    """Its signature as a caller reads it."""


def method_callee(defined: Defined, name: str, *, is_bound: bool) -> Callee | None:
    """A function or method as it is called; None where a decorator may change how."""
    node = defined.node
    if not isinstance(node, Method):
        return None
    decorators = last_names(node.decorator_list)
    if not decorators <= _SAME_SIGNATURE:
        return None
    is_bound = (is_bound or "classmethod" in decorators) and "staticmethod" not in decorators
    if is_bound and not (node.args.posonlyargs or node.args.args):
        return None
    return Callee(
        signature_of(node.args, is_bound=is_bound), defined, partial(shown, node, name, is_bound=is_bound)
    )


def constructor(defined: Defined, classes: Classes) -> Callee | None:
    """How a class is called; None where that isn't certain."""
    node, found = defined.node, classes.members(defined)
    decorators = last_names(node.decorator_list)
    is_enum = any(base.endswith(("Enum", "Flag")) for base in found.foreign)
    if not isinstance(node, ast.ClassDef) or is_enum or "__new__" in found.names or node.keywords:
        return None
    if "__init__" in own_methods(node) and decorators <= PLAIN_DECORATORS:
        return method_callee(Defined(defined.path, own_methods(node)["__init__"]), node.name, is_bound=True)
    if "dataclass" in decorators or last_names(node.bases) == {"NamedTuple"}:
        return _made_of_fields(defined, found, classes)
    if (
        "__init__" in found.methods
        and decorators <= PLAIN_DECORATORS
        and not _init_may_be_foreign(defined, classes)
    ):
        return method_callee(found.methods["__init__"], node.name, is_bound=True)
    if not found.foreign and found.is_complete and "__init__" not in found.names:
        return Callee(inspect.Signature(), defined, partial(shown_fields, node.name, ()))
    return None


def _init_may_be_foreign(defined: Defined, classes: Classes) -> bool:
    """Whether a base from elsewhere, or a generated constructor, comes before the `__init__` found."""
    for part, _ in classes.with_bases(defined, before := Members()):
        if before.foreign or "dataclass" in last_names(part.node.decorator_list):
            return True
        if isinstance(part.node, ast.ClassDef) and "__init__" in own_methods(part.node):
            return False
    return True


def _made_of_fields(defined: Defined, found: Members, classes: Classes) -> Callee | None:
    node = defined.node
    options = {
        keyword.arg: ast.unparse(keyword.value)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        for keyword in decorator.keywords
    }
    if options.get("init") == "False" or set(found.foreign) - {"NamedTuple"} or not found.is_complete:
        return None
    fields: dict[str, bool] = {}
    parts = [part.node for part, _ in classes.with_bases(defined, Members())]
    if any("kw_only" in ast.unparse(part) or "KW_ONLY" in ast.unparse(part) for part in parts):
        return None
    is_tuple = "NamedTuple" in found.foreign
    for part in reversed(parts):
        if is_tuple or "dataclass" in last_names(getattr(part, "decorator_list", [])):
            fields.update(_fields(part))
    parameters = [
        Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=None if optional else Parameter.empty)
        for name, optional in fields.items()
    ]
    try:
        return Callee(
            inspect.Signature(parameters), defined, partial(shown_fields, node.name, tuple(fields.items()))
        )
    except ValueError:
        # A field without a default after one with: Python refuses the class itself.
        return None


def _fields(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """The fields that a constructor takes, each with whether it may be left out."""
    for statement in getattr(node, "body", []):
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                if "ClassVar" in ast.unparse(annotation):
                    continue
                match value:
                    case ast.Call(keywords=keywords) if "field" in last_names([value.func]):
                        options = {keyword.arg: keyword.value for keyword in keywords}
                        if ast.unparse(options.get("init", ast.Constant(True))) != "False":
                            yield name, bool({"default", "default_factory"} & set(options))
                    case _:
                        yield name, value is not None
