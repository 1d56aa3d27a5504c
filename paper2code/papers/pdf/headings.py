"""Which lines are headings: told by weight, size and number, checked against the PDF's own landmarks."""

import re

from paper2code.papers.ids import split_number
from paper2code.papers.pdf.landmarks import Landmarks
from paper2code.papers.pdf.lines import Line

_NUMBERED = re.compile(
    r"(?:Appendix\s+[A-Z]\b|[A-Z](?:\.\d{1,2}){1,3}\.?\s|[A-Z]\.?\s|[IVX]{1,5}\.\s|\d{1,2}(?:\.\d{1,2}){0,3}\.?\s)\s*\S"
)
_WELL_KNOWN = re.compile(
    r"(?:abstract|references|bibliography|acknowledge?ments?|conclusions?|introduction|appendix|appendices"
    r"|supplementary material|impact statement|ethics statement|reproducibility statement|contents)[.:]?",
    re.IGNORECASE,
)
_LARGER = 1.12
_CONTENTS_LINE = re.compile(r"(?:\s*\.){4,}|\s\d{1,3}$")


def is_heading(line: Line, body_size: float, landmarks: Landmarks) -> bool:
    """Whether a line starts a heading."""
    text = line.text
    if len(text) > 160 or text.endswith(",") or line.math > 0.6 or not re.search(r"[^\W\d_]{2}", text):
        return False
    if _WELL_KNOWN.fullmatch(split_number(text)[1]) and (
        line.bold > 0.6 or text.isupper() or line.size > body_size
    ):
        return True
    larger = line.size >= _LARGER * body_size
    numbered = bool(_NUMBERED.match(text))
    if not _looks_like_one(line, numbered=numbered, larger=larger, body_size=body_size):
        return False
    return not landmarks.deny(line.page, line.y, split_number(text)[0])


def goes_on(heading: Line, line: Line, body_size: float) -> bool:
    """Whether a line is the next line of the heading above it."""
    close = 0 < heading.y - line.y < 1.6 * line.size and abs(heading.size - line.size) < 0.3
    alike = (heading.bold > 0.6) == (line.bold > 0.6) and (
        line.bold > 0.6 or line.size >= _LARGER * body_size
    )
    return close and alike and heading.page == line.page and not _NUMBERED.match(line.text)


def _looks_like_one(line: Line, *, numbered: bool, larger: bool, body_size: float) -> bool:
    if line.bold > 0.6:
        return larger or (numbered and line.size >= 0.97 * body_size)
    if larger:
        return numbered and len(line.text) < 120
    in_capitals = line.text.isupper() and len(line.text) > 8
    return numbered and in_capitals and line.size >= 0.78 * body_size and not _CONTENTS_LINE.search(line.text)
