"""Spans joined to lines, in drawing order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from paper2code.papers.pdf.linear import SMALL, baseline, linear
from paper2code.papers.pdf.spans import Item, Rule, Span

_CLOSING = tuple(")]}‖|⟩⌋⌉")
_MOST_SPANS = 400  # a line of a paper has a tenth; the bound keeps hostile pages from costing their square


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of text: baseline and start in points, the size of most of it, and what its fonts tell.

    `bold`, `math` and `mono` are shares of its characters. Lines are told apart by identity.
    """

    text: str
    page: int
    x: float
    y: float
    right: float
    size: float
    bold: float
    math: float
    mono: float = 0.0
    spans: tuple[Span, ...] = ()

    @property
    def words(self) -> int:
        """Words of prose: four letters or more in a row."""
        return sum(
            len(word.strip("()[].,;:")) > 3 and word.strip("()[].,;:").isalpha() for word in self.text.split()
        )


def lines_of(items: Iterable[Item], page: int, *, gutter: float | None = None) -> list[Line | Rule]:
    """The lines and ruled lines of a page.

    A span goes on with the open line while it moves right on the same baseline, or is a script of it; no
    line runs across the `gutter`, the left edge of a right column, where one is given.
    """
    lines: list[Line | Rule] = []
    row: list[Span] = []
    rules: list[
        Rule
    ] = []  # drawn since the row's last span: an underline or the border of a cell ends no line

    def close() -> None:
        if row:
            lines.append(_line(row, page))
            row.clear()
        lines.extend(rules)
        rules.clear()

    for item in items:
        if isinstance(item, Rule):
            rules.append(item)
            continue
        if row and (len(row) == _MOST_SPANS or _crosses(row[-1], item, gutter) or not _goes_on(row, item)):
            close()
        row.append(item)
    close()
    return [line for line in lines if isinstance(line, Rule) or line.text]


def _crosses(before: Span, span: Span, gutter: float | None) -> bool:
    if gutter is None or before.x > gutter - 20:
        return False
    return abs(span.x - gutter) < 3 or (span.x > gutter and span.x - before.right > 1.8 * span.size)


def _goes_on(row: Sequence[Span], span: Span) -> bool:
    y, size = baseline(row)
    drop = abs(span.y - y)
    backwards = row[-1].x - span.x
    if all(other.loose for other in row):
        return drop < 1.6 * size and backwards < size
    if span.loose:
        return drop < 0.9 * max(size, span.size) and backwards < size
    if span.size < SMALL * size:
        beside_script = row[-1].size < SMALL * size and abs(span.y - row[-1].y) < 0.3 * size
        reach = 1.7 if row[-1].loose or beside_script else 0.9
        if row[-1].text.endswith(_CLOSING) and abs(span.x - row[-1].right) < 0.4 * size:
            reach = 2.4  # the scripts of a tall bracket are far off the line
        return drop < reach * size and backwards < 2 * size
    if span.size * SMALL > size:
        return drop < 0.75 * span.size and backwards < span.size
    return drop < 0.3 * size and backwards < 2


def _line(row: Sequence[Span], page: int) -> Line:
    y, size = baseline(row)
    characters = sum(len(span.text.strip()) for span in row) or 1
    bold = sum(len(span.text.strip()) for span in row if span.face.bold)
    math = sum(len(span.text.strip()) for span in row if span.face.math)
    return Line(
        text=linear(row),
        page=page,
        x=min(span.x for span in row),
        y=y,
        right=max(span.right for span in row),
        size=size,
        bold=bold / characters,
        math=math / characters,
        mono=sum(len(span.text.strip()) for span in row if span.face.mono) / characters,
        spans=tuple(row),
    )
