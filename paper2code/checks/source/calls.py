"""Do calls of the repository's own functions and classes fit them, and is every member there?"""

import ast
from collections.abc import Iterable, Iterator

from paper2code.artifacts import Finding
from paper2code.checks.source.callees import Callee, constructor, method_callee
from paper2code.checks.source.classes import Classes
from paper2code.checks.source.definitions import Defined
from paper2code.checks.source.guards import guarded
from paper2code.checks.source.instances import Instances
from paper2code.checks.source.scopes import Scope
from paper2code.checks.source.signatures import misfit
from paper2code.checks.wording import alike, finding, listed


def find_misfitting_calls(classes: Classes, instances: Instances) -> Iterator[Finding]:
    """Calls that raise a TypeError because of their arguments, wherever what is called is evident."""
    definitions = classes.definitions
    provided_for = guarded(definitions.scopes.nodes, {"TypeError"})
    calls = _Calls(classes, instances)
    for node, scope in definitions.scopes:
        if isinstance(node, ast.Call) and node not in provided_for:
            callee = calls.callee(node.func, scope)
            problem = callee and misfit(node, callee.signature)
            if callee and problem:
                place = f"{callee.defined.path}, line {callee.defined.node.lineno}"
                yield finding(
                    "call",
                    "blocker",
                    node.lineno,
                    f"`{ast.unparse(node.func)}(...)` {problem}. It is `{callee.shown()}` ({place}).",
                    "Call it with the arguments that it takes.",
                )


def find_missing_members(classes: Classes, instances: Instances) -> Iterator[Finding]:
    """Attributes that an instance of the repository's classes doesn't have, wherever its class is evident."""
    definitions = classes.definitions
    provided_for = guarded(definitions.scopes.nodes, {"AttributeError"})
    # A name that any object is given, or is asked for by `getattr`, may be there in other ways.
    excused = {
        node.attr
        for node, _ in definitions.scopes
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    } | _texts(definitions.scopes.nodes)
    for node, scope in definitions.scopes:
        match node:
            case ast.Attribute(value=value, attr=name, ctx=ast.Load()) if node not in provided_for:
                owner = None if name in excused or name.startswith("__") else instances.class_of(value, scope)
                is_self = owner is not None and instances.is_self(value, scope)
                if owner is None or (is_self and instances.may_be_mixed_in(owner)):
                    continue
                known = classes.members(owner)
                if known.is_complete and name not in known.names:
                    yield finding(
                        "missing-member",
                        "major" if is_self else "blocker",
                        node.lineno,
                        f"{owner.node.name} has no {name}{alike(name, known.names)}",
                        f"It has: {listed(sorted(known.names), 40)}.",
                    )


class _Calls:
    def __init__(self, classes: Classes, instances: Instances) -> None:
        self.classes = classes
        self.definitions = classes.definitions
        self.instances = instances

    def callee(self, function: ast.expr, scope: Scope) -> Callee | None:
        """What is called, where that is evident."""
        meaning = self.definitions.meaning(function, scope)
        if isinstance(meaning, Defined):
            if isinstance(meaning.node, ast.ClassDef):
                return constructor(meaning, self.classes)
            return method_callee(meaning, meaning.node.name, is_bound=False)
        if isinstance(function, ast.Attribute):
            return self._of_attribute(function.value, function.attr, scope)
        return self._called_instance(self.instances.class_of(function, scope))

    def _of_attribute(self, value: ast.expr, name: str, scope: Scope) -> Callee | None:
        match value:
            case ast.Call(func=ast.Name(id="super"), args=[]):
                return self._method(self.instances.only_base(scope), name, is_bound=True)
        owner = self.definitions.meaning(value, scope)
        if isinstance(owner, Defined):
            return self._method(owner, name, is_bound=False)
        known = self._method(self.instances.class_of(value, scope), name, is_bound=True)
        return known or self._called_instance(
            self.instances.class_of(ast.Attribute(value, name, ast.Load()), scope)
        )

    def _method(self, owner: Defined | None, name: str, *, is_bound: bool) -> Callee | None:
        method = owner and self.classes.members(owner).methods.get(name)
        return method_callee(method, name, is_bound=is_bound) if method else None

    def _called_instance(self, owner: Defined | None) -> Callee | None:
        """How an instance is called: by `__call__`, or by the `forward` of a module of PyTorch's."""
        if owner is None:
            return None
        known = self.classes.members(owner)
        if (
            "__call__" not in known.names
            and set(known.foreign) == {"Module"}
            and "compact" not in known.names
        ):
            return self._method(owner, "forward", is_bound=True)
        return self._method(owner, "__call__", is_bound=True)


def _texts(nodes: Iterable[ast.AST]) -> set[str]:
    """All string literals of a file."""
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
