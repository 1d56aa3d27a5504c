"""What the body text of a document measures."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from paper2code.papers.pdf.furniture import PageLines
from paper2code.papers.pdf.lines import Line


@dataclass(frozen=True, slots=True)
class Measures:
    """The size of the body text, and the left edge of each column of a page; in points.

    `left_edges` is by page index and whether the right half is meant, which starts at `middle`.
    """

    body_size: float
    left_edges: dict[tuple[int, bool], float]
    middle: float

    def indent(self, line: Line) -> float:
        """How far a line starts to the right of its column, in units of its size."""
        edge = self.left_edges.get((line.page, line.x >= self.middle), line.x)
        return (line.x - edge) / line.size


def measure(pages: Sequence[PageLines]) -> Measures:
    """The commonest size by characters, and for each page and half the commonest start of a line."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.text_lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    middle = max((page.width for page in pages), default=612.0) / 2 - 8
    edges: dict[tuple[int, bool], float] = {}
    for page in pages:
        edges |= {(page.index, half): edge for half, edge in _edges(page, body, middle).items()}
    return Measures(body, edges, middle)


def _edges(page: PageLines, body: float, middle: float) -> dict[bool, float]:
    """The left edges of a page's halves; a page with few lines in its right half has one column."""
    starts: dict[bool, Counter[int]] = {False: Counter(), True: Counter()}
    for line in page.text_lines:
        if abs(line.size - body) < 0.6:
            starts[line.x >= middle][round(line.x)] += 1
    edges = {
        half: float(min(x for x, times in counted.items() if times >= 0.3 * max(counted.values())))
        for half, counted in starts.items()
        if counted
    }
    two_columns = sum(starts[True].values()) > 0.25 * len(page.text_lines)
    if False in edges and not two_columns:
        edges[True] = edges[False]
    return edges
