"""A page of a PDF as pieces of text and ruled lines, each with its place, in the order they are drawn."""

from dataclasses import dataclass

from paper2code.papers.pdf.symbols import Face


@dataclass(frozen=True, slots=True)
class Span:
    """Text in one font on one baseline, whose start is at (x, y) in points, y upwards.

    `right` is where the text ends: by the widths of its font, or guessed where the font does not list them.
    `loose` spans are big operators and delimiters, whose baseline is a guess from their glyph's height.
    """

    text: str
    x: float
    y: float
    size: float
    face: Face
    right: float
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal stroke: a fraction bar, the bar of a root, a ruled line of a table or an algorithm."""

    x: float
    y: float
    width: float

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width


Item = Span | Rule


@dataclass(frozen=True, slots=True)
class Page:
    """A page's items in drawing order; `width` and `height` in points, `index` from 0."""

    index: int
    width: float
    height: float
    items: tuple[Item, ...]

    @property
    def characters(self) -> int:
        """How much text the page holds."""
        return sum(len(item.text.strip()) for item in self.items if isinstance(item, Span))
