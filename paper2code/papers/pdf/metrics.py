"""How wide a page's text is: the widths of its fonts' characters, and how far a show moves the pen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pypdf import PageObject
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject

_UNLISTED = 500.0  # thousandths of the size
_MOST_ENTRIES = 3_000  # of a list of widths, since each may stand for 65,536 characters
_ENOUGH = 8  # widths that are alike by more than chance


@dataclass(frozen=True, slots=True)
class Metrics:
    """The widths of a font's characters by their codes, in thousandths of its size.

    Composite fonts, such as those of word processors, have codes of two bytes.
    """

    widths: Mapping[int, float]
    default: float = _UNLISTED
    code_bytes: int = 1

    def width(self, code: int) -> float:
        """The width of the character of a code."""
        return self.widths.get(code, self.default)

    def codes(self, text: bytes) -> Sequence[int]:
        """The codes of a string."""
        if self.code_bytes == 1:
            return text
        return [high << 8 | low for high, low in zip(text[::2], text[1::2], strict=False)]


_UNKNOWN = Metrics({})


class Pen:
    """The part of the text state that tells how far a show moves, in text space."""

    def __init__(self, fonts: Mapping[str, Metrics]) -> None:
        self._fonts = fonts
        self._metrics: Metrics | None = None
        self._size = 0.0
        self._spacing = {b"Tc": 0.0, b"Tw": 0.0, b"Tz": 100.0}
        self._saved: list[tuple[Metrics | None, float, dict[bytes, float]]] = []

    @property
    def is_exact(self) -> bool:
        """Whether the font in use lists its widths."""
        return self._metrics is not None

    def note(self, operator: bytes, operands: Sequence[object]) -> None:
        """Follow an operation that sets a font or a spacing, or saves or restores them."""
        if operator == b"Tf" and len(operands) == 2:
            self._metrics, self._size = self._fonts.get(str(operands[0])), number(operands[1])
        elif operator in self._spacing and operands:
            self._spacing[operator] = number(operands[0])
        elif operator == b"q":
            self._saved.append((self._metrics, self._size, dict(self._spacing)))
        elif operator == b"Q" and self._saved:
            self._metrics, self._size, self._spacing = self._saved.pop()

    def advance(self, parts: Sequence[object]) -> float:
        """How far the strings and offsets of a show move the pen."""
        metrics = self._metrics or _UNKNOWN
        moved = 0.0
        for part in parts:
            if isinstance(part, bytes):
                codes = metrics.codes(part)
                moved += sum(map(metrics.width, codes)) / 1000 * self._size
                moved += self._spacing[b"Tc"] * len(codes)
                moved += self._spacing[b"Tw"] * part.count(b" ") if metrics.code_bytes == 1 else 0.0
            else:
                moved -= number(part) / 1000 * self._size
        return moved * self._spacing[b"Tz"] / 100


def fonts_of(page: PageObject) -> dict[str, DictionaryObject]:
    """The page's fonts by resource name."""
    resources = page.get("/Resources", DictionaryObject()).get_object()
    fonts = resources.get("/Font", DictionaryObject()).get_object()
    described = {str(name): font.get_object() for name, font in fonts.items()}
    return {name: font for name, font in described.items() if isinstance(font, DictionaryObject)}


def metrics_of(page: PageObject) -> dict[str, Metrics]:
    """The metrics of each font that lists its widths, by resource name."""
    found = {name: _metrics(font) for name, font in fonts_of(page).items()}
    return {name: metrics for name, metrics in found.items() if metrics is not None}


def has_fixed_pitch(font: DictionaryObject | None) -> bool:
    """Whether all characters of a font are equally wide, as those of code are."""
    metrics = _metrics(font) if font is not None else None
    listed = [width for width in metrics.widths.values() if width] if metrics is not None else []
    return len(listed) >= _ENOUGH and len(set(map(round, listed))) == 1


def number(operand: object) -> float:
    """An operand as a number; 0 where it is none."""
    return float(operand) if isinstance(operand, int | float) else 0.0


def _metrics(font: DictionaryObject) -> Metrics | None:
    if font.get("/Subtype") == "/Type0":
        return _composite(font)
    widths, first = _array(font.get("/Widths")), font.get("/FirstChar")
    if not widths or not isinstance(first, int):
        return None
    unit = 1.0
    if font.get("/Subtype") == "/Type3":  # its widths are in units of its own
        matrix = _array(font.get("/FontMatrix"))
        unit = 1000 * number(matrix[0]) if matrix else 1.0
    return Metrics({first + index: unit * number(width) for index, width in enumerate(widths)})


def _composite(font: DictionaryObject) -> Metrics | None:
    """The metrics of a composite font, whose codes are taken for those of its characters."""
    descendants = _array(font.get("/DescendantFonts"))
    descendant = descendants[0] if descendants else None
    if not isinstance(descendant, DictionaryObject) or "/W" not in descendant:
        return None
    listed = _array(descendant["/W"])
    widths: dict[int, float] = {}
    position = 0
    while position + 1 < len(listed) and position < _MOST_ENTRIES:
        first, then = int(number(listed[position])), listed[position + 1]
        if isinstance(then, list):  # first [width width ...]
            widths |= {first + index: number(width) for index, width in enumerate(then)}
            position += 2
        else:  # first last width
            last = min(int(number(then)), 0xFFFF)
            width = number(listed[position + 2]) if position + 2 < len(listed) else _UNLISTED
            widths |= dict.fromkeys(range(first, last + 1), width)
            position += 3
    return Metrics(widths, number(descendant.get("/DW", 1000)), code_bytes=2)


def _array(value: PdfObject | None) -> list[PdfObject]:
    """The entries of an array, none where the value is no array."""
    found = value.get_object() if value is not None else None
    return [item.get_object() for item in found] if isinstance(found, ArrayObject) else []
