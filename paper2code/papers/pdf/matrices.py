"""Matrices and cases folded into one line: rows part by semicolons, `[a b; c d]`."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from paper2code.papers.pdf import symbols
from paper2code.papers.pdf.equations import NUMBER
from paper2code.papers.pdf.linear import SMALL, baseline, linear
from paper2code.papers.pdf.spans import Item, Span

_CLOSERS = {"[": "]", "(": ")", "{": "}", "|": "|"}
_MOST_SPANS = 160


def fold_matrices(items: Sequence[Item]) -> list[Item]:
    """Replace a tall bracket, the rows after it in drawing order and its counterpart by one span."""
    folded: list[Item] = []
    position = 0
    while position < len(items):
        item = items[position]
        inside = (
            _inside(items, position) if isinstance(item, Span) and _is_tall(item, items, position) else None
        )
        rows = _rows(inside) if inside else []
        if not isinstance(item, Span) or inside is None or len(rows) < 2:
            folded.append(item)
            position += 1
            continue
        position += 1 + len(inside)
        closer = items[position] if position < len(items) else None
        text = f"{item.text.strip()}{_joined(rows)}"
        right = max(span.right for span in inside)
        if isinstance(closer, Span) and _closes(closer, item):
            text, right = text + closer.text, closer.right
            position += 1
        folded.append(replace(item, text=text, right=right, face=symbols.face("CMMI")))
    return folded


def _is_tall(opener: Span, items: Sequence[Item], position: int) -> bool:
    """Whether a bracket spans rows: a tall glyph, or one followed by something off its own baseline."""
    after = items[position + 1] if position + 1 < len(items) else None
    off = isinstance(after, Span) and 0.4 < abs(after.y - opener.y) / opener.size < 8
    return opener.loose or (off and isinstance(after, Span) and after.size > SMALL * opener.size)


def _inside(items: Sequence[Item], start: int) -> list[Span] | None:
    """The spans up to the bracket's counterpart, or the aligned rows after a brace that has none."""
    opener = items[start]
    if not isinstance(opener, Span) or opener.text.strip() not in _CLOSERS:
        return None
    found: list[Span] = []
    for item in items[start + 1 : start + _MOST_SPANS]:
        if not isinstance(item, Span):
            break
        if _closes(item, opener):
            return found
        if item.x < opener.x or abs(item.y - opener.y) > 8 * opener.size:
            break
        found.append(item)
    return _cases(found, opener) if opener.text.strip() == "{" else None


def _closes(item: Span, opener: Span) -> bool:
    text = item.text.strip()
    level = abs(item.y - opener.y) < 0.4 * opener.size
    return (
        item.loose == opener.loose
        and level
        and text.startswith(_CLOSERS[opener.text.strip()])
        and item.x > opener.x
    )


def _cases(found: Sequence[Span], opener: Span) -> list[Span] | None:
    """The rows right of a lone brace: at least two, starting alike, balanced about its middle."""
    near = []
    for span in found:
        if abs(span.y - opener.y) > 2.4 * opener.size or NUMBER.fullmatch(span.text):
            break
        near.append(span)
    rows = _rows(near)
    starts = [row[0].x for row in rows]
    if len(rows) < 2 or max(starts) - min(starts) > 0.5 * opener.size:
        return None
    balanced = abs(sum(baseline(row)[0] for row in rows) / len(rows) - opener.y) < 0.8 * opener.size
    return near if balanced else None


def _rows(spans: Sequence[Span]) -> list[list[Span]]:
    """Spans parted by the baselines of the full-sized ones, from the top; scripts follow their base.

    Rows are told by height alone, because Typst draws a matrix by columns.
    """
    if not spans:
        return []
    largest = max(span.size for span in spans)
    rows: list[tuple[float, list[Span]]] = []
    current: list[Span] = []
    for span in spans:
        if span.size >= SMALL * largest or span.loose or not rows:
            at = next((row for level, row in rows if abs(level - span.y) < 0.6 * largest), None)
            current = [] if at is None else at
            if at is None:
                rows.append((span.y, current))
        current.append(span)
    return [row for _, row in sorted(rows, key=lambda row: -row[0])]


def _joined(rows: Sequence[Sequence[Span]]) -> str:
    texts = ["⋮" if set(text) <= {"."} else text for text in (linear(_spaced(row)) for row in rows)]
    return "; ".join(
        text for index, text in enumerate(texts) if text != "⋮" or texts[index - 1 : index] != ["⋮"]
    )


def _spaced(row: Sequence[Span]) -> list[Span]:
    """A row with a blank wherever its next span stands apart."""
    wide = [after.x - before.right > 0.6 * before.size for before, after in pairwise(row)]
    return [
        replace(span, text=span.text.rstrip() + " ") if gap else span
        for span, gap in zip(row, [*wide, False], strict=True)
    ]
