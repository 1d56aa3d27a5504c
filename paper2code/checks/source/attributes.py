"""Does every `module.name` lead to a name that the imported file has?"""

import ast
from collections.abc import Iterator

from paper2code.artifacts import Finding
from paper2code.checks.source.imports import absolute_name, find_missing_name
from paper2code.checks.source.scopes import Scopes
from paper2code.checks.source.surroundings import Surroundings


def find_missing_attributes(scopes: Scopes, around: Surroundings) -> Iterator[Finding]:
    """Uses of `module.name` where the imported planned module has no such name."""
    modules = dict(_imported_modules(scopes, around))
    rebound = _names_bound_otherwise(scopes)
    for node in scopes.nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            first, *rest = _dotted(node.value)
            if first in modules and first not in rebound:
                module = ".".join((modules[first], *rest))
                if around.modules.path_of(module) and not around.modules.is_planned(f"{module}.{node.attr}"):
                    yield from find_missing_name(node, module, node.attr, around)


def _imported_modules(scopes: Scopes, around: Surroundings) -> Iterator[tuple[str, str]]:
    """The names under which the file knows planned modules, or the folders that lead to them."""
    for node in scopes.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if around.modules.is_ours(alias.name):
                    yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
        elif isinstance(node, ast.ImportFrom):
            module = absolute_name(node, around.path)
            for alias in node.names:
                if around.modules.is_planned(f"{module}.{alias.name}"):
                    yield alias.asname or alias.name, f"{module}.{alias.name}"


def _names_bound_otherwise(scopes: Scopes) -> set[str]:
    """Names that something else than an import binds, in any scope: what they mean isn't followed."""
    bound: set[str] = set()
    for node in scopes.nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
            ):
                bound.add(name)
    return bound


def _dotted(node: ast.expr) -> list[str]:
    """The parts of `a.b.c`; a single empty one for any other expression."""
    match node:
        case ast.Name(id=name):
            return [name]
        case ast.Attribute(value=value, attr=attr):
            parts = _dotted(value)
            return [*parts, attr] if parts != [""] else parts
    return [""]
