"""What a run made of a paper: all that its reports tell."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
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
    RunResult,
    Step,
    TracedRequirement,
    Verdict,
)
from paper2code.checks.commands import scripts
from paper2code.checks.repository import Inconsistency
from paper2code.context import ROLES
from paper2code.models.journal import Entry
from paper2code.models.usage import Usage
from paper2code.papers.model import Paper
from paper2code.report.amounts import questions_in_words

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True)
class Outcome:
    """The artifacts of a finished run, with what became of each file and requirement."""

    paper: Paper
    plan: Plan
    architecture: Architecture
    dependencies: Dependencies
    config: ExperimentConfig
    files: Mapping[str, str]
    """The texts of the generated files by path: those that were planned, then the tests written with them."""
    file_status: Mapping[str, FileStatus]
    reviews: Mapping[str, FileReview]
    trace: tuple[TracedRequirement, ...]
    status: Literal["accepted", "incomplete"]
    audit: Audit | None = None
    run: RunResult = field(default_factory=RunResult)
    """What was run of the whole repository; nothing, as long as it has no steps."""
    test_results: Mapping[str, Step] = field(default_factory=dict)
    """How the tests of single files ended, by the file's path."""
    inconsistencies: tuple[Inconsistency, ...] = ()
    """Where documented commands and settings do not fit the code."""
    answered: frozenset[str] = frozenset()
    """The ambiguities that the researcher decided."""
    notes: tuple[str, ...] = ()
    """What was settled without a model, and what a reader should know besides."""
    journal: tuple[Entry, ...] = ()
    """Every finished model call and execution, in the order in which they ended."""

    @property
    def title(self) -> str:
        """The paper's title."""
        return self.paper.title

    @cached_property
    def calls(self) -> tuple[Entry, ...]:
        """The model calls of the journal."""
        return tuple(entry for entry in self.journal if entry.role in ROLES)

    @cached_property
    def usage(self) -> dict[str, Usage]:
        """What the calls of each role used."""
        return self._usage(lambda entry: entry.role)

    @cached_property
    def usage_by_target(self) -> dict[str, Usage]:
        """What the calls about each file used, and those about the whole under `""`, `"(design)"` or so."""
        return self._usage(lambda entry: entry.target)

    @cached_property
    def usage_by_model(self) -> dict[str, Usage]:
        """What the calls of each model used."""
        return self._usage(lambda entry: entry.model)

    @property
    def seconds(self) -> float:
        """How long models worked, calls that ran at once counted one by one."""
        return sum(entry.seconds for entry in self.calls)

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
    def questions(self) -> str:
        """How many ambiguities there are, in words; the README, the trace and the page say the same."""
        return questions_in_words(len(self.plan.ambiguities), len(self.architecture.ambiguities))

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

    def governing(self, requirement: str) -> tuple[Ambiguity, ...]:
        """What had to be settled for a requirement, by its id."""
        return tuple(a for a in self.ambiguities if requirement in a.requirements)

    def settled_by(self, ambiguity: Ambiguity) -> tuple[str, ...]:
        """The keys of the configuration whose values settle an ambiguity."""
        return tuple(value.key for value in self.config.values if value.place == ambiguity.id)

    def open_findings(self, path: str) -> tuple[str, ...]:
        """What the last review of a file still found wrong, taste left out."""
        review = self.reviews.get(path)
        return tuple(f.problem for f in review.findings if f.is_weighty) if review else ()

    def _usage(self, key: Callable[[Entry], str]) -> dict[str, Usage]:
        sums: dict[str, Usage] = {}
        for entry in self.calls:
            sums[key(entry)] = sums.get(key(entry), Usage()) + entry.usage
        return sums
