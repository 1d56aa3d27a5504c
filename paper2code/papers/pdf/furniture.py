"""What a page carries besides its text: running heads, page numbers, stamps, line numbers for reviewers."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from paper2code.papers.pdf.lines import Line
from paper2code.papers.pdf.spans import Item, Page, Rule, Span

_EDGE = 0.085
_MARGIN = 0.125  # a running head may stand that far inside, if nothing stands further out
_FOLIO = re.compile(
    r"[-–—]?\s*(?:page\s*)?(?:\d{1,4}|[ivxl]{1,6})\s*(?:(?:of|/)\s*\d{1,4})?\s*[-–—]?", re.IGNORECASE
)
_STAMP = re.compile(r"arXiv:\d{4}\.\d{4,5}(?:v\d+)?\b.*\[[\w.-]+\]")
_MIN_LINE_NUMBERS = 12


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines and ruled lines of a page, in reading order."""

    index: int
    width: float
    height: float
    lines: tuple[Line | Rule, ...]

    @property
    def text_lines(self) -> list[Line]:
        """The lines without the ruled ones."""
        return [line for line in self.lines if isinstance(line, Line)]


def without_line_numbers(page: Page) -> Page:
    """Drop the column of rising numbers that a review copy carries in its margins."""
    columns: dict[int, list[Span]] = {}
    for item in page.items:
        if isinstance(item, Span) and re.fullmatch(r"\s*\d{1,4}\s*", item.text) and item.size < 12:
            columns.setdefault(round(item.right / 6), []).append(item)
    numbers: set[Item] = set()
    for spans in columns.values():
        if len(spans) >= _MIN_LINE_NUMBERS and _is_margin(spans, page) and _is_counting(spans):
            numbers.update(spans)
    return replace(page, items=tuple(item for item in page.items if item not in numbers)) if numbers else page


def _is_margin(numbers: Sequence[Span], page: Page) -> bool:
    """Nothing else starts to the left of the numbers, or to their right, or they stand in the gutter."""
    left, right = min(span.x for span in numbers), max(span.right for span in numbers)
    others = [item for item in page.items if isinstance(item, Span) and item not in numbers]
    before = sum(item.x < left - 2 for item in others)
    after = sum(item.right > right + 2 for item in others)
    gutter = abs((left + right) / 2 - page.width / 2) < 0.05 * page.width
    few = 0.1 * len(others)
    return before <= few or after <= few or gutter


def _is_counting(numbers: Sequence[Span]) -> bool:
    ordered = [int(span.text) for span in sorted(numbers, key=lambda span: -span.y)]
    steps = Counter(after - before for before, after in pairwise(ordered))
    step, times = steps.most_common(1)[0]
    return step in {1, 5} and times >= 0.8 * (len(ordered) - 1)


def without_furniture(pages: Sequence[PageLines]) -> list[PageLines]:
    """Drop running heads, page numbers and stamps at the edges of the pages."""
    seen = Counter(
        key
        for page in pages
        for key in {_key(line) for line in page.text_lines if _at_edge(line, page, _MARGIN)}
    )
    enough = max(2, min(3, len(pages) // 2))

    def belongs(line: Line, page: PageLines) -> bool:
        if _STAMP.match(line.text):
            return False
        repeated = seen[_key(line)] >= enough
        if _at_edge(line, page):
            return not (repeated or _FOLIO.fullmatch(line.text))
        return not (
            repeated and seen[_key(line)] > 2 and _at_edge(line, page, _MARGIN) and _is_outermost(line, page)
        )

    kept = []
    for page in pages:
        lines = [line for line in page.lines if isinstance(line, Rule) or belongs(line, page)]
        kept.append(replace(page, lines=tuple(_without_head_rule(lines, page))))
    return kept


def _without_head_rule(lines: list[Line | Rule], page: PageLines) -> list[Line | Rule]:
    return [line for line in lines if isinstance(line, Line) or line.y < page.height * (1 - _EDGE)]


def _at_edge(line: Line, page: PageLines, edge: float = _EDGE) -> bool:
    return not page.height * edge < line.y < page.height * (1 - edge)


def _is_outermost(line: Line, page: PageLines) -> bool:
    """Whether nothing stands above a line of the upper half, or below one of the lower half."""
    heights = [other.y for other in page.text_lines]
    return line.y > max(heights) - 2 if line.y > page.height / 2 else line.y < min(heights) + 2


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.y / 4)
