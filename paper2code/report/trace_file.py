"""trace.json: the trace for machines."""

import json

from paper2code.artifacts import TracedRequirement
from paper2code.report.outcome import Outcome

FORM = 1
"""Number of the file's form; it grows when a reader would have to change."""


def trace_json(outcome: Outcome) -> str:
    """The text of trace.json.

    Its `requirements` are those of the plan in order, each with its place in the paper, its verdict, the
    path, symbol and lines of its code, and its tests as pytest names them. `lines` holds pairs of a first
    and a last line, both counted from 1; it is empty where no symbol was found.
    """
    document = {
        "paper2code_trace": FORM,
        "title": outcome.title,
        "paper": outcome.paper.sha256,
        "status": outcome.status,
        "files": {file.path: outcome.status_of(file.path) for file in outcome.architecture.files},
        "verdicts": outcome.verdicts,
        "requirements": [_record(row, outcome) for row in outcome.trace],
        "run": outcome.run.model_dump(exclude={"steps": {"__all__": {"output"}}}),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def line_ranges(lines: str) -> tuple[tuple[int, int], ...]:
    """The line ranges of a row of the trace, first and last.

    >>> line_ranges("12, 20-31"), line_ranges("")
    (((12, 12), (20, 31)), ())
    """
    pairs = (part.partition("-") for part in lines.split(", ") if part)
    return tuple((int(first), int(last or first)) for first, _, last in pairs)


def _record(row: TracedRequirement, outcome: Outcome) -> dict[str, object]:
    requirement = row.requirement
    return {
        **requirement.model_dump(include={"id", "kind", "priority", "statement", "places"}),
        "verdict": row.verdict,
        "path": row.path,
        "symbol": row.symbol,
        "lines": line_ranges(row.lines),
        "tests": row.tests,
        "ambiguities": [ambiguity.id for ambiguity in outcome.governing(requirement.id)],
        "note": row.note,
    }
