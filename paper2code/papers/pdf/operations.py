"""A page's drawing operations, prepared so that pypdf reports each piece of text by itself.

pypdf closes a piece only when the font changes. So the font is set once more after each move of the pen;
without that, a subscript and the superscript above it come out as one piece. TeX moves from one cell of a
table to the next inside one operation (`TJ`), so that is parted at wide gaps into shows with moves between
them. Forms (figures) and painted paths are dropped.
"""

from collections.abc import Iterator
from typing import TypeAlias

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, FloatObject

_BY_LEADING = frozenset({b"T*", b"'", b'"'})
_MOVES = frozenset({b"Td", b"TD", b"Tm"}) | _BY_LEADING
_STATE = frozenset({b"BT", b"ET", b"q", b"Q", b"cm", b"Tf", b"TL", b"Tc", b"Tw", b"Tz"})
_SHOWS = frozenset({b"Tj", b"TJ"})
_PATHS = frozenset({b"re", b"m", b"l"})
_KEPT = _MOVES | _STATE | _SHOWS | _PATHS
_WIDE_GAP = (
    900.0  # thousandths of the size; a badly justified line may have such a gap too, which does no harm
)

Operation: TypeAlias = tuple[list[object], bytes]


def prepare(page: PageObject, reader: PdfReader, *, forms: bool) -> ContentStream | None:
    """The page's contents, prepared; None where it has none."""
    contents = page.get("/Contents")
    if contents is None or contents.get_object() is None:
        return None
    content = ContentStream(contents.get_object(), reader, "bytes")
    kept = _KEPT | {b"Do"} if forms else _KEPT
    preparation = _Preparation(_widths(page))
    content.operations = [
        prepared
        for operation in content.operations
        if operation[1] in kept
        for prepared in preparation.prepared(operation)
    ]
    return content


def fonts_of(page: PageObject) -> dict[str, DictionaryObject]:
    """The page's fonts by resource name."""
    resources = page.get("/Resources", DictionaryObject()).get_object()
    fonts = resources.get("/Font", DictionaryObject()).get_object()
    described = {str(name): font.get_object() for name, font in fonts.items()}
    return {name: font for name, font in described.items() if isinstance(font, DictionaryObject)}


def number(operand: object) -> float:
    """An operand as a number; 0 where it is none."""
    return float(operand) if isinstance(operand, int | float) else 0.0


class _Preparation:
    """One walk through a page's operations.

    `pen` is how far text has moved since the last move, and `shift` how far moves put in here have taken
    the start of the line from where the page believes it to be; both in text space.
    """

    def __init__(self, widths: dict[str, dict[int, float]]) -> None:
        self._fonts = widths
        self._font: Operation | None = None
        self._widths: dict[int, float] = {}
        self._size = 0.0
        self._spacing = {b"Tc": 0.0, b"Tw": 0.0, b"Tz": 100.0}
        self._pen = 0.0
        self._shift = 0.0

    def prepared(self, operation: Operation) -> Iterator[Operation]:
        """What one operation becomes."""
        operands, operator = operation
        if operator == b"Tf" and len(operands) == 2:
            self._font, self._size = operation, number(operands[1])
            self._widths = self._fonts.get(str(operands[0]), {})
        elif operator == b"BT":
            self._pen = self._shift = 0.0
        elif operator in self._spacing and operands:
            self._spacing[operator] = number(operands[0])
        if operator in _MOVES:
            yield from self._move(operation)
        elif operator == b"TJ" and operands and isinstance(operands[0], list):
            yield from self._show(operands[0])
        else:
            self._pen += self._advance(operands) if operator == b"Tj" else 0.0
            yield operation

    def _move(self, operation: Operation) -> Iterator[Operation]:
        operands, operator = operation
        if self._shift and operator in {b"Td", b"TD"} and len(operands) == 2:
            yield [FloatObject(number(operands[0]) - self._shift), operands[1]], operator
        else:
            if self._shift and operator in _BY_LEADING:
                yield [FloatObject(-self._shift), FloatObject(0)], b"Td"
            yield operation
        self._pen = self._shift = 0.0
        if self._font is not None:
            yield self._font

    def _show(self, parts: list[object]) -> Iterator[Operation]:
        """A show, parted at wide gaps where the widths of the font tell how far to move."""
        shown: list[object] = []
        for part in parts:
            wide = self._widths and not isinstance(part, bytes) and number(part) < -_WIDE_GAP
            if wide and (shown or self._pen):
                yield [ArrayObject(shown)], b"TJ"
                shown = []
                self._pen += self._advance([part])
                yield [FloatObject(self._pen), FloatObject(0)], b"Td"
                if self._font is not None:
                    yield self._font
                self._shift, self._pen = self._shift + self._pen, 0.0
            else:
                shown.append(part)
                self._pen += self._advance([part])
        yield [ArrayObject(shown)], b"TJ"

    def _advance(self, parts: list[object]) -> float:
        """How far the parts of a show move the pen."""
        moved = 0.0
        for part in parts:
            if isinstance(part, bytes):
                moved += sum(self._widths.get(code, 500.0) for code in part) / 1000 * self._size
                moved += self._spacing[b"Tc"] * len(part) + self._spacing[b"Tw"] * part.count(b" ")
            else:
                moved -= number(part) / 1000 * self._size
        return moved * self._spacing[b"Tz"] / 100


def _widths(page: PageObject) -> dict[str, dict[int, float]]:
    """The widths of the characters of each simple font, by resource name."""
    found = {}
    for name, font in fonts_of(page).items():
        widths = font.get("/Widths")
        first = font.get("/FirstChar")
        if widths is not None and isinstance(first, int):
            listed = widths.get_object()
            found[name] = {first + index: number(width) for index, width in enumerate(listed)}
    return found
