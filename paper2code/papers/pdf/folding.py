"""Two-dimensional mathematics folded into one line, before lines are built.

TeX and its kin draw a formula in the order in which it is read, so each form is found among neighbours in
drawing order and nothing has to be searched for on the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from paper2code.papers.pdf import symbols
from paper2code.papers.pdf.bars import fold_bars
from paper2code.papers.pdf.linear import SMALL, linear
from paper2code.papers.pdf.matrices import fold_matrices
from paper2code.papers.pdf.rules import join_rules
from paper2code.papers.pdf.spans import Item, Span


def fold(items: Sequence[Item]) -> list[Item]:
    """Replace accents, fractions, roots, limits and matrices by single spans; rules left are ruled lines."""
    return fold_matrices(_fold_limits(fold_bars(_fold_accents(join_rules(items)))))


def _fold_accents(items: Sequence[Item]) -> list[Item]:
    """An accent drawn over the letter that follows it is put on that letter.

    Typst draws it over the letter before it; there the Unicode order is right already.
    """
    folded: list[Item] = []
    for item in items:
        accent, base = (folded[-1], folded[-2]) if len(folded) > 1 else (None, None)
        if (
            isinstance(item, Span)
            and isinstance(accent, Span)
            and symbols.is_accent(accent.text.strip())
            and item.text[:1].isalpha()
            and abs(item.x - accent.x) < 0.6 * item.size
            and not (isinstance(base, Span) and base.x <= accent.x < base.right)
        ):
            folded[-1] = replace(item, text=symbols.compose_accents(accent.text.strip() + item.text))
        else:
            folded.append(item)
    return folded


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
