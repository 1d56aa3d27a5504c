"""How far text moves the pen."""

import pytest
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
)

from paper2code.papers.pdf.metrics import Metrics, Pen, has_fixed_pitch, metrics_of


def numbers(*values: float) -> ArrayObject:
    return ArrayObject([FloatObject(value) for value in values])


def font(**entries: object) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in entries.items()})


def page_with(described: DictionaryObject) -> DictionaryObject:
    return font(Resources=font(Font=font(F1=described)))


def metrics(described: DictionaryObject) -> Metrics | None:
    return metrics_of(page_with(described)).get("/F1")  # type: ignore[arg-type]


def pen() -> Pen:
    written = Pen({"/F1": Metrics({65: 500.0, 32: 250.0})})
    written.note(b"Tf", ["/F1", 10])
    return written


def test_strings_and_offsets_move_the_pen() -> None:
    assert pen().advance([b"AA", -100, b"A"]) == pytest.approx(16.0)


def test_spacing_and_scaling_count() -> None:
    spaced = pen()
    for operator, value in ((b"Tc", 1), (b"Tw", 2), (b"Tz", 50)):
        spaced.note(operator, [value])
    assert spaced.advance([b"A A"]) == pytest.approx((12.5 + 3 * 1 + 2) / 2)


def test_the_text_state_is_saved_and_restored() -> None:
    saved = pen()
    saved.note(b"q", [])
    saved.note(b"Tf", ["/F2", 20])
    assert not saved.is_exact
    saved.note(b"Q", [])
    assert saved.is_exact
    assert saved.advance([b"A"]) == pytest.approx(5.0)


def test_a_composite_font_lists_its_widths_in_two_ways() -> None:
    listed = ArrayObject(
        [NumberObject(1), numbers(300, 400), NumberObject(5), NumberObject(7), FloatObject(600)]
    )
    descendant = font(W=listed, DW=NumberObject(900))
    found = metrics(font(Subtype=NameObject("/Type0"), DescendantFonts=ArrayObject([descendant])))
    assert found is not None
    assert [found.widths.get(code, found.default) for code in (1, 2, 4, 5, 7)] == [300, 400, 900, 600, 600]
    assert list(found.codes(b"\x00\x01\x01\x00")) == [1, 256]


def test_a_type_3_font_has_units_of_its_own() -> None:
    found = metrics(
        font(
            Subtype=NameObject("/Type3"),
            FontMatrix=numbers(0.01, 0, 0, 0.01, 0, 0),
            FirstChar=NumberObject(65),
            Widths=numbers(50),
        )
    )
    assert found is not None
    assert found.widths[65] == pytest.approx(500)


@pytest.mark.parametrize(
    "described",
    [
        font(Subtype=NameObject("/Type1")),
        font(Subtype=NameObject("/Type1"), Widths=numbers(1), FirstChar=NameObject("/A")),
        font(Subtype=NameObject("/Type0")),
        font(Subtype=NameObject("/Type0"), DescendantFonts=ArrayObject([NumberObject(1)])),
    ],
)
def test_a_font_that_lists_no_widths_has_no_metrics(described: DictionaryObject) -> None:
    assert metrics(described) is None


def test_fixed_pitch_is_told_by_the_widths() -> None:
    alike = font(Subtype=NameObject("/Type1"), FirstChar=NumberObject(65), Widths=numbers(*[525] * 9, 0))
    few = font(Subtype=NameObject("/Type1"), FirstChar=NumberObject(65), Widths=numbers(525, 525))
    assert (has_fixed_pitch(alike), has_fixed_pitch(few), has_fixed_pitch(None)) == (True, False, False)
