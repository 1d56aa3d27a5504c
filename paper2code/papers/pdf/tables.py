"""The rows of a table with their cells in columns, so that an empty cell does not shift those after it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from paper2code.papers.pdf.linear import linear
from paper2code.papers.pdf.lines import Line
from paper2code.papers.pdf.spans import Span

_GAP = 0.45  # of the size: between cells there is more than a blank
_WIDE_GAP = 0.9  # where no blank was seen


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    left: float
    right: float


def table_text(lines: Sequence[Line]) -> str:
    """One line a row, cells parted by ` | `.

    The rows with most cells tell where the columns are, a lone one only if it holds numbers. Each other
    cell goes to the column that it overlaps most, and a head over several columns to the first of them.
    """
    rows = [_cells(line) for line in lines]
    counts = Counter(map(len, rows))
    columns = max((len(row) for row in rows if counts[len(row)] > 1 or _is_numeric(row)), default=0)
    if columns < 2:
        return "\n".join(line.text for line in lines)
    full = [row for row in rows if len(row) == columns]
    bounds = [
        (min(row[index].left for row in full), max(row[index].right for row in full))
        for index in range(columns)
    ]
    return "\n".join(_row(cells, bounds) for cells in rows)


def _is_numeric(row: Sequence[_Cell]) -> bool:
    return sum(cell.text[:1].isdigit() for cell in row) > 0.6 * len(row)


def _cells(line: Line) -> list[_Cell]:
    """A line parted where a span starts well to the right of the one before it."""
    groups: list[list[Span]] = []
    for span in line.spans:
        before = groups[-1][-1] if groups else None
        gap = (span.x - before.right) / line.size if before is not None else 0.0
        if before is None or gap > (_GAP if before.text.endswith(" ") else _WIDE_GAP):
            groups.append([span])
        else:
            groups[-1].append(span)
    return [
        _Cell(text, min(span.x for span in group), max(span.right for span in group))
        for group in groups
        if (text := linear(group))
    ]


def _row(cells: Sequence[_Cell], bounds: Sequence[tuple[float, float]]) -> str:
    placed = [""] * len(bounds)
    for cell in cells:
        column = _column(cell, bounds)
        placed[column] = f"{placed[column]} {cell.text}".strip()
    return " | ".join(placed).rstrip(" |")


def _column(cell: _Cell, bounds: Sequence[tuple[float, float]]) -> int:
    """The column that a cell overlaps most; one centred over two columns overlaps the wider one more."""
    overlaps = [_overlap(cell, bound) for bound in bounds]
    best = overlaps.index(max(overlaps))
    if best and cell.left < bounds[best][0] - 1:
        wider = _width(bounds[best]) - _width(bounds[best - 1])
        return best - 1 if overlaps[best - 1] + max(0.0, wider) + 2 >= overlaps[best] else best
    return best


def _width(bound: tuple[float, float]) -> float:
    return bound[1] - bound[0]


def _overlap(cell: _Cell, bounds: tuple[float, float]) -> float:
    """The width that a cell shares with a column, or minus its distance from it."""
    return min(cell.right, bounds[1]) - max(cell.left, bounds[0])
