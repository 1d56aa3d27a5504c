"""From each requirement of the paper to the lines that meet it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from paper2code.artifacts import (
    Architecture,
    Audit,
    FileReview,
    Plan,
    Requirement,
    RequirementVerdict,
    TracedRequirement,
    Verdict,
)
from paper2code.checks.modules import module_of
from paper2code.checks.symbols import symbol_lines

_SEPARATORS = re.compile(r"\s*(?:[,;+&]|\band\b)\s*")
_WORST_FIRST: tuple[Verdict, ...] = ("contradicts", "met", "partly", "missing")


@dataclass(frozen=True)
class _Judgement:
    """A verdict, and the file that it is about."""

    path: str
    verdict: RequirementVerdict


def trace(
    plan: Plan,
    architecture: Architecture,
    reviews: Mapping[str, FileReview],
    audit: Audit | None,
    files: Mapping[str, str],
) -> tuple[TracedRequirement, ...]:
    """Trace every requirement of a plan to its code.

    The audit's verdict counts, since it has seen the whole repository; without one the reviews of the files
    that own the requirement do; without these it is missing. The lines are those of the named symbol in the
    text. A symbol that the named file doesn't have is looked for in the other files; where none has it, the
    verdict stays, and the note says so.

    Args:
        plan: The requirements.
        architecture: Which file owns which.
        reviews: The last review of each file.
        audit: The last audit.
        files: The texts of the repository, by path.

    Returns:
        A row for each requirement, in the order of the plan.
    """
    return tuple(
        _row(requirement, architecture, _judgement(requirement, architecture, reviews, audit), files)
        for requirement in plan.requirements
    )


def _judgement(
    requirement: Requirement,
    architecture: Architecture,
    reviews: Mapping[str, FileReview],
    audit: Audit | None,
) -> _Judgement | None:
    for verdict in audit.verdicts if audit else ():
        if verdict.requirement == requirement.id:
            return _Judgement(verdict.path, verdict)
    owners = [file.path for file in architecture.files if requirement.id in file.requirements]
    by_owners = [
        _Judgement(path, verdict)
        for path in owners
        if path in reviews
        for verdict in reviews[path].verdicts
        if verdict.requirement == requirement.id
    ]
    return min(by_owners, key=lambda judgement: _WORST_FIRST.index(judgement.verdict.verdict), default=None)


def _row(
    requirement: Requirement,
    architecture: Architecture,
    judgement: _Judgement | None,
    files: Mapping[str, str],
) -> TracedRequirement:
    owner = next((f.path for f in architecture.files if requirement.id in f.requirements), "")
    if judgement is None:
        return TracedRequirement(requirement=requirement, path=owner, note="Nobody judged it.")
    verdict = judgement.verdict
    row = TracedRequirement(
        requirement=requirement,
        path=judgement.path if judgement.path in files else "",
        symbol=verdict.symbol,
        verdict=verdict.verdict,
        note=verdict.note,
    )
    return _located(row, files) if verdict.symbol else row


def _located(row: TracedRequirement, files: Mapping[str, str]) -> TracedRequirement:
    """The row with the lines of its symbol, in whichever file they are."""
    for path in (row.path, *(path for path in files if path != row.path)):
        lines = ", ".join(_lines(row.symbol, path, files.get(path, "")))
        if lines:
            moved = row.path and path != row.path
            note = f"{row.note} (Found in {path}, not in {row.path}.)" if moved else row.note
            return row.model_copy(update={"path": path, "lines": lines, "note": note.strip()})
    return row.model_copy(update={"note": f"{row.note} (No file has {row.symbol}.)".strip()})


def _lines(symbols: str, path: str, text: str) -> Iterator[str]:
    module = module_of(path)
    for symbol in _SEPARATORS.split(symbols):
        name = symbol.strip("` ").rpartition(":")[2]
        lines = symbol_lines(text, name.removeprefix(f"{module}.")) if module and name else ""
        if lines:
            yield lines
