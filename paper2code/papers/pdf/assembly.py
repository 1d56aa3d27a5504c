"""Blocks put together as a `Paper`."""

import re
from collections.abc import Sequence

from paper2code.papers import ids
from paper2code.papers.model import Equation, FloatKind, Paper
from paper2code.papers.pdf import bibliography
from paper2code.papers.pdf.blocks import Block
from paper2code.papers.pdf.captions import CAPTION
from paper2code.papers.pdf.drafts import FloatDraft, SectionDraft, equation_mark, float_mark, place
from paper2code.papers.pdf.equations import Display, displays
from paper2code.papers.pdf.front import Front
from paper2code.papers.pdf.numbering import Numbering
from paper2code.papers.pdf.words import Vocabulary

_KINDS: dict[str, FloatKind] = {"f": "figure", "t": "table", "a": "algorithm", "l": "listing"}
_PUBLISHER = re.compile(
    r"Correspondence to|Proceedings of|Equal contribution|Preprint\b|Under review|Copyright \d|Conference on"
    r"|^\^\{[^}]*\}\s*(?:Department|University|School|Institute|Work (?:performed|done))",
    re.IGNORECASE,
)
_NOTE_MARK = re.compile(r"(?P<mark>\^\{(?P<number>[^{}]{1,3})\})\s*")
_LEFT_OUT = {"references", "acknowledgements"}  # of what agents read; floats that drift there are not
_SECTIONS_A_PAGE = 5  # a footnote stands at the foot of its page, which may have begun new sections by then
_LONG_ENOUGH = 200  # characters from which a paragraph before the first heading is taken for the abstract


class Assembly:
    """Takes the blocks of a document in reading order and gives the paper they make up."""

    def __init__(self, front: Front, vocabulary: Vocabulary) -> None:
        self._front = front
        self._vocabulary = vocabulary
        self._numbering = Numbering()
        self._sections: list[SectionDraft] = [SectionDraft(None, "", "body", 0)]
        self._equations: list[Display] = []
        self._floats: list[FloatDraft] = []
        self._unclaimed: Block | None = None

    def add(self, block: Block) -> None:
        """Append one block."""
        handlers = {
            "heading": self._heading,
            "paragraph": self._paragraph,
            "note": self._note,
            "equation": self._equation,
            "caption": self._caption,
            "table": self._rows,
            "algorithm": self._rows,
            "code": self._code,
        }
        if block.kind not in {"caption", "note", "table", "algorithm"}:
            self._leave_rows()
        handlers[block.kind](block)

    def paper(self, *, sha256: str, extractor: str, warnings: Sequence[str]) -> Paper:
        """The paper, its parts named and their marks replaced by their names."""
        self._leave_rows()
        abstract, drafts = self._part_abstract()
        names = self._names()
        section_ids = ids.assign_ids("s", [draft.number for draft in drafts])
        known = {*section_ids, *names.values()}
        sections = [
            draft.finished(name, names, known) for name, draft in zip(section_ids, drafts, strict=True)
        ]
        references = [line for draft in drafts if draft.kind == "references" for line in draft.lines]
        return Paper(
            title=self._front.title,
            authors=self._front.authors,
            abstract=place(abstract, names),
            sections=tuple(sections),
            equations=tuple(
                Equation(id=names[equation_mark(index)], number=display.number, text=display.text)
                for index, display in enumerate(self._equations)
            ),
            floats=tuple(
                draft.finished(names[float_mark(index)]) for index, draft in enumerate(self._floats)
            ),
            references=bibliography.entries(references, self._vocabulary),
            source="pdf",
            sha256=sha256,
            extractor=extractor,
            warnings=tuple(warnings),
        )

    def _heading(self, block: Block) -> None:
        number, title, kind = self._numbering.read(block.prose(self._vocabulary))
        self._sections.append(SectionDraft(number, title, kind, block.page))

    def _paragraph(self, block: Block) -> None:
        section = self._sections[-1]
        section.lines += block.lines
        section.parts.append(block.prose(self._vocabulary))

    def _note(self, block: Block) -> None:
        text = block.prose(self._vocabulary)
        if block.page == 0 and _PUBLISHER.search(text):
            return
        mark = _NOTE_MARK.match(text)
        note = text[mark.end() :] if mark is not None else text
        nearby = reversed(self._sections[-_SECTIONS_A_PAGE:])
        if mark is None or not any(section.take_note(mark["mark"], note) for section in nearby):
            number = f" {mark['number']}" if mark is not None else ""
            self._sections[-1].notes.append(f"(Footnote{number}: {note})")

    def _equation(self, block: Block) -> None:
        for display in displays(block.lines):
            self._sections[-1].add_equation(equation_mark(len(self._equations)))
            self._equations.append(display)

    def _caption(self, block: Block) -> None:
        text = block.prose(self._vocabulary)
        match = CAPTION.match(text)
        if match is None:
            self._paragraph(block)
            return
        kind = _KINDS[match["word"][0].lower()]
        draft = FloatDraft(kind, match["number"], text[match.end() :].strip(), block.page)
        rows = self._unclaimed
        if rows is not None and kind != "figure" and rows.page == block.page:
            draft.rows, self._unclaimed = rows.rows(kind), None
        self._leave_rows()
        if self._sections[-1].kind not in _LEFT_OUT:
            self._sections[-1].parts.append(float_mark(len(self._floats)))
        self._floats.append(draft)

    def _rows(self, block: Block) -> None:
        """Rows belong to the caption before them, or else to the one after them."""
        last = self._floats[-1] if self._floats else None
        if last is not None and last.page == block.page and last.kind != "figure" and not last.rows:
            last.rows = block.rows(last.kind)
            return
        self._leave_rows()
        self._unclaimed = block

    def _code(self, block: Block) -> None:
        """Code belongs to the caption of an algorithm or a listing before it, or else to the text."""
        last = self._floats[-1] if self._floats else None
        if (
            last is not None
            and last.page == block.page
            and last.kind in {"algorithm", "listing"}
            and not last.rows
        ):
            last.rows = block.rows(last.kind)
        else:
            self._sections[-1].parts.append(f"```\n{block.rows()}\n```")

    def _leave_rows(self) -> None:
        """Rows that no caption claims stay in the text."""
        if self._unclaimed is not None:
            self._sections[-1].parts.append(self._unclaimed.rows())
            self._unclaimed = None

    def _part_abstract(self) -> tuple[str, list[SectionDraft]]:
        """The abstract by its heading or run-in title, or else what comes before the first heading."""
        preamble, *drafts = self._sections
        for index, draft in enumerate(drafts[:3]):
            if re.fullmatch("abstract", draft.title, re.IGNORECASE):
                return draft.text, drafts[:index] + drafts[index + 1 :]
        for index, part in enumerate(preamble.parts):
            if match := re.match(r"abstract\s*[.:—–-]*\s*", part, re.IGNORECASE):
                return "\n\n".join([part[match.end() :], *preamble.parts[index + 1 :]]), drafts
        if not drafts:
            return "", [SectionDraft(None, "Text", "body", 0, preamble.parts, preamble.notes, preamble.lines)]
        return "\n\n".join(
            part for part in preamble.parts if len(part) > _LONG_ENOUGH or "\0" in part
        ), drafts

    def _names(self) -> dict[str, str]:
        """The id of each equation and float, by the mark that holds its place."""
        names = dict(
            zip(
                map(equation_mark, range(len(self._equations))),
                ids.assign_ids("eq", [display.number for display in self._equations]),
                strict=True,
            )
        )
        for kind, prefix in ids.FLOAT_PREFIX.items():
            own = [index for index, draft in enumerate(self._floats) if draft.kind == kind]
            named = ids.assign_ids(prefix, [self._floats[index].number for index in own])
            names |= dict(zip(map(float_mark, own), named, strict=True))
        return names
