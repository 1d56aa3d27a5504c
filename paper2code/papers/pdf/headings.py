"""Which lines are headings: told by weight, size and number, checked against the PDF's own landmarks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from paper2code.papers.ids import split_number
from paper2code.papers.pdf.furniture import PageLines
from paper2code.papers.pdf.landmarks import Landmarks
from paper2code.papers.pdf.lines import Line

_NUMBERED = re.compile(
    r"(?:Appendix\s+[A-Z]\b|[A-Z](?:\.\d{1,2}){1,3}\.?\s|[A-Z]\.?\s|[IVX]{1,5}\.\s|\d{1,2}(?:\.\d{1,2}){0,3}\.?\s)"
    r"\s*\S"
)
_WELL_KNOWN = re.compile(
    r"(?:abstract|references|bibliography|acknowledge?ments?|conclusions?|introduction|appendix|appendices"
    r"|supplementary material|impact statement|ethics statement|reproducibility statement|contents)[.:]?",
    re.IGNORECASE,
)
# IEEE and Elsevier set the titles of subsections in italics
_ITALIC = re.compile(r"(?:[A-Z]\.|\d{1,2}(?:\.\d{1,2}){1,3}\.?)\s+[A-Z][^.;:]*")
_CONTENTS_LINE = re.compile(r"(?:\s*\.){4,}|\s\d{1,3}$")
_LARGER = 1.12
_MUCH_LARGER = 1.18
_LONGEST_TITLE = 90
_MOST_PER_PAGE = 5


@dataclass(frozen=True, slots=True)
class HeadingRules:
    """How headings are told in one document.

    Where size and weight alone find far too many, as in manuals that set code in bold, only `numbered_only`
    headings count.
    """

    body_size: float
    landmarks: Landmarks
    numbered_only: bool = False

    def starts(self, line: Line) -> bool:
        """Whether a line starts a heading."""
        text = line.text
        if len(text) > 160 or text.endswith(",") or line.math > 0.6 or not re.search(r"[^\W\d_]{2}", text):
            return False
        number, title = split_number(text)
        if _WELL_KNOWN.fullmatch(title) and self._stands_out(line):
            return True
        numbered = _NUMBERED.match(text) is not None
        if numbered and len(text) < 100 and self.landmarks.confirm(line.page, line.y, number):
            return True
        if not self._looks_like_one(line, numbered=numbered):
            return False
        return not self.landmarks.deny(line.page, line.y, number)

    def go_on(self, heading: Line, line: Line) -> bool:
        """Whether a line is the next line of the heading above it."""
        close = 0 < heading.y - line.y < 1.6 * line.size and abs(heading.size - line.size) < 0.3
        stands_out = line.bold > 0.6 or line.size >= _LARGER * self.body_size
        alike = (heading.bold > 0.6) == (line.bold > 0.6) and stands_out
        return close and alike and heading.page == line.page and not _NUMBERED.match(line.text)

    def _stands_out(self, line: Line) -> bool:
        return line.bold > 0.6 or line.text.isupper() or line.size > self.body_size + 0.5

    def _looks_like_one(self, line: Line, *, numbered: bool) -> bool:
        larger = line.size >= _LARGER * self.body_size
        if self.numbered_only and not numbered:
            return False
        if line.bold > 0.6:
            return larger or (numbered and line.size >= 0.97 * self.body_size)
        if larger:
            return len(line.text) < 120 and (numbered or self._is_title(line))
        if _ITALIC.fullmatch(line.text) and len(line.text) < _LONGEST_TITLE:
            return all(span.face.italic or len(span.text.strip()) < 4 for span in line.spans)
        capitals = line.text.isupper() and len(line.text) > 8 and line.size >= 0.78 * self.body_size
        return numbered and capitals and not _CONTENTS_LINE.search(line.text)

    def _is_title(self, line: Line) -> bool:
        """Whether a line without weight or number stands out by its size alone, as in word processors."""
        text = line.text
        shaped = text[0].isupper() and not text.endswith((".", ";", ":")) and len(text) < _LONGEST_TITLE
        return shaped and line.words > 0 and line.math == 0 and line.size >= _MUCH_LARGER * self.body_size


def heading_rules(pages: Sequence[PageLines], body_size: float, landmarks: Landmarks) -> HeadingRules:
    """The rules that give a believable number of headings for a document."""
    rules = HeadingRules(body_size, landmarks)
    lines = [line for page in pages for line in page.text_lines]
    found = [line for line in lines if rules.starts(line)]
    too_many = len(found) > max(12, _MOST_PER_PAGE * len(pages))
    too_long = sum(len(line.text) for line in found) > 0.1 * sum(len(line.text) for line in lines)
    return replace(rules, numbered_only=True) if too_many or (too_long and len(found) > 12) else rules
