"""How paths and module names answer to each other.

Generated repositories have one convention: the root is on the module search path and nothing else is, so
`models/encoder.py` is `models.encoder` everywhere, whether or not `models` has an `__init__.py`.
"""

import keyword
from collections.abc import Iterable, Iterator


def module_of(path: str) -> str | None:
    """The name by which a file is imported, or None if no import statement can name it.

    >>> module_of("models/encoder.py"), module_of("models/__init__.py"), module_of("2d-plots.py")
    ('models.encoder', 'models', None)
    """
    if not path.endswith(".py") or path.startswith("/"):
        return None
    parts = [part for part in path.removesuffix(".py").split("/") if part not in {"", "."}]
    if parts[-1:] == ["__init__"]:
        parts.pop()
    if not parts or not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
        return None
    return ".".join(parts)


def is_test(path: str) -> bool:
    """Whether pytest would collect the file, or it helps those that it collects."""
    *folders, name = path.split("/")
    return name.endswith(".py") and (
        name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py" or "tests" in folders
    )


class Modules:
    """The modules of a set of planned files.

    >>> modules = Modules(["train.py", "models/encoder.py"])
    >>> modules.path_of("models.encoder"), modules.path_of("models"), sorted(modules.packages)
    ('models/encoder.py', None, ['models'])
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._path_of = {module: path for path in paths if (module := module_of(path)) is not None}
        self.packages = frozenset(
            module.rsplit(".", levels)[0]
            for module in self._path_of
            for levels in range(1, module.count(".") + 1)
        ) | frozenset(module for module, path in self._path_of.items() if path.endswith("__init__.py"))

    def __iter__(self) -> Iterator[str]:
        return iter(self._path_of)

    def path_of(self, module: str) -> str | None:
        """The file of a module; None for a folder without `__init__.py`, and for what isn't planned."""
        return self._path_of.get(module)

    def is_planned(self, module: str) -> bool:
        """Whether the name is that of a planned file, or of a folder of planned files."""
        return module in self._path_of or module in self.packages

    def is_ours(self, module: str) -> bool:
        """Whether the first part of a dotted name belongs to the repository."""
        return self.is_planned(module.partition(".")[0])

    def inside(self, package: str) -> Iterator[str]:
        """The names of the planned modules and folders right inside a folder."""
        for module in (*self._path_of, *self.packages):
            parent, _, name = module.rpartition(".")
            if parent == package:
                yield name
