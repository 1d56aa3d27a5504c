"""Papers in S2ORC JSON, as s2orc-doc2json makes it out of PDFs with GROBID.

The text has the word EQUATION where a display stood; the formula itself is in the paragraph's `eq_spans`, as
the glyphs that GROBID read. A file that some cleaning step left without `eq_spans` has lost its formulas.
"""

import hashlib
import json
import re
from pathlib import Path

from pydantic import ValidationError

from paper2code.errors import PaperError
from paper2code.papers.captions import split_caption
from paper2code.papers.draft import Draft
from paper2code.papers.files import text_of
from paper2code.papers.ids import kind_of, level_of, split_number
from paper2code.papers.model import Float, Paper
from paper2code.papers.s2orc.schema import Author, Document, Entry, Paragraph, Parse, Reference

EXTRACTOR = "paper2code s2orc 1"

_PLACEHOLDER = re.compile(r"\bEQUATION\b")
_NOTICE = re.compile(r"^Provided proper attribution.{0,200}?scholarly works\.\s*", re.DOTALL)
_FOOTNOTE = re.compile(
    r"(?<=[.!?])\s+(?:\*|†|‡|∗)\s+(?:Equal contribution|Work performed|Corresponding).*\Z", re.DOTALL
)
_BEFORE_STOP = re.compile(r"(?<=[\]\w)]) +(?=[.,;:](?:\s|$))")
_FEW_FORMULAS = (
    "S2ORC keeps few formulas, and loses the places of figures; the LaTeX source or the PDF would give more."
)


def read(source: Path) -> Paper:
    """Read an S2ORC JSON file, raw or cleaned.

    Raises:
        PaperError: the file is no JSON, or JSON of another tool.
    """
    text, content = text_of(source)
    document = _parsed(text, source.name)
    parse = document.parse
    if parse is None:
        raise PaperError(_other_tool(source.name))
    draft = Draft(warnings=[_FEW_FORMULAS])
    draft.title = _NOTICE.sub("", " ".join((document.title or "").split()))
    draft.authors = tuple(filter(None, (_name(author) for author in document.authors or [])))
    draft.abstract = _abstract(document, parse)
    writer = _Writer(draft)
    for paragraph in parse.body_text:
        writer.add(paragraph)
    for paragraph in parse.back_matter or []:
        writer.add(paragraph)
    _add_floats(draft, parse.ref_entries or {})
    draft.references = [_entry(key, entry) for key, entry in (parse.bib_entries or {}).items()]
    if writer.lost:
        draft.warnings.append(
            f"{writer.lost} formulas are gone from this file, which says EQUATION in their place; "
            "give the uncleaned S2ORC JSON, the LaTeX source or the PDF to have them."
        )
    return draft.paper(source="s2orc", sha256=hashlib.sha256(content).hexdigest(), extractor=EXTRACTOR)


def _parsed(text: str, name: str) -> Document:
    try:
        return Document.model_validate(json.loads(text))
    except (ValueError, RecursionError) as error:
        if isinstance(error, ValidationError):
            raise PaperError(_other_tool(name)) from error
        raise PaperError(
            f"{name} is no valid JSON ({error}); make it again, or pass the paper's PDF."
        ) from error


def _other_tool(name: str) -> str:
    return (
        f"{name} is JSON of another tool than S2ORC (it has no pdf_parse.body_text); "
        "pass that tool's Markdown, or the paper's PDF."
    )


class _Writer:
    """Writes paragraphs into sections, with displays put back where their placeholders stand."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.current: tuple[str | None, str | None] | None = None
        self.in_appendix = False
        self.lost = 0

    def add(self, paragraph: Paragraph) -> None:
        """Append a paragraph, under a new heading if it names another section than the one before."""
        text = " ".join(paragraph.text.split())
        heading = split_number(text) if len(text) < 80 and not paragraph.eq_spans else (None, text)
        if (
            heading[0]
            and heading[0] != text
            and not re.search(r"[.,;:=]", heading[1])
            and heading[1].istitle()
        ):
            self._begin(heading[1], heading[0])
            self.current = (paragraph.section, paragraph.sec_num)
            return
        place = (paragraph.section, paragraph.sec_num)
        if place != self.current and (paragraph.section or self.current is None):
            self.current = place
            number = paragraph.sec_num.strip(". ") if paragraph.sec_num else None
            found, title = split_number(paragraph.section or "Text")
            self._begin(title, number or found)
        self._write(self._pieces(paragraph))

    def _write(self, pieces: list[str]) -> None:
        """Append to the section; what begins with a stop goes on after a formula that was cut out."""
        parts = self.draft.sections[-1].parts
        for piece in pieces:
            shown = _BEFORE_STOP.sub("", piece)
            if parts and shown[0] in ".,;:)" and not parts[-1].startswith("\0"):
                parts[-1] += shown
            else:
                parts.append(shown)

    def _begin(self, title: str, number: str | None) -> None:
        is_letter = number is not None and number[0].isalpha()
        kind = kind_of(title, in_appendix=self.in_appendix or is_letter)
        self.in_appendix = self.in_appendix or kind in {"references", "appendix"}
        shown = "Acknowledgements" if kind == "acknowledgements" else title
        default = self._level_of_unnumbered() if kind in {"body", "appendix"} else 1
        self.draft.heading(shown, number, level_of(number, default), kind)

    def _level_of_unnumbered(self) -> int:
        """GROBID numbers sections as the paper does; one without a number is a run-in heading of the last."""
        last = self.draft.sections[-1]
        return (
            1 if last.number is None and last.level == 1 else min(6, last.level + (last.number is not None))
        )

    def _pieces(self, paragraph: Paragraph) -> list[str]:
        text, pieces, at = paragraph.text, [], 0
        spans = sorted(paragraph.eq_spans or [], key=lambda span: span.start)
        for span in spans:
            if not at <= span.start <= span.end <= len(text):
                continue
            number = (span.eq_num or "").strip("() ") or None
            pieces += [text[at : span.start], self.draft.equation(number=number, text=span.raw_str)]
            at = span.end
        rest = [*pieces, text[at:]]
        self.lost += sum(len(_PLACEHOLDER.findall(piece)) for piece in rest)
        return [shown for piece in rest if (shown := piece.strip())]


def _abstract(document: Document, parse: Parse) -> str:
    for found in (document.abstract, parse.abstract):
        text = found if isinstance(found, str) else "\n\n".join(part.text for part in found or [])
        if text.strip():
            return _FOOTNOTE.sub("", _NOTICE.sub("", text.strip()))
    return ""


def _add_floats(draft: Draft, references: dict[str, Reference]) -> None:
    for key, entry in references.items():
        kind = (entry.type_str or entry.type or key[:3]).lower()
        if not kind.startswith(("fig", "tab")):
            continue
        caption = split_caption(entry.text or "")
        rows = entry.content or entry.html or ""
        number = entry.fig_num or (caption.number if caption else None)
        if number is None and kind.startswith("tab") and (place := re.fullmatch(r"TABREF(\d+)", key)):
            number = str(int(place[1]) + 1)
        draft.float(
            Float(
                id="",
                kind="figure" if kind.startswith("fig") else "table",
                number=number,
                caption=caption.text if caption else " ".join((entry.text or "").split()),
                text=rows if kind.startswith("tab") else "",
                format="html" if rows.startswith("<") and kind.startswith("tab") else "lines",
            )
        )


def _entry(key: str, entry: Entry) -> str:
    text = entry.raw_text or ", ".join(str(part) for part in (entry.title, entry.year) if part)
    place = re.fullmatch(r"BIBREF(\d+)", key)
    return f"[{int(place[1]) + 1}] {text}" if place else text


def _name(author: Author) -> str:
    return " ".join(filter(None, [author.first, *(author.middle or []), author.last]))
