"""Matrices and cases folded into one line: rows part by semicolons, `[a b; c d]`."""

from collections.abc import Sequence
from dataclasses import replace

from paper2code.papers.pdf import symbols
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
        inside = _inside(items, position) if isinstance(item, Span) and item.loose else None
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
    return item.loose and level and text.startswith(_CLOSERS[opener.text.strip()]) and item.x > opener.x


def _cases(found: Sequence[Span], opener: Span) -> list[Span] | None:
    """The rows right of a lone brace: at least two, none on its middle unless they are three, all starting alike."""
    near = []
    for span in found:
        if abs(span.y - opener.y) > 2.4 * opener.size:
            break
        near.append(span)
    rows = _rows(near)
    starts = [row[0].x for row in rows]
    if len(rows) < 2 or max(starts) - min(starts) > 0.5 * opener.size:
        return None
    balanced = abs(sum(baseline(row)[0] for row in rows) / len(rows) - opener.y) < 0.8 * opener.size
    return near if balanced else None


def _rows(spans: Sequence[Span]) -> list[list[Span]]:
    """Spans in drawing order parted where the baseline of the full-sized ones drops."""
    if not spans:
        return []
    largest = max(span.size for span in spans)
    rows: list[list[Span]] = []
    level = 0.0
    for span in spans:
        full = span.size >= SMALL * largest and not span.loose
        if not rows or (full and level - span.y > 0.75 * largest and span.x < rows[-1][-1].right):
            rows.append([span])
            level = span.y
        else:
            rows[-1].append(span)
            level = span.y if full and len(rows[-1]) == 1 else level
    return rows


def _joined(rows: Sequence[Sequence[Span]]) -> str:
    texts = ["⋮" if set(text) <= {"."} else text for text in map(linear, rows)]
    return "; ".join(
        text for index, text in enumerate(texts) if text != "⋮" or texts[index - 1 : index] != ["⋮"]
    )
