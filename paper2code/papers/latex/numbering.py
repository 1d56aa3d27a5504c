"""What TeX counts while it reads a paper: sections, theorems, items, equations; and where labels point."""

from collections.abc import Iterable

from paper2code.papers.latex.declarations import Declarations
from paper2code.papers.latex.parts import FoundLabel, Row

LISTS = frozenset(["enumerate", "itemize", "description"])
_OWN_PLACE = frozenset(["subequations", "restatable"])


class Numbering:
    """The numbers at one place of a text. `here` is what a label at that place would point to."""

    def __init__(self) -> None:
        self.declarations = Declarations()
        self.counters = self.declarations.counters
        self.labels: dict[str, FoundLabel] = {}
        self.here = FoundLabel("section", 0, "", "Section")
        self.in_appendix = False
        self._outer: list[FoundLabel] = []
        self._items: list[tuple[str, int]] = []
        self._subequations: str | None = None

    def label(self, name: str, place: FoundLabel | None = None) -> None:
        """Note a label, by default of what it stands in."""
        self.labels[name.strip()] = place or self.here

    def heading(self, name: str, index: int, *, starred: bool) -> str | None:
        """Begin the section that comes `index`th; its number, if it has one."""
        number = None if starred or name == "part" else self.counters.step(name)
        self.in_appendix = self.in_appendix or self.declarations.letters_sections
        word = "Appendix" if number and number[0].isalpha() and self.in_appendix else "Section"
        self.here = FoundLabel("section", index, number or "", word)
        self._outer.clear()
        return number

    def start_appendix(self) -> None:
        """Count sections by letters from here on, unless they are already."""
        if not self.in_appendix or self.counters.shown("section").isdigit():
            self.counters.start_appendix()
        self.in_appendix = True

    def is_theorem(self, name: str) -> bool:
        """Whether an environment is a theorem or the like."""
        return name in self.declarations.theorems

    def theorem(self, name: str, *, numbered: bool) -> str:
        """Begin a theorem; its title with its number."""
        counter, title = self.declarations.theorems.get(name, (name, name.capitalize()))
        number = self.counters.step(counter) if numbered and counter else ""
        self._enter(FoundLabel("theorem", 0, number, title))
        return f"{title} {number}".rstrip()

    def begin(self, name: str, next_equation: int) -> None:
        """Enter an environment that counts: a list, or `subequations` before the equation of that index."""
        if name == "subequations":
            self._subequations = self.counters.step("equation")
            self.counters.set("subequation", 0)
            self._enter(FoundLabel("equation", next_equation, self._subequations, "Equation"))
        elif name in LISTS:
            self._items.append((name, 0))
            self._enter(self.here)

    def end(self, name: str) -> None:
        """Leave an environment; labels point to what is around it again."""
        if name == "subequations":
            self._subequations = None
        if name in LISTS and self._items:
            self._items.pop()
        if self._outer and (name in LISTS or name in _OWN_PLACE or self.is_theorem(name)):
            self.here = self._outer.pop()

    def item(self) -> str:
        """Begin a list item; its number, if the list counts."""
        if not self._items:
            return ""
        name, count = self._items[-1]
        self._items[-1] = (name, count + 1)
        self.here = FoundLabel("item", 0, str(count + 1), "item")
        return str(count + 1) if name == "enumerate" else ""

    def equation(self, rows: Iterable[Row], index: int) -> tuple[str, ...]:
        """Count the rows of the display that comes `index`th and note their labels; the numbers they have."""
        numbers = []
        for row in rows:
            number = row.tag or (self._equation_number() if row.counts else "")
            numbers.append(number)
            for name in row.labels:
                self.label(name, FoundLabel("equation", index, number, "Equation"))
        return tuple(filter(None, numbers))

    def _equation_number(self) -> str:
        if self._subequations is None:
            return self.counters.step("equation")
        self.counters.step("subequation")
        return self._subequations + chr(ord("a") + (self.counters.values["subequation"] - 1) % 26)

    def _enter(self, here: FoundLabel) -> None:
        self._outer.append(self.here)
        self.here = here
