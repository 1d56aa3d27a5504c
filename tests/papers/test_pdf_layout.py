"""What papers of other typesetters and classes look like, each with the one thing that makes it hard."""

import pytest

from paper2code.papers.model import Paper
from paper2code.papers.pdf.document import read_document
from tests.papers.sheets import Sheet, pdf, prose


def read(*sheets: Sheet) -> Paper:
    """The paper of these pages and one more, without which they may hold too little text for a paper."""
    last = Sheet().text(72, 720, "9 Last words", size=12, font="bold")
    last.paragraph(72, 700, [*prose(120, 4), "end."])
    return read_document(pdf([*sheets, last]))


def titled(title: str = "1 Method") -> Sheet:
    """A page with a title and one heading; its text may start at 660."""
    sheet = Sheet().text(150, 740, "On Small Steps", size=17, font="bold")
    return sheet.text(72, 690, title, size=12, font="bold")


def test_a_footnote_goes_where_its_mark_stands() -> None:
    sheet = titled()
    sheet.text(72, 660, "we follow earlier work and use the public").text(238, 664, "1", size=6)
    sheet.text(242, 660, " code in all runs").paragraph(72, 648, [*prose(300), "end."])
    sheet.rule(72, 90, 80).text(72, 80, "1", size=5).text(75, 76, "At example.org, in two files.", size=7)
    section, _ = read(sheet).sections
    assert "the public (footnote: At example.org, in two files.) code in all runs" in section.text


def test_a_footnote_without_a_mark_in_the_text_ends_its_section() -> None:
    first, second = titled(), Sheet()
    first.paragraph(72, 660, [*prose(300), "and", "it"])
    first.rule(72, 90, 80).text(72, 80, "Licensed under terms.", size=7)
    second.paragraph(72, 700, ["goes", "on", *prose(60), "here."])
    section, _ = read(first, second).sections
    assert "and it goes on" in section.text
    assert section.text.endswith("here.\n\n(Footnote: Licensed under terms.)")


def test_a_small_rule_high_on_a_page_starts_no_footnotes() -> None:
    sheet = titled().rule(72, 680, 60)
    sheet.paragraph(72, 660, [*prose(80), "end."], size=10)
    assert "Footnote" not in read(sheet).sections[0].text


def test_code_keeps_its_lines_and_its_indents() -> None:
    sheet = titled()
    y = sheet.paragraph(72, 660, [*prose(40), "so", "we", "write"]) - 12
    for indent, line in ((0, "def step(x, rate):"), (4, "for _ in range(3):"), (8, "x = x - rate * grad(x)")):
        sheet.text(72 + 5.25 * indent, y, line, font="code")
        y -= 12
    sheet.paragraph(72, y - 12, ["which", "is", *prose(40, 2), "all."])
    section, _ = read(sheet).sections
    code = "```\ndef step(x, rate):\n    for _ in range(3):\n        x = x - rate * grad(x)\n```"
    assert f"so we write\n\n{code}\n\nwhich is" in section.text


def test_code_belongs_to_the_caption_of_its_algorithm() -> None:
    sheet = titled()
    y = sheet.paragraph(72, 660, [*prose(40), "follows."]) - 20
    sheet.text(72, y, "Algorithm 1: One step.", size=9).text(72, y - 20, "x = step(x)", font="code")
    sheet.paragraph(72, y - 60, [*prose(40, 2), "all."])
    (algorithm,) = read(sheet).floats
    assert (algorithm.kind, algorithm.text) == ("algorithm", "x = step(x)")


def test_the_steps_of_an_algorithm_keep_their_indents_behind_their_numbers() -> None:
    """Typst and Word set it like a table: a caption, a rule, numbers in a column of their own."""
    sheet = titled()
    y = sheet.paragraph(72, 660, [*prose(60), "follows."]) - 20
    sheet.text(72, y, "Algorithm 1: The whole method.", size=9).rule(72, y - 8, 240)
    steps = ((0, "draw the weights w"), (0, "for t = 1, 2, 3 do"), (2, "move w by the rate"), (0, "return w"))
    for number, (indent, step) in enumerate(steps, start=1):
        y -= 12
        sheet.text(74, y - 8, str(number)).text(90 + 5 * indent, y - 8, step)
    sheet.rule(72, y - 14, 240).paragraph(72, y - 40, [*prose(40, 2), "all."])
    (algorithm,) = read(sheet).floats
    assert algorithm.text.splitlines() == [
        "1 draw the weights w",
        "2 for t = 1, 2, 3 do",
        "3   move w by the rate",
        "4 return w",
    ]


def test_a_symbol_in_a_cell_is_no_column() -> None:
    sheet = titled()
    y = sheet.paragraph(72, 660, [*prose(60), "follows."]) - 20
    sheet.text(72, y, "Table 1: Settings.", size=9).rule(72, y - 8, 300)
    for row, (symbol, cell, value) in enumerate(
        [
            ("M", ("number of ", "w"), "100"),
            ("T", ("rounds in ", "(6) ", "and ", "b"), "20"),
            ("p", ("power",), "1"),
        ]
    ):
        height = y - 20 - 12 * row
        sheet.run(74, height, symbol)
        sheet.run(110, height, *cell)
        sheet.run(330, height, value)
    sheet.rule(72, y - 60, 300).paragraph(72, y - 90, [*prose(40, 2), "all."])
    (table,) = read(sheet).floats
    assert table.text == "M | number of w | 100\nT | rounds in (6) and b | 20\np | power | 1"


def test_a_word_processor_draws_the_borders_of_each_cell() -> None:
    sheet = titled()
    y = sheet.paragraph(72, 660, [*prose(60), "follows."]) - 20
    sheet.run(72, y, "Table 1: Who and what.", size=9)
    for row, cells in enumerate(
        [("Name", "Role", "Since"), ("Ada", "author", "May"), ("Alan", "reader", "June")]
    ):
        top = y - 12 - 16 * row
        for column, cell in enumerate(cells):
            left = 72 + 80 * column
            sheet.draw(f"{left} {top} 80 0.5 re f").run(left + 5, top - 12, cell)
            sheet.draw(f"{left} {top - 16} 80 0.5 re f")
    sheet.paragraph(72, y - 90, [*prose(40, 2), "all."])
    (table,) = read(sheet).floats
    assert table.text == "Name | Role | Since\nAda | author | May\nAlan | reader | June"


def test_headings_by_size_alone_and_in_italics() -> None:
    sheet = Sheet().text(150, 740, "On Small Steps", size=20)
    y = 700.0
    for title, style in (
        ("Introduction", {"size": 14}),
        ("A. Problem Setup", {"size": 10, "font": "slanted"}),
        ("Training details", {"size": 13}),
    ):
        sheet.text(72, y, title, **style)  # type: ignore[arg-type]
        y = sheet.paragraph(72, y - 20, [*prose(50), "end."]) - 20
    assert [section.title for section in read(sheet).sections] == [
        "Introduction",
        "Problem Setup",
        "Training details",
        "Last words",
    ]


def test_authors_without_an_abstract_are_no_heading() -> None:
    sheet = Sheet().text(150, 740, "On Small Steps", size=17).text(200, 710, "Ada Lovelace", size=12)
    sheet.text(200, 690, "February 6, 2023", size=12).text(72, 660, "1 The statistic", size=14, font="bold")
    sheet.paragraph(72, 640, [*prose(80), "end."])
    paper = read(sheet)
    assert [section.title for section in paper.sections] == ["The statistic", "Last words"]
    assert paper.authors == ("Ada Lovelace",)


def test_running_heads_that_stand_low() -> None:
    sheets = []
    for number in range(4):
        sheet = Sheet().text(200, 708, "Small Steps").text(500, 708, str(number + 1))
        sheet.paragraph(72, 680, [*prose(200, number), "end."])
        sheets.append(sheet)
    sheets[0].text(72, 740, "1 Method", size=12, font="bold")
    text = "".join(section.text for section in read(*sheets).sections)
    assert text.count("Small Steps") <= 1  # on the first page it stands under the title


def test_the_panels_of_a_figure_are_no_table() -> None:
    sheet = titled()
    y = sheet.paragraph(72, 660, [*prose(60), "follows."]) - 20
    for panel in range(2):
        sheet.rule(72, y - 20 * panel, 150).text(90, y - 8 - 20 * panel, "0 2 4 6 8", size=7)
    sheet.rule(72, y - 40, 150).text(72, y - 60, "Figure 1: Losses of two runs.", size=9)
    sheet.paragraph(72, y - 90, [*prose(40, 2), "all."])
    paper = read(sheet)
    assert [item.kind for item in paper.floats] == ["figure"]
    assert "0 2 4" not in paper.to_markdown()


def test_a_bullet_starts_a_paragraph_after_an_unfinished_line() -> None:
    sheet = titled()
    y = sheet.paragraph(72, 660, [*prose(16), "our", "aims", "are"])
    sheet.text(72, y, "\xb7 a small step;").text(72, y - 12, "\xb7 a large one.")
    assert read(sheet).sections[0].text.endswith("our aims are\n\n• a small step;\n\n• a large one.")


def test_a_line_shown_by_a_move_starts_a_piece_of_its_own() -> None:
    """Ghostscript writes so; without parting, the exponent would go on with the base."""
    sheet = titled().draw(
        "BT /roman 10 Tf 1 0 0 1 72 660 Tm 12 TL (the first line ends) Tj (and the next) ' ET"
    )
    sheet.draw('BT /roman 10 Tf 1 0 0 1 72 620 Tm 12 TL (a third) Tj 1 0 (goes on) " ET')
    assert read(sheet).sections[0].text == "the first line ends and the next\n\na third goes on"


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("e\x1bective", "effective"),
        ("de\x0cned", "defined"),
        ("0\x151", "0–1"),
        ("su\x0ecient", "sufficient"),
    ],
)
def test_codes_of_tex_where_a_font_names_nothing(shown: str, text: str) -> None:
    assert text in read(titled().text(72, 660, f"it is {shown} here")).sections[0].text


def test_a_paragraph_pushed_down_by_a_tall_formula_is_no_display() -> None:
    sheet = titled()
    sheet.text(72, 660, "and the weights are computed in closed form, with")
    sheet.text(72, 640, "c", font="italic").text(80, 640, "and let").text(
        115, 640, "d = abcde = fghij", font="italic"
    )
    sheet.text(72, 628, "as the paper says.")
    assert read(sheet).equations == ()


def test_an_equation_stays_with_its_sentence_when_a_float_comes_between() -> None:
    sheet = titled()
    y = sheet.paragraph(72, 660, [*prose(30), "the", "penalty", "reads"]) - 20
    sheet.text(72, y, "Figure 1: Losses of two runs.", size=9)
    sheet.text(150, y - 40, "x = y + z", font="italic").text(500, y - 40, "(1)")
    sheet.paragraph(72, y - 70, ["where", *prose(30, 2), "all."])
    assert "penalty reads\n\n[eq1]\n\n[fig1]\n\nwhere" in read(sheet).sections[0].text


def test_what_is_left_of_a_display_stays_with_it() -> None:
    sheet = titled().text(72, 660, "the loss is given by the following sum:")
    sheet.text(150, 620, "x = y + z", font="italic").text(220, 634, "]", font="roman")
    sheet.text(224, 606, ",").text(500, 606, "(6)").text(72, 570, "where all is said.")
    (equation,) = read(sheet).equations
    assert equation.number == "6"
    assert equation.text.endswith(",")


def test_addresses_and_numbers_in_references_are_neither_code_nor_rows() -> None:
    sheet = titled()
    y = sheet.paragraph(72, 660, [*prose(120), "end."]) - 20
    sheet.text(72, y, "References", size=12, font="bold")
    sheet.text(72, y - 20, "Euler, L. On things that move. 1750. URL https:")
    sheet.text(82, y - 32, "//example.org/things.pdf.", font="code")
    sheet.text(72, y - 44, "Gauss, C. F. On things that stand. Journal of Rest, vol.")
    sheet.text(82, y - 56, "18, no. 19, pp. 1-53, 1801.")
    assert read_document(pdf([sheet])).references == (
        "Euler, L. On things that move. 1750. URL https: //example.org/things.pdf.",
        "Gauss, C. F. On things that stand. Journal of Rest, vol. 18, no. 19, pp. 1-53, 1801.",
    )


def test_the_last_line_of_a_caption_over_another_figure() -> None:
    sheet = titled()
    y = sheet.paragraph(72, 660, [*prose(60), "follows."]) - 20
    sheet.text(72, y, "Figure 1: The losses of two runs with steps of either size, of which one", size=9)
    sheet.text(72, y - 11, "does not converge.", size=9).text(90, y - 60, "0 2 4 6 8", size=7)
    sheet.text(72, y - 90, "Figure 2: The same for another loss.", size=9)
    sheet.paragraph(72, y - 130, [*prose(40, 2), "all."])
    first, second = read(sheet).floats
    assert first.caption.endswith("of which one does not converge.")
    assert second.caption == "The same for another loss."


def test_a_float_that_drifts_into_the_acknowledgements_is_kept() -> None:
    sheet = titled()
    y = sheet.paragraph(72, 660, [*prose(60), "end."]) - 20
    sheet.text(72, y, "Acknowledgments", size=12, font="bold").text(72, y - 20, "We thank Ada.")
    sheet.text(72, y - 80, "Table 1: Rates of all runs.", size=9).text(72, y - 95, "0.1 0.2 0.3")
    markdown = read(sheet).to_markdown()
    assert "Rates of all runs." in markdown
    assert "We thank" not in markdown
