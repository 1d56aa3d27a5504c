"""The entries of a reference list."""

import re
from collections.abc import Sequence

from paper2code.papers.pdf.lines import Line
from paper2code.papers.pdf.words import Vocabulary

_LABEL = re.compile(r"\[[\w+.,\- ]{1,24}\]|\d{1,3}\.\s")


def entries(lines: Sequence[Line], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Split a reference list by labels, else by hanging indents, else by the space between entries."""
    if not lines:
        return ()
    labelled = sum(bool(_LABEL.match(line.text)) for line in lines)
    starts = _labels(lines) if labelled >= max(2, len(lines) // 8) else _hanging(lines)
    joined: list[str] = []
    for line, is_start in zip(lines, starts, strict=True):
        if is_start or not joined:
            joined.append(line.text)
        else:
            joined[-1] = vocabulary.join(joined[-1], line.text)
    return tuple(joined)


def _labels(lines: Sequence[Line]) -> list[bool]:
    return [bool(_LABEL.match(line.text)) for line in lines]


def _hanging(lines: Sequence[Line]) -> list[bool]:
    """Whether each line starts at its column's left edge while others are indented, or stands apart."""
    starts = []
    for index, line in enumerate(lines):
        column = [other.x for other in lines if other.page == line.page and abs(other.x - line.x) < 30]
        edge = min(column)
        hangs = any(x - edge > 4 for x in column)
        above = lines[index - 1] if index else None
        apart = above is None or above.page != line.page or not 0 < above.y - line.y < 1.35 * line.size
        starts.append(line.x - edge < 3 if hangs else apart)
    return starts
