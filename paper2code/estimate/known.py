"""What an earlier run of a paper settled and paid for already."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from paper2code.artifacts import (
    Architecture,
    ArchitectureRevision,
    Dependencies,
    DependenciesRevision,
    ExperimentConfig,
    Plan,
    PlanRevision,
)
from paper2code.errors import ReplayError
from paper2code.models.answers import AnswerFault, read_artifact
from paper2code.models.journal import Entry, Recording
from paper2code.models.usage import Usage
from paper2code.papers.model import Paper

_PART = "(part "
"""How the journal names a part of the paper, where the planner could not read it at once."""


@dataclass(frozen=True)
class Known:
    """The artifacts of the design, as far as they are there, and what they and the rest took."""

    plan: Plan | None = None
    architecture: Architecture | None = None
    dependencies: Dependencies | None = None
    config: ExperimentConfig | None = None
    paid: Usage = field(default_factory=Usage)

    @classmethod
    def in_folder(cls, folder: Path, paper: Paper) -> Self:
        """What the journal of an output folder tells of this paper's design.

        Raises:
            ReplayError: The folder has no journal, or one of another paper.
        """
        journal = folder / ".paper2code" / "journal.jsonl"
        if not journal.exists():
            raise ReplayError(f"{folder} holds no run: give the output folder of one, or leave out -o")
        recording = Recording.read(journal)
        if recording.paper_sha256 != paper.sha256:
            raise ReplayError(
                f"{journal} belongs to another paper, {recording.title!r}: give the folder of this one's "
                "run, and the same supplements"
            )
        return cls.recorded(recording)

    @classmethod
    def recorded(cls, recording: Recording) -> Self:
        """What a journal tells of the design: its answers, each with the changes that followed."""
        known = cls(paid=sum((entry.usage for entry in recording.entries), Usage()))
        for entry in recording.entries:
            if not entry.target or entry.target.startswith(_PART):
                known = known.after(entry)
        return known

    def after(self, entry: Entry) -> Self:
        """What is known once this answer is; an answer that was refused changes nothing."""
        try:
            match entry.role:
                case "planner":
                    return replace(self, plan=self._plan_after(entry))
                case "architect":
                    return replace(self, architecture=self._architecture_after(entry))
                case "dependency_analyst":
                    return replace(self, dependencies=self._dependencies_after(entry))
                case "config_writer":
                    return replace(self, config=read_artifact(entry.answer, ExperimentConfig))
        except AnswerFault:
            pass
        return self

    def _plan_after(self, entry: Entry) -> Plan:
        begins = entry.revision == 0 and entry.target in {"", f"{_PART}1)"}
        if self.plan is None or begins:
            return read_artifact(entry.answer, Plan)
        return read_artifact(entry.answer, PlanRevision).apply_to(self.plan)

    def _architecture_after(self, entry: Entry) -> Architecture:
        if self.architecture is None or entry.revision == 0:
            return read_artifact(entry.answer, Architecture)
        return read_artifact(entry.answer, ArchitectureRevision).apply_to(self.architecture)

    def _dependencies_after(self, entry: Entry) -> Dependencies:
        if self.architecture is None or self.dependencies is None or entry.revision == 0:
            return read_artifact(entry.answer, Dependencies)
        revision = read_artifact(entry.answer, DependenciesRevision)
        return revision.apply_to(self.dependencies, self.architecture)
