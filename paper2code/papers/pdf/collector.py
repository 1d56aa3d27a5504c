"""The pieces of text and the ruled lines that a page draws, as pypdf walks through it."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject, NameObject

from paper2code.papers.pdf import operations, symbols
from paper2code.papers.pdf.metrics import Pen, fonts_of, has_fixed_pitch, metrics_of, number
from paper2code.papers.pdf.spans import Item, Page, Rule, Span

_SHOWS = frozenset({b"Tj", b"TJ"})
_RULE_THICKNESS = 1.6

Matrix = Sequence[float]


def read_page(reader: PdfReader, index: int, *, forms: bool = False) -> Page:
    """The spans and rules of a page; text inside forms only where asked, since most of it labels figures."""
    page = reader.pages[index]
    typefaces = {name: _typeface(font) for name, font in fonts_of(page).items()}
    collector = _Collector(typefaces, Pen({} if forms else metrics_of(page)))  # forms have fonts of their own
    content = operations.prepare(page, reader, forms=forms)
    if content is not None:
        contents, key = page.raw_get("/Contents"), NameObject("/Contents")
        page[key] = content
        page.extract_text(visitor_text=collector.text, visitor_operand_before=collector.operation)
        page[key] = contents
    return _upright(index, page, collector.items, collector.directions)


def _typeface(font: DictionaryObject | None) -> str:
    """A font's name without the tag of its subset: "/ABCDEF+CMR10" is CMR10."""
    name = font.get("/BaseFont", "") if font is not None else ""
    return str(name).lstrip("/").split("+")[-1]


class _Collector:
    """What pypdf calls while it walks through a page."""

    def __init__(self, fonts: dict[str, str], pen: Pen) -> None:
        self.items: list[Item] = []
        self.directions: list[tuple[float, float]] = []
        self._fonts = fonts
        self._pen = pen
        self._advance = 0.0  # of the text that pypdf has not handed over yet, in text space
        self._face = symbols.face("")
        self._faces: dict[int, tuple[DictionaryObject | None, symbols.Face]] = {}  # a kept font keeps its id
        self._size = 0.0
        self._point = (0.0, 0.0)
        self._glyph_top = 0.0

    def operation(self, operator: bytes, operands: list[object], cm: Matrix, tm: Matrix) -> None:
        """Note rules, and the text of the one font whose codes pypdf has no characters for."""
        self._pen.note(operator, operands)
        if operator in _SHOWS:
            self._advance += self._pen.advance(_visible(operands)) if self._pen.is_exact else 0.0
        if operator == b"Tf" and len(operands) == 2:
            self._face = symbols.face(self._fonts.get(str(operands[0]), ""))
            self._size = number(operands[1])
        elif operator in _SHOWS and self._face.extension:
            self._show_extension(operands, _product(tm, cm))
        elif operator == b"re" and len(operands) == 4:
            x, y, width, height = map(number, operands)
            if abs(height) * math.hypot(cm[2], cm[3]) < _RULE_THICKNESS:
                self._rule((x, y + height / 2), (x + width, y + height / 2), cm)
        elif operator == b"m" and len(operands) == 2:
            self._point = (number(operands[0]), number(operands[1]))
        elif operator == b"l" and len(operands) == 2:
            end = (number(operands[0]), number(operands[1]))
            self._rule(self._point, end, cm)
            self._point = end

    def text(self, text: str, cm: Matrix, tm: Matrix, font: DictionaryObject | None, size: float) -> None:
        """Note a piece of text; one of blanks is a gap after the piece before it."""
        advance, self._advance = self._advance, 0.0
        face = self._face_of(font)
        clean = symbols.tidy(text.replace("\n", ""), math=face.math)
        if clean.strip():
            if not face.extension:
                matrix = _product(tm, cm)
                self._add(clean.translate(face.letters), matrix, face, size)
                self._measure(advance * math.hypot(matrix[0], matrix[1]))
        elif clean and self.items and isinstance(last := self.items[-1], Span):
            self.items[-1] = replace(last, text=last.text.rstrip() + " ")

    def _face_of(self, font: DictionaryObject | None) -> symbols.Face:
        if id(font) not in self._faces:
            face = symbols.face(_typeface(font), fixed_pitch=has_fixed_pitch(font))
            self._faces[id(font)] = (font, face)
        return self._faces[id(font)][1]

    def _show_extension(self, operands: list[object], matrix: Matrix) -> None:
        """Note the glyphs of a show one by one."""
        strings = operands[0] if operands and isinstance(operands[0], list) else operands
        parts = [bytes([code]) for part in strings if isinstance(part, bytes) for code in part]
        scale = math.hypot(matrix[0], matrix[1])
        moved = 0.0
        for part in parts:
            width = self._pen.advance([part]) * scale
            self._add_extension(part[0], (*matrix[:4], matrix[4] + moved, matrix[5]), width)
            moved += width

    def _add_extension(self, code: int, matrix: Matrix, width: float) -> None:
        """Note a big operator or delimiter, or a further piece of a tall one.

        Such a glyph hangs down from its origin. What it stands in is centred on it, a quarter of the size
        above the baseline.
        """
        size = abs(self._size) * (math.hypot(matrix[2], matrix[3]) or 1)
        x, top, bottom = matrix[4], matrix[5], matrix[5] - symbols.extension_height(code) * size
        text = symbols.extension(code)
        last = self.items[-1] if self.items else None
        stacked = isinstance(last, Span) and last.loose and abs(last.x - x) < 1
        if isinstance(last, Span) and stacked and (not text or text == last.text.strip()):
            self.items[-1] = replace(last, y=(self._glyph_top + bottom) / 2 - 0.25 * size)
        elif text:
            self._glyph_top = top
            self._add(text, matrix, self._face, self._size)
            added = self.items[-1]
            if isinstance(added, Span):
                self.items[-1] = replace(added, y=(top + bottom) / 2 - 0.25 * size, loose=True)
                self._measure(width)

    def _add(self, text: str, matrix: Matrix, face: symbols.Face, size: float) -> None:
        height = abs(size) * (math.hypot(matrix[2], matrix[3]) or 1)
        x, y = matrix[4], matrix[5]
        self.items.append(Span(text, x, y, height, face, right=x + height * symbols.width(text.rstrip())))
        self.directions.append((matrix[0], matrix[1]))

    def _measure(self, advance: float) -> None:
        """Set where the last span ends, where its font tells."""
        last = self.items[-1]
        if isinstance(last, Span) and advance > 0:
            self.items[-1] = replace(last, right=last.x + advance)

    def _rule(self, start: tuple[float, float], end: tuple[float, float], cm: Matrix) -> None:
        from_x, from_y = _product((1, 0, 0, 1, *start), cm)[4:]
        to_x, to_y = _product((1, 0, 0, 1, *end), cm)[4:]
        if abs(to_y - from_y) < 0.5 and abs(to_x - from_x) > 2:
            self.items.append(Rule(min(from_x, to_x), from_y, abs(to_x - from_x)))
            self.directions.append((1.0, 0.0))


def _visible(operands: list[object]) -> list[object]:
    """The parts of a show without the gaps and blanks at its end."""
    parts = list(operands[0]) if operands and isinstance(operands[0], list) else list(operands)
    while parts:
        last = parts.pop()
        if isinstance(last, bytes):
            return [*parts, last.rstrip(b" ")]
    return []


def _upright(
    index: int, page: PageObject, items: Sequence[Item], directions: Sequence[tuple[float, float]]
) -> Page:
    """Turn a page so that most of its text runs to the right; drop what runs otherwise, like side stamps."""
    left, bottom, right, top = (float(side) for side in page.mediabox)
    width, height = right - left, top - bottom
    turns = [_quarter_turns(direction) for direction in directions]
    weight: Counter[int] = Counter()
    for item, turn in zip(items, turns, strict=True):
        weight[turn] += len(item.text) if isinstance(item, Span) else 0
    main = weight.most_common(1)[0][0] if weight else 0
    upright: list[Item] = []
    for item, turn in zip(items, turns, strict=True):
        x, y = item.x - left, item.y - bottom
        x, y = [(x, y), (y, width - x), (width - x, height - y), (height - y, x)][main]
        if isinstance(item, Rule):
            upright.append(replace(item, x=x, y=y))
        elif turn == main:
            upright.append(replace(item, x=x, y=y, right=x + item.right - item.x))
    if main % 2:
        width, height = height, width
    return Page(index, width, height, tuple(upright))


def _quarter_turns(direction: tuple[float, float]) -> int:
    """How often text is turned counter-clockwise by 90 degrees."""
    across, up = direction
    if abs(across) >= abs(up):
        return 0 if across >= 0 else 2
    return 1 if up > 0 else 3


def _product(first: Matrix, second: Matrix) -> tuple[float, float, float, float, float, float]:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
