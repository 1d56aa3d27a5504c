"""The lines of an algorithm, with the indents that tell where its loops and branches end."""

import re
from collections.abc import Sequence

from paper2code.papers.pdf import symbols
from paper2code.papers.pdf.linear import linear
from paper2code.papers.pdf.lines import Line

_NUMBER = re.compile(r"(?:\^\{)?(?P<number>\d{1,3}[.:]?)\}?\s+(?=\S)")


def algorithm_text(lines: Sequence[Line]) -> str:
    """One line a step. Where the steps are numbered, the indent follows the number.

    A step's number stands at the margin whatever the step's own indent is.
    """
    parted = [_parted(line) for line in lines]
    if sum(bool(number) for number, _, _ in parted) <= len(parted) / 2:
        parted = [("", line.x, line.text) for line in lines]
    edge = min((x for _, x, _ in parted), default=0.0)
    margin = max((len(number) + 1 for number, _, _ in parted if number), default=0)
    return "\n".join(
        f"{number:<{margin}}{'  ' * round((x - edge) / line.size)}{text}"
        for line, (number, x, text) in zip(lines, parted, strict=True)
    )


def _parted(line: Line) -> tuple[str, float, str]:
    """A step's number, empty where it has none, where the rest of it starts, and the rest."""
    match = _NUMBER.match(line.text)
    if match is None:
        return "", line.x, line.text
    first, *rest = line.spans
    if first.text.strip() == match["number"] and rest:
        return match["number"], rest[0].x, linear(rest)
    return match["number"], first.x + symbols.width(match[0]) * first.size, line.text[match.end() :]
