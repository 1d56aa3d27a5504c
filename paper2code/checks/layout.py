"""What a design says of all its files together, worked out once for the checks of each of them."""

import re
from dataclasses import dataclass
from functools import cached_property

from paper2code.artifacts import Architecture, Dependencies, FileDependencies, PlannedFile
from paper2code.checks.commands import scripts
from paper2code.checks.modules import Modules
from paper2code.checks.packages import installed
from paper2code.import_graph import ImportGraph, build_import_graph

_BASES = re.compile(r"^\s*class\s+\w+\s*\(([^)]*)\)", re.MULTILINE)


@dataclass(frozen=True)
class Layout:
    """The planned files of a design, how they import each other, and what they may import besides."""

    architecture: Architecture
    dependencies: Dependencies

    @cached_property
    def planned(self) -> dict[str, PlannedFile]:
        """The planned files by their paths."""
        return {file.path: file for file in self.architecture.files}

    def needs_of(self, path: str) -> FileDependencies:
        """What a file needs of others; nothing where the analysis left it out."""
        return self._needs.get(path) or self.dependencies.of(path)

    @cached_property
    def _needs(self) -> dict[str, FileDependencies]:
        return {file.path: file for file in self.dependencies.files}

    @cached_property
    def import_graph(self) -> ImportGraph:
        """The planned files; an edge runs from a file to the files that import it."""
        return build_import_graph(self.architecture, self.dependencies)

    @cached_property
    def modules(self) -> Modules:
        """The planned files by the names under which they are imported."""
        return Modules(self.import_graph)

    @cached_property
    def scripts(self) -> frozenset[str]:
        """Files that a command starts by their path."""
        return scripts(self.architecture)

    @cached_property
    def packages(self) -> frozenset[str]:
        """Import names of the packages that the repository installs."""
        return installed(self.dependencies)

    @cached_property
    def extended(self) -> frozenset[str]:
        """Last names of the classes that a promised class is derived from."""
        return frozenset(
            base.rpartition(".")[2]
            for file in self.architecture.files
            for bases in _BASES.findall(file.interface)
            for base in re.split(r"[\s,\[\]]+", bases)
        )
