"""A page of a PDF as pieces of text and ruled lines, each with its place, in the order they are drawn.

pypdf decodes the text and calls back with each piece. Two things are done to a page's drawing operations before:
forms (figures) and paths are dropped, and after each move of the pen the font is set once more, because pypdf
closes a piece of text only when the font changes; without it a subscript and the superscript above it come out
as one piece.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream, DictionaryObject, NameObject

from paper2code.papers.pdf import symbols

_MOVES = frozenset({b"Td", b"TD", b"Tm", b"T*"})
_SHOWS = frozenset({b"Tj", b"TJ"})
_KEPT = (
    _MOVES
    | _SHOWS
    | {b"BT", b"ET", b"q", b"Q", b"cm", b"Tf", b"TL", b"Tc", b"Tw", b"Tz", b"'", b'"', b"re", b"m", b"l"}
)
_RULE_THICKNESS = 1.6

Matrix = Sequence[float]


@dataclass(frozen=True, slots=True)
class Span:
    """Text in one font on one baseline, whose start is at (x, y) in points, y upwards.

    `loose` spans are big operators and delimiters: their baseline is a guess from the height of their glyph.
    """

    text: str
    x: float
    y: float
    size: float
    face: symbols.Face
    right: float
    loose: bool = False

    @staticmethod
    def guess_right(text: str, x: float, size: float) -> float:
        """Where a text ends; pypdf does not tell the widths of its glyphs."""
        return x + 0.47 * size * len(text.rstrip())


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal stroke: a fraction bar, the bar of a root, a table's or an algorithm's ruled line."""

    x: float
    y: float
    width: float

    @property
    def right(self) -> float:
        return self.x + self.width


Item = Span | Rule


@dataclass(frozen=True, slots=True)
class Page:
    """A page's items in drawing order; `height` and `width` in points."""

    index: int
    width: float
    height: float
    items: tuple[Item, ...]

    @property
    def characters(self) -> int:
        return sum(len(item.text.strip()) for item in self.items if isinstance(item, Span))


def read_page(reader: PdfReader, index: int, *, forms: bool = False) -> Page:
    """The spans and rules of a page; text inside forms only where asked, since most of it labels figures."""
    page = reader.pages[index]
    collector = _Collector(_font_names(page))
    content = _prepared(page, reader, forms=forms)
    if content is not None:
        page[NameObject("/Contents")] = content
        page.extract_text(visitor_text=collector.text, visitor_operand_before=collector.operation)
    turned, items = _upright(collector.items, collector.directions, page)
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    if turned % 2:
        width, height = height, width
    return Page(index=index, width=width, height=height, items=tuple(items))


def _prepared(page: PageObject, reader: PdfReader, *, forms: bool) -> ContentStream | None:
    contents = page.get("/Contents")
    if contents is None or contents.get_object() is None:
        return None
    content = ContentStream(contents.get_object(), reader, "bytes")
    operations = []
    font = None
    for operation in content.operations:
        operator = operation[1]
        if operator not in _KEPT and not (forms and operator == b"Do"):
            continue
        operations.append(operation)
        if operator == b"Tf":
            font = operation
        elif operator in _MOVES and font is not None:
            operations.append(font)
    content.operations = operations
    return content


def _font_names(page: PageObject) -> dict[str, str]:
    """The page's fonts: resource name to name of the typeface."""
    resources = page.get("/Resources", DictionaryObject()).get_object()
    fonts = resources.get("/Font", DictionaryObject()).get_object()
    names = {}
    for name, font in fonts.items():
        described = font.get_object()
        if isinstance(described, DictionaryObject):
            names[str(name)] = _typeface(described)
    return names


def _typeface(font: DictionaryObject | None) -> str:
    """A font's name without the tag of its subset ("/ABCDEF+CMR10" is CMR10)."""
    return str((font or {}).get("/BaseFont", "")).lstrip("/").split("+")[-1]


class _Collector:
    """What pypdf calls while it walks through a page."""

    def __init__(self, fonts: dict[str, str]) -> None:
        self.items: list[Item] = []
        self.directions: list[tuple[float, float]] = []
        self._fonts = fonts
        self._font = ""
        self._size = 0.0
        self._pen = (0.0, 0.0)
        self._tall_top = 0.0

    def operation(self, operator: bytes, operands: list[object], cm: Matrix, tm: Matrix) -> None:
        """Note rules, and the text of the one font whose codes pypdf has no characters for."""
        if operator == b"Tf" and len(operands) == 2:
            self._font = self._fonts.get(str(operands[0]), "")
            self._size = _number(operands[1])
        elif operator in _SHOWS and symbols.face(self._font).extension:
            self._show_extension(operands, _product(tm, cm))
        elif operator == b"re" and len(operands) == 4:
            x, y, width, height = map(_number, operands)
            self._rule(x, y + height / 2, x + width, y + height / 2, abs(height), cm)
        elif operator == b"m" and len(operands) == 2:
            self._pen = (_number(operands[0]), _number(operands[1]))
        elif operator == b"l" and len(operands) == 2:
            x, y = _number(operands[0]), _number(operands[1])
            self._rule(*self._pen, x, y, 0, cm)
            self._pen = (x, y)

    def text(self, text: str, cm: Matrix, tm: Matrix, font: DictionaryObject | None, size: float) -> None:
        """Note a piece of text."""
        name = _typeface(font)
        clean = symbols.tidy(text).replace("\n", "")
        if symbols.face(name).extension and clean.strip():
            return
        if clean.strip():
            self._add(clean.translate(symbols.face(name).letters), _product(tm, cm), name, size)
        elif clean and self.items and isinstance(last := self.items[-1], Span):
            self.items[-1] = replace(last, text=last.text.rstrip() + " ")

    def _show_extension(self, operands: list[object], matrix: Matrix) -> None:
        strings = operands[0] if operands and isinstance(operands[0], list) else operands
        codes = b"".join(bytes(part) for part in strings if isinstance(part, bytes))
        if not codes:
            return
        size = abs(self._size) * (math.hypot(matrix[2], matrix[3]) or 1)
        x, top, bottom = matrix[4], matrix[5], matrix[5] - symbols.extension_height(codes[0]) * size
        last = self.items[-1] if self.items else None
        stacked = isinstance(last, Span) and last.loose and abs(last.x - x) < 1
        text = symbols.extension(codes)
        if text and not (stacked and text == last.text.strip()):
            self._tall_top = top
            self._add(text, matrix, self._font, self._size)
        elif not stacked:
            return
        # The glyph hangs down from its origin; what it stands in is centred on it, a quarter above the baseline.
        middle = (self._tall_top + bottom) / 2
        self.items[-1] = replace(self.items[-1], y=middle - 0.25 * size, loose=True)

    def _add(self, text: str, matrix: Matrix, font: str, size: float) -> None:
        height = abs(size) * (math.hypot(matrix[2], matrix[3]) or 1)
        x, y = matrix[4], matrix[5]
        self.items.append(Span(text, x, y, height, symbols.face(font), Span.guess_right(text, x, height)))
        self.directions.append((matrix[0], matrix[1]))

    def _rule(self, x: float, y: float, to_x: float, to_y: float, thickness: float, cm: Matrix) -> None:
        start = _product((1, 0, 0, 1, x, y), cm)
        end = _product((1, 0, 0, 1, to_x, to_y), cm)
        across, along = abs(end[5] - start[5]), abs(end[4] - start[4])
        if across < 0.5 and along > 2 and thickness * math.hypot(cm[2], cm[3]) < _RULE_THICKNESS:
            self.items.append(Rule(min(start[4], end[4]), start[5], along))
            self.directions.append((1.0, 0.0))


def _upright(
    items: Sequence[Item], directions: Sequence[tuple[float, float]], page: PageObject
) -> tuple[int, list[Item]]:
    """Turn a page so that most of its text runs to the right, and drop what runs otherwise, such as side stamps."""
    left, bottom, right, top = (float(side) for side in page.mediabox)
    turns = [_quarter_turns(direction) for direction in directions]
    weight: Counter[int] = Counter()
    for item, turn in zip(items, turns, strict=True):
        weight[turn] += len(item.text) if isinstance(item, Span) else 0
    main = weight.most_common(1)[0][0] if weight else 0
    upright: list[Item] = []
    for item, turn in zip(items, turns, strict=True):
        if turn != main and isinstance(item, Span):
            continue
        x, y = item.x - left, item.y - bottom
        x, y = [(x, y), (y, right - left - x), (right - left - x, top - bottom - y), (top - bottom - y, x)][
            main
        ]
        end = {"right": x + item.right - item.x} if isinstance(item, Span) else {}
        upright.append(replace(item, x=x, y=y, **end))
    return main, upright


def _quarter_turns(direction: tuple[float, float]) -> int:
    """How often text is turned counter-clockwise by 90 degrees."""
    across, up = direction
    if abs(across) >= abs(up):
        return 0 if across >= 0 else 2
    return 1 if up > 0 else 3


def _number(operand: object) -> float:
    return float(operand) if isinstance(operand, int | float) else 0.0


def _product(first: Matrix, second: Matrix) -> tuple[float, float, float, float, float, float]:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
