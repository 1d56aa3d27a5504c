"""From the parts of a LaTeX paper to a `Paper`: ids given, references resolved, text made Markdown."""

import re
from functools import partial

from paper2code.papers.draft import float_ids
from paper2code.papers.ids import assign_ids, kind_of, mentions
from paper2code.papers.latex.bibliography import read_entries
from paper2code.papers.latex.floats import code_of
from paper2code.papers.latex.front import read_abstract_command, read_authors, read_title
from paper2code.papers.latex.labels import References, Target
from paper2code.papers.latex.parts import FoundFloat, FoundSection, Structure
from paper2code.papers.latex.prose import to_line, to_paragraphs
from paper2code.papers.latex.rows import to_rows
from paper2code.papers.latex.stash import Stash
from paper2code.papers.model import Equation, Float, Paper, Section

EXTRACTOR = "paper2code latex 1"
SHORTEST_OPENING = 400
OPENING = "Opening"

_REFERENCE = re.compile(r"\\((?:eq|[cC]|auto)?ref)\s*\{([^{}]*)\}")
_HEADINGS = ("chapter", "section", "subsection", "subsubsection")


class Assembly:
    """Gives ids to the parts of a structure and turns their LaTeX into what agents read."""

    def __init__(self, structure: Structure, stash: Stash) -> None:
        self.structure, self.stash = structure, stash
        opening, *headed = structure.sections
        has_opening = len("".join(opening.pieces).strip()) >= SHORTEST_OPENING
        self.sections = [opening, *headed] if has_opening or not headed else headed
        self.section_ids = assign_ids("s", [section.number for section in self.sections])
        self.equation_ids = assign_ids("eq", [next(iter(one.numbers), None) for one in structure.equations])
        self.float_ids = float_ids((one.kind, one.number) for one in structure.floats)
        self.known = {*self.section_ids, *self.equation_ids, *self.float_ids}
        self.references = References(self._targets())
        used = [_HEADINGS.index(one.heading) for one in self.sections if one.heading in _HEADINGS]
        self.top = min(used, default=0)

    def paper(self, preamble: str, body: str, sha256: str) -> Paper:
        """The paper, without warnings."""
        source = f"{preamble}\n{body}"
        title = self.stash.restore(read_title(source, self.references))
        abstract = "".join(self.structure.abstract) or read_abstract_command(source)
        entries = read_entries(self.structure.bibliography, self.references)
        return Paper(
            title=title,
            authors=read_authors(source, self.references),
            abstract=self._text(abstract),
            sections=self._sections(title),
            equations=self._equations(),
            floats=tuple(self._float(index, one) for index, one in enumerate(self.structure.floats)),
            references=tuple(self.stash.restore(entry) for entry in entries),
            source="latex",
            sha256=sha256,
            extractor=EXTRACTOR,
        )

    def _targets(self) -> dict[str, Target]:
        first = len(self.structure.sections) - len(self.sections)
        ids = {("section", first + index): name for index, name in enumerate(self.section_ids)}
        ids |= {("equation", index): name for index, name in enumerate(self.equation_ids)}
        ids |= {("float", index): name for index, name in enumerate(self.float_ids)}
        return {
            name: Target(ids.get((label.sort, label.index)), label.number, label.word)
            for name, label in self.structure.labels.items()
        }

    def _sections(self, title: str) -> tuple[Section, ...]:
        """The sections; a paper without headings is one, named by the paper's title."""
        sections: list[Section] = []
        in_appendix = False
        for index, section in enumerate(self.sections):
            in_appendix = in_appendix or section.in_appendix
            sections.append(self._section(index, section, title, in_appendix=in_appendix))
            in_appendix = in_appendix or sections[-1].kind in {"appendix", "references"}
        return tuple(sections)

    def _section(self, index: int, section: FoundSection, paper_title: str, *, in_appendix: bool) -> Section:
        title = self.stash.restore(to_line(section.title, self.references)).rstrip(".:")
        title = title or (OPENING if len(self.sections) > 1 else paper_title or "Text")
        kind = kind_of(title, in_appendix=in_appendix)
        name = self.section_ids[index]
        self.references.mentioned.clear()
        text = "" if kind == "references" else self._text("".join(section.pieces))
        refs = dict.fromkeys([*self.references.mentioned, *mentions(text, self.known)])
        refs.pop(name, None)
        return Section(
            id=name,
            number=section.number,
            title=title,
            level=self._level(section.heading),
            kind=kind,
            text=text,
            refs=tuple(refs),
        )

    def _level(self, heading: str) -> int:
        return _HEADINGS.index(heading) - self.top + 1 if heading in _HEADINGS else 1

    def _equations(self) -> tuple[Equation, ...]:
        return tuple(
            Equation(id=name, number=_span(one.numbers), latex=self._formula(one.latex), exact=True)
            for name, one in zip(self.equation_ids, self.structure.equations, strict=True)
        )

    def _formula(self, latex: str) -> str:
        """A formula as it stands in the source, with what it refers to by number."""
        return _REFERENCE.sub(
            lambda found: self.references.resolve(found[1], found[2]), self.stash.restore(latex)
        )

    def _float(self, index: int, one: FoundFloat) -> Float:
        is_source = one.kind != "figure" or "\\begin{tabular" in one.text
        if one.is_code:
            text = one.text
        elif is_source:
            text = self._within(to_rows(one.text, self.references))
        else:
            text = self._within(to_paragraphs(one.text, self.references))
        return Float(
            id=self.float_ids[index],
            kind=one.kind,
            number=one.number,
            caption=self._within(to_line(one.caption, self.references)),
            text=text if any(mark.isalnum() for mark in text) else "",
            format="lines" if one.is_code or not is_source else "latex",
        )

    def _text(self, latex: str) -> str:
        """Running text, with displays and floats as the marks that a `Section` has for them."""
        return self.stash.restore(to_paragraphs(latex, self.references), self._shown)

    def _within(self, text: str) -> str:
        """The text of a float or a caption, whose displays stand in it whole."""
        return self.stash.restore(text, partial(self._shown, whole=True)).strip()

    def _shown(self, sort: str, number: int, *, whole: bool = False) -> str:
        """What stands for a piece that was set aside."""
        piece = self.stash.pieces[number]
        if sort == "equation":
            index = self.structure.equation_marks.get(number)
            return piece if whole or index is None else f"[{self.equation_ids[index]}]"
        shown = {
            "maths": lambda: " ".join(self._formula(piece).split()),
            "float": lambda: f"[{self.float_ids[int(piece)]}]",
            "source": lambda: f"```latex\n{self._within(to_rows(piece, self.references))}\n```",
            "code": lambda: f"`{piece}`",
            "listing": lambda: code_of(piece) if whole else f"```\n{code_of(piece)}\n```",
        }
        return shown[sort]()


def _span(numbers: tuple[str, ...]) -> str | None:
    """`3`, or `3-5` for the rows of one display."""
    if not numbers:
        return None
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"
