"""What a class of the repository has, as far as its text tells."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from paper2code.checks.source.definitions import Defined, Definitions

Method = ast.FunctionDef | ast.AsyncFunctionDef

_PLAIN_BASES = {"object", "ABC", "Protocol", "Generic"}
PLAIN_DECORATORS = {"dataclass", "final", "total_ordering", "runtime_checkable"}
_DYNAMIC = {"__getattr__", "__getattribute__", "__dict__", "setattr", "__new__", "__slots__"}
_TUPLE_NAMES = {*dir(tuple)} - {"__init__", "__new__"} | {
    "_asdict",
    "_field_defaults",
    "_fields",
    "_make",
    "_replace",
}
_DEEPEST = 20


@dataclass
class Members:
    """What the instances of a class have."""

    methods: dict[str, Defined] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    foreign: list[str] = field(default_factory=list)
    """Last names of the bases that other packages define, in the order in which they are met."""
    is_complete: bool = True
    """False where there may be more than is found here."""


class Classes:
    """The classes that a draft's names lead to."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self._members: dict[Defined, Members] = {}

    def members(self, defined: Defined) -> Members:
        """The methods and attributes of a class and of its bases within the repository."""
        if defined not in self._members:
            self._members[defined] = self._collected(defined)
        return self._members[defined]

    def with_bases(
        self, defined: Defined, found: Members, left: int = _DEEPEST
    ) -> Iterator[tuple[Defined, bool]]:
        """The class, then its bases within the repository, each with whether its header hides nothing.

        Args:
            defined: The class.
            found: Where foreign bases are noted as they are met, after what comes before them.
            left: How many levels of bases are followed.
        """
        node = defined.node
        scopes = self.definitions.scopes_of(defined.path)
        if not isinstance(node, ast.ClassDef) or scopes is None or not left:
            found.is_complete = False
            return
        yield defined, last_names(node.decorator_list) <= PLAIN_DECORATORS and not node.keywords
        for base in node.bases:
            named = base.value if isinstance(base, ast.Subscript) else base
            meaning = self.definitions.meaning(named, scopes.of.get(node, scopes.module), defined.path)
            if isinstance(meaning, Defined):
                yield from self.with_bases(meaning, found, left - 1)
            elif last_name(named) not in _PLAIN_BASES:
                found.foreign.append(last_name(named))
                found.names |= _TUPLE_NAMES if last_name(named) == "NamedTuple" else set()
                found.is_complete &= last_name(named) == "NamedTuple"

    def _collected(self, defined: Defined) -> Members:
        found = Members()
        for part, is_plain in self.with_bases(defined, found):
            found.is_complete &= is_plain and not _is_dynamic(part.node)
            for name, method in own_methods(part.node).items():
                # What a base from elsewhere has under the name isn't known, and comes first.
                if name not in found.names and not found.foreign:
                    found.methods[name] = Defined(part.path, method)
            found.names.update(_names(part.node))
        return found


def _is_dynamic(node: ast.AST) -> bool:
    """Whether the class makes names up as it runs."""
    for inner in ast.walk(node):
        match inner:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.FunctionDef(name=name):
                if name in _DYNAMIC:
                    return True
    return False


def _names(node: ast.AST) -> Iterator[str]:
    """What a class body names, and what its methods set on any object."""
    for statement in _flat(getattr(node, "body", [])):
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from (alias.asname or alias.name for alias in aliases)
            case _:
                yield from (
                    inner.id
                    for inner in ast.walk(statement)
                    if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
                )
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store):
            yield inner.attr


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body and of its branches."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With | ast.For):
            for name in ("body", "orelse", "finalbody", "handlers"):
                for inner in getattr(statement, name, []):
                    yield from _flat(inner.body if isinstance(inner, ast.ExceptHandler) else [inner])


def own_methods(node: ast.AST) -> dict[str, Method]:
    """The methods that a class body defines once: of several, as for `overload`, none is known to count."""
    methods = [statement for statement in _flat(getattr(node, "body", [])) if isinstance(statement, Method)]
    times = Counter(method.name for method in methods)
    return {method.name: method for method in methods if times[method.name] == 1}


def last_names(expressions: list[ast.expr]) -> set[str]:
    """The last parts of bases or decorators: `dataclass` for `@dataclasses.dataclass(frozen=True)`."""
    return {
        last_name(expression.func if isinstance(expression, ast.Call) else expression)
        for expression in expressions
    }


def last_name(expression: ast.expr) -> str:
    """The last part of a dotted name, its subscript left out."""
    match expression:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case ast.Subscript(value=value):
            return last_name(value)
    return ""
