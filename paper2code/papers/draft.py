"""A paper while a reader puts it together: parts in reading order, without ids yet.

Equations and floats are written into the text as marks, since their ids follow from all numbers of the paper.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from paper2code.papers import ids
from paper2code.papers.entries import split_entries
from paper2code.papers.model import Equation, Float, FloatKind, Paper, Section, SectionKind, SourceForm

FloatFormat = Literal["lines", "markdown", "latex", "html"]

_MARK = re.compile("\0(eq|float):(\\d+)\0")
_EQUATION_MENTION = re.compile(r"\(([1-9]\d{0,2})\)|\b(?:Equations?|Eqs?\.|Eqns?\.)\s*([1-9]\d{0,2})\b")


@dataclass
class DraftSection:
    """A section while its text grows."""

    title: str
    number: str | None = None
    level: int = 1
    kind: SectionKind = "body"
    parts: list[str] = field(default_factory=list)


@dataclass
class Draft:
    """What a reader has found so far; the first section holds what stands before the first heading.

    `pictures` holds what the text links to in the place of a float's picture, by the float's index.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    sections: list[DraftSection] = field(default_factory=lambda: [DraftSection("")])
    references: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    equations: list[Equation] = field(default_factory=list)
    floats: list[Float] = field(default_factory=list)
    pictures: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def equation(self, *, number: str | None, latex: str | None = None, text: str = "") -> str:
        """Note a display equation, exact if its LaTeX is known; the mark that stands for it in the text."""
        self.equations.append(Equation(id="", number=number, latex=latex, text=text, exact=latex is not None))
        return f"\0eq:{len(self.equations) - 1}\0"

    def float(self, item: Float, pictures: Sequence[str] = ()) -> str:
        """Note a float, whose id may be empty, and its pictures; the mark that stands for it in the text."""
        if pictures:
            self.pictures[len(self.floats)] = tuple(pictures)
        self.floats.append(item)
        return f"\0float:{len(self.floats) - 1}\0"

    def heading(self, title: str, number: str | None, level: int, kind: SectionKind) -> DraftSection:
        """Begin a section."""
        section = DraftSection(title, number, max(1, min(6, level)), kind)
        self.sections.append(section)
        return section

    def paper(self, *, source: SourceForm, sha256: str, extractor: str) -> Paper:
        """The paper, ids given and marks replaced by them.

        A first section without a heading is kept only if the paper has no other; else it is front matter.
        """
        opening, *headed = self.sections
        kept = headed or [replace(opening, title=opening.title or self.title or "Text")]
        placed = self._placed()
        names = ids.assign_ids("s", [section.number for section in kept])
        known = {*names, *placed.values()}
        texts = [_place("\n\n".join(filter(None, section.parts)), placed) for section in kept]
        return Paper(
            title=_place(self.title, placed),
            authors=self.authors,
            abstract=_place(self.abstract, placed),
            front_matter=_place("\n\n".join(filter(None, opening.parts)), placed) if headed else "",
            sections=tuple(
                Section(
                    id=name,
                    number=section.number,
                    title=_place(section.title, placed),
                    level=section.level,
                    kind=section.kind,
                    text=text,
                    refs=tuple(part for part in ids.mentions(text, known) if part != name),
                )
                for name, section, text in zip(names, kept, texts, strict=True)
            ),
            equations=tuple(
                equation.model_copy(update={"id": placed[f"\0eq:{index}\0"]})
                for index, equation in enumerate(self.equations)
            ),
            floats=tuple(
                _placed_float(item, placed[f"\0float:{index}\0"], placed)
                for index, item in enumerate(self.floats)
            ),
            references=tuple(_place(entry, placed) for entry in self.references),
            source=source,
            sha256=sha256,
            extractor=extractor,
            warnings=tuple(self.warnings),
        )

    def take_references(self) -> None:
        """Move the text of reference lists to the entries; equations and floats set among them stay."""
        for section in self.sections:
            if section.kind == "references":
                self.references += split_entries(part for part in section.parts if not _MARK.search(part))
                section.parts = [part for part in section.parts if _MARK.search(part)]

    def linked_pictures(self) -> dict[str, tuple[str, ...]]:
        """The links to pictures, by the ids that the floats have in the paper."""
        names = float_ids((item.kind, item.number) for item in self.floats)
        return {names[index]: links for index, links in self.pictures.items()}

    def _placed(self) -> dict[str, str]:
        """The id of each equation and float, by its mark.

        Numbers that the text gives to equations are not given to others: a tool that lost them must not make
        "Equation (3)" point to the third formula.
        """
        text = "\n".join(part for section in self.sections for part in section.parts)
        named = [int(bare or worded) for bare, worded in _EQUATION_MENTION.findall(text)]
        numbers = [equation.number for equation in self.equations]
        equations = ids.assign_ids("eq", [*numbers, str(max(named, default=0))])[:-1]
        floats = float_ids((item.kind, item.number) for item in self.floats)
        return {f"\0eq:{index}\0": name for index, name in enumerate(equations)} | {
            f"\0float:{index}\0": name for index, name in enumerate(floats)
        }


def float_ids(floats: Iterable[tuple[FloatKind, str | None]]) -> Sequence[str]:
    """The ids of floats in reading order; each kind counts for itself."""
    listed = list(floats)
    names = [""] * len(listed)
    for kind, prefix in ids.FLOAT_PREFIX.items():
        own = [index for index, (other, _) in enumerate(listed) if other == kind]
        for index, name in zip(own, ids.assign_ids(prefix, [listed[index][1] for index in own]), strict=True):
            names[index] = name
    return names


def _placed_float(item: Float, name: str, placed: dict[str, str]) -> Float:
    return item.model_copy(
        update={"id": name, "caption": _place(item.caption, placed), "text": _place(item.text, placed)}
    )


def _place(text: str, placed: dict[str, str]) -> str:
    return _MARK.sub(lambda mark: f"[{placed[mark[0]]}]", text).strip()
