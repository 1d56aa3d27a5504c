"""Two-dimensional mathematics on one line."""

from hypothesis import given
from hypothesis import strategies as st

from paper2code.papers.pdf.folding import fold
from paper2code.papers.pdf.lines import Line, lines_of
from paper2code.papers.pdf.spans import Item, Rule, Span
from paper2code.papers.pdf.symbols import compose_accents, extension, face, tidy


def span(
    text: str, x: float, y: float, size: float = 10, *, font: str = "CMMI10", loose: bool = False
) -> Span:
    return Span(text, x, y, size, face(font), x + 0.45 * size * len(text), loose)


def text_of(*items: Item) -> list[str]:
    return [line.text.replace(" ", "") for line in lines_of(fold(items), 0) if isinstance(line, Line)]


def test_a_subscript_and_a_superscript() -> None:
    assert text_of(span("x", 0, 0), span("2", 6, 4, 7), span("i", 6, -2, 7)) == ["x^{2}_{i}"]


def test_a_script_of_a_script() -> None:
    assert text_of(span("w", 0, 0), span("K", 7, -2, 7), span("GD", 13, -3, 5)) == ["w_{K_{GD}}"]


def test_a_prime_needs_no_braces() -> None:
    assert text_of(span("f", 0, 0), span("′", 5, 4, 7), span("(x)", 8, 0)) == ["f′(x)"]


def test_a_fraction_as_tex_draws_it() -> None:
    numerator, bar, denominator = span("a+b", 20, 7), Rule(19, 2.5, 20), span("2n", 24, -7)
    assert text_of(span("x=", 0, 0), numerator, bar, denominator, span("y", 45, 0)) == ["x=(a+b)/(2n)y"]


def test_a_fraction_as_typst_draws_it() -> None:
    numerator, denominator, bar = span("1", 20, 7), span("n", 20, -7), Rule(19, 2.5, 7)
    assert text_of(span("x=", 0, 0), numerator, denominator, bar, span("y", 30, 0)) == ["x=1/ny"]


def test_a_fraction_under_a_fraction() -> None:
    inner = [span("b", 20, -6), Rule(19, -8, 7), span("c", 20, -15)]
    assert text_of(span("a", 20, 7), Rule(19, 2.5, 8), *inner) == ["a/(b/c)"]


def test_a_root_in_a_fraction() -> None:
    below = [span("√", 16, -3, font="CMSY10"), Rule(24, -3, 10), span("d", 25, -10)]
    assert text_of(span("QK", 18, 7), Rule(16, 2.5, 20), *below) == ["(QK)/√(d)"]


def test_limits_of_a_sum_in_either_order_of_drawing() -> None:
    sign = span("∑", 20, 0, font="CMEX10", loose=True)
    upper, lower = span("n", 22, 11, 7), span("i=1", 20, -11, 7)
    assert text_of(span("y=", 0, 0), upper, sign, lower, span("x", 36, 0)) == ["y=∑_{i=1}^{n}x"]
    assert text_of(span("y=", 0, 0), sign, upper, lower, span("x", 36, 0)) == ["y=∑_{i=1}^{n}x"]


def test_an_integral_has_its_limits_beside_it() -> None:
    sign = span("∫", 20, 0, font="CMEX10", loose=True)
    assert text_of(sign, span("1", 29, 12, 7), span("0", 25, -11, 7), span("f", 36, 0)) == ["∫_{0}^{1}f"]


def test_the_exponent_of_a_tall_bracket() -> None:
    opening, closing = (span(mark, x, 0, font="CMEX10", loose=True) for mark, x in (("(", 0), (")", 30)))
    inside = [span("2", 12, 7), Rule(11, 2.5, 6), span("3", 12, -7)]
    assert text_of(opening, *inside, closing, span("k", 36, 12, 7)) == ["(2/3)^{k}"]


def test_a_matrix() -> None:
    opening, closing = (span(mark, x, 0, font="CMEX10", loose=True) for mark, x in (("[", 20), ("]", 60)))
    cells = [span("a ", 26, 6), span("b", 46, 6), span("c ", 26, -6), span("d", 46, -6)]
    assert text_of(span("M=", 0, 0), opening, *cells, closing) == ["M=[ab;cd]"]


def test_a_table_is_no_fraction() -> None:
    rules = [Rule(0, y, 200) for y in (30, 10, -30)]
    rows = [span("Model Rate", 5, 18, font="Times"), rules[1], span("MLP 0.1", 5, -5, font="Times")]
    assert text_of(rules[0], *rows, rules[2]) == ["ModelRate", "MLP0.1"]


def test_the_underscores_that_tex_rules() -> None:
    parts = [span("opt", 0, 0), Rule(14, 0.2, 3), span("for", 17, 0)]
    assert text_of(*parts) == ["opt_for"]


def test_the_extension_font_of_computer_modern() -> None:
    assert [extension(code) for code in b"X\x12h"] == ["∑", "(", "["]
    assert "".join(map(extension, (0x32, 0x36, 0x34))) == "["  # three pieces of one tall bracket


def test_accents_go_onto_their_letters() -> None:
    assert compose_accents("Nystr¨om, ˜x and R 7→ R") == "Nyström, x̃ and R ↦ R"
    assert compose_accents("(β − \u0302 β)") == "(β − β\u0302)"  # as Latin Modern names its accents
    assert text_of(span("\u0302", 1, 2, font="LMRoman10-Regular"), span("β", 0, 0)) == ["β\u0302"]


def test_an_accent_that_was_drawn_over_the_letter_before_it_stays_there() -> None:
    assert text_of(span("f", 0, 0), span("\u0302", 2, 2), span("i", 6, -2, 7)) == ["f\u0302_{i}"]


def test_a_root_ends_where_its_bar_ends() -> None:
    assert text_of(span("√", 0, 0), Rule(8, 8, 4.5), span("aR,R", 8, 0)) == ["√(a)R,R"]


def test_a_word_apart_from_a_big_bracket() -> None:
    bracket = span(")", 40, 0, font="CMEX10", loose=True)
    lines = lines_of([span("log(n", 16, 0), bracket, span("steps", 48, 0, font="Times")], 0)
    assert [line.text for line in lines if isinstance(line, Line)] == ["log(n) steps"]


def test_an_underline_does_not_end_its_line() -> None:
    parts = [span("the ", 0, 0), span("word ", 20, 0), Rule(20, -2, 20), span("is", 42, 0)]
    assert [line.text for line in lines_of(fold(parts), 0) if isinstance(line, Line)] == ["the word is"]


def test_letters_of_mathematical_fonts() -> None:
    assert tidy("𝑥 = 𝜃 + ﬁ\u00adx ℝ 𝒟\ufe00") == "x = θ + fi-x ℝ 𝒟"
    assert (tidy("de\x0cned"), tidy("de\x0cned", math=True)) == ("defined", "dened")
    assert "L♣".translate(face("LMMathSymbols10-Regular").letters) == "ℒ|"


finite = st.floats(-50, 600, allow_nan=False)
spans = st.builds(
    span,
    st.text("abcxyz∑∫√([{)]}_^=+ 123", min_size=1, max_size=6),
    finite,
    finite,
    st.sampled_from([5.0, 7.0, 10.0, 17.0]),
    font=st.sampled_from(["CMMI10", "CMEX10", "Times"]),
    loose=st.booleans(),
)
rules = st.builds(Rule, finite, finite, st.floats(2, 500))


@given(st.lists(st.one_of(spans, rules), max_size=40))
def test_no_letter_is_lost_whatever_the_layout(items: list[Item]) -> None:
    text = "".join(text_of(*items))
    for letter in "abcxyz123":
        drawn = sum(item.text.count(letter) for item in items if isinstance(item, Span))
        assert text.count(letter) == drawn
