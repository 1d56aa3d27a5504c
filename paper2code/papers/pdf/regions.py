"""What stands between ruled lines: tables and algorithms."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from paper2code.papers.pdf.furniture import PageLines
from paper2code.papers.pdf.lines import Line
from paper2code.papers.pdf.spans import Rule

_ALGORITHM = re.compile(r"(?:Algorithm|ALGORITHM)\s*\d+")
_OTHER_CAPTION = re.compile(r"(?:Figure|Fig\.|Table|TABLE)\s*[A-Z]?\.?\d+\s*[.:]")


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a page between two rules of one width."""

    kind: Literal["table", "algorithm"]
    left: float
    right: float
    top: float
    bottom: float

    def __contains__(self, line: Line) -> bool:
        middle = (line.x + max(line.right, line.x)) / 2
        return (
            self.bottom - 1 < line.y < self.top
            and self.left - 4 <= line.x < self.right
            and middle < self.right + 40
        )


def regions_of(page: PageLines) -> list[Region]:
    """The tables and algorithms of a page that rules enclose."""
    groups: dict[tuple[int, int], list[Rule]] = defaultdict(list)
    for rule in page.lines:
        if isinstance(rule, Rule) and rule.width > 36:
            groups[round(rule.x / 3), round(rule.width / 3)].append(rule)
    regions: list[Region] = []
    for rules in groups.values():
        ordered = sorted(rules, key=lambda rule: -rule.y)
        if len(ordered) > 1:
            regions += _merged([_interval(upper, lower, page) for upper, lower in pairwise(ordered)])
    return regions


def _interval(upper: Rule, lower: Rule, page: PageLines) -> Region | None:
    """What two neighbouring rules enclose, or None where running text stands between them."""
    trial = Region("table", upper.x, upper.right, upper.y, lower.y)
    inside = [line for line in page.text_lines if line in trial]
    if any(_ALGORITHM.match(line.text) for line in inside[:1]):
        return Region("algorithm", upper.x, upper.right, upper.y, lower.y)
    if any(_OTHER_CAPTION.match(line.text) for line in inside) or _is_prose(inside):
        return None
    return trial


def _is_prose(lines: Sequence[Line]) -> bool:
    wordy = [line for line in lines if line.words >= 6]
    return len(wordy) >= 4 and len(wordy) > 0.6 * len(lines)


def _merged(intervals: Sequence[Region | None]) -> list[Region]:
    """Neighbouring intervals as one region.

    An algorithm is its caption's interval and the next one; what lies right before and after it is outside.
    """
    starts = [
        at for at, interval in enumerate(intervals) if interval is not None and interval.kind == "algorithm"
    ]
    outside = {at - 1 for at in starts} | {at + 2 for at in starts}
    regions: list[Region] = []
    joined = False
    for at, interval in enumerate(intervals):
        if interval is None or at in outside - set(starts):
            joined = False
        elif joined and at not in starts:
            regions[-1] = replace(regions[-1], bottom=interval.bottom)
        else:
            regions.append(interval)
            joined = True
    return regions
