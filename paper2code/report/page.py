"""The report of a run as one page that needs nothing else: no network, no server, paper or screen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import jinja2
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

from paper2code.artifacts import FileReview, FileStatus, PlannedFile, TracedRequirement, Verdict
from paper2code.checks.wording import one_line
from paper2code.import_graph import build_import_graph, without_cycles
from paper2code.report.environment import environment
from paper2code.report.layout import BOX_HEIGHT, BOX_WIDTH, draw
from paper2code.report.outcome import VERDICTS, Outcome

_MOST_SOURCE = 2_000_000
"""Characters of source beyond which the page would be slow to open; it then shows none."""


@dataclass(frozen=True)
class FileView:
    """A file as the page shows it."""

    number: int
    planned: PlannedFile
    status: FileStatus
    review: FileReview | None
    rows: tuple[TracedRequirement, ...]
    """What it owns."""
    lines: tuple[str, ...]
    """Its text, line by line, as HTML."""


def report_html(outcome: Outcome) -> str:
    """The report: what came out, the trace of every requirement, files with their reviews, the cost."""
    files = tuple(_views(outcome))
    graph, _ = without_cycles(build_import_graph(outcome.architecture, outcome.dependencies))
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            outcome=outcome,
            files=files,
            number_of={view.planned.path: view.number for view in files},
            kinds=_verdicts_by_kind(outcome),
            drawing=draw(graph),
            box=(BOX_WIDTH, BOX_HEIGHT),
        )
    )


def _views(outcome: Outcome) -> Iterator[FileView]:
    shows_source = sum(map(len, outcome.files.values())) <= _MOST_SOURCE
    row_of = {row.requirement.id: row for row in outcome.trace}
    for number, file in enumerate(outcome.architecture.files):
        text = outcome.files.get(file.path, "") if shows_source else ""
        yield FileView(
            number=number,
            planned=file,
            status=outcome.status_of(file.path),
            review=outcome.reviews.get(file.path),
            rows=tuple(row_of[owned] for owned in file.requirements if owned in row_of),
            lines=tuple(_highlighted(file.path, text)) if text else (),
        )


def _highlighted(path: str, text: str) -> Iterator[str]:
    try:
        lexer = get_lexer_for_filename(path, stripnl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False)
    # Only line feeds end a line for the parser, whose line numbers the trace has.
    yield from (
        highlight(text, lexer, HtmlFormatter(nowrap=True, classprefix="t-")).removesuffix("\n").split("\n")
    )


def _verdicts_by_kind(outcome: Outcome) -> dict[str, dict[Verdict, int]]:
    """For each kind of requirement, in the order of the plan, how many have each verdict."""
    kinds: dict[str, dict[Verdict, int]] = {}
    for row in outcome.trace:
        counts = kinds.setdefault(row.requirement.kind, dict.fromkeys(VERDICTS, 0))
        counts[row.verdict] += 1
    return kinds


def compact(number: float) -> str:
    """A count in few characters.

    >>> compact(950), compact(12_300), compact(5_240_000)
    ('950', '12.3k', '5.24M')
    """
    for limit, letter in ((1_000_000, "M"), (1_000, "k")):
        if number >= limit:
            return f"{number / limit:.3g}{letter}"
    return f"{number:g}"


def dollars(usd: float | None) -> str:
    """A price, or that it is not known.

    >>> dollars(0.7912), dollars(0.0), dollars(None)
    ('$0.79', '$0.00', 'unknown')
    """
    return "unknown" if usd is None else f"${usd:.2f}"


def clock(seconds: float) -> str:
    """A time in few characters.

    >>> clock(42), clock(2710), clock(9000)
    ('42 s', '45 min', '2.5 h')
    """
    if seconds >= 2 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{round(seconds / 60)} min" if seconds >= 90 else f"{round(seconds)} s"


def breakable(name: str) -> Markup:
    """A path or symbol that may be wrapped where its parts meet."""
    return Markup("<wbr>").join(re.findall(r"[^/._]*[/._]?", name))


@cache
def _environment() -> jinja2.Environment:
    return environment(
        autoescape=True,
        filters={
            "compact": compact,
            "dollars": dollars,
            "clock": clock,
            "shortened": one_line,
            "breakable": breakable,
        },
    )
