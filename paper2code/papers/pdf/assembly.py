"""Blocks put together as a `Paper`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from paper2code.papers import ids
from paper2code.papers.model import Equation, Float, FloatKind, Paper, Section, SectionKind
from paper2code.papers.pdf import bibliography, front
from paper2code.papers.pdf.blocks import CAPTION, Block
from paper2code.papers.pdf.equations import displays
from paper2code.papers.pdf.furniture import PageLines
from paper2code.papers.pdf.lines import Line
from paper2code.papers.pdf.words import Vocabulary

_KINDS: dict[str, FloatKind] = {"f": "figure", "t": "table", "a": "algorithm", "l": "listing"}
_PUBLISHER = re.compile(
    r"Correspondence to|Proceedings of|Equal contribution|Preprint\b|Under review|Copyright \d|Conference on"
    r"|^\^\{[^}]*\}\s*(?:Department|University|School|Institute|Work (?:performed|done))",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Draft:
    """A section while its text grows. Equations and floats stand in it by their index, as `\\0eq:3\\0`."""

    number: str | None
    title: str
    kind: SectionKind
    page: int
    parts: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class _FloatDraft:
    kind: FloatKind
    number: str | None
    caption: str
    page: int
    rows: str = ""


class Assembly:
    """Takes the blocks of a document in reading order and gives the paper they make up."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._sections: list[_Draft] = [_Draft(None, "", "body", 0)]
        self._equations: list[Equation] = []
        self._floats: list[_FloatDraft] = []
        self._loose_rows: Block | None = None
        self._in_appendix = False

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
        }
        handlers[block.kind](block)

    def paper(
        self, first: PageLines | None, *, sha256: str, extractor: str, warnings: Sequence[str]
    ) -> Paper:
        """The paper."""
        self._settle_rows()
        title = front.title_lines(first) if first is not None else []
        preamble, *drafts = self._sections
        abstract, drafts = self._abstract(preamble, drafts, title)
        placed = self._ids()
        section_ids = ids.assign_ids("s", [draft.number for draft in drafts])
        known = {*section_ids, *placed.values()}
        sections = []
        for name, draft in zip(section_ids, drafts, strict=True):
            text = _place("\n\n".join(draft.parts), placed)
            sections.append(
                Section(
                    id=name,
                    number=draft.number,
                    title=draft.title,
                    level=ids.level_of(draft.number),
                    kind=draft.kind,
                    text=text,
                    refs=tuple(ref for ref in ids.mentions(text, known) if ref != name),
                    page=draft.page + 1,
                )
            )
        return Paper(
            title=" ".join(line.text for line in title),
            authors=front.authors_of(_between(first, title)) if first is not None else (),
            abstract=_place(abstract, placed),
            sections=tuple(sections),
            equations=tuple(self._named_equations(placed)),
            floats=tuple(self._named_floats(placed)),
            references=self._references(),
            source="pdf",
            sha256=sha256,
            extractor=extractor,
            warnings=tuple(warnings),
        )

    def _heading(self, block: Block) -> None:
        self._settle_rows()
        number, title = ids.split_number(block.prose(self._vocabulary))
        kind = ids.kind_of(title, in_appendix=self._in_appendix or _is_letter(number))
        self._in_appendix = self._in_appendix or kind in {"references", "appendix"}
        self._sections.append(_Draft(number, title.rstrip(".:"), kind, block.page))

    def _paragraph(self, block: Block) -> None:
        self._settle_rows()
        section = self._sections[-1]
        section.lines += block.lines
        section.parts.append(block.prose(self._vocabulary))

    def _note(self, block: Block) -> None:
        text = block.prose(self._vocabulary)
        if not (block.page == 0 and _PUBLISHER.search(text)):
            self._sections[-1].parts.append(text)

    def _equation(self, block: Block) -> None:
        self._settle_rows()
        for display in displays(block.lines):
            self._sections[-1].parts.append(f"\0eq:{len(self._equations)}\0")
            self._equations.append(Equation(id="", number=display.number, text=display.text))

    def _caption(self, block: Block) -> None:
        text = block.prose(self._vocabulary)
        match = CAPTION.match(text)
        if match is None:
            self._paragraph(block)
            return
        kind = _KINDS[match["word"][0].lower()]
        draft = _FloatDraft(kind, match["number"], text[match.end() :].strip(), block.page)
        if self._loose_rows is not None and kind != "figure" and self._loose_rows.page == block.page:
            draft.rows, self._loose_rows = self._loose_rows.rows(), None
        self._settle_rows()
        self._sections[-1].parts.append(f"\0float:{len(self._floats)}\0")
        self._floats.append(draft)

    def _rows(self, block: Block) -> None:
        """Rows belong to the caption before them, or else to the one after them."""
        last = self._floats[-1] if self._floats else None
        if last is not None and last.page == block.page and last.kind != "figure" and not last.rows:
            last.rows = block.rows()
            return
        self._settle_rows()
        self._loose_rows = block

    def _settle_rows(self) -> None:
        """Rows that no caption claims stay in the text."""
        if self._loose_rows is not None:
            self._sections[-1].parts.append(self._loose_rows.rows())
            self._loose_rows = None

    def _abstract(
        self, preamble: _Draft, drafts: list[_Draft], title: Sequence[Line]
    ) -> tuple[str, list[_Draft]]:
        for index, draft in enumerate(drafts[:3]):
            if re.fullmatch(r"abstract", draft.title, re.IGNORECASE):
                return "\n\n".join(draft.parts), drafts[:index] + drafts[index + 1 :]
        for index, part in enumerate(preamble.parts):
            if match := re.match(r"abstract\s*[.:—–-]*\s*", part, re.IGNORECASE):
                return "\n\n".join([part[match.end() :], *preamble.parts[index + 1 :]]), drafts
        longest = max(preamble.parts, key=len, default="")
        if not drafts:
            return "", [_Draft(None, "Text", "body", 0, preamble.parts, preamble.lines)]
        return (longest if len(longest) > 300 else ""), drafts

    def _references(self) -> tuple[str, ...]:
        lines = [line for draft in self._sections if draft.kind == "references" for line in draft.lines]
        for draft in self._sections:
            if draft.kind == "references":
                draft.parts.clear()
        return bibliography.entries(lines, self._vocabulary)

    def _ids(self) -> dict[str, str]:
        """The id of each equation and float, by the mark that holds its place."""
        self._references()
        names = ids.assign_ids("eq", [equation.number for equation in self._equations])
        placed = {f"\0eq:{index}\0": name for index, name in enumerate(names)}
        for kind, prefix in ids.FLOAT_PREFIX.items():
            own = [index for index, draft in enumerate(self._floats) if draft.kind == kind]
            named = ids.assign_ids(prefix, [self._floats[index].number for index in own])
            placed |= {f"\0float:{index}\0": name for index, name in zip(own, named, strict=True)}
        return placed

    def _named_equations(self, placed: dict[str, str]) -> list[Equation]:
        return [
            equation.model_copy(update={"id": placed[f"\0eq:{index}\0"]})
            for index, equation in enumerate(self._equations)
        ]

    def _named_floats(self, placed: dict[str, str]) -> list[Float]:
        return [
            Float(
                id=placed[f"\0float:{index}\0"],
                kind=draft.kind,
                number=draft.number,
                caption=draft.caption,
                text=draft.rows,
                page=draft.page + 1,
            )
            for index, draft in enumerate(self._floats)
        ]


def _place(text: str, placed: dict[str, str]) -> str:
    return re.sub("\0[a-z]+:\\d+\0", lambda mark: f"[{placed[mark[0]]}]", text).strip()


def _is_letter(number: str | None) -> bool:
    return number is not None and number[0].isalpha() and not re.fullmatch(r"[IVX]+", number)


def _between(page: PageLines, title: Sequence[Line]) -> list[Line]:
    """The lines of the first page between the title and the abstract."""
    lines = page.text_lines
    start = lines.index(title[-1]) + 1 if title else 0
    between: list[Line] = []
    for line in lines[start : start + 60]:
        if re.match(r"abstract\b|(?:\d\.?\s+)?introduction\b", line.text, re.IGNORECASE):
            break
        between.append(line)
    return between
