"""By the architect: which files there are, what each promises, which requirement each owns."""

from collections import Counter
from typing import Self

from pydantic import Field, model_validator

from paper2code.artifacts.base import Artifact, Id, Line, RepoPath, Text, merged
from paper2code.artifacts.plan import Ambiguity


class PlannedFile(Artifact):
    """A file that will be written, with what it promises to others."""

    path: RepoPath = Field(description="Relative path with forward slashes, such as models/encoder.py")
    purpose: Line = Field(description="Its one job, in a sentence or two")
    interface: Text = Field(
        description="For Python: a stub of everything that other files or the tests use - imports left out, "
        "signatures with types and defaults, bodies only '...', a one-line docstring each with shapes and "
        "units. For other files: what they hold."
    )
    requirements: tuple[Id, ...] = Field(description="Ids of the requirements that this file owns")


class Command(Artifact):
    """A command of the finished repository."""

    command: Line = Field(description="As typed in the repository's root, such as 'python train.py --smoke'")
    purpose: Line = Field(description="What it does and which table or figure of the paper it produces")
    minutes: float = Field(description="Rough time on the hardware it is meant for", ge=0)


class _Files(Artifact):
    @model_validator(mode="after")
    def _one_owner_per_path(self) -> Self:
        planned = Counter(file.path for file in getattr(self, "files", ()))
        twice = sorted(path for path, times in planned.items() if times > 1)
        if twice:
            raise ValueError(f"files planned twice: {', '.join(twice)}; a path may stand once")
        return self


class Architecture(_Files):
    """Which files there are, what each promises, and which requirement each owns."""

    approach: Text = Field(description="How the parts work together, in 100 to 300 words, and why so")
    files: tuple[PlannedFile, ...] = Field(min_length=1, max_length=1_000)
    class_diagram: Text = Field(description="Mermaid classDiagram of the main types")
    sequence_diagram: Text = Field(description="Mermaid sequenceDiagram of one main experiment")
    commands: tuple[Command, ...] = Field(
        description="How to run the repository: the tests, the smoke run, then each experiment",
        max_length=40,
    )
    ambiguities: tuple[Ambiguity, ...] = Field(
        default=(),
        description="What neither paper nor plan settles and the design had to; ids go on from the plan's",
        max_length=40,
    )

    def file(self, path: str) -> PlannedFile | None:
        """The planned file of that path, or None."""
        return next((f for f in self.files if f.path == path), None)


class ArchitectureRevision(_Files):
    """Changes to an architecture: files named replace those of the same path, or are added."""

    approach: Text = Field(description="The new text, or empty to keep the old one")
    files: tuple[PlannedFile, ...] = Field(
        description="Only files that are new or change, whole", max_length=1_000
    )
    removed: tuple[RepoPath, ...] = Field(description="Paths that are no longer planned")
    class_diagram: Text = Field(description="The new diagram, or empty to keep the old one")
    sequence_diagram: Text = Field(description="The new diagram, or empty to keep the old one")
    commands: tuple[Command, ...] = Field(
        description="All commands, if any of them changes; else empty", max_length=40
    )
    ambiguities: tuple[Ambiguity, ...] = Field(
        default=(), description="Only those that are new or change", max_length=40
    )

    def apply_to(self, architecture: Architecture) -> Architecture:
        """The architecture with these changes; the order of what stays is kept."""
        kept = tuple(f for f in architecture.files if f.path not in self.removed)
        return Architecture(
            approach=self.approach.strip() or architecture.approach,
            files=merged(kept, self.files, "path"),
            class_diagram=self.class_diagram.strip() or architecture.class_diagram,
            sequence_diagram=self.sequence_diagram.strip() or architecture.sequence_diagram,
            commands=self.commands or architecture.commands,
            ambiguities=merged(architecture.ambiguities, self.ambiguities, "id"),
        )
