"""Source code, told by its monospaced type, with its line ends and indents."""

from collections.abc import Sequence
from statistics import median

from paper2code.papers.pdf.lines import Line

_MOSTLY = 0.9


def is_code(line: Line) -> bool:
    """Whether a line is set in a monospaced face; addresses often are, and are no code."""
    return line.mono > _MOSTLY and not line.text.startswith(("http", "www.", "//"))


def listing_text(lines: Sequence[Line]) -> str:
    """The lines with each span in its column of characters."""
    wide = [span for line in lines for span in line.spans if len(span.text.strip()) > 3]
    width = median((span.right - span.x) / len(span.text.rstrip()) for span in wide) if wide else 0.0
    edge = min((line.x for line in lines), default=0.0)
    rows = []
    for line in lines:
        row = ""
        for span in line.spans:
            column = round((span.x - edge) / width) if width > 0 else 0
            row = row.ljust(column) + span.text.rstrip()
        rows.append(row)
    return "\n".join(rows)
