"""What a run made of a paper: all that its reports tell."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from paper2code.artifacts import (
    Ambiguity,
    Architecture,
    Audit,
    ConfigValue,
    Dependencies,
    ExperimentConfig,
    FileReview,
    FileStatus,
    Plan,
    PlannedFile,
    TracedRequirement,
    Verdict,
)
from paper2code.checks.commands import scripts
from paper2code.models.usage import Usage

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True)
class Outcome:
    """The artifacts of a finished run, with what became of each file and requirement."""

    title: str
    plan: Plan
    architecture: Architecture
    dependencies: Dependencies
    config: ExperimentConfig
    files: Mapping[str, str]
    """The texts of the planned files, by path."""
    file_status: Mapping[str, FileStatus]
    reviews: Mapping[str, FileReview]
    trace: tuple[TracedRequirement, ...]
    status: Literal["accepted", "incomplete"]
    audit: Audit | None = None
    notes: tuple[str, ...] = ()
    """What was settled without a model, and what a reader should know besides."""
    usage: Mapping[str, Usage] = field(default_factory=dict)
    """What the calls of each role used."""
    seconds: float = 0.0
    """How long models worked, calls that ran at once counted one by one."""

    @property
    def spent(self) -> Usage:
        """What all calls used together."""
        return sum(self.usage.values(), Usage())

    @property
    def verdicts(self) -> dict[Verdict, int]:
        """How many requirements have each verdict, the best first."""
        count = Counter(row.verdict for row in self.trace)
        return {verdict: count[verdict] for verdict in VERDICTS}

    @property
    def ambiguities(self) -> tuple[Ambiguity, ...]:
        """What the paper leaves open, settled by the plan or by the design."""
        return (*self.plan.ambiguities, *self.architecture.ambiguities)

    @property
    def unmet(self) -> tuple[TracedRequirement, ...]:
        """The requirements that are not met, or only in part."""
        return tuple(row for row in self.trace if row.verdict != "met")

    @property
    def accepted(self) -> tuple[PlannedFile, ...]:
        """The files that were accepted."""
        return tuple(file for file in self.architecture.files if self.status_of(file.path) == "accepted")

    @property
    def unaccepted(self) -> tuple[PlannedFile, ...]:
        """The files that were written and not accepted, or not written."""
        return tuple(file for file in self.architecture.files if self.status_of(file.path) != "accepted")

    @property
    def line_count(self) -> int:
        """Lines of the generated files."""
        return sum(len(text.splitlines()) for text in self.files.values())

    @property
    def untied_assumptions(self) -> tuple[ConfigValue, ...]:
        """Values of the configuration that are assumed and settle no ambiguity of the plan."""
        known = {ambiguity.id for ambiguity in self.ambiguities}
        return tuple(v for v in self.config.values if v.source == "assumed" and v.place not in known)

    @property
    def needs_search_path(self) -> bool:
        """Whether a command starts a script in a folder, from where Python wouldn't find the other files."""
        return any("/" in path for path in scripts(self.architecture))

    def status_of(self, path: str) -> FileStatus:
        """What became of a planned file; one that nobody published has failed."""
        return self.file_status.get(path, "failed")

    def settled_by(self, ambiguity: Ambiguity) -> tuple[str, ...]:
        """The keys of the configuration whose values settle an ambiguity."""
        return tuple(value.key for value in self.config.values if value.place == ambiguity.id)

    def open_findings(self, path: str) -> tuple[str, ...]:
        """What the last review of a file still found wrong, taste left out."""
        review = self.reviews.get(path)
        return tuple(f.problem for f in review.findings if f.severity != "minor") if review else ()
