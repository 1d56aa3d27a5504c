"""Whole papers, laid out by the tests."""

import re
from collections.abc import Callable

import pytest

from paper2code.errors import PaperError
from paper2code.papers.model import Paper
from paper2code.papers.pdf.document import read_document
from tests.papers.sheets import Sheet, pdf, prose, two_column_paper


def place(operation: str) -> tuple[float, float]:
    """Sorts operations from the top, then from the left."""
    found = re.search(r"1 0 0 1 ([\d.]+) ([\d.]+)", operation)
    assert found is not None
    return -float(found[2]), float(found[1])


def by_rows(sheet: Sheet) -> None:
    sheet.operations.sort(key=place)


def backwards(sheet: Sheet) -> None:
    sheet.operations.reverse()


def content(paper: Paper) -> dict[str, object]:
    return paper.model_dump(exclude={"sha256", "extractor", "warnings"})


def test_a_two_column_paper_is_taken_apart() -> None:
    paper = read_document(pdf(two_column_paper()))
    assert paper.title == "Small Steps for Large Networks"
    assert paper.authors == ("Ada Lovelace", "Alan Turing")
    assert paper.abstract.startswith("Abstract-words gradient descent")
    assert [(section.id, section.title, section.kind) for section in paper.sections] == [
        ("s1", "Introduction", "body"),
        ("s2", "Method", "body"),
        ("s3", "References", "references"),
        ("sA", "Proofs", "appendix"),
    ]
    introduction, method, references, _ = paper.sections
    assert introduction.refs == ("s2", "eq1")
    assert "we define the loss as follows, " in method.text
    assert "namely:\n\n[eq1]\n\nwhere it is smooth;" in method.text
    assert references.text == ""
    assert paper.references == (
        "Euler, L. On things that move and how they do, in two lines of text. Journal of Motion, 1750.",
        "Gauss, C. F. On things that stand and why they should, too. Journal of Rest, 1801.",
    )


def test_a_display_becomes_one_line_with_its_number() -> None:
    (equation,) = read_document(pdf(two_column_paper())).equations
    assert (equation.id, equation.number, equation.exact, equation.latex) == ("eq1", "1", False, None)
    assert equation.text.replace(" ", "") == "L(w)=1/n∑_{i=1}^{n}r^{2}_{i}"


def test_the_rows_of_a_table_keep_their_columns() -> None:
    (table,) = read_document(pdf(two_column_paper())).floats
    assert (table.id, table.kind, table.caption) == ("tab1", "table", "Settings of all runs.")
    assert table.text == "Model | Rate | Steps\nMLP | 0.1 | 100\nCNN |  | 200"


def test_running_heads_and_page_numbers_are_gone() -> None:
    paper = read_document(pdf(two_column_paper()))
    text = paper.abstract + "".join(section.text for section in paper.sections)
    assert "Small Steps" not in text
    assert not re.search(r"^\d+$", text, re.MULTILINE)


@pytest.mark.parametrize("order", [by_rows, backwards])
def test_the_order_of_drawing_does_not_matter(order: Callable[[Sheet], None]) -> None:
    sheets = two_column_paper()
    for sheet in sheets:
        order(sheet)
    assert content(read_document(pdf(sheets))) == content(read_document(pdf(two_column_paper())))


def test_line_numbers_of_a_review_copy_are_dropped() -> None:
    numbered = read_document(pdf(two_column_paper(line_numbers=True)))
    assert content(numbered) == content(read_document(pdf(two_column_paper())))


def test_a_word_processor_paper_without_numbers() -> None:
    """Headings by size alone, indented paragraphs, words drawn one by one."""
    sheet = Sheet()
    sheet.text(200, 730, "On Tiny Models", size=20)
    sheet.text(230, 705, "Grace Hopper")
    y = 670.0
    for title, seed in (("Abstract", 1), ("Introduction", 2), ("Conclusion", 3)):
        sheet.text(72, y, title, size=14, font="bold")
        for indent in (72, 90):
            x, y = float(indent), y - 20
            for word in [*prose(30, seed), "end."]:
                if x > 480:
                    x, y = 72.0, y - 13
                sheet.text(x, y, f"{word} ")
                x += 4.6 * len(word) + 6
        y -= 30
    paper = read_document(pdf([sheet]))
    assert [section.title for section in paper.sections] == ["Introduction", "Conclusion"]
    assert paper.authors == ("Grace Hopper",)
    assert all(len(section.text.split("\n\n")) == 2 for section in paper.sections)
    assert " ".join(prose(30, 2)) in paper.sections[0].text


def test_named_destinations_veto_what_only_looks_like_a_heading() -> None:
    sheet = Sheet()
    for y, title in (
        (700, "1 Introduction"),
        (600, "2 Method"),
        (500, "3 Results"),
        (400, "4 of 5 cells in bold"),
    ):
        sheet.text(72, y, title, font="bold", size=12)
        sheet.paragraph(72, y - 20, [*prose(50, y), "end."], per_line=12)
    marks = {f"section.{index}": (0, 700 + 12 - 100 * (index - 1)) for index in (1, 2, 3)}
    titles = [section.title for section in read_document(pdf([sheet], destinations=marks)).sections]
    assert titles == ["Introduction", "Method", "Results"]
    assert len(read_document(pdf([sheet])).sections) == 4


def test_text_in_forms_is_read_only_where_the_pages_are_forms() -> None:
    labels = Sheet().paragraph(72, 300, ["tick", "label"] * 20) and Sheet().text(72, 300, "tick label")
    figure = Sheet(forms={"F": labels})
    figure.text(72, 730, "1 Introduction", font="bold", size=12)
    figure.paragraph(72, 700, prose(200), per_line=12)
    figure.draw("/F Do")
    assert "tick" not in read_document(pdf([figure])).sections[0].text
    inner = Sheet().text(72, 730, "1 Introduction", font="bold", size=12)
    inner.paragraph(72, 700, prose(200), per_line=12)
    wrapped = Sheet(forms={"P": inner}).draw("/P Do")
    assert "gradient descent" in read_document(pdf([wrapped])).sections[0].text


def test_a_side_stamp_is_dropped() -> None:
    sheet = Sheet().draw("BT /roman 20 Tf 0 1 -1 0 30 200 Tm (arXiv:2401.00001v1 [cs.LG] 1 Jan 2024) Tj ET")
    sheet.text(72, 730, "1 Introduction", font="bold", size=12)
    sheet.paragraph(72, 700, prose(100), per_line=12)
    paper = read_document(pdf([sheet]))
    assert "arXiv" not in paper.title + paper.abstract + paper.sections[0].text


def test_a_page_set_sideways_is_read() -> None:
    sheet = Sheet()
    for index in range(20):
        words = " ".join(prose(12, index))
        sheet.draw(f"BT /roman 10 Tf 0 1 -1 0 {100 + 14 * index} 72 Tm ({words}) Tj ET")
    text = read_document(pdf([sheet])).sections[0].text
    assert " ".join(prose(12, 0)) in text
    assert text.index(" ".join(prose(12, 0))) < text.index(" ".join(prose(12, 19)))


def test_a_scan_is_refused() -> None:
    with pytest.raises(PaperError, match="scan"):
        read_document(pdf([Sheet(), Sheet()]))


def test_reading_twice_gives_the_same() -> None:
    data = pdf(two_column_paper())
    assert read_document(data) == read_document(data)
