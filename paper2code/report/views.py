"""Requirements, files and calls as the page shows them."""

from collections.abc import Iterator
from dataclasses import dataclass

from paper2code.artifacts import Ambiguity, FileReview, FileStatus, Step, TracedRequirement, Verdict
from paper2code.models.usage import Usage
from paper2code.report.citations import test_lines
from paper2code.report.highlight import highlighted
from paper2code.report.history import Event, histories
from paper2code.report.outcome import VERDICTS, Outcome
from paper2code.report.outline import Place, places
from paper2code.report.trace_file import line_ranges

_MOST_SOURCE = 2_000_000
"""Characters of source beyond which the page would be slow to open; it then shows none."""
_LONGEST_SNIPPET = 80


@dataclass(frozen=True)
class Snippet:
    """Some lines of a file beside the requirement that they meet."""

    first: int
    lines: tuple[str, ...]
    """As HTML."""
    more: int
    """How many lines of the symbol are not shown."""


@dataclass(frozen=True)
class TestView:
    """A test that names a requirement."""

    name: str
    path: str
    lines: str


@dataclass(frozen=True)
class RequirementView:
    """A requirement beside the code that meets it."""

    row: TracedRequirement
    snippets: tuple[Snippet, ...]
    places: tuple[Place, ...]
    ambiguities: tuple[Ambiguity, ...]
    """What had to be settled for it."""
    tests: tuple[TestView, ...]


@dataclass(frozen=True)
class FileView:
    """A generated file."""

    number: int
    path: str
    purpose: str
    status: FileStatus | None
    """None for tests that were written with another file, and share its fate."""
    review: FileReview | None
    rows: tuple[TracedRequirement, ...]
    """What it owns."""
    history: tuple[Event, ...]
    usage: Usage
    tried: Step | None
    """How its own tests ended."""
    lines: tuple[str, ...]
    """Its text, line by line, as HTML."""


class Views:
    """All views of an outcome; each file is coloured once."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._places = places(outcome.paper)
        shows_source = sum(map(len, outcome.files.values())) <= _MOST_SOURCE
        sources = outcome.files if shows_source else {}
        self._tests = {path: test_lines(path, text) for path, text in outcome.files.items()}
        self._lines = {path: highlighted(path, text) if text else () for path, text in sources.items()}

    def requirements(self) -> Iterator[RequirementView]:
        """The rows of the trace."""
        for row in self._outcome.trace:
            known = self._places
            yield RequirementView(
                row=row,
                snippets=tuple(self._snippets(row)),
                places=tuple(known.get(place, Place(place, "")) for place in row.requirement.places),
                ambiguities=self._outcome.governing(row.requirement.id),
                tests=tuple(map(self._test, row.tests)),
            )

    def files(self) -> Iterator[FileView]:
        """The planned files, then the tests that were written with them."""
        outcome = self._outcome
        planned = {file.path: file for file in outcome.architecture.files}
        paths = dict.fromkeys([*planned, *outcome.files])
        told = histories(outcome.journal, paths)
        row_of = {row.requirement.id: row for row in outcome.trace}
        for number, path in enumerate(paths):
            file = planned.get(path)
            yield FileView(
                number=number,
                path=path,
                purpose=file.purpose if file else "Tests that were written with the file they are about.",
                status=outcome.status_of(path) if file else None,
                review=outcome.reviews.get(path),
                rows=tuple(row_of[owned] for owned in (file.requirements if file else ()) if owned in row_of),
                history=told.get(path, ()),
                usage=outcome.usage_by_target.get(path, Usage()),
                tried=outcome.test_results.get(path),
                lines=self._lines.get(path, ()),
            )

    def _snippets(self, row: TracedRequirement) -> Iterator[Snippet]:
        lines = self._lines.get(row.path, ())
        for first, last in line_ranges(row.lines):
            shown = lines[first - 1 : min(last, first - 1 + _LONGEST_SNIPPET)]
            if shown:
                yield Snippet(first, shown, last - first + 1 - len(shown))

    def _test(self, name: str) -> TestView:
        path, _, test = name.partition("::")
        return TestView(test.replace("::", "."), path, self._tests.get(path, {}).get(test, ""))


def verdicts_by_kind(outcome: Outcome) -> dict[str, dict[Verdict, int]]:
    """For each kind of requirement, in the order of the plan, how many have each verdict."""
    kinds: dict[str, dict[Verdict, int]] = {}
    for row in outcome.trace:
        counts = kinds.setdefault(row.requirement.kind, dict.fromkeys(VERDICTS, 0))
        counts[row.verdict] += 1
    return kinds
