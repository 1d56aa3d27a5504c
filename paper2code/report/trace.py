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
from paper2code.checks.wording import listed
from paper2code.report.citations import citing_tests

_SEPARATORS = re.compile(r"\s*(?:[,;+&]|\s/\s|\band\b)\s*")
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
    text, as its syntax tree has them now. A symbol that the named file doesn't have is looked for in the
    other files. Where none has any of the symbols, what they met is missing, whatever was judged before.

    Args:
        plan: The requirements.
        architecture: Which file owns which.
        reviews: The last review of each file.
        audit: The last audit.
        files: The texts of the repository, by path.

    Returns:
        A row for each requirement, in the order of the plan.
    """
    tests = citing_tests(files, [requirement.id for requirement in plan.requirements])
    return tuple(
        _row(
            requirement, architecture, _judgement(requirement, architecture, reviews, audit), files
        ).model_copy(update={"tests": tests.get(requirement.id, ())})
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
    # Only Python has symbols that can be checked.
    is_checkable = verdict.symbol and (not judgement.path or judgement.path.endswith(".py"))
    return _located(row, files) if is_checkable else row


def _located(row: TracedRequirement, files: Mapping[str, str]) -> TracedRequirement:
    """The row with the lines of its symbols, in whichever file they are."""
    for path in (row.path, *(path for path in files if path != row.path)):
        found = dict(_lines(row.symbol, path, files.get(path, "")))
        lines = ", ".join(filter(None, found.values()))
        if lines:
            moved = row.path and path != row.path
            remarks = [
                row.note,
                f"(Found in {path}, not in {row.path}.)" if moved else "",
                _loss(tuple(symbol for symbol, at in found.items() if not at), f"{path} has no"),
            ]
            return row.model_copy(update={"path": path, "lines": lines, "note": _joined(remarks)})
    verdict: Verdict = "contradicts" if row.verdict == "contradicts" else "missing"
    note = _joined([f"No file has {row.symbol}.", f"Judged before: {row.verdict}. {row.note}"])
    return row.model_copy(update={"verdict": verdict, "note": note})


def _loss(symbols: tuple[str, ...], says: str) -> str:
    return f"({says} {listed(symbols)}.)" if symbols else ""


def _joined(remarks: list[str]) -> str:
    return " ".join(filter(None, remarks)).strip()


def _lines(symbols: str, path: str, text: str) -> Iterator[tuple[str, str]]:
    """Each named symbol with its lines in a file; with nothing where the file has no such symbol."""
    module = module_of(path)
    for symbol in _SEPARATORS.split(symbols):
        name = symbol.strip("` ").rpartition(":")[2].partition("(")[0].strip("` ")
        if name:
            yield name, symbol_lines(text, name.removeprefix(f"{module}.")) if module else ""
