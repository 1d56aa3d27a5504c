"""What was understood of a paper, on a page for a person."""

import re
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from paper2code.cli.marks import Marks, marks_for
from paper2code.cli.text import counted, fit, printable
from paper2code.papers.model import Equation, Float, Paper, Section
from paper2code.papers.render import by_source, render_section
from paper2code.tokens import estimate_tokens

_WIDEST = 110
_INDENT = 3
_OUTER_ENVIRONMENT = re.compile(
    r"\\(?:begin|end)\{(?:align|gather|multline|eqnarray|aligned|gathered|split)\*?\}"
)

Row = tuple[str, str, str]
"""Id, the text that may be cut, and a note on the right."""


def show_paper(console: Console, paper: Paper) -> None:
    """Print the page: what it is, its sections, equations, floats, and what to be wary of."""
    page = _Page(console, marks_for(console.encoding))
    console.print()
    page.line(Text(f" {printable(paper.title) or 'Untitled'}", "bold"))
    if paper.authors:
        page.line(Text(f" {printable(', '.join(paper.authors))}"))
    page.line(Text(f" {f' {page.marks.dot} '.join(_facts(paper))}", "dim"))
    for source, sections in by_source(paper.sections).items():
        heading = f"Supplement: {printable(source)}" if source else "Sections"
        page.block(heading, "tokens", [_section(paper, section) for section in sections])
    page.block(f"Equations: {_exactness(paper.equations)}", "", _equations(paper.equations))
    page.block("Figures, tables and algorithms", "", [_float(item) for item in paper.floats])
    if paper.warnings:
        page.heading("Warnings", "yellow")
        for warning in paper.warnings:
            console.print(Padding(Text(printable(warning), "yellow"), (0, 0, 0, _INDENT), expand=False))
    else:
        page.heading("No warnings", "green")
    console.print()


def _facts(paper: Paper) -> Iterator[str]:
    yield f"read from {paper.source}"
    yield counted(len(paper.sections), "section")
    yield counted(len(paper.references), "reference")
    yield f"about {estimate_tokens(paper.to_markdown()):,} tokens"


def _exactness(equations: Sequence[Equation]) -> str:
    exact = sum(equation.exact for equation in equations)
    if exact == len(equations):
        return f"{exact} exact"
    guessed = f"{len(equations) - exact} from glyphs, not exact"
    return f"{exact} exact, {guessed}" if exact else guessed


def _section(paper: Paper, section: Section) -> Row:
    tokens = estimate_tokens(render_section(paper, section))
    aside = f" ({section.kind})" if section.kind in ("appendix", "other") else ""
    return section.id, f"{'  ' * (section.level - 1)}{printable(section.title)}{aside}", f"{tokens:,}"


def _equations(equations: Sequence[Equation]) -> Iterator[Row]:
    """The equations with the numbers that the paper prints, which differ from the ids of those without."""
    mixed = len({equation.exact for equation in equations}) > 1
    for equation in equations:
        body = equation.text if equation.latex is None else _OUTER_ENVIRONMENT.sub("", equation.latex)
        number = f"({equation.number})" if equation.number else ""
        yield equation.id, printable(body), "not exact" if mixed and not equation.exact else number


def _float(item: Float) -> Row:
    return item.id, printable(item.caption) or item.kind, "picture" if item.image else ""


class _Page:
    """Blocks of rows, each cut to the width of the page."""

    def __init__(self, console: Console, marks: Marks) -> None:
        self.marks = marks
        self._console = console
        self._width = min(console.width, _WIDEST)

    def heading(self, text: str, style: str = "cyan", right: str = "") -> None:
        self._console.print()
        room = max(1, self._width - 1 - cell_len(right))
        self.line(Text.assemble((f" {fit(text, room)}", f"bold {style}"), (right, "dim")))

    def line(self, text: Text) -> None:
        text.plain = text.plain.rstrip()
        if text.cell_len > self._width:
            text.truncate(self._width - cell_len(self.marks.ellipsis))
            text.append(self.marks.ellipsis)
        self._console.print(text, soft_wrap=True)

    def block(self, heading: str, right: str, rows: Iterable[Row]) -> None:
        rows = list(rows)
        if not rows:
            return
        self.heading(heading, right=right)
        ids = max(cell_len(row[0]) for row in rows) + 2
        notes = max(cell_len(row[2]) for row in rows)
        room = max(10, self._width - _INDENT - ids - notes - 2)
        for name, text, note in rows:
            self.line(
                Text.assemble(
                    f"{'':{_INDENT}}",
                    (fit(name, ids), "dim"),
                    fit(text, room, self.marks.ellipsis),
                    (note.rjust(notes + 2), "dim"),
                )
            )
