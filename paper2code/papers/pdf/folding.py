"""Two-dimensional mathematics folded into one line: accents, fractions, roots, limits, matrices.

TeX and its kin draw a formula in the order in which it is read: a numerator, its bar, the denominator; a root's
sign, its bar, the radicand; an upper limit, the operator, its lower limit. So a bar is folded with its neighbours in
drawing order that lie within its width, and nothing has to be searched for on the page.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from paper2code.papers.pdf import symbols
from paper2code.papers.pdf.linear import SMALL, baseline, linear
from paper2code.papers.pdf.matrices import fold_matrices
from paper2code.papers.pdf.spans import Item, Rule, Span

_SCRIPT = r"(?:[_^]\{[^{}]*\}|′)"
_ATOM = re.compile(
    rf"(?:\d+(?:\.\d+)?|∂?{_SCRIPT}*[^\W\d]\w?|[^\w\s]){_SCRIPT}*|√?\([^()]*\)"  # a number, a symbol, a group
)


def fold(items: Sequence[Item]) -> list[Item]:
    """Replace what stands in two dimensions by single spans; the rules left are ruled lines."""
    return fold_matrices(_fold_limits(_fold_bars(_fold_accents(items), _ruled_lines(items))))


def _fold_accents(items: Sequence[Item]) -> list[Item]:
    """An accent drawn over the letter that follows it is put on that letter."""
    folded: list[Item] = []
    for item in items:
        accent = folded[-1] if folded else None
        if (
            isinstance(item, Span)
            and isinstance(accent, Span)
            and symbols.is_accent(accent.text.strip())
            and item.text[:1].isalpha()
            and abs(item.x - accent.x) < 0.6 * item.size
        ):
            folded[-1] = replace(item, text=symbols.compose_accents(accent.text.strip() + item.text))
        else:
            folded.append(item)
    return folded


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


def _fold_bars(items: Sequence[Item], ruled: set[Item]) -> list[Item]:
    folded: list[Item] = []
    position = 0
    while position < len(items):
        item = items[position]
        position += 1
        if isinstance(item, Span) or item in ruled:
            folded.append(item)
            continue
        below = _below(items, position, item)
        above = _above(folded, item)
        sign = folded[-1] if folded else None
        if below and isinstance(sign, Span) and _is_root_of(sign, item):
            folded[-1] = _root(sign, item, _spans(_fold_bars(below, ruled)))
            position += len(below)
        elif _is_fraction(item, _spans(above), denominator := _spans(_fold_bars(below, ruled))):
            del folded[-len(above) :]
            folded.append(_fraction(item, _spans(above), denominator))
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


def _above(folded: Sequence[Item], bar: Rule) -> list[Item]:
    """What was drawn right before a bar, over it."""
    found: list[Item] = []
    for item in reversed(folded):
        reach = 2.6 * item.size if isinstance(item, Span) else 0.0
        if not _within(item, bar) or not bar.y < item.y < bar.y + reach:
            break
        found.append(item)
    return found[::-1]


def _spans(items: Iterable[Item]) -> list[Span]:
    return [item for item in items if isinstance(item, Span)]


def _is_root_of(sign: Span, bar: Rule) -> bool:
    return sign.text.rstrip().endswith("√") and -2 < bar.x - sign.x < 1.4 * sign.size


def _root(sign: Span, bar: Rule, radicand: Sequence[Span]) -> Span:
    inside = linear(radicand)
    y, size = baseline(radicand)
    before = sign.text.rstrip()
    return Span(f"{before}({inside}) ", sign.x, y, size, symbols.face("CMMI"), bar.right)


def _is_fraction(bar: Rule, numerator: Sequence[Span], denominator: Sequence[Span]) -> bool:
    """One row above and one row below, the wider of which the bar fits; not a line ruled under a head or a table."""
    if not numerator or not denominator:
        return False
    both = [*numerator, *denominator]
    start = min(span.x for span in both)
    widest = max(max(s.right for s in part) - min(s.x for s in part) for part in (numerator, denominator))
    short = sum(len(span.text) for span in both) < 40
    return (
        abs(start - bar.x) < 4
        and widest > 0.5 * bar.width
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


def _fraction(bar: Rule, numerator: Sequence[Span], denominator: Sequence[Span]) -> Span:
    over, under = linear(numerator), linear(denominator)
    _, size = baseline([*numerator, *denominator])
    text = f"{_grouped(over)}/{_grouped(under)} "
    return Span(text, bar.x, bar.y - 0.25 * size, size, symbols.face("CMMI"), bar.right, loose=True)


def _grouped(text: str) -> str:
    return text if _ATOM.fullmatch(text) else f"({text})"


def _fold_limits(items: Sequence[Item]) -> list[Item]:
    folded: list[Item] = []
    position = 0
    while position < len(items):
        item = items[position]
        position += 1
        if not (isinstance(item, Span) and item.text.strip() in symbols.BIG_OPERATORS):
            folded.append(item)
            continue
        over = _limit(reversed(folded), item, 1)[::-1]
        if over:
            del folded[-len(over) :]
        limits = {"^": over, "_": []}
        for mark, side in (("^", 1), ("_", -1), ("^", 1)):
            if not limits[mark]:
                limits[mark] = _limit(items[position:], item, side)
                position += 0 if limits[mark] is over else len(limits[mark])
        scripts = "".join(f"{mark}{{{linear(limits[mark])}}}" for mark in "_^" if limits[mark])
        right = max([item.x + 1.4 * item.size, *(span.right for limit in limits.values() for span in limit)])
        folded.append(replace(item, text=f"{item.text.strip()}{scripts} ", right=right))
    return folded


def _limit(neighbours: Iterable[Item], operator: Span, side: int) -> list[Span]:
    """The small spans right before (side 1, over) or after (side -1, under) an operator in drawing order."""
    beside = operator.text.strip() in "∫∮"  # an integral has its limits to the right of it
    found: list[Span] = []
    for item in neighbours:
        if not isinstance(item, Span) or item.size > SMALL * operator.size:
            break
        distance = side * (item.y - operator.y) / operator.size
        farthest = operator.x + (1.6 if beside else 1.45 if side > 0 else 1.05) * operator.size
        too_far = item.x > farthest and not found
        if not 0.45 < distance < 2.4 or too_far or item.right < operator.x - 2.5 * operator.size:
            break
        found.append(item)
    centred = found and min(span.x for span in found) < operator.x + 0.9 * operator.size
    return found if centred or beside else []
