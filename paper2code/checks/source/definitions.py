"""What a name in a draft stands for: a module, function or class of the repository, or something unknown."""

import ast
from dataclasses import dataclass

from paper2code.checks.source.imports import absolute_name
from paper2code.checks.source.scopes import Binding, Scope, Scopes, scopes_if_any
from paper2code.checks.source.surroundings import Surroundings
from paper2code.checks.symbols import Definition

_LONGEST_CHAIN = 20
"""Re-exports and bases are followed that far; what goes on longer runs in a circle."""


@dataclass(frozen=True)
class PlannedModule:
    """A module of the repository, or a folder that leads to some."""

    name: str


@dataclass(frozen=True)
class Defined:
    """A function or class of the repository."""

    path: str
    node: Definition


Meaning = PlannedModule | Defined | None


class Definitions:
    """What the names of one draft stand for.

    Only names that a single place binds are followed, so that what is found is certain.
    """

    def __init__(self, scopes: Scopes, around: Surroundings) -> None:
        self.scopes = scopes
        self.around = around

    def meaning(self, expression: ast.expr, scope: Scope, path: str | None = None) -> Meaning:
        """What `Encoder`, `encoder.Encoder` or `models.encoder.Encoder` stands for.

        Args:
            expression: The name, dotted or not.
            scope: Where it is read.
            path: The file in which it stands; by default the draft.
        """
        return self._meaning(expression, scope, path or self.around.path, _LONGEST_CHAIN)

    def scopes_of(self, path: str) -> Scopes | None:
        """The scopes of the draft or of a file that it imports; None for what isn't known."""
        if path == self.around.path:
            return self.scopes
        is_known = path in self.around.written_before and path in self.around.texts
        return scopes_if_any(self.around.texts[path]) if is_known else None

    def _meaning(self, expression: ast.expr, scope: Scope, path: str, left: int) -> Meaning:
        match expression:
            case ast.Name(id=name):
                found = scope.lookup(name)
                return self._bound(name, found[1], path, left) if found else None
            case ast.Attribute(value=value, attr=attr):
                owner = self._meaning(value, scope, path, left)
                return self._member(owner.name, attr, left) if isinstance(owner, PlannedModule) else None
        return None

    def _member(self, module: str, name: str, left: int) -> Meaning:
        """What a planned module has under a name."""
        if self.around.modules.is_planned(f"{module}.{name}"):
            return PlannedModule(f"{module}.{name}")
        path = self.around.modules.path_of(module)
        scopes = self.scopes_of(path) if path else None
        if path is None or scopes is None or not left:
            return None
        return self._bound(name, scopes.module.bindings.get(name, []), path, left - 1)

    def _bound(self, name: str, bindings: list[Binding], path: str, left: int) -> Meaning:
        if bindings and all(isinstance(binding.node, ast.Import) for binding in bindings):
            # `import models.encoder` and `import models.decoder` bind the same folder.
            alias = bindings[0].alias
            folder = alias.name if alias and alias.asname else name
            is_one = len(bindings) == 1 or not any(b.alias and b.alias.asname for b in bindings)
            return PlannedModule(folder) if is_one and self.around.modules.is_planned(folder) else None
        if len(bindings) != 1:
            return None
        match bindings[0]:
            case Binding(node=ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() as node):
                return Defined(path, node)
            case Binding(node=ast.ImportFrom() as node, alias=ast.alias(name=imported)):
                module = absolute_name(node, path)
                return self._member(module, imported, left) if module else None
        return None
