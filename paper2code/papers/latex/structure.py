"""Walk over a paper's body and note its sections, displays and floats, numbered as TeX does."""

import re
from collections.abc import Callable, Iterable

from paper2code.papers.latex.commands import FRONT_ENVIRONMENTS, KEPT_ENVIRONMENTS, PICTURES, THANKS
from paper2code.papers.latex.converter import Shown
from paper2code.papers.latex.floats import (
    FLOAT_ENVIRONMENTS,
    WORDS,
    is_captioned_box,
    read_float,
    read_listing,
)
from paper2code.papers.latex.maths import set_aside
from paper2code.papers.latex.numbering import Numbering
from paper2code.papers.latex.openings import other_opening, restatable_opening, theorem_opening
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
    r"|\\(?P<appendix>appendix|appendices)(?![A-Za-z@])"
    r"|\\(?P<declares>(?:setcounter|addtocounter|numberwithin|counterwithin|(?:sp)?newtheorem|newmdtheoremenv"
    r"|declaretheorem|renewcommand|def)"
    r"(?![A-Za-z@])\*?)"
)
_LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")
_EQUATION_MARK = re.compile(r"\x02equation:(\d+)\x03")


def read_structure(preamble: str, body: str, stash: Stash) -> Structure:
    """Find the parts of a paper whose macros are expanded; its mathematics and code go to the stash."""
    text, displays = set_aside(body, stash)
    walk = _Walk(stash, displays)
    walk.declare(preamble)
    walk.read(text)
    return walk.structure


class _Walk:
    """Goes through a text once, from token to token; what stands between them is the text of the section."""

    def __init__(self, stash: Stash, displays: dict[int, Display]) -> None:
        self.stash, self.displays = stash, displays
        self.numbering = Numbering()
        self.structure = Structure(labels=self.numbering.labels)
        self.in_abstract = False

    def declare(self, preamble: str) -> None:
        """Take in what a preamble says about counters and theorems."""
        tex = Tex(preamble)
        for token in _TOKEN.finditer(preamble):
            if token["declares"]:
                self.numbering.declarations.follow(tex, token["declares"], token.end())

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
        if token["declares"]:
            return self._declare(tex, token)
        if token["edge"] == "end":
            self._end(token)
        elif token["mark"]:
            self._mark(token)
        else:
            self._note(tex, token)
        return token.end()

    def _heading(self, tex: Tex, token: re.Match[str]) -> int:
        title = tex.group(tex.past_options(token.end()))
        if title is None:
            return token.end()
        name, index = token["heading"], len(self.structure.sections)
        number = self.numbering.heading(name, index, starred=bool(token["star"]))
        self.in_abstract = False
        self.structure.sections.append(FoundSection(title.text, number, name, self.numbering.in_appendix))
        for label in _LABEL.findall(title.text):
            self.numbering.label(label)
        return title.after

    def _begin(self, tex: Tex, token: re.Match[str], environment: Environment | None) -> int:
        name = token["environment"].rstrip("*")
        take = self._taker(name, tex.text, environment)
        if take is not None and environment is not None:
            take(environment, tex.text)
            return environment.end
        if name == "abstract":
            self.in_abstract = environment is not None
            return token.end()
        if name in {"appendix", "appendices"}:
            self.numbering.start_appendix()
        if name in THANKS:
            self.structure.sections.append(FoundSection("Acknowledgements"))
        shown, after = self._opening(tex, token, name)
        self._write(shown)
        return after

    def _opening(self, tex: Tex, token: re.Match[str], name: str) -> Shown:
        """What stands for the beginning of an environment whose inside is text, and the place after it."""
        at = token.end()
        if self.numbering.is_theorem(name):
            is_numbered = token["environment"] == name
            return theorem_opening(tex, name, at, self.numbering, numbered=is_numbered)
        if name == "restatable":
            return restatable_opening(tex, at, self.numbering)
        self.numbering.begin(name, len(self.structure.equations))
        return other_opening(tex, name, token[0], at)

    def _taker(
        self, name: str, text: str, environment: Environment | None
    ) -> Callable[[Environment, str], None] | None:
        """What takes in an environment as one piece, if anything does."""
        if name in FLOAT_ENVIRONMENTS or (environment and is_captioned_box(environment, text)):
            return self._float
        if name in KEPT_ENVIRONMENTS:
            return self._kept
        if name == "thebibliography":
            return self._bibliography
        return self._drop if name in PICTURES or name in FRONT_ENVIRONMENTS else None

    def _declare(self, tex: Tex, token: re.Match[str]) -> int:
        after = self.numbering.declarations.follow(tex, token["declares"], token.end())
        if after is None:
            self._write(token[0])
        return after or token.end()

    def _end(self, token: re.Match[str]) -> None:
        name = token["environment"].rstrip("*")
        if name == "abstract":
            self.in_abstract = False
            self._end_front()
        else:
            self.numbering.end(name)
            self._write(token[0])

    def _mark(self, token: re.Match[str]) -> None:
        """Take in a display or a piece of code that was set aside; a listing with a caption is a float."""
        piece = int(token["piece"])
        listing = None
        if token["mark"] == "equation":
            self._equation(piece)
        else:
            listing = read_listing(self.stash.pieces[piece], self.numbering.counters)
        if listing:
            self._add_floats([listing])
        else:
            self._write(token[0])

    def _note(self, tex: Tex, token: re.Match[str]) -> None:
        """Take in a token that counts or names something and leaves little or nothing in the text."""
        if token["label"] is not None:
            self.numbering.label(token["label"])
        elif token["item"]:
            number = self.numbering.item()
            self._write(f"{token[0]}[{number}.]" if number and not tex.option(token.end()) else token[0])
        elif token["appendix"]:
            self.numbering.start_appendix()
        else:
            self._end_front()

    def _end_front(self) -> None:
        """Forget what stood before the text of the paper: authors, affiliations, dates."""
        if len(self.structure.sections) == 1:
            self.structure.sections[0].pieces.clear()

    def _equation(self, piece: int) -> None:
        index, display = len(self.structure.equations), self.displays[piece]
        numbers = self.numbering.equation(display.rows, index)
        self.structure.equation_marks[piece] = index
        self.structure.equations.append(FoundEquation(display.latex, numbers))

    def _drop(self, environment: Environment, text: str) -> None:
        """Pass over an environment."""

    def _float(self, environment: Environment, text: str) -> None:
        self._equations_within(environment, text)
        self._add_floats(read_float(environment, text, self.numbering.counters))

    def _add_floats(self, found: Iterable[FoundFloat]) -> None:
        for one in found:
            index = len(self.structure.floats)
            self.structure.floats.append(one)
            for label, number in one.labels:
                self.numbering.label(label, FoundLabel("float", index, number, WORDS[one.kind]))
            for label, line in one.lines:
                self.numbering.label(label, FoundLabel("float", index, line, "Line"))
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
        self.numbering.in_appendix = True
