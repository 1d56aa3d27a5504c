"""How each file came about: its drafts, the tests written with it, what was run, what reviews found."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import ValidationError

from paper2code.artifacts import FileReview, Severity, Step
from paper2code.models.answers.artifact import read_artifact
from paper2code.models.answers.fault import AnswerFault
from paper2code.models.journal import Entry

EventKind = Literal["draft", "tests", "run", "review"]

_KINDS: dict[str, EventKind] = {"coder": "draft", "tester": "tests", "runner": "run", "reviewer": "review"}


@dataclass(frozen=True)
class Event:
    """Something that happened to a file."""

    kind: EventKind
    revision: int
    seconds: float
    review: FileReview | None = None
    """Of a review, unless its answer could not be read."""
    step: Step | None = None
    """Of a run of its tests, likewise."""

    @property
    def findings(self) -> dict[Severity, int]:
        """How many findings of each severity a review had, the worst first; those it had none of left out."""
        count = Counter(finding.severity for finding in self.review.findings) if self.review else Counter()
        return {severity: count[severity] for severity in get_args(Severity) if count[severity]}


def histories(journal: Iterable[Entry], paths: Collection[str]) -> dict[str, tuple[Event, ...]]:
    """What happened to each file, in order; several tries at one answer count as one.

    Args:
        journal: The record of a run, in the order in which its calls ended.
        paths: The files; those to which nothing happened have no entry.
    """
    last: dict[str, dict[tuple[str, int], Entry]] = {}
    for entry in journal:
        if entry.role in _KINDS and entry.target in paths:
            last.setdefault(entry.target, {})[entry.role, entry.revision] = entry
    return {path: tuple(map(_event, entries.values())) for path, entries in last.items()}


def _event(entry: Entry) -> Event:
    kind = _KINDS[entry.role]
    return Event(
        kind=kind,
        revision=entry.revision,
        seconds=entry.seconds,
        review=_review(entry.answer) if kind == "review" else None,
        step=_step(entry.answer) if kind == "run" else None,
    )


def _review(answer: str) -> FileReview | None:
    try:
        return read_artifact(answer, FileReview)
    except AnswerFault:
        return None


def _step(answer: str) -> Step | None:
    try:
        return Step.model_validate_json(answer)
    except ValidationError:
        return None
