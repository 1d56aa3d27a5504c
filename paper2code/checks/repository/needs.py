"""The packages that the code of a repository needs, by what it imports."""

import ast
import re
from collections.abc import Iterator, Mapping

from paper2code.artifacts import Architecture, Dependencies, FileDependencies, Package
from paper2code.checks.modules import Modules, is_test
from paper2code.checks.packages import third_party
from paper2code.checks.parsing import parse_python

_BEHIND = {
    "accelerate": {"device_map"},
    "fastparquet": {"read_parquet", "to_parquet"},
    "ipykernel": {"nbformat"},
    "lxml": {"read_html", "read_xml"},
    "openpyxl": {"read_excel", "to_excel"},
    "pyarrow": {"read_parquet", "to_parquet", "read_feather", "to_feather"},
    "sentencepiece": {"AutoTokenizer"},
    "tables": {"HDFStore", "read_hdf", "to_hdf"},
    "tabulate": {"to_markdown"},
}
"""Packages that others load on their own, with the names in code that make them do so."""


def needed_packages(
    architecture: Architecture, dependencies: Dependencies, files: Mapping[str, str]
) -> tuple[Package, ...]:
    """The packages that the files import or that commands start, those that are declared first.

    A declared package that nothing imports is left out; one that is imported and not declared is there
    without a version.

    Args:
        architecture: Its commands may start packages: `python -m pytest`.
        dependencies: What the design declares, with versions.
        files: The texts of the repository, by path. Files that Python cannot read import nothing.
    """
    modules = Modules(files)
    imported = {path: tuple(imported_packages(text, modules)) for path, text in files.items()}
    undeclared = tuple(
        FileDependencies(path=path, imports=(), packages=names, logic="", config_keys=())
        for path, names in imported.items()
    )
    candidates = third_party(dependencies.model_copy(update={"files": undeclared}))
    words = {word for text in files.values() for word in re.findall(r"\w+", text)}
    wanted = {
        *(name for names in imported.values() for name in names),
        *(word for command in architecture.commands for word in re.findall(r"[\w-]+", command.command)),
        *(name for name, signs in _BEHIND.items() if signs & words),
        *(["pytest"] if any(map(is_test, files)) else []),
    }
    return tuple(p for p in candidates if wanted & {p.distribution, p.import_name.partition(".")[0]})


def imported_packages(text: str, modules: Modules) -> Iterator[str]:
    """The top-level names that a Python file imports and no file of the repository answers to.

    Args:
        text: The file. One that Python cannot read imports nothing.
        modules: The files of the repository.
    """
    try:
        tree = parse_python(text)
    except SyntaxError:
        return
    names: dict[str, None] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                names.update(dict.fromkeys(alias.name for alias in aliases))
            case ast.ImportFrom(module=str(module), level=0):
                names[module] = None
    yield from dict.fromkeys(name.partition(".")[0] for name in names if not modules.is_ours(name))
