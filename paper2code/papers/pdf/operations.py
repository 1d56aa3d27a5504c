"""A page's drawing operations, prepared so that pypdf reports each piece of text by itself.

pypdf closes a piece only when the font changes. So the font is set once more after each move of the pen;
without that, a subscript and the superscript above it come out as one piece. TeX moves from one cell of a
table to the next inside one operation (`TJ`), so that is parted at wide gaps into shows with moves between
them. Forms (figures) and painted paths are dropped.
"""

from collections.abc import Iterator
from typing import TypeAlias

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, ContentStream, FloatObject

from paper2code.papers.pdf.metrics import Pen, metrics_of, number

_ON_NEXT_LINE = frozenset({b"'", b'"'})
_MOVES = frozenset({b"Td", b"TD", b"Tm", b"T*"})
_STATE = frozenset({b"BT", b"ET", b"q", b"Q", b"cm", b"Tf", b"TL", b"Tc", b"Tw", b"Tz"})
_SHOWS = frozenset({b"Tj", b"TJ"})
_PATHS = frozenset({b"re", b"m", b"l"})
_KEPT = _MOVES | _STATE | _SHOWS | _ON_NEXT_LINE | _PATHS
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
    preparation = _Preparation(Pen(metrics_of(page)))
    content.operations = [
        prepared
        for operation in content.operations
        if operation[1] in kept
        for prepared in preparation.prepared(operation)
    ]
    return content


class _Preparation:
    """One walk through a page's operations.

    `moved` is how far text has moved since the last move, without the shows that are `unmeasured` yet, and
    `shift` how far moves put in here have taken the start of the line from where the page believes it to be;
    both in text space.
    """

    def __init__(self, pen: Pen) -> None:
        self._pen = pen
        self._font: Operation | None = None
        self._shift = 0.0
        self._moved = 0.0
        self._unmeasured: list[object] = []

    def prepared(self, operation: Operation) -> Iterator[Operation]:
        """What one operation becomes."""
        operands, operator = operation
        if operator in _ON_NEXT_LINE:
            for part in _parted(operation):
                yield from self.prepared(part)
            return
        if operator not in _SHOWS:
            self._measure()
            self._pen.note(operator, operands)
        if operator == b"Tf" and len(operands) == 2:
            self._font = operation
        elif operator == b"BT":
            self._moved = self._shift = 0.0
        if operator in _MOVES:
            yield from self._move(operation)
        elif operator == b"TJ" and operands and isinstance(operands[0], list):
            yield from self._show(operands[0])
        else:
            self._unmeasured += operands if operator == b"Tj" else []
            yield operation

    def _measure(self) -> None:
        """Add up how far the latest shows moved, before what they depend on changes."""
        if self._unmeasured:
            self._moved += self._pen.advance(self._unmeasured)
            self._unmeasured = []

    def _move(self, operation: Operation) -> Iterator[Operation]:
        operands, operator = operation
        if self._shift and operator in {b"Td", b"TD"} and len(operands) == 2:
            yield [FloatObject(number(operands[0]) - self._shift), operands[1]], operator
        else:
            if self._shift and operator == b"T*":
                yield [FloatObject(-self._shift), FloatObject(0)], b"Td"
            yield operation
        self._moved = self._shift = 0.0
        if self._font is not None:
            yield self._font

    def _show(self, parts: list[object]) -> Iterator[Operation]:
        """A show, parted at wide gaps where the widths of the font tell how far to move."""
        shown: list[object] = []
        for part in parts:
            wide = self._pen.is_exact and not isinstance(part, bytes) and number(part) < -_WIDE_GAP
            if wide and (shown or self._unmeasured or self._moved):
                yield [ArrayObject(shown)], b"TJ"
                self._unmeasured += [*shown, part]
                self._measure()
                yield [FloatObject(self._moved), FloatObject(0)], b"Td"
                if self._font is not None:
                    yield self._font
                self._shift, self._moved, shown = self._shift + self._moved, 0.0, []
            else:
                shown.append(part)
        self._unmeasured += shown
        yield [ArrayObject(shown)], b"TJ"


def _parted(operation: Operation) -> list[Operation]:
    """A move to the next line that shows a text there, as the move and the show."""
    operands, operator = operation
    spacing: list[Operation] = []
    if operator == b'"' and len(operands) == 3:
        spacing = [(operands[:1], b"Tw"), (operands[1:2], b"Tc")]
    return [*spacing, ([], b"T*"), (operands[-1:], b"Tj")]
