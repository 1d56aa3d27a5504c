"""Several sources of one paper made one `Paper`: an appendix, an addendum, notes, the README of a data set.

The parts of a supplement keep their ids behind the letter of their source: `b.s1` and `b.eq2` in the first
supplement, `c.s1` in the second. The paper itself has no letter, so its ids stay as they are.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from string import ascii_lowercase

from paper2code.errors import PaperError
from paper2code.papers.ids import PLACED, mentions, split_source
from paper2code.papers.model import Equation, Float, Paper, Section

_LETTERS = ascii_lowercase[1:]
_PLACED = re.compile(rf"\[({PLACED})\]")


def add_supplement(paper: Paper, name: str, supplement: Paper) -> Paper:
    """The paper with another source behind its own sections.

    A number that a supplement names ("Section 4.1") is its own where it numbers such a part itself, else the
    paper's. Sections of the paper that name a part which only the supplement has gain a reference to it.

    Args:
        paper: the paper, with or without supplements.
        name: what readers call the source, as a rule its file name.
        supplement: the source as its reader read it.

    Raises:
        PaperError: the paper has a supplement of that name, or as many as there are letters.
    """
    letters = {split_source(section.id)[0] for section in paper.sections} - {""}
    if len(letters) == len(_LETTERS):
        raise PaperError(f"{name} is one supplement too many: join some of the {len(_LETTERS)} before it.")
    if any(section.source == name for section in paper.sections):
        raise PaperError(f"{name} is a supplement of this paper already; give each file once.")
    parts = _parts(paper)
    known = {split_source(part.id)[1]: part.id for part in reversed(parts)}
    added = _Renamer(f"{_LETTERS[len(letters)]}.", name, _parts(supplement), known)
    only_there = {own: added.prefix + own for own in added.numbered - set(known)}
    return paper.model_copy(
        update={
            "sections": (*_referring(paper.sections, only_there), *added.sections(supplement)),
            "equations": (*paper.equations, *map(added.equation, supplement.equations)),
            "floats": (*paper.floats, *map(added.float, supplement.floats)),
            "references": (*paper.references, *supplement.references),
            "sha256": hashlib.sha256(f"{paper.sha256}\n{supplement.sha256}".encode()).hexdigest(),
            "extractor": " + ".join(dict.fromkeys([*paper.extractor.split(" + "), supplement.extractor])),
            "warnings": (*paper.warnings, *(f"{name}: {warning}" for warning in supplement.warnings)),
        }
    )


class _Renamer:
    """Gives the parts of one supplement their place in the paper."""

    def __init__(
        self, prefix: str, name: str, parts: Sequence[Section | Equation | Float], known: Mapping[str, str]
    ) -> None:
        self.prefix = prefix
        self.numbered = {part.id for part in parts if part.number}
        self._name = name
        self._own = {part.id for part in parts}
        self._known = known

    def sections(self, supplement: Paper) -> tuple[Section, ...]:
        """Its sections, led by one for its title and abstract, since a `Paper` has these but once."""
        text = supplement.abstract or supplement.front_matter
        titles = {section.title for section in supplement.sections}
        sections = [self._section(section) for section in supplement.sections]
        if not sections or text or (supplement.title and supplement.title not in titles):
            front = Section(id="front", title=supplement.title or "Opening", level=1, text=text)
            sections.insert(0, self._section(front))
        return tuple(sections)

    def equation(self, equation: Equation) -> Equation:
        return equation.model_copy(update={"id": self.prefix + equation.id})

    def float(self, item: Float) -> Float:
        caption, text = self._renamed(item.caption), self._renamed(item.text)
        return item.model_copy(update={"id": self.prefix + item.id, "caption": caption, "text": text})

    def _section(self, section: Section) -> Section:
        named = [*section.refs, *mentions(section.text, self._own | self._known.keys())]
        refs = dict.fromkeys(self._target(part, section.text) for part in named)
        name = self.prefix + section.id
        refs.pop(name, None)
        return section.model_copy(
            update={
                "id": name,
                "title": self._renamed(section.title),
                "text": self._renamed(section.text),
                "refs": tuple(refs),
                "source": self._name,
            }
        )

    def _target(self, part: str, text: str) -> str:
        """What a name in this supplement stands for; ids without a number give way to those of the paper."""
        is_own = part in self.numbered or f"[{part}]" in text or part not in self._known
        return self.prefix + part if is_own else self._known[part]

    def _renamed(self, text: str) -> str:
        return _PLACED.sub(
            lambda mark: f"[{self.prefix}{mark[1]}]" if mark[1] in self._own else mark[0], text
        )


def _parts(paper: Paper) -> Sequence[Section | Equation | Float]:
    return [*paper.sections, *paper.equations, *paper.floats]


def _referring(sections: Collection[Section], only_there: Mapping[str, str]) -> Iterable[Section]:
    """The sections with references to what they name and only a supplement has."""
    for section in sections:
        found = tuple(only_there[part] for part in mentions(section.text, only_there))
        yield section.model_copy(update={"refs": (*section.refs, *found)}) if found else section
