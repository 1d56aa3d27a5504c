"""The design that the files are written from, once planning is over."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Self

import networkx as nx

from paper2code.artifacts import (
    Ambiguity,
    Architecture,
    Dependencies,
    ExperimentConfig,
    Plan,
    PlannedFile,
    Requirement,
)
from paper2code.briefing import Briefing
from paper2code.checks.layout import Layout
from paper2code.checks.modules import is_test, module_of
from paper2code.fitting import concern_of
from paper2code.import_graph import ImportGraph, generation_order, ranks
from paper2code.papers.excerpt import without_idle_appendix
from paper2code.papers.model import Paper
from paper2code.premises import SettledDesign
from paper2code.workspace import Workspace

_PLACE = re.compile(r"[A-Za-z][\w.]*\w")


@dataclass(frozen=True)
class Design:
    """Paper, plan, architecture, dependencies and configuration, with what follows from them."""

    paper: Paper
    plan: Plan
    architecture: Architecture
    dependencies: Dependencies
    config: ExperimentConfig

    @property
    def contract(self) -> tuple[Plan, Architecture, Dependencies, ExperimentConfig]:
        """What was made of the paper."""
        return self.plan, self.architecture, self.dependencies, self.config

    @property
    def settled(self) -> SettledDesign:
        """What of it is kept."""
        return SettledDesign(
            paper=self.paper,
            plan=self.plan,
            architecture=self.architecture,
            dependencies=self.dependencies,
            config=self.config,
        )

    @classmethod
    def of(cls, settled: SettledDesign) -> Self:
        """The design that was kept."""
        return cls(settled.paper, settled.plan, settled.architecture, settled.dependencies, settled.config)

    def save(self, workspace: Workspace) -> None:
        """Write all artifacts into the workspace, where the nodes of single files find them."""
        self.settled.save(workspace)

    @classmethod
    def load(cls, paper: Paper, workspace: Workspace) -> "Design | None":
        """The design that `save` wrote, for this paper, or None."""
        settled = SettledDesign.load(workspace)
        return replace(cls.of(settled), paper=paper) if settled else None

    @cached_property
    def layout(self) -> Layout:
        """What the design says of all its files together."""
        return Layout(self.architecture, self.dependencies)

    @property
    def import_graph(self) -> ImportGraph:
        """The planned files; an edge runs from a file to the files that import it."""
        return self.layout.import_graph

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The planned files, each after those it imports."""
        return generation_order(self.import_graph)

    @property
    def places(self) -> tuple[str, ...]:
        """The planned files in their order, each followed by its tests where it has any."""
        return tuple(place for path in self.order for place in (path, self.tests_of(path)) if place)

    @cached_property
    def ranks(self) -> dict[str, int]:
        """For each file the length of its longest chain of dependants, itself counted."""
        return ranks(self.import_graph)

    @cached_property
    def briefing(self) -> Briefing:
        """What every call about a file starts with."""
        return Briefing(self.paper, self.plan, self.architecture, self.dependencies, self.config)

    @cached_property
    def file_briefing(self) -> Briefing:
        """What every call about a single file starts with: what all files share."""
        choices = (*self.plan.ambiguities, *self.architecture.ambiguities)
        named = {place for requirement in self.plan.requirements for place in requirement.places}
        spoken = {word for choice in choices for word in _PLACE.findall(f"{choice.question} {choice.reason}")}
        paper, idle = without_idle_appendix(self.paper, named | spoken)
        return Briefing(paper, *self.contract, in_short=True, left_out=idle)

    def concern(self, path: str) -> str:
        """What of the briefing decides how a file is written; see `concern_of`."""
        if path not in self._concerns:
            self._concerns[path] = concern_of(self.briefing, path)
        return self._concerns[path]

    @cached_property
    def _concerns(self) -> dict[str, str]:
        return {}

    def planned(self, path: str) -> PlannedFile:
        """The planned file of that path.

        Raises:
            KeyError: It is not planned.
        """
        return self.layout.planned[path]

    def requirements_of(self, path: str) -> tuple[Requirement, ...]:
        """The requirements that a file owns, in the plan's order."""
        known = self._requirements
        places = sorted({known[i] for i in self.planned(path).requirements if i in known})
        return tuple(self.plan.requirements[place] for place in places)

    @cached_property
    def _requirements(self) -> dict[str, int]:
        return {requirement.id: place for place, requirement in enumerate(self.plan.requirements)}

    def facts(self, path: str) -> dict[str, object]:
        """What every prompt about a file shows of the design."""
        return {
            "file": self.planned(path),
            "requirements": self.requirements_of(path),
            "choices": self.choices_for(path),
            "is_test": is_test(path),
        }

    def choices_for(self, path: str) -> tuple[Ambiguity, ...]:
        """The settled ambiguities that bear on the requirements that a file owns, or that name the file."""
        owned = set(self.planned(path).requirements)
        settled = (*self.plan.ambiguities, *self.architecture.ambiguities)
        return tuple(a for a in settled if owned & set(a.requirements) or path in f"{a.question} {a.choice}")

    def tests_of(self, path: str) -> str | None:
        """Where the tests that are written with a file stand: `tests/test_<module>.py`.

        None for what no test can import, for what is a test, and where the architect has planned that file.
        """
        module = module_of(path)
        if module is None or is_test(path):
            return None
        stem = PurePosixPath(path).stem
        name = stem if self._stems[stem] == 1 else module.replace(".", "_")
        place = f"tests/test_{name}.py"
        return None if place in self.layout.planned else place

    @cached_property
    def _stems(self) -> Counter[str]:
        return Counter(PurePosixPath(file.path).stem for file in self.architecture.files)

    def imports_of(self, path: str) -> tuple[str, ...]:
        """The planned files that a file imports directly."""
        return self._in_order(self.import_graph.predecessors(path))

    def neighbours_of(self, paths: Collection[str]) -> frozenset[str]:
        """The planned files that import one of these, or that one of these imports."""
        near = (
            name
            for path in paths
            if path in self.import_graph
            for name in (*self.import_graph.predecessors(path), *self.import_graph.successors(path))
        )
        return frozenset(near) - set(paths)

    def all_imports_of(self, path: str) -> tuple[str, ...]:
        """The planned files that it imports, directly or through others, each after those it imports."""
        return self._in_order(nx.ancestors(self.import_graph, path))

    def _in_order(self, paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(paths, key=self._places.__getitem__))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {path: place for place, path in enumerate(self.order)}
