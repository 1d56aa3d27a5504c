"""Which scope of a file binds which name, and to what."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from paper2code.checks.parsing import parse_python

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, eq=False)
class Binding:
    """One place that gives a name its meaning."""

    node: ast.AST
    """The definition, argument, import or assignment; a lone name for loops, unpacking and the like."""
    alias: ast.alias | None = None
    """The part of an import."""
    value: ast.expr | None = None
    """What a plain assignment assigns."""


@dataclass(eq=False)
class Scope:
    """A module, class, function or comprehension with the names that it binds."""

    node: ast.AST
    parent: "Scope | None" = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    elsewhere: dict[str, Literal["global", "nonlocal"]] = field(default_factory=dict)
    """Names that the scope binds in another one."""

    def lookup(self, name: str) -> "tuple[Scope, list[Binding]] | None":
        """The scope in which Python finds a name that is read here, and all that binds it there.

        None for builtins and for what nothing binds.
        """
        scope: Scope | None = self
        while scope is not None:
            is_seen = scope is self or not isinstance(scope.node, ast.ClassDef)
            if is_seen and name in scope.bindings:
                return scope, scope.bindings[name]
            scope = scope.parent
        return None

    def only(self, name: str) -> Binding | None:
        """What binds a name that is read here, where that is a single place."""
        found = self.lookup(name)
        return found[1][0] if found and len(found[1]) == 1 else None

    @property
    def enclosing_class(self) -> ast.ClassDef | None:
        """The class of whose method this is the body, directly or nested."""
        scope: Scope | None = self
        while scope is not None:
            if isinstance(scope.node, ast.ClassDef):
                return scope.node
            scope = scope.parent
        return None


class Scopes:
    """The scopes of a file.

    Args:
        tree: A file whose nesting is shallow, as `parse_python` guarantees.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.nodes = tuple(ast.walk(tree))
        """All nodes, outer ones first: rules share the one walk."""
        self.module = Scope(tree)
        self.of: dict[ast.AST, Scope] = {}
        """For each node the scope in which it is evaluated."""
        self._visit_all(tree.body, self.module)
        self._settle_declarations()

    def __iter__(self) -> Iterator[tuple[ast.AST, Scope]]:
        return iter(self.of.items())

    def _visit_all(self, nodes: list[ast.stmt] | list[ast.expr], scope: Scope) -> None:
        for node in nodes:
            self._visit(node, scope)

    def _visit(self, node: ast.AST, scope: Scope) -> None:
        self.of[node] = scope
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                _bind(scope, node.name, Binding(node))
                self._visit_all(node.decorator_list, scope)
                self._visit_function(node, scope, node.body)
            case ast.Lambda():
                self._visit_function(node, scope, [node.body])
            case ast.ClassDef():
                _bind(scope, node.name, Binding(node))
                inner = Scope(node, scope)
                self._visit_all([*node.decorator_list, *node.bases], scope)
                self._visit_all([keyword.value for keyword in node.keywords], scope)
                self._visit_all(node.body, inner)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._visit_comprehension(node, scope)
            case ast.Assign(targets=[ast.Name(id=name) as target], value=value):
                self.of[target] = scope
                _bind(scope, name, Binding(node, value=value))
                self._visit(value, scope)
            case ast.AnnAssign(target=ast.Name(id=name) as target, annotation=annotation, value=assigned):
                self.of[target] = scope
                _bind(scope, name, Binding(node, value=assigned))
                self._visit_all([annotation, *([assigned] if assigned else [])], scope)
            case ast.AugAssign(target=ast.Name(id=name) as target, value=value):
                self.of[target] = scope
                _bind(scope, name, Binding(node))
                self._visit(value, scope)
            case ast.NamedExpr(target=ast.Name(id=name) as target, value=value):
                self.of[target] = scope
                _bind(_around_comprehensions(scope), name, Binding(node, value=value))
                self._visit(value, scope)
            case _:
                _bind_names(node, scope)
                for child in ast.iter_child_nodes(node):
                    self._visit(child, scope)

    def _visit_function(self, node: Function, scope: Scope, body: list[ast.stmt] | list[ast.expr]) -> None:
        inner = Scope(node, scope)
        arguments = node.args
        defaults = [default for default in (*arguments.defaults, *arguments.kw_defaults) if default]
        self._visit_all(defaults, scope)
        for argument in _arguments(arguments):
            self.of[argument] = inner
            _bind(inner, argument.arg, Binding(argument))
            if argument.annotation:
                self._visit(argument.annotation, scope)
        if not isinstance(node, ast.Lambda) and node.returns:
            self._visit(node.returns, scope)
        self._visit_all(body, inner)

    def _visit_comprehension(self, node: Comprehension, scope: Scope) -> None:
        inner = Scope(node, scope)
        for index, generator in enumerate(node.generators):
            self._visit(generator.iter, inner if index else scope)
            self._visit(generator.target, inner)
            self._visit_all(generator.ifs, inner)
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self._visit_all(parts, inner)

    def _settle_declarations(self) -> None:
        """Move what `global` and `nonlocal` bind elsewhere to where it is bound."""
        for scope in dict.fromkeys(self.of.values()):
            for name, where in scope.elsewhere.items():
                moved = scope.bindings.pop(name, [])
                owner = self.module if where == "global" else _owner(name, scope.parent)
                if owner is not None:
                    owner.bindings.setdefault(name, []).extend(moved)


def _owner(name: str, scope: Scope | None) -> Scope | None:
    found = scope.lookup(name) if scope else None
    return found[0] if found else None


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [*named, *filter(None, (arguments.vararg, arguments.kwarg))]


def _bind(scope: Scope, name: str, binding: Binding) -> None:
    scope.bindings.setdefault(name, []).append(binding)


def _bind_names(node: ast.AST, scope: Scope) -> None:
    """Bind what a node other than a definition or a plain assignment binds itself."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            _bind(scope, name, Binding(node))
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            for alias in aliases:
                _bind(scope, alias.asname or alias.name.partition(".")[0], Binding(node, alias=alias))
        case (
            ast.ExceptHandler(name=str(name))
            | ast.MatchAs(name=str(name))
            | ast.MatchStar(name=str(name))
            | ast.MatchMapping(rest=str(name))
        ):
            _bind(scope, name, Binding(node))
        case ast.Global(names=names):
            scope.elsewhere.update(dict.fromkeys(names, "global"))
        case ast.Nonlocal(names=names):
            scope.elsewhere.update(dict.fromkeys(names, "nonlocal"))


def _around_comprehensions(scope: Scope) -> Scope:
    """The scope that `:=` binds in."""
    while isinstance(scope.node, Comprehension) and scope.parent:
        scope = scope.parent
    return scope


@lru_cache(maxsize=256)  # a file is read for every file that imports it
def scopes_of(text: str) -> Scopes:
    """The scopes of a Python file.

    Raises:
        SyntaxError: Python can't read the text.
    """
    return Scopes(parse_python(text))


def scopes_if_any(text: str) -> Scopes | None:
    """The scopes of a Python file, or None where Python can't read it."""
    try:
        return scopes_of(text)
    except SyntaxError:
        return None
