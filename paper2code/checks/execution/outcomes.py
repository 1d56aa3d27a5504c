"""What became of each test, by the notes of the pytest plugin."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from paper2code.checks.execution.notes import Note

Outcome = Literal["failed", "xfailed", "skipped", "passed"]
_WORST_FIRST: tuple[Outcome, ...] = ("failed", "xfailed", "skipped", "passed")


@dataclass(frozen=True)
class Outcomes:
    """The tests of one run of pytest."""

    notes: Sequence[Note]

    @cached_property
    def of_tests(self) -> Mapping[str, Outcome]:
        """The outcome of each test that came to its end; a failed set-up or tear-down fails its test."""
        phases: dict[str, set[str]] = {}
        for note in self._of("phase"):
            phases.setdefault(note.subject, set()).add(note.outcome)
        ended = {note.subject for note in self._of("ended")}
        return {
            test: next(outcome for outcome in _WORST_FIRST if outcome in found)
            for test, found in phases.items()
            if test in ended and found & set(_WORST_FIRST)
        }

    @cached_property
    def planned(self) -> frozenset[str]:
        """The tests that pytest set out to run."""
        return frozenset(note.subject for note in self._of("collected"))

    @cached_property
    def deselected(self) -> frozenset[str]:
        """The tests that were taken out before."""
        return frozenset(note.subject for note in self._of("deselected"))

    @cached_property
    def uncollected(self) -> Sequence[Note]:
        """What could not be collected."""
        return [note for note in self._of("collection") if note.outcome == "failed"]

    @cached_property
    def failures(self) -> Sequence[Note]:
        """What failed: collections first, then the phases of tests in their order."""
        return [*self.uncollected, *(note for note in self._of("phase") if note.outcome == "failed")]

    @cached_property
    def excuses(self) -> Sequence[str]:
        """The reasons why tests were skipped, each once."""
        skipped = [note for note in self.notes if note.outcome == "skipped" and note.reason]
        reasons = [note.reason for note in skipped]
        if self.deselected:
            reasons.append("deselected by the repository's own settings")
        return list(dict.fromkeys(reasons))

    @cached_property
    def under_way(self) -> str:
        """The test that was begun and not ended; empty if there is none."""
        ended = {note.subject for note in self._of("ended")}
        return next((note.subject for note in self._of("started") if note.subject not in ended), "")

    @cached_property
    def is_complete(self) -> bool:
        """Whether pytest came to its end, and each test that it set out to run came to one."""
        return any(self._of("finished")) and self.planned == self.of_tests.keys()

    def count(self, outcome: Outcome) -> int:
        """How many tests ended so."""
        return sum(found == outcome for found in self.of_tests.values())

    def summary(self) -> str:
        """As pytest says it: `3 passed, 1 failed`."""
        counts = {outcome: self.count(outcome) for outcome in ("passed", "failed", "skipped", "xfailed")}
        told = [f"{count} {outcome}" for outcome, count in counts.items() if count]
        if self.deselected:
            told.append(f"{len(self.deselected)} deselected")
        return ", ".join(told)

    def without_tests(self, files: Iterable[str]) -> list[str]:
        """The files that no test was found in, nor a reason why not."""
        subjects = [
            note.subject for note in self.notes if note.event in ("collected", "deselected", "collection")
        ]
        seen = {subject.partition("::")[0] for subject in subjects}
        return [file for file in files if file not in seen]

    def _of(self, event: str) -> Iterable[Note]:
        return [note for note in self.notes if note.event == event]
