"""Walk over a paper's body and note its sections, displays and floats, numbered as TeX does."""

import re
from collections.abc import Callable, Iterable

from paper2code.papers.latex.commands import FRONT_ENVIRONMENTS, KEPT_ENVIRONMENTS, PICTURES
from paper2code.papers.latex.declarations import Declarations
from paper2code.papers.latex.floats import FLOAT_ENVIRONMENTS, WORDS, read_float, read_listing
from paper2code.papers.latex.maths import set_aside
from paper2code.papers.latex.parts import (
    Display,
    FoundEquation,
    FoundFloat,
    FoundLabel,
    FoundSection,
    Structure,
)
from paper2code.papers.latex.stash import Stash
from paper2code.papers.latex.syntax import Environment, Tex, environments

_TOKEN = re.compile(
    r"\\(?P<heading>part|chapter|section|subsection|subsubsection)(?P<star>\*?)(?![A-Za-z@])"
    r"|\\(?P<edge>begin|end)[ \t]*\{(?P<environment>[A-Za-z0-9@ -]+\*?)\}"
    r"|\\label\s*\{(?P<label>[^{}]*)\}"
    r"|\x02(?P<mark>equation|listing):(?P<piece>\d+)\x03"
    r"|\\(?P<item>item)(?![A-Za-z@])"
    r"|\\(?P<front>maketitle)(?![A-Za-z@])"
    r"|\\(?P<appendix>appendix)(?![A-Za-z@])"
    r"|\\(?P<declares>(?:setcounter|addtocounter|numberwithin|counterwithin|newtheorem|renewcommand|def)(?![A-Za-z@])\*?)"
)
_LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")
_EQUATION_MARK = re.compile(r"\x02equation:(\d+)\x03")
_LISTS = frozenset(["enumerate", "itemize", "description"])


def read_structure(preamble: str, body: str, stash: Stash) -> Structure:
    """Find the parts of a paper whose macros are expanded; its mathematics and code go to the stash."""
    text, displays = set_aside(body, stash)
    walk = _Walk(stash, displays)
    walk.declare(preamble)
    walk.read(text)
    return walk.structure


class _Walk:
    """Goes through a text once, counting as TeX does. `here` is what a label would point to."""

    def __init__(self, stash: Stash, displays: dict[int, Display]) -> None:
        self.stash, self.displays = stash, displays
        self.structure = Structure()
        self.declarations = Declarations()
        self.counters = self.declarations.counters
        self.here = FoundLabel("section", 0, "", "Section")
        self.outer: list[FoundLabel] = []
        self.items: list[int] = []
        self.in_appendix = False
        self.in_abstract = False
        self.subequations: str | None = None

    def declare(self, preamble: str) -> None:
        """Take in what a preamble says about counters and theorems."""
        tex = Tex(preamble)
        for token in _TOKEN.finditer(preamble):
            if token["declares"]:
                self.declarations.follow(tex, token["declares"], token.end())

    def read(self, text: str) -> None:
        """Take in the body."""
        tex = Tex(text)
        starts = {environment.start: environment for environment in environments(text)}
        at = 0
        for token in _TOKEN.finditer(text):
            if token.start() >= at:
                self._write(text[at : token.start()])
                at = self._step(tex, token, starts.get(token.start()))
        self._write(text[at:])

    def _write(self, text: str) -> None:
        pieces = self.structure.abstract if self.in_abstract else self.structure.sections[-1].pieces
        pieces.append(text)

    def _step(self, tex: Tex, token: re.Match[str], environment: Environment | None) -> int:
        """Take in one token and return the place from which the text goes on."""
        if token["heading"]:
            return self._heading(tex, token)
        if token["edge"] == "begin":
            return self._begin(tex, token, environment)
        if token["edge"] == "end":
            return self._end(token)
        if token["declares"]:
            return self._declare(tex, token)
        if token["mark"]:
            self._mark(token)
        elif token["item"]:
            self._item(token[0])
        else:
            self._note(token)
        return token.end()

    def _mark(self, token: re.Match[str]) -> None:
        if token["mark"] == "listing":
            self._listing(int(token["piece"]), token[0])
        else:
            self._equation(int(token["piece"]))
            self._write(token[0])

    def _note(self, token: re.Match[str]) -> None:
        """Take in a token that leaves nothing in the text."""
        if token["label"] is not None:
            self._label(token["label"], self.here)
        elif token["appendix"]:
            self._start_appendix()
        else:
            self._end_front()

    def _label(self, name: str, place: FoundLabel) -> None:
        self.structure.labels[name.strip()] = place

    def _heading(self, tex: Tex, token: re.Match[str]) -> int:
        title = tex.group(tex.past_options(token.end()))
        if title is None:
            return token.end()
        name = token["heading"]
        number = None if token["star"] or name == "part" else self.counters.step(name)
        self.in_appendix = self.in_appendix or self.declarations.letters_sections
        self.in_abstract = False
        self.structure.sections.append(FoundSection(title.text, number, name, self.in_appendix))
        word = "Appendix" if self.in_appendix else "Section"
        self.here = FoundLabel("section", len(self.structure.sections) - 1, number or "", word)
        self.outer.clear()
        for label in _LABEL.findall(title.text):
            self._label(label, self.here)
        return title.after

    def _begin(self, tex: Tex, token: re.Match[str], environment: Environment | None) -> int:
        name = token["environment"].rstrip("*")
        take = self._taker(name)
        if take is not None and environment is not None:
            take(environment, tex.text)
            return environment.end
        if name in self.declarations.theorems:
            return self._theorem(tex, name, token.end(), numbered=token["environment"] == name)
        if name == "abstract":
            self.in_abstract = environment is not None
            return token.end()
        if name in {"appendix", "appendices"}:
            self._start_appendix()
        elif name == "subequations":
            self.subequations = self.counters.step("equation")
            self.counters.set("subequation", 0)
            self._enter(FoundLabel("equation", len(self.structure.equations), self.subequations, "Equation"))
        elif name in _LISTS:
            self.items.append(0)
            self._enter(self.here)
        self._write(token[0])
        return token.end()

    def _taker(self, name: str) -> Callable[[Environment, str], None] | None:
        """What takes in an environment of this name as one piece, if anything does."""
        if name in FLOAT_ENVIRONMENTS:
            return self._float
        if name in KEPT_ENVIRONMENTS:
            return self._kept
        if name == "thebibliography":
            return self._bibliography
        return self._drop if name in PICTURES or name in FRONT_ENVIRONMENTS else None

    def _end(self, token: re.Match[str]) -> int:
        name = token["environment"].rstrip("*")
        if name == "abstract":
            self.in_abstract = False
            self._end_front()
            return token.end()
        if name == "subequations":
            self.subequations = None
        if name in _LISTS and self.items:
            self.items.pop()
        if self.outer and (name in self.declarations.theorems or name == "subequations" or name in _LISTS):
            self.here = self.outer.pop()
        self._write(token[0])
        return token.end()

    def _end_front(self) -> None:
        """Forget what stood before the text of the paper: authors, affiliations, dates."""
        if len(self.structure.sections) == 1:
            self.structure.sections[0].pieces.clear()

    def _enter(self, here: FoundLabel) -> None:
        self.outer.append(self.here)
        self.here = here

    def _declare(self, tex: Tex, token: re.Match[str]) -> int:
        after = self.declarations.follow(tex, token["declares"], token.end())
        if after is None:
            self._write(token[0])
        return after or token.end()

    def _item(self, command: str) -> None:
        if self.items:
            self.items[-1] += 1
            self.here = FoundLabel("item", 0, str(self.items[-1]), "item")
        self._write(command)

    def _theorem(self, tex: Tex, name: str, at: int, *, numbered: bool) -> int:
        counter, title = self.declarations.theorems[name]
        number = self.counters.step(counter) if numbered and counter else ""
        option = tex.option(at)
        self._enter(FoundLabel("theorem", 0, number, title))
        note = f" ({option.text})" if option else ""
        self._write(f"\n\n\\textbf{{{title} {number}".rstrip() + f"{note}.}} ")
        return option.after if option else at

    def _equation(self, piece: int) -> None:
        index = len(self.structure.equations)
        numbers: list[str] = []
        for row in self.displays[piece].rows:
            number = row.tag or (self._equation_number() if row.counts else "")
            numbers.append(number)
            for label in row.labels:
                self._label(label, FoundLabel("equation", index, number, "Equation"))
        self.structure.equation_marks[piece] = index
        self.structure.equations.append(
            FoundEquation(self.displays[piece].latex, tuple(filter(None, numbers)))
        )

    def _equation_number(self) -> str:
        if self.subequations is None:
            return self.counters.step("equation")
        self.counters.step("subequation")
        return self.subequations + chr(ord("a") + (self.counters.values["subequation"] - 1) % 26)

    def _drop(self, environment: Environment, text: str) -> None:
        """Pass over an environment."""

    def _float(self, environment: Environment, text: str) -> None:
        self._equations_within(environment, text)
        self._add_floats(read_float(environment, text, self.counters))

    def _listing(self, piece: int, mark: str) -> None:
        found = read_listing(self.stash.pieces[piece], self.counters)
        if found is None:
            self._write(mark)
        else:
            self._add_floats([found])

    def _add_floats(self, found: Iterable[FoundFloat]) -> None:
        for one in found:
            index = len(self.structure.floats)
            self.structure.floats.append(one)
            for label, number in one.labels:
                self._label(label, FoundLabel("float", index, number, WORDS[one.kind]))
            self._write(self.stash.keep("float", str(index)))

    def _kept(self, environment: Environment, text: str) -> None:
        self._equations_within(environment, text)
        self._write(self.stash.keep("source", text[environment.start : environment.end]))

    def _equations_within(self, environment: Environment, text: str) -> None:
        for mark in _EQUATION_MARK.finditer(text, environment.start, environment.end):
            self._equation(int(mark[1]))

    def _bibliography(self, environment: Environment, text: str) -> None:
        self.structure.bibliography.append(text[environment.inner : environment.inner_end])
        self.structure.sections.append(FoundSection("References", None, "references"))
        self.in_appendix = True

    def _start_appendix(self) -> None:
        if not self.in_appendix or self.counters.shown("section").isdigit():
            self.counters.start_appendix()
        self.in_appendix = True
