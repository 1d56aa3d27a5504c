"""Fractions, roots and underscores: what stands at a bar, folded into one line.

A bar is folded with its neighbours in drawing order that lie within its width: a numerator and a
denominator, or the radicand after the sign of a root.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from paper2code.papers.pdf import symbols
from paper2code.papers.pdf.linear import SMALL, baseline, linear
from paper2code.papers.pdf.spans import Item, Rule, Span

_SCRIPT = r"(?:[_^]\{[^{}]*\}|′)"
_ATOM = re.compile(
    rf"(?:\d+(?:\.\d+)?|∂?{_SCRIPT}*[^\W\d]|[^\w\s]){_SCRIPT}*|√?\([^()]*\)"  # a number, a symbol, a group
)


def fold_bars(items: Sequence[Item]) -> list[Item]:
    """Replace fractions and roots by single spans."""
    return _folded(items, _ruled_lines(items))


def _ruled_lines(items: Sequence[Item]) -> set[Item]:
    """Rules of tables and algorithms: long, and drawn again at the same place and width."""
    shapes = Counter((round(item.x), round(item.width)) for item in items if isinstance(item, Rule))
    return {
        item
        for item in items
        if isinstance(item, Rule)
        and item.width > 36
        and shapes[round(item.x), round(item.width)] > (1 if item.width > 110 else 2)
    }


def _folded(items: Sequence[Item], ruled: set[Item]) -> list[Item]:
    folded: list[Item] = []
    position = 0
    while position < len(items):
        item = items[position]
        position += 1
        if isinstance(item, Span) or item in ruled:
            folded.append(item)
            continue
        below = _below(items, position, item)
        sign = folded[-1] if folded else None
        if below and isinstance(sign, Span) and _is_root_of(sign, item):
            inside, after = _parted(below, item)
            folded[-1] = _root(sign, item, _spans(_folded(inside, ruled)))
            folded += after
            position += len(below)
        elif fraction := _fraction(folded, item, _spans(_folded(below, ruled))):
            span, used = fraction
            folded[len(folded) - used :] = [span]
            position += len(below)
        elif isinstance(sign, Span) and _is_underscore(item, sign, items[position : position + 1]):
            folded[-1] = replace(sign, text=sign.text.rstrip() + "_", right=item.right)
        elif item.width > 12:
            folded.append(item)
    return folded


def _is_underscore(bar: Rule, before: Span, after: Sequence[Item]) -> bool:
    """TeX rules the underscores of an identifier: short, near the baseline, the next letter at their end."""
    return (
        bar.width < 0.62 * before.size
        and abs(bar.y - before.y) < 0.25 * before.size
        and all(abs(item.x - bar.right) < 1.5 for item in after)
    )


def _within(item: Item, bar: Rule) -> bool:
    return bar.x - 1.5 <= item.x < bar.right - 0.5


def _below(items: Sequence[Item], start: int, bar: Rule) -> list[Item]:
    """What is drawn right after a bar, under it."""
    found: list[Item] = []
    lowest = bar.y
    for item in items[start:]:
        reach = 2.6 * item.size if isinstance(item, Span) else 30.0
        if not _within(item, bar) or item.y >= bar.y or lowest - item.y > reach:
            break
        found.append(item)
        lowest = min(lowest, item.y)
    return found


def _before(folded: Sequence[Item], bar: Rule) -> list[Span]:
    """What was drawn right before a bar, over or under it."""
    found: list[Span] = []
    for item in reversed(folded):
        if not isinstance(item, Span) or not _within(item, bar) or abs(item.y - bar.y) > 2.6 * item.size:
            break
        found.append(item)
    return found[::-1]


def _spans(items: Iterable[Item]) -> list[Span]:
    return [item for item in items if isinstance(item, Span)]


def _is_root_of(sign: Span, bar: Rule) -> bool:
    return sign.text.rstrip().endswith("√") and -2 < bar.x - sign.x < 1.4 * sign.size


def _parted(below: Sequence[Item], bar: Rule) -> tuple[list[Item], list[Item]]:
    """Part the last span under a bar where the bar ends: TeX shows a radicand and what follows together."""
    *before, last = below
    if not isinstance(last, Span) or last.right < bar.right + 0.25 * last.size:
        return list(below), []
    whole = symbols.width(last.text.rstrip()) or 1.0
    ends = [
        last.x + (last.right - last.x) * symbols.width(last.text[:count]) / whole
        for count in range(len(last.text))
    ]
    count = min(range(1, len(ends)), key=lambda index: abs(ends[index] - bar.right), default=0)
    if not last.text[count:].strip():
        return list(below), []
    inside = replace(last, text=last.text[:count], right=bar.right)
    return [*before, inside], [replace(last, text=last.text[count:].lstrip(), x=bar.right)]


def _root(sign: Span, bar: Rule, radicand: Sequence[Span]) -> Span:
    inside = linear(radicand)
    y, size = baseline(radicand)
    before = sign.text.rstrip()
    return Span(f"{before}({inside}) ", sign.x, y, size, symbols.face("CMMI"), bar.right)


def _fraction(folded: Sequence[Item], bar: Rule, below: Sequence[Span]) -> tuple[Span, int] | None:
    """The fraction of a bar, and how many items before the bar it takes.

    TeX draws the numerator, the bar and the denominator; Typst draws the bar last.
    """
    before = _before(folded, bar)
    if below:
        above = [span for span in _trailing(before, bar) if span.y > bar.y]
        numerator, denominator, used = above, list(below), len(above)
    else:
        numerator = [span for span in before if span.y > bar.y]
        denominator = [span for span in before if span.y <= bar.y]
        used = len(before)
    if not _is_fraction(bar, numerator, denominator):
        return None
    over, under = linear(numerator), linear(denominator)
    _, size = baseline([*numerator, *denominator])
    text = f"{_grouped(over)}/{_grouped(under)} "
    return Span(text, bar.x, bar.y - 0.25 * size, size, symbols.face("CMMI"), bar.right, loose=True), used


def _trailing(before: Sequence[Span], bar: Rule) -> list[Span]:
    """The last spans that stand over the bar without one under it between them."""
    under = [index for index, span in enumerate(before) if span.y <= bar.y]
    return list(before[under[-1] + 1 :] if under else before)


def _is_fraction(bar: Rule, numerator: Sequence[Span], denominator: Sequence[Span]) -> bool:
    """One row above and one below, the wider of which the bar fits; not a line under a head or a table."""
    if not numerator or not denominator:
        return False
    both = [*numerator, *denominator]
    start = min(span.x for span in both)
    widest = max(max(s.right for s in part) - min(s.x for s in part) for part in (numerator, denominator))
    short = sum(len(span.text) for span in both) < 40
    return (
        abs(start - bar.x) < 4
        and widest > 0.4 * bar.width
        and (short or any(span.face.math for span in both))
        and _is_one_row(numerator)
        and _is_one_row(denominator)
    )


def _is_one_row(spans: Sequence[Span]) -> bool:
    y, size = baseline(spans)
    return all(
        abs(span.y - y) < (0.4 if span.size >= SMALL * size and not span.loose else 1.6) * size
        for span in spans
    )


def _grouped(text: str) -> str:
    return text if _ATOM.fullmatch(text) else f"({text})"
