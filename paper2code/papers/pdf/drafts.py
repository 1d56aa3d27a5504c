"""Sections and floats while they grow, their equations and floats standing in them as marks."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from paper2code.papers import ids
from paper2code.papers.model import Float, FloatKind, Section, SectionKind
from paper2code.papers.pdf.lines import Line

_FLOAT = "\0float"


def equation_mark(index: int) -> str:
    """What holds the place of an equation, given how many came before it, until it has its name."""
    return f"\0equation {index}\0"


def float_mark(index: int) -> str:
    """What holds the place of a float, given how many came before it."""
    return f"{_FLOAT} {index}\0"


def place(text: str, names: Mapping[str, str]) -> str:
    """The text with the marks in it replaced by names, as `[eq2]`."""
    return re.sub("\0[a-z]+ \\d+\0", lambda mark: f"[{names[mark[0]]}]", text).strip()


@dataclass(slots=True)
class SectionDraft:
    """A section while its text grows; `lines` are those of its paragraphs, by which references are parted."""

    number: str | None
    title: str
    kind: SectionKind
    page: int
    parts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The parts, and after them the notes whose marks were not found in them."""
        return "\n\n".join([*self.parts, *self.notes])

    def finished(self, name: str, names: Mapping[str, str], known: Collection[str]) -> Section:
        """The section under its name, given the names of all marks and of all parts of the paper."""
        text = "" if self.kind == "references" else place(self.text, names)
        return Section(
            id=name,
            number=self.number,
            title=self.title,
            level=ids.level_of(self.number),
            kind=self.kind,
            text=text,
            refs=tuple(ref for ref in ids.mentions(text, known) if ref != name),
            page=self.page + 1,
        )

    def take_note(self, mark: str, note: str) -> bool:
        """Put a footnote where its mark stands in the latest part that has it, as the LaTeX reader does."""
        where = re.compile(rf"([^\W\d_]{{3}}|[.,;:”’\"]){re.escape(mark)}(?!\w)")
        for index in reversed(range(len(self.parts))):
            if found := where.search(self.parts[index]):
                before, after = self.parts[index][: found.end(1)], self.parts[index][found.end() :]
                self.parts[index] = f"{before} (footnote: {note}){after}"
                return True
        return False

    def add_equation(self, mark: str) -> None:
        """Append an equation, before the floats that came between it and the sentence that it is part of."""
        at = len(self.parts)
        while at and self.parts[at - 1].startswith(_FLOAT):
            at -= 1
        unfinished = at > 0 and not self.parts[at - 1].endswith((".", "!", "?", "\0"))
        self.parts.insert(at if unfinished else len(self.parts), mark)


@dataclass(slots=True)
class FloatDraft:
    """A float, which gets its rows before or after its caption."""

    kind: FloatKind
    number: str | None
    caption: str
    page: int
    rows: str = ""

    def finished(self, name: str) -> Float:
        """The float under its name."""
        return Float(
            id=name,
            kind=self.kind,
            number=self.number,
            caption=self.caption,
            text=self.rows,
            page=self.page + 1,
        )
