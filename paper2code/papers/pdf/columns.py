"""Reading order: the order of drawing where it is one, otherwise column by column."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from paper2code.papers.pdf.furniture import PageLines
from paper2code.papers.pdf.lines import Line
from paper2code.papers.pdf.spans import Page, Rule, Span

_TOLERATED_JUMPS = 0.12
_FEWEST_LINES = 8
_SHORT = 20  # characters; cells of tables are shorter


def gutter_to_mind(page: Page) -> float | None:
    """Where the right column starts on a page that is drawn row by row across both columns, else None.

    On such a page the halves of one height would else be taken for one line. Tables run across as well, so
    much of the right column must be drawn that way, and in running text.
    """
    spans = [item for item in page.items if isinstance(item, Span)]
    starts = Counter(round(span.x) for span in spans if 0.42 < span.x / page.width < 0.62)
    if not starts or (start := starts.most_common(1)[0])[1] < _FEWEST_LINES:
        return None
    edge = float(start[0])
    pairs = [(before, span) for before, span in pairwise(spans) if abs(span.x - edge) < 3]
    across = sum(_is_across(before, span, edge) for before, span in pairs)
    return edge if across > 0.4 * len(pairs) else None


def _is_across(before: Span, span: Span, edge: float) -> bool:
    beside = abs(before.y - span.y) < 1.5 * span.size and before.x < edge - 60
    return beside and min(len(before.text), len(span.text)) > _SHORT


def in_reading_order(page: PageLines, gutter: float | None = None) -> PageLines:
    """Sort a page whose drawing order jumps about, or that is drawn across a known gutter; leave any other.

    TeX, Typst and word processors draw a page as it is read, floats aside. Some typesetters and editors do
    not.
    """
    if gutter is not None:
        return replace(page, lines=tuple(_by_columns(page, gutter)))
    lines = [
        line for line in page.text_lines if line.words >= 3
    ]  # a matrix or a table may well go up and down
    if len(lines) < _FEWEST_LINES or _jumps(lines, page.width) <= max(3, _TOLERATED_JUMPS * len(lines)):
        return page
    return replace(page, lines=tuple(_by_columns(page, page.width / 2)))


def _jumps(lines: Sequence[Line], width: float) -> int:
    """How often the next line is neither further down nor at the head of a column to the right."""
    jumps = 0
    for before, after in pairwise(lines):
        upwards = after.y > before.y + 0.5 * before.size
        to_the_left = after.x < before.x - 0.3 * width
        to_the_right = after.x > before.x + 0.3 * width
        jumps += (upwards and not to_the_right) or (to_the_left and after.y > before.y - 3 * before.size)
    return jumps


def _by_columns(page: PageLines, middle: float) -> list[Line | Rule]:
    """Bands between lines that run across the page; in each band the left column, then the right one."""
    ordered: list[Line | Rule] = []
    left: list[Line | Rule] = []
    right: list[Line | Rule] = []
    for line in sorted(page.lines, key=lambda line: -line.y):
        if line.x < middle - 6 and line.right > middle + 12:
            ordered += [*left, *right, line]
            left, right = [], []
        elif line.x < middle - 6:
            left.append(line)
        else:
            right.append(line)
    return [*ordered, *left, *right]
