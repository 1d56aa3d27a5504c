"""From the parts of a LaTeX paper, as found, to a `Paper`: ids given, references resolved, text made Markdown."""

import hashlib
import re
from functools import partial
from pathlib import Path

from paper2code.errors import PaperError
from paper2code.papers.draft import float_ids
from paper2code.papers.ids import assign_ids, kind_of, mentions
from paper2code.papers.latex.bibliography import read_entries
from paper2code.papers.latex.flatten import Flat, content_of, flatten
from paper2code.papers.latex.front import read_abstract_command, read_authors, read_title
from paper2code.papers.latex.labels import References, Target
from paper2code.papers.latex.macros import expand_macros
from paper2code.papers.latex.parts import FoundFloat, FoundSection, Structure
from paper2code.papers.latex.prose import Prose
from paper2code.papers.latex.stash import Stash
from paper2code.papers.latex.structure import read_structure
from paper2code.papers.model import Equation, Float, Paper, Section, SectionKind

EXTRACTOR = "paper2code latex 1"
SHORTEST_OPENING = 400

_BEGIN = re.compile(r"\\begin\s*\{document\}")
_END = re.compile(r"\\end\s*\{document\}")
_HEADINGS = ("chapter", "section", "subsection", "subsubsection")
_FLOAT_WRAPPER = re.compile(r"\A\s*\[[^\]\n]{0,20}\]")


def read_source(main: Path, root: Path, sha256: str | None = None) -> Paper:
    """Read the paper whose main file is `main`; only files below `root` are put in.

    Args:
        main: the file that the paper is typeset from.
        root: the folder that holds all of it.
        sha256: the digest of the archive it came in; by default that of the files that were read.

    Raises:
        PaperError: the source has no text, or is too large to be a paper's.
    """
    flat = flatten(main, root)
    text, complete = expand_macros(flat.text)
    begin = _BEGIN.search(text)
    preamble, body = (text[: begin.start()], text[begin.end() :]) if begin else ("", text)
    body = _END.split(body, maxsplit=1)[0]
    structure = read_structure(preamble, body, flat.stash)
    builder = _Builder(structure, flat.stash)
    paper = builder.paper(preamble, body, sha256 or _digest(flat))
    if not any(section.text for section in paper.sections) and not paper.abstract:
        raise PaperError(f"{main.name} holds no text of a paper; pass the paper's main .tex file or its PDF.")
    return paper.model_copy(
        update={"warnings": tuple(_warnings(flat, builder.references, complete=complete))}
    )


def _digest(flat: Flat) -> str:
    digest = hashlib.sha256()
    for path in flat.files:
        digest.update(content_of(path))
    return digest.hexdigest()


def _warnings(flat: Flat, references: References, *, complete: bool) -> list[str]:
    warnings = []
    if flat.missing:
        warnings.append(f"Files that the source takes in but that are not there: {_some(flat.missing)}.")
    if references.unknown:
        warnings.append(f"References to labels that are nowhere: {_some(sorted(references.unknown))}.")
    if not complete:
        warnings.append("Some macros expand without end and were left as they stand.")
    return warnings


def _some(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


class _Builder:
    """Gives ids to the parts of a structure and turns their LaTeX into what agents read."""

    def __init__(self, structure: Structure, stash: Stash) -> None:
        self.structure, self.stash = structure, stash
        opening, *headed = structure.sections
        self.sections = headed or [opening]
        self.section_ids = assign_ids("s", [section.number for section in self.sections])
        self.equation_ids = assign_ids("eq", [next(iter(one.numbers), None) for one in structure.equations])
        self.float_ids = float_ids((one.kind, one.number) for one in structure.floats)
        self.references = References(self._targets())
        self.prose = Prose(self.references)

    def paper(self, preamble: str, body: str, sha256: str) -> Paper:
        """The paper, without warnings."""
        source = f"{preamble}\n{body}"
        found_abstract = "".join(self.structure.abstract) or read_abstract_command(source)
        in_appendix = False
        sections = []
        for index, section in enumerate(self.sections):
            in_appendix = in_appendix or section.in_appendix
            sections.append(self._section(index, section, in_appendix=in_appendix))
            in_appendix = in_appendix or sections[-1].kind in {"appendix", "references"}
        title = self._restored(read_title(source, self.prose))
        if len(self.sections) == 1 and not sections[0].title:
            sections = [sections[0].model_copy(update={"title": title or "Text"})]
        return Paper(
            title=title,
            authors=tuple(self._restored(name) for name in read_authors(source, self.prose)),
            abstract=self._text(found_abstract),
            sections=tuple(sections),
            equations=self._equations(),
            floats=tuple(self._float(index, one) for index, one in enumerate(self.structure.floats)),
            references=tuple(
                self._restored(entry) for entry in read_entries(self.structure.bibliography, body, self.prose)
            ),
            source="latex",
            sha256=sha256,
            extractor=EXTRACTOR,
        )

    def _targets(self) -> dict[str, Target]:
        shift = len(self.structure.sections) - len(self.sections)
        targets = {}
        for name, label in self.structure.labels.items():
            part: str | None = None
            if label.sort == "equation" and label.index < len(self.equation_ids):
                part = self.equation_ids[label.index]
            elif label.sort == "float":
                part = self.float_ids[label.index]
            elif label.sort == "section" and label.index >= shift:
                part = self.section_ids[label.index - shift]
            targets[name] = Target(part, label.number, label.word)
        return targets

    def _section(self, index: int, section: FoundSection, *, in_appendix: bool) -> Section:
        title = self._restored(self.prose.line(section.title)).rstrip(".:") or "Untitled"
        kind = self._kind(title, in_appendix=in_appendix)
        name = self.section_ids[index]
        self.references.mentioned.clear()
        text = "" if kind == "references" else self._text("".join(section.pieces))
        known = {*self.section_ids, *self.equation_ids, *self.float_ids}
        refs = dict.fromkeys([*self.references.mentioned, *mentions(text, known)])
        return Section(
            id=name,
            number=section.number,
            title=title,
            level=self._level(section.heading),
            kind=kind,
            text=text,
            refs=tuple(part for part in refs if part != name),
        )

    def _kind(self, title: str, *, in_appendix: bool) -> SectionKind:
        return kind_of(title, in_appendix=in_appendix)

    def _level(self, heading: str) -> int:
        used = [_HEADINGS.index(one.heading) for one in self.sections if one.heading in _HEADINGS]
        return _HEADINGS.index(heading) - min(used) + 1 if heading in _HEADINGS else 1

    def _equations(self) -> tuple[Equation, ...]:
        return tuple(
            Equation(id=name, number=_span(one.numbers), latex=self._restored(one.latex), exact=True)
            for name, one in zip(self.equation_ids, self.structure.equations, strict=True)
        )

    def _float(self, index: int, one: FoundFloat) -> Float:
        is_source = one.kind != "figure" or "\\begin{tabular" in one.text
        text = self._source(one.text) if is_source else self._within(self.prose.paragraphs(one.text))
        return Float(
            id=self.float_ids[index],
            kind=one.kind,
            number=one.number,
            caption=self._within(self.prose.line(one.caption)),
            text=text if any(mark.isalnum() for mark in text) else "",
            format="latex" if is_source else "lines",
        )

    def _text(self, latex: str) -> str:
        """Running text, with displays and floats as the marks that a `Section` has for them."""
        return self.stash.restore(self.prose.paragraphs(latex), self._shown)

    def _source(self, latex: str) -> str:
        return self._within(self.prose.source(latex))

    def _within(self, text: str) -> str:
        """The text of a float or a caption, whose displays stand in it whole."""
        return self.stash.restore(text, partial(self._shown, whole=True)).strip()

    def _restored(self, text: str) -> str:
        return self.stash.restore(text)

    def _shown(self, sort: str, number: int, *, whole: bool = False) -> str:
        piece = self.stash.pieces[number]
        if sort == "maths":
            return " ".join(piece.split())
        if sort == "equation" and not whole and number in self.structure.equation_marks:
            return f"[{self.equation_ids[self.structure.equation_marks[number]]}]"
        if sort == "float":
            return f"[{self.float_ids[int(piece)]}]"
        if sort == "source":
            return f"```latex\n{self._source(piece)}\n```"
        if sort == "code":
            return f"`{piece[len('verb') + 2 : -1]}`"
        return f"```\n{piece}\n```" if sort == "listing" and not whole else piece


def _span(numbers: tuple[str, ...]) -> str | None:
    """`3`, or `3-5` for the rows of one display."""
    if not numbers:
        return None
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"
