"""PDFs written by the tests themselves: text at places, in fonts that need no file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    create_string_object,
)

FONTS = {
    "roman": "Times-Roman",
    "bold": "Times-Bold",
    "italic": "CMMI10",
    "symbols": "CMSY10",
    "extension": "CMEX10",
    "slanted": "Times-Italic",
    "code": "CMTT10",
    "accents": "LMRoman10-Regular",
    "composite": "ABCDEF+Calibri",
}
WIDTHS = {code: 250 if chr(code) in " .,;:'ijlt()[]|" else 500 for code in range(32, 127)}
"""The widths of the characters of "composite", in thousandths of its size."""
LOREM = """gradient descent converges slowly when the loss is badly conditioned while a second order method
follows the curvature and needs far fewer steps although each of them costs more than the cheap update
of the first"""


@dataclass
class Sheet:
    """One page, 612 by 792 points. Text is drawn in the order of the calls."""

    operations: list[str] = field(default_factory=list)
    forms: dict[str, "Sheet"] = field(default_factory=dict)

    def text(self, x: float, y: float, text: str, *, size: float = 10, font: str = "roman") -> "Sheet":
        if font == "composite":
            codes = text.encode("utf-16-be").hex()
            return self.draw(f"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm <{codes}> Tj ET")
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return self.draw(f"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET")

    def run(self, x: float, y: float, *texts: str, size: float = 10) -> float:
        """Draw texts one after the other, each by itself, in "composite"; gives where the last one ends."""
        for text in texts:
            self.text(x, y, text, size=size, font="composite")
            x += sum(WIDTHS[ord(character)] for character in text) / 1000 * size
        return x

    def rule(self, x: float, y: float, width: float) -> "Sheet":
        return self.draw(f"q 1 0 0 1 {x} {y} cm 0.4 w 0 0 m {width} 0 l S Q")

    def draw(self, operation: str) -> "Sheet":
        self.operations.append(operation)
        return self

    def paragraph(
        self, x: float, y: float, words: Iterable[str], *, per_line: int = 8, **style: object
    ) -> float:
        """Draw words from (x, y) down, 12 points a line; gives the height of the line after the last."""
        words = list(words)
        for start in range(0, len(words), per_line):
            self.text(x, y, " ".join(words[start : start + per_line]), **style)  # type: ignore[arg-type]
            y -= 12
        return y


def pdf(
    sheets: Sequence[Sheet],
    *,
    password: str | None = None,
    destinations: dict[str, tuple[int, float]] | None = None,
) -> bytes:
    """The bytes of a PDF of these pages, with named destinations as page index and height."""
    writer = PdfWriter()
    for sheet in sheets:
        page = writer.add_blank_page(width=612, height=792)
        page[NameObject("/Resources")] = _resources(writer, sheet)
        page[NameObject("/Contents")] = writer._add_object(_stream(sheet))
    for name, (index, top) in (destinations or {}).items():
        place = ArrayObject(
            [
                writer.pages[index].indirect_reference,
                NameObject("/XYZ"),
                NumberObject(0),
                NumberObject(int(top)),
                NumberObject(0),
            ]
        )
        writer.add_named_destination_array(create_string_object(name), place)
    if password is not None:
        writer.encrypt(password, algorithm="AES-256")
    data = BytesIO()
    writer.write(data)
    return data.getvalue()


def _resources(writer: PdfWriter, sheet: Sheet) -> DictionaryObject:
    fonts = DictionaryObject(
        {NameObject(f"/{name}"): _font(writer, name, base) for name, base in FONTS.items()}
    )
    resources = DictionaryObject({NameObject("/Font"): fonts})
    if sheet.forms:
        forms = DictionaryObject()
        for name, inner in sheet.forms.items():
            form = _stream(inner)
            form[NameObject("/Type")], form[NameObject("/Subtype")] = (
                NameObject("/XObject"),
                NameObject("/Form"),
            )
            form[NameObject("/BBox")] = ArrayObject([NumberObject(side) for side in (0, 0, 612, 792)])
            form[NameObject("/Resources")] = _resources(writer, inner)
            forms[NameObject(f"/{name}")] = writer._add_object(form)
        resources[NameObject("/XObject")] = forms
    return resources


def _font(writer: PdfWriter, name: str, base: str) -> DictionaryObject:
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject(f"/{base}"),
        }
    )
    if name == "code":
        font |= {
            NameObject("/FirstChar"): NumberObject(32),
            NameObject("/Widths"): ArrayObject([NumberObject(525)] * 95),
        }
    if name == "composite":
        font |= {
            NameObject("/Subtype"): NameObject("/Type0"),
            NameObject("/Encoding"): NameObject("/Identity-H"),
            NameObject("/DescendantFonts"): ArrayObject([_descendant(base)]),
            NameObject("/ToUnicode"): writer._add_object(_to_unicode()),
        }
    return font


def _descendant(base: str) -> DictionaryObject:
    widths = ArrayObject([NumberObject(32), ArrayObject([NumberObject(width) for width in WIDTHS.values()])])
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/CIDFontType2"),
            NameObject("/BaseFont"): NameObject(f"/{base}"),
            NameObject("/DW"): NumberObject(500),
            NameObject("/W"): widths,
        }
    )


def _to_unicode() -> DecodedStreamObject:
    """Codes are code points, as far as these tests need them."""
    stream = DecodedStreamObject()
    stream.set_data(
        b"begincmap\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        b"1 beginbfrange\n<0000> <00FF> <0000>\nendbfrange\n"
        b"1 beginbfrange\n<2000> <22FF> <2000>\nendbfrange\nendcmap"
    )
    return stream


def _stream(sheet: Sheet) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data("\n".join(sheet.operations).encode("latin-1"))
    return stream


def prose(count: int, seed: int = 0) -> list[str]:
    """Words of running text, the same for the same arguments."""
    words = LOREM.split()
    return [words[(seed * 7 + index * (1 + seed % 5)) % len(words)] for index in range(count)]


def two_column_paper(*, line_numbers: bool = False) -> list[Sheet]:
    """Two pages of two columns with all that a paper has, drawn in reading order."""
    first, second = Sheet(), Sheet()
    first.text(150, 740, "Small Steps for Large Networks", size=17, font="bold")
    first.text(220, 715, "Ada Lovelace, Alan Turing")
    first.text(240, 700, "Example University")
    first.text(150, 670, "Abstract", size=12, font="bold")
    y = first.paragraph(54, 650, ["Abstract-words", *prose(55)])
    first.text(54, y - 14, "1. Introduction", size=12, font="bold")
    y = first.paragraph(54, y - 34, [*prose(60, 1), "as", "Section", "2", "and", "Equation", "(1)", "show."])
    first.text(54, y - 14, "2. Method", size=12, font="bold")
    y = first.paragraph(54, y - 34, [*prose(86, 2), "we", "de-"])
    y = first.paragraph(320, 650, ["fine", "the", "loss", "as", "follows,", *prose(90, 5), "namely:"])
    _equation(first, 360, y - 24)
    y = first.paragraph(320, y - 60, ["where", "it", "is", "smooth;", *prose(44, 3), "too."])
    first.text(320, y - 10, "Table 1: Settings of all runs.", size=9)
    _table(first, 320, y - 25)
    for sheet, number in ((first, 1), (second, 2)):
        sheet.text(220, 765, "Small Steps for Large Networks", size=9)
        sheet.text(300, 40, str(number))
    second.text(54, 720, "References", size=12, font="bold")
    second.text(54, 700, "Euler, L. On things that move and how they do, in two lines")
    second.text(64, 688, "of text. Journal of Motion, 1750.")
    second.text(54, 670, "Gauss, C. F. On things that stand and why they should, too.")
    second.text(64, 658, "Journal of Rest, 1801.")
    second.text(320, 720, "A. Proofs", size=12, font="bold")
    second.paragraph(320, 700, [*prose(40, 4), "indeed."])
    if line_numbers:
        for sheet in (first, second):
            for index in range(55):
                sheet.text(30, 740 - 12 * index, f"{index:03d}", size=7)
    return [first, second]


def _equation(sheet: Sheet, x: float, y: float) -> None:
    """L(w) = 1/n sum_{i=1}^{n} r_i^2, drawn as TeX draws it, with the number (1), as one operation."""
    parts = Sheet()
    parts.text(x, y, "L", font="italic").text(x + 5, y, "(").text(x + 8, y, "w", font="italic")
    parts.text(x + 15, y, ") =")
    parts.text(x + 37, y + 7, "1").rule(x + 36, y + 2.5, 7).text(x + 37, y - 7, "n", font="italic")
    parts.text(x + 52, y + 13, "n", size=7, font="italic")
    parts.text(x + 48, y + 9.5, "X", font="extension")
    parts.text(x + 49, y - 11, "i", size=7, font="italic").text(x + 52, y - 11, "=1", size=7)
    parts.text(x + 64, y, "r", font="italic").text(x + 68, y + 4, "2", size=7)
    parts.text(x + 68, y - 3, "i", size=7, font="italic").text(x + 190, y, "(1)")
    sheet.draw("\n".join(parts.operations))


def _table(sheet: Sheet, x: float, y: float) -> None:
    """Three columns and three rows between rules, one cell empty; each row is one operation."""
    sheet.rule(x, y, 200)
    for offset, row in (
        (12, ("Model", "Rate", "Steps")),
        (30, ("MLP", "0.1", "100")),
        (42, ("CNN", "", "200")),
    ):
        cells = Sheet()
        for column, cell in zip((6, 80, 150), row, strict=True):
            if cell:
                cells.text(x + column, y - offset, cell)
        sheet.draw("\n".join(cells.operations))
    sheet.rule(x, y - 16, 200).rule(x, y - 48, 200)


def paper_with_figure(figure: Sheet, *, caption: str = "Figure 1. The architecture of it all.") -> Sheet:
    """A page of two columns, a figure of 200 by 100 points in the second one."""
    sheet = Sheet(forms=figure.forms)
    sheet.text(150, 740, "Small Steps for Large Networks", size=17, font="bold")
    sheet.text(54, 690, "1. Introduction", size=12, font="bold")
    sheet.paragraph(54, 670, prose(300, 1))
    y = sheet.paragraph(320, 690, prose(80, 2))
    assert y > 560
    sheet.operations += figure.operations
    sheet.text(320, 420, caption, size=9)
    sheet.paragraph(320, 390, prose(90, 3))
    return sheet


def as_form() -> Sheet:
    """A blue figure as graphics programs give it to TeX."""
    return Sheet(forms={"F": Sheet().draw("0 0 1 rg 330 440 200 100 re f")}).draw("q /F Do Q")


def as_paths() -> Sheet:
    """A blue figure drawn on the page itself."""
    sheet = Sheet().draw("0 0 1 rg")
    for row in range(10):
        sheet.draw(f"330 {440 + 10 * row} 200 10 re f")
    return sheet.draw("0 g")
