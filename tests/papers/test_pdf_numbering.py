"""The numbers of headings in the order in which they come."""

from paper2code.papers.pdf.numbering import Numbering


def read(*headings: str) -> list[tuple[str | None, str, str]]:
    numbering = Numbering()
    return [numbering.read(heading) for heading in headings]


def test_a_letter_without_a_mark_numbers_an_appendix() -> None:
    assert read("1 Introduction", "References", "A Proofs", "A.1 Lemmas", "B Data") == [
        ("1", "Introduction", "body"),
        (None, "References", "references"),
        ("A", "Proofs", "appendix"),
        ("A.1", "Lemmas", "appendix"),
        ("B", "Data", "appendix"),
    ]


def test_a_title_that_starts_with_a_letter_is_no_appendix() -> None:
    assert read("1 Introduction", "2 Method", "B Sides of Training") == [
        ("1", "Introduction", "body"),
        ("2", "Method", "body"),
        (None, "B Sides of Training", "body"),
    ]


def test_letters_under_roman_numerals_are_subsections() -> None:
    found = read("I. INTRODUCTION", "II. METHOD", "A. Loss", "B. Data", "III. RESULTS")
    assert [number for number, _, _ in found] == ["I", "II", "II.A", "II.B", "III"]
