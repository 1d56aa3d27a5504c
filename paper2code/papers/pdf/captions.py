"""Captions of figures, tables and algorithms, and the labels inside figures."""

import re
from collections.abc import Sequence

from paper2code.papers.pdf.furniture import PageLines
from paper2code.papers.pdf.lines import Line
from paper2code.papers.pdf.measures import Measures
from paper2code.papers.pdf.regions import Region

CAPTION = re.compile(
    r"(?P<word>Figure|Fig\.|FIGURE|FIG\.|Table|TABLE|Tab\.|Algorithm|ALGORITHM|Listing)\s*"
    r"(?P<number>[A-Z]?\.?\d+(?:\.\d+)?|[IVX]+)\s*(?P<mark>[.:|—–]|(?=\s|$))"
)
_MOST_WORDS_OF_A_LABEL = 7


def starts_caption(line: Line, region: Region | None, measures: Measures) -> bool:
    """Whether a line is set as a caption's first: a name and a number, marked off, small, or in bold."""
    match = CAPTION.match(line.text)
    if match is None:
        return False
    labelled = bool(match["mark"]) and len(line.text) > match.end()
    small = line.size < 0.97 * measures.body_size
    bold_label = line.spans[0].face.bold and line.bold < 0.9
    algorithm = match["word"].lower() == "algorithm" and region is not None
    alone = line.text.isupper() and len(line.text) == match.end()
    return labelled or small or bold_label or algorithm or alone


def figure_labels(page: PageLines, regions: Sequence[Region], measures: Measures) -> set[Line]:
    """The lines inside figures, drawn right before their captions: ticks, legends, names of parts."""
    labels: set[Line] = set()
    lines = page.text_lines
    tables = [region for region in regions if _is_captioned(region, lines)]
    for index, line in enumerate(lines):
        caption = CAPTION.match(line.text)
        if caption is None or not caption["word"].lower().startswith("fig"):
            continue
        for at in reversed(range(index)):
            above = lines[at]
            if (
                above.y < line.y
                or not _is_label(above, measures)
                or any(above in region for region in tables)
                or (at and _ends_text(lines[at - 1], above, measures))
            ):
                break
            labels.add(above)
    return labels


def _ends_text(before: Line, line: Line, measures: Measures) -> bool:
    """Whether a short line is the last one of a paragraph or of the caption of another figure."""
    close = 0 < before.y - line.y < 1.45 * line.size and abs(before.x - line.x) < 2
    return close and abs(before.size - line.size) < 0.3 and not _is_label(before, measures)


def _is_captioned(region: Region, lines: Sequence[Line]) -> bool:
    """Whether the caption of a table or algorithm is near; the panels of a figure have rules as well."""
    reach = 4 * max((line.size for line in lines), default=10.0)
    return region.kind == "algorithm" or any(
        (caption := CAPTION.match(line.text)) is not None
        and not caption["word"].lower().startswith("fig")
        and region.bottom - reach < line.y < region.top + reach
        for line in lines
    )


def _is_label(line: Line, measures: Measures) -> bool:
    body_sized = line.size > 0.95 * measures.body_size
    prose = body_sized and (measures.indent(line) < 0.5 or line.math > 0.2)
    return not prose and line.words <= _MOST_WORDS_OF_A_LABEL and not CAPTION.match(line.text)
