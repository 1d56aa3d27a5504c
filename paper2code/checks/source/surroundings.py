"""What a draft stands among: the other files, the packages, and what is written when."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from paper2code.checks.layout import Layout
from paper2code.checks.modules import Modules, is_test
from paper2code.checks.symbols import bound_names


@dataclass(frozen=True)
class Surroundings:
    """What the imports of one file may lead to."""

    path: str
    modules: Modules
    written_before: frozenset[str]
    """Planned files that this one imports, directly or through others."""
    written_after: frozenset[str]
    """Planned files that import this one, directly or through others."""
    scripts: frozenset[str]
    """Files that a command starts by their path."""
    packages: frozenset[str]
    """Import names of the packages that the repository installs."""
    texts: Mapping[str, str]
    extended: frozenset[str] = frozenset()
    """Last names of the classes that a promised class is derived from."""

    @classmethod
    def of(cls, path: str, layout: Layout, texts: Mapping[str, str]) -> "Surroundings":
        """The surroundings of one file of a design; a file that isn't planned comes after all others."""
        graph = layout.import_graph
        is_planned = path in graph
        return cls(
            path=path,
            modules=layout.modules,
            written_before=frozenset(nx.ancestors(graph, path) if is_planned else graph),
            written_after=frozenset(nx.descendants(graph, path) if is_planned else ()),
            scripts=layout.scripts,
            packages=layout.packages,
            texts=texts,
            extended=layout.extended,
        )

    def is_installed(self, module: str) -> bool:
        """Whether a module belongs to the standard library or to an installed package.

        Tests find pytest, which is installed with whatever the repository needs.
        """
        top = module.partition(".")[0]
        return (
            top in sys.stdlib_module_names or top in self.packages or (top == "pytest" and is_test(self.path))
        )

    def names_of(self, path: str) -> frozenset[str] | None:
        """The names that a file written before this one has; None if nothing is known of them."""
        if path not in self.written_before or path not in self.texts:
            return None
        return bound_names(self.texts[path])
