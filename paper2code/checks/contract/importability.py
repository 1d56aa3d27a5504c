"""Can other files import a planned file, and do they know what they get?"""

import sys
from collections.abc import Iterator

from paper2code.artifacts import Architecture, Dependencies, DesignFault, PlannedFile
from paper2code.checks.modules import module_of
from paper2code.checks.parsing import parse_stub
from paper2code.checks.wording import fault
from paper2code.import_graph import ImportGraph


def find_unclear_promises(architecture: Architecture, graph: ImportGraph) -> Iterator[DesignFault]:
    """Files that others import under no name, or without a stub of what they offer."""
    for file in architecture.files:
        importers = [path for path in graph.successors(file.path) if path.endswith(".py")]
        if importers and file.path.endswith(".py"):
            yield from _promise_faults(file, importers)


def _promise_faults(file: PlannedFile, importers: list[str]) -> Iterator[DesignFault]:
    users = ", ".join(importers)
    if module_of(file.path) is None:
        yield fault(
            "misfit",
            file.path,
            f"{file.path} is imported by {users}, but no import statement can name it: each part of its path "
            "must be a Python identifier, such as models/graph_encoder.py.",
        )
    if not file.interface.strip() and not file.path.endswith("__init__.py"):
        yield fault(
            "misfit",
            file.path,
            f"{file.path} promises no interface, though it is imported by {users}. Write the stub of "
            "what they use.",
        )
        return
    try:
        parse_stub(file.interface)
    except SyntaxError as error:
        yield fault(
            "misfit",
            file.path,
            f"The interface of {file.path} isn't a Python stub: {error.msg}, line {error.lineno or 0}. Write "
            "signatures with '...' for a body, and what else there is to say in docstrings.",
        )


def find_clashing_modules(architecture: Architecture, dependencies: Dependencies) -> Iterator[DesignFault]:
    """Names at the root of the repository that clash with other modules of the same name."""
    paths = [file.path for file in architecture.files if file.path.endswith(".py")]
    folders = {path.partition("/")[0] for path in paths if "/" in path}
    packages = {package.import_name.partition(".")[0] for package in dependencies.packages}
    for name in dict.fromkeys(path.partition("/")[0].removesuffix(".py") for path in paths):
        if name in sys.stdlib_module_names:
            clash = f"the standard library's '{name}', which other packages import"
        elif name in packages:
            clash = f"the package '{name}' that it installs"
        elif name in folders and f"{name}.py" in paths:
            clash = f"the folder {name}/, whose files can then not be imported"
        else:
            continue
        yield fault(
            "misfit",
            next(path for path in paths if path.partition("/")[0].removesuffix(".py") == name),
            f"'{name}' at the root of the repository clashes with {clash}. Give it another name.",
        )
