"""Reading order: the order of drawing where it is one, otherwise column by column."""

from collections.abc import Sequence
from dataclasses import replace

from paper2code.papers.pdf.furniture import PageLines
from paper2code.papers.pdf.lines import Line
from paper2code.papers.pdf.spans import Rule

_TOLERATED_JUMPS = 0.12


def in_reading_order(page: PageLines) -> PageLines:
    """Sort a page whose drawing order jumps about; leave any other as it is.

    TeX, Typst and word processors draw a page as it is read, floats aside. Some typesetters and editors do not.
    """
    lines = [
        line for line in page.text_lines if line.words >= 3
    ]  # a matrix or a table may well go up and down
    if len(lines) < 8 or _jumps(lines, page.width) <= max(3, _TOLERATED_JUMPS * len(lines)):
        return page
    return replace(page, lines=tuple(_by_columns(page)))


def _jumps(lines: Sequence[Line], width: float) -> int:
    """How often the next line is neither further down nor at the head of a column to the right."""
    jumps = 0
    for before, after in zip(lines, lines[1:], strict=False):
        upwards = after.y > before.y + 0.5 * before.size
        to_the_left = after.x < before.x - 0.3 * width
        to_the_right = after.x > before.x + 0.3 * width
        jumps += (upwards and not to_the_right) or (to_the_left and after.y > before.y - 3 * before.size)
    return jumps


def _by_columns(page: PageLines) -> list[Line | Rule]:
    """Bands between lines that run across the page; in each band the left column, then the right one."""
    middle = page.width / 2
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
