"""Does every import lead to something that will be there?"""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from paper2code.artifacts import Finding
from paper2code.checks.source.guards import guarded
from paper2code.checks.source.scopes import Scopes
from paper2code.checks.source.surroundings import Surroundings
from paper2code.checks.wording import alike, finding, listed


def find_import_faults(scopes: Scopes, around: Surroundings) -> Iterator[Finding]:
    """Imports that fail, and names that the imported files don't have."""
    provided_for = guarded(scopes.nodes, {"ImportError", "ModuleNotFoundError"})
    for node in scopes.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _module_faults(node, alias.name, around, is_guarded=node in provided_for)
        elif isinstance(node, ast.ImportFrom):
            yield from _from_faults(node, around, is_guarded=node in provided_for)


def absolute_name(node: ast.ImportFrom, path: str) -> str | None:
    """The dotted name of the module that a `from` import in a file names; None where it leaves the root."""
    name = node.module or ""
    if not node.level:
        return name
    package = PurePosixPath(path).parent.parts
    if node.level > len(package):
        return None
    return ".".join((*package[: len(package) - node.level + 1], *filter(None, [name])))


def find_missing_name(
    node: ast.ImportFrom | ast.Attribute, module: str, name: str, around: Surroundings
) -> Iterator[Finding]:
    """A name that a planned module or folder doesn't have."""
    path = around.modules.path_of(module)
    if path is None:
        names: frozenset[str] | None = frozenset(around.modules.inside(module))
        place = f"The folder {module.replace('.', '/')}/"
    else:
        names, place = around.names_of(path), path
    if names is None or name in names or (name.startswith("__") and name.endswith("__")):
        return
    yield finding(
        "missing-name",
        "blocker",
        node.lineno,
        f"{place} has no {name}{alike(name, names)}",
        f"It has: {listed(sorted(n for n in names if not n.startswith('_')), 40)}.",
    )


def _module_faults(
    node: ast.Import | ast.ImportFrom, module: str, around: Surroundings, *, is_guarded: bool
) -> Iterator[Finding]:
    if not around.modules.is_ours(module):
        if not is_guarded and not around.is_installed(module):
            yield finding(
                "package",
                "blocker",
                node.lineno,
                f"The package {module.partition('.')[0]} isn't among those that the repository installs"
                f"{alike(module.partition('.')[0], around.packages)}",
                f"Use the standard library or one of: {listed(sorted(around.packages), 40)}.",
            )
    elif not around.modules.is_planned(module):
        yield finding(
            "module",
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
    yield finding("import-order", "blocker", node.lineno, problem, fix)


def _from_faults(node: ast.ImportFrom, around: Surroundings, *, is_guarded: bool) -> Iterator[Finding]:
    module = absolute_name(node, around.path)
    if module is None or (node.level and around.path in around.scripts):
        yield _relative_fault(node, around)
        return
    names = [alias.name for alias in node.names]
    submodules = [f"{module}.{name}" for name in names if around.modules.is_planned(f"{module}.{name}")]
    if len(submodules) < len(names) or not around.modules.is_planned(module):
        yield from _module_faults(node, module, around, is_guarded=is_guarded)
    for submodule in submodules:
        yield from _module_faults(node, submodule, around, is_guarded=is_guarded)
    for name in names:
        if name == "*":
            yield finding(
                "star-import",
                "major",
                node.lineno,
                f"`from {module} import *` hides which names are used.",
                "Import the names that are used.",
            )
        elif f"{module}.{name}" not in submodules and around.modules.is_planned(module):
            yield from find_missing_name(node, module, name, around)


def _relative_fault(node: ast.ImportFrom, around: Surroundings) -> Finding:
    why = "is run as a script" if around.path in around.scripts else "lies in no such package"
    return finding(
        "relative-import",
        "blocker",
        node.lineno,
        f"`from {'.' * node.level}{node.module or ''} import` fails, because {around.path} {why}.",
        "Import by the path from the repository's root, such as models.encoder.",
    )
