"""Lines joined to blocks: headings, paragraphs, equations, captions, tables, algorithms, code, notes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from paper2code.papers.ids import kind_of, split_number
from paper2code.papers.model import FloatKind
from paper2code.papers.pdf.algorithms import algorithm_text
from paper2code.papers.pdf.captions import figure_labels, starts_caption
from paper2code.papers.pdf.equations import continues_equation, is_display
from paper2code.papers.pdf.furniture import PageLines
from paper2code.papers.pdf.headings import HeadingRules
from paper2code.papers.pdf.lines import Line
from paper2code.papers.pdf.listings import is_code, listing_text
from paper2code.papers.pdf.measures import Measures
from paper2code.papers.pdf.regions import Region, regions_of
from paper2code.papers.pdf.spans import Rule
from paper2code.papers.pdf.tables import table_text
from paper2code.papers.pdf.words import Vocabulary

BlockKind = Literal["heading", "paragraph", "equation", "caption", "table", "algorithm", "code", "note"]

_MARKED = re.compile(r"[•◦▪‣∙●○■□➢✓]\s*\S")
_BULLET = re.compile(r"(?:[·–—]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+\S")
_ROW_TOKEN = re.compile(r"[(\[±+\-−–<>~∼≈]*\d[\d.,]*(?:[%×xKMBk)\]†*↑↓/±]|\^\{[^}]*\}|_\{[^}]*\})*")
_STEP = re.compile(
    r"\d{1,2}:\s|(?:(?:for|while|if|else|repeat|until|end|return|require|ensure|input|output)\b.{0,80}"
    r"(?:\bdo|\bthen|:|\bend|\bfor|\bif|\bwhile)$)",
    re.IGNORECASE,
)
_ENDS = (".", "!", "?", ":", ".”", '."', ".)", "]")


@dataclass(slots=True)
class Block:
    """A run of lines of one kind; `lines` in reading order."""

    kind: BlockKind
    lines: list[Line] = field(default_factory=list)

    @property
    def page(self) -> int:
        """The index of the page it starts on."""
        return self.lines[0].page

    def prose(self, vocabulary: Vocabulary) -> str:
        """The lines as running text, words joined over line ends."""
        text = ""
        for line in self.lines:
            text = vocabulary.join(text, line.text)
        return text

    def rows(self, of: FloatKind = "table") -> str:
        """The lines one by one: those of a table in columns, those `of` an algorithm with their indents."""
        if self.kind == "code" or all(map(is_code, self.lines)):
            return listing_text(self.lines)
        if self.kind == "table" and of == "table":
            return table_text(self.lines)
        return algorithm_text(self.lines)


def blocks_of(pages: Sequence[PageLines], measures: Measures, headings: HeadingRules) -> list[Block]:
    """The blocks of a document in reading order."""
    builder = _Builder(measures, headings)
    for page in pages:
        builder.page(page)
    return builder.blocks


class _Builder:
    def __init__(self, measures: Measures, headings: HeadingRules) -> None:
        self.blocks: list[Block] = []
        self._measures = measures
        self._headings = headings
        self._paragraph: Block | None = None  # the last one, while nothing but floats and notes came after it
        self._open: Block | None = None  # the one that the last line went to
        self._last: Line | None = None
        self._lead = 0.0
        self._in_notes = False
        self._in_references = False  # where addresses look like code, and volumes and pages like rows

    def page(self, page: PageLines) -> None:
        regions = regions_of(page)
        labels = figure_labels(page, regions, self._measures)
        self._in_notes = False
        for line in page.lines:
            if isinstance(line, Rule):
                self._in_notes = self._starts_notes(line, page)
                self._last = None if self._after("caption") else self._last
            elif line not in labels:
                region = next((region for region in regions if line in region), None)
                self._add(self._kind(line, region), line)
                self._last = line

    def _starts_notes(self, rule: Rule, page: PageLines) -> bool:
        """Whether a short rule stands above nothing but small lines in its column."""
        half = rule.x >= self._measures.middle
        under = [
            line for line in page.text_lines if line.y < rule.y and (line.x >= self._measures.middle) == half
        ]
        small = all(line.size < 0.96 * self._measures.body_size for line in under)
        return rule.y < page.height / 2 and bool(under) and small and rule.width < 0.4 * page.width

    def _kind(self, line: Line, region: Region | None) -> BlockKind:
        kind: BlockKind = "paragraph"
        if starts_caption(line, region, self._measures) and not self._mid_sentence(line):
            kind = "caption"
        elif region is not None:
            kind = region.kind
        elif self._continues_caption(line):
            kind = "caption"
        elif self._is_note(line):
            kind = "note"
        elif self._headings.starts(line) or self._continues_heading(line):
            kind = "heading"
        elif not self._in_references:
            kind = self._kind_of_content(line)
        return kind

    def _kind_of_content(self, line: Line) -> BlockKind:
        """What stands between the headings and captions of a section."""
        if self._is_equation(line):
            return "equation"
        if is_code(line) and not self._mid_sentence(line):
            return "code"
        if _is_row(line.text):
            return "table"
        is_step = _STEP.match(line.text) and (self._after("algorithm") or self._after("caption"))
        return "algorithm" if is_step else "paragraph"

    def _after(self, kind: BlockKind) -> bool:
        return self._open is not None and self._open.kind == kind

    def _mid_sentence(self, line: Line) -> bool:
        """Whether the line above runs on into this one, so that "Figure 3." is part of its sentence."""
        above = self._last
        if above is None or above.page != line.page or not self._after("paragraph"):
            return False
        close = 0 < above.y - line.y < 1.3 * max(self._lead, line.size)
        return close and abs(above.size - line.size) < 0.3 and not above.text.endswith(_ENDS)

    def _continues_caption(self, line: Line) -> bool:
        above = self._last
        if above is None or not self._after("caption") or above.page != line.page:
            return False
        close = 0 < above.y - line.y < 1.45 * line.size
        return close and abs(above.size - line.size) < 0.3 and abs(line.x - above.x) < 60

    def _continues_heading(self, line: Line) -> bool:
        above = self._last
        return above is not None and self._after("heading") and self._headings.go_on(above, line)

    def _is_note(self, line: Line) -> bool:
        small = line.size < 0.96 * self._measures.body_size
        if not small:
            self._in_notes = False
        marked = re.match(r"\^\{(?:\d{1,2}|[∗†‡§*]+)\}", line.text) is not None
        return small and (self._in_notes or marked or (self._after("note") and self._is_close(line)))

    def _is_close(self, line: Line) -> bool:
        above = self._last
        return above is not None and above.page == line.page and 0 < above.y - line.y < 1.4 * line.size

    def _is_equation(self, line: Line) -> bool:
        above = self._last
        if above is not None and self._after("equation") and continues_equation(above, line):
            return True
        lead = 1.35 * (self._lead or 1.2 * line.size)
        apart = above is None or above.page != line.page or not 0 < above.y - line.y < lead
        return is_display(line, indent=self._measures.indent(line), apart=apart)

    def _add(self, kind: BlockKind, line: Line) -> None:
        if kind == "paragraph":
            self._add_prose(line)
            return
        same = self._after(kind)
        if kind == "heading":
            same = same and self._continues_heading(line)
        elif kind == "caption":
            same = same and self._continues_caption(line)
        elif kind == "note":
            same = same and not line.text.startswith("^{")
        elif kind in {"table", "algorithm", "code"}:
            same = same and self._open is not None and self._open.page == line.page
        ends_prose = kind in {"heading", "equation"} or (kind == "code" and not self._after("caption"))
        if same and self._open is not None:
            self._open.lines.append(line)
        else:
            self._begin(kind, line)
        if ends_prose:
            self._paragraph = None
        if kind == "heading":
            self._in_references = kind_of(split_number(line.text)[1]) == "references"

    def _begin(self, kind: BlockKind, line: Line) -> Block:
        self._open = Block(kind, [line])
        self.blocks.append(self._open)
        return self._open

    def _add_prose(self, line: Line) -> None:
        paragraph = self._paragraph
        if paragraph is None or self._starts_paragraph(paragraph.lines, line):
            self._paragraph = self._begin("paragraph", line)
        else:
            paragraph.lines.append(line)
            self._open = paragraph

    def _starts_paragraph(self, lines: Sequence[Line], line: Line) -> bool:
        above = lines[-1]
        gap = above.y - line.y
        finished = above.text.rstrip().endswith(_ENDS)
        if _BULLET.match(line.text) and (
            finished or above.text.endswith((",", ";", "and")) or gap > 1.6 * line.size
        ):
            return True
        if _MARKED.match(line.text) or abs(above.size - line.size) > 0.6:
            return True
        if above.page != line.page or gap <= 0 or not self._after("paragraph"):
            return finished and not line.text[:1].islower()
        if finished and line.spans[0].face.bold and line.bold < 0.9 and not above.spans[0].face.bold:
            return True  # a run-in title, or the name of a theorem
        usual = max(self._lead or 1.2 * line.size, line.size)
        tall = not finished and any(span.loose for span in (*above.spans, *line.spans))
        if gap > (2.4 if tall else 1.35) * usual:
            return True
        self._lead = gap if gap > 0.9 * line.size else self._lead
        indent = self._measures.indent(line)
        return finished and 0.8 < indent < 4 and self._measures.indent(above) < 0.5


def _is_row(text: str) -> bool:
    """Whether most of a line's words are numbers, as in the row of a table."""
    tokens = text.split()
    numbers = sum(bool(_ROW_TOKEN.fullmatch(token)) for token in tokens)
    return numbers >= 3 and numbers >= 0.4 * len(tokens)
