"""Package markers: an `__init__.py` that holds nothing is made by the program, not by a coder."""

import ast
from pathlib import PurePosixPath

from paper2code.artifacts import Architecture, Dependencies, PlannedFile
from paper2code.checks.parsing import parse_stub

_TESTS = "tests"


def without_markers(
    architecture: Architecture, dependencies: Dependencies
) -> tuple[Architecture, Dependencies]:
    """A design without the package markers that an architect planned.

    Left out is an `__init__.py` that promises and owns nothing, imports nothing (so that it cannot
    re-export), and is imported by nobody, where its folder has other Python files: there the finished
    repository gets an empty one in any case.

    Args:
        architecture: The planned files.
        dependencies: Their imports, which tell an empty `__init__.py` from one that only re-exports.

    Returns:
        The design as it came where it has no such files.
    """
    markers = {file.path for file in architecture.files if _is_marker(file, architecture, dependencies)}
    if not markers:
        return architecture, dependencies
    files = tuple(file for file in architecture.files if file.path not in markers)
    entries = tuple(entry for entry in dependencies.files if entry.path not in markers)
    return (
        architecture.model_copy(update={"files": files}),
        dependencies.model_copy(update={"files": entries}),
    )


def _is_marker(file: PlannedFile, architecture: Architecture, dependencies: Dependencies) -> bool:
    if PurePosixPath(file.path).name != "__init__.py" or file.requirements or _promises(file):
        return False
    needs = dependencies.of(file.path)
    used = any(file.path in entry.imports for entry in dependencies.files)
    return not (needs.imports or needs.packages or needs.config_keys or used) and _is_made(file, architecture)


def _promises(file: PlannedFile) -> bool:
    """Whether the stub names anything; comments and docstrings name nothing, and prose may."""
    try:
        body = parse_stub(file.interface).body
    except SyntaxError:
        return True
    return any(not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant) for node in body)


def _is_made(file: PlannedFile, architecture: Architecture) -> bool:
    """Whether the folder has a marker even so: it holds Python files, or tests come there."""
    folder = PurePosixPath(file.path).parent
    return folder.as_posix() == _TESTS or any(
        other.path.endswith(".py")
        and PurePosixPath(other.path).name != "__init__.py"
        and folder in PurePosixPath(other.path).parents
        for other in architecture.files
    )
