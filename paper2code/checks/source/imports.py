"""Does every import lead to something that will be there?"""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from paper2code.artifacts import Finding
from paper2code.checks.source.surroundings import Surroundings
from paper2code.checks.wording import alike, finding, listed

_IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


def find_import_faults(tree: ast.Module, around: Surroundings) -> Iterator[Finding]:
    """Imports that fail, and names that the imported files don't have."""
    guarded = set(_guarded(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _module_faults(node, alias.name, around, is_guarded=node in guarded)
        elif isinstance(node, ast.ImportFrom):
            module, fault = _absolute_name(node, around)
            if fault is not None:
                yield fault
            else:
                yield from _from_faults(node, module, around, is_guarded=node in guarded)
    yield from _attribute_faults(tree, around)


def _guarded(tree: ast.Module) -> Iterator[ast.AST]:
    """Imports that may fail, because their error is caught, or that only type checkers see."""
    for node in ast.walk(tree):
        match node:
            case ast.Try(body=body, handlers=handlers) if any(map(_catches_import_errors, handlers)):
                yield from (inner for statement in body for inner in ast.walk(statement))
            case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"), body=body):
                yield from (inner for statement in body for inner in ast.walk(statement))


def _catches_import_errors(handler: ast.ExceptHandler) -> bool:
    caught = ast.walk(handler.type) if handler.type else ()
    return handler.type is None or any(isinstance(n, ast.Name) and n.id in _IMPORT_ERRORS for n in caught)


def _absolute_name(node: ast.ImportFrom, around: Surroundings) -> tuple[str, Finding | None]:
    """The absolute name of the module that a `from` import names, or why there is none."""
    name = node.module or ""
    if not node.level:
        return name, None
    written = "." * node.level + name
    package = PurePosixPath(around.path).parent.parts
    if node.level > len(package):
        problem = (
            f"`from {written} import` leaves the package: {around.path} lies {len(package)} folders deep."
        )
    elif around.path in around.scripts:
        problem = f"`from {written} import` fails, because {around.path} is run as a script."
    else:
        return ".".join((*package[: len(package) - node.level + 1], *filter(None, [name]))), None
    return "", finding(
        "blocker",
        node.lineno,
        problem,
        "Import by the path from the repository's root, such as models.encoder.",
    )


def _module_faults(
    node: ast.Import | ast.ImportFrom, module: str, around: Surroundings, *, is_guarded: bool
) -> Iterator[Finding]:
    if not around.modules.is_ours(module):
        if not is_guarded and not around.is_installed(module):
            yield finding(
                "blocker",
                node.lineno,
                f"The package {module.partition('.')[0]} isn't among those that the repository installs"
                f"{alike(module.partition('.')[0], around.packages)}",
                f"Use the standard library or one of: {listed(sorted(around.packages), 40)}.",
            )
    elif not around.modules.is_planned(module):
        yield finding(
            "blocker",
            node.lineno,
            f"No planned file is the module {module}{alike(module, list(around.modules))}",
            f"Import one of: {listed(sorted(around.modules), 40)}.",
        )
    else:
        path = around.modules.path_of(module)
        if path is not None and not is_guarded:
            yield from _order_faults(node, path, around)


def _order_faults(node: ast.Import | ast.ImportFrom, path: str, around: Surroundings) -> Iterator[Finding]:
    """An import of a planned file that isn't written before this one."""
    if path in around.written_before:
        return
    if path == around.path:
        problem, fix = f"{path} imports itself.", "Drop the import: the names are here already."
    elif path in around.written_after:
        problem = f"{path} imports {around.path}, so importing it here closes a circle."
        fix = "Take what is needed from it as an argument."
    else:
        problem = f"{around.path} doesn't declare that it imports {path}: it may not exist yet."
        fix = f"Use what is declared: {listed(sorted(around.written_before), 40)}."
    yield finding("blocker", node.lineno, problem, fix)


def _from_faults(
    node: ast.ImportFrom, module: str, around: Surroundings, *, is_guarded: bool
) -> Iterator[Finding]:
    names = [alias.name for alias in node.names]
    submodules = [f"{module}.{name}" for name in names if around.modules.is_planned(f"{module}.{name}")]
    if len(submodules) < len(names) or not around.modules.is_planned(module):
        yield from _module_faults(node, module, around, is_guarded=is_guarded)
    for submodule in submodules:
        yield from _module_faults(node, submodule, around, is_guarded=is_guarded)
    for name in names:
        if name == "*":
            yield finding(
                "major",
                node.lineno,
                f"`from {module} import *` hides which names are used.",
                "Import the names that are used.",
            )
        elif f"{module}.{name}" not in submodules and around.modules.is_planned(module):
            yield from _name_faults(node, module, name, around)


def _attribute_faults(tree: ast.Module, around: Surroundings) -> Iterator[Finding]:
    """Attributes of imported planned modules that these don't have."""
    modules = dict(_imported_modules(tree, around))
    rebound = _names_bound_otherwise(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            first, *rest = _dotted(node.value)
            if first in modules and first not in rebound:
                module = ".".join((modules[first], *rest))
                if around.modules.path_of(module) and not around.modules.is_planned(f"{module}.{node.attr}"):
                    yield from _name_faults(node, module, node.attr, around)


def _name_faults(
    node: ast.ImportFrom | ast.Attribute, module: str, name: str, around: Surroundings
) -> Iterator[Finding]:
    path = around.modules.path_of(module)
    if path is None:
        names: frozenset[str] | None = frozenset(around.modules.inside(module))
        place = f"The folder {module.replace('.', '/')}/"
    else:
        names, place = around.names_of(path), path
    if names is None or name in names or (name.startswith("__") and name.endswith("__")):
        return
    yield finding(
        "blocker",
        node.lineno,
        f"{place} has no {name}{alike(name, names)}",
        f"It has: {listed(sorted(n for n in names if not n.startswith('_')), 40)}.",
    )


def _imported_modules(tree: ast.Module, around: Surroundings) -> Iterator[tuple[str, str]]:
    """The names under which the file knows planned modules, or the folders that lead to them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if around.modules.is_ours(alias.name):
                    yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
        elif isinstance(node, ast.ImportFrom):
            module, _ = _absolute_name(node, around)
            for alias in node.names:
                if around.modules.is_planned(f"{module}.{alias.name}"):
                    yield alias.asname or alias.name, f"{module}.{alias.name}"


def _names_bound_otherwise(tree: ast.Module) -> set[str]:
    """Names that something else than an import binds, in any scope: what they mean isn't followed."""
    bound: set[str] = set()
    for node in ast.walk(tree):
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
