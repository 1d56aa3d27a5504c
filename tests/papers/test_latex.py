"""LaTeX sources: what becomes of a paper's text, headings, equations, floats and references."""

import re
import tarfile
from pathlib import Path

import pytest

from paper2code.errors import PaperError
from paper2code.papers import latex
from paper2code.papers.model import Equation, Float, Paper, Section
from tests.papers.material import real_paper

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="module")
def toy() -> Paper:
    return latex.read(FIXTURES / "toy" / "main.tex")


def section(paper: Paper, name: str) -> Section:
    return next(section for section in paper.sections if section.id == name)


def equation(paper: Paper, name: str) -> Equation:
    return next(equation for equation in paper.equations if equation.id == name)


def float_of(paper: Paper, name: str) -> Float:
    return next(item for item in paper.floats if item.id == name)


def read(tmp_path: Path, body: str, preamble: str = "") -> Paper:
    source = tmp_path / "paper.tex"
    source.write_text(
        f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n", "utf-8"
    )
    return latex.read(source)


def test_front_matter(toy: Paper) -> None:
    assert toy.title == "A Toy Paper: The ToyNet Case"
    assert toy.authors == ("Ada Lovelace", "Charles Babbage")
    assert toy.abstract == r"We study ToyNet on $\mathbb{R}^n$ with 50% of the data."
    assert toy.source == "latex"


def test_sections_are_numbered_as_tex_numbers_them(toy: Paper) -> None:
    assert [(s.id, s.number, s.title, s.level, s.kind) for s in toy.sections] == [
        ("s1", "1", r"Method $\alpha$", 1, "body"),
        ("s2", None, "Unnumbered", 2, "body"),
        ("s1.1", "1.1", "Included part", 2, "body"),
        ("s3", None, "References", 1, "references"),
        ("sA", "A", "Proofs", 1, "appendix"),
        ("sA.1", "A.1", "More", 2, "appendix"),
    ]


def test_dead_code_is_gone_and_live_code_stays(toy: Paper) -> None:
    text = "\n".join(section.text for section in toy.sections)
    assert "Shown." in text
    for dead in ("Hidden", "Never", "commented", "Trailing garbage"):
        assert dead not in text


def test_macros_are_expanded_in_equations_and_text(toy: Paper) -> None:
    found = equation(toy, "eq1.1")
    assert found.latex == (
        r"\mathbf{x} = \operatorname{arg\,min}_{\theta\in\mathbb{R}} \mathcal{L}_{t}(\theta) "
        r"+ \mathcal{L}_{v}(x)^{\varepsilon}"
    )
    assert found.exact
    assert found.number == "1.1"


def test_macros_that_program_are_left_alone(toy: Paper) -> None:
    assert r"\odd{q}" in section(toy, "s2").text


def test_rows_of_a_display_have_their_own_numbers(toy: Paper) -> None:
    rows = equation(toy, "eq1.2")
    assert rows.number == "1.2-1.3"
    assert rows.latex is not None
    assert rows.latex.startswith(r"\begin{align}")
    assert r"\label" not in rows.latex
    assert equation(toy, "eq1.4a").number == "1.4a-1.4b"
    assert "Eq. (1.3)" in section(toy, "s1").text


def test_unnumbered_displays_have_ids_that_no_number_uses(toy: Paper) -> None:
    assert [(found.id, found.number) for found in toy.equations if found.number in {None, "*"}] == [
        ("eq2", "*"),
        ("eq3", None),
    ]


def test_equations_in_the_appendix_count_by_its_letter(toy: Paper) -> None:
    assert equation(toy, "eqA.1").latex == "q = 1"
    assert section(toy, "sA").text == "See Appendix A.\n\n[eqA.1]\n\nBy (A.1) we are done."


def test_displays_and_floats_stand_alone_where_they_stand(toy: Paper) -> None:
    paragraphs = section(toy, "s1").text.split("\n\n")
    for mark in ("[eq1.1]", "[eq1.2]", "[lst1]", "[fig1]", "[fig2]", "[alg1]", "[tab1]"):
        assert mark in paragraphs


def test_references_become_printed_numbers_and_ids(toy: Paper) -> None:
    found = section(toy, "s1")
    assert "In Section 1 and Equation (1.1), Figure 2, Eq. (1.3) and [nope]." in found.text
    assert {"eq1.1", "eq1.2", "fig2", "alg1", "sA"} <= set(found.refs)
    assert toy.warnings == ("References to labels that are nowhere: nope.",)


def test_citations_keep_their_keys(toy: Paper) -> None:
    assert "Text with a cite [see a, b, p. 3] and [c]." in section(toy, "s1").text
    assert toy.references == ("[a] A. Uthor, *Title*, 2020.", "[b] B. Eta. Book.")


def test_prose_is_plain(toy: Paper) -> None:
    text = section(toy, "s1").text
    assert "- First 10% item\n" in text
    assert "- Two second *item* with `%raw`" in text
    assert "(footnote: A note on $x$.)" in text
    assert "dürer naïve étude ß “quoted”" in text
    assert "**Run in.** Follows **bold** and colored link (http://x.y)." in text
    for layout in ("\\vspace", "\\centering", "\\label", "\\noindent", "0.5cm"):
        assert layout not in text


def test_theorems_keep_their_numbers(toy: Paper) -> None:
    text = section(toy, "s1").text
    assert "**Theorem 1.1 (Main).** It holds that $x$." in text
    assert "*Proof.* Trivial by 1.1." in text
    assert "**Lemma 1.2.** Also." in text


def test_code_is_verbatim(toy: Paper) -> None:
    listing = float_of(toy, "lst1")
    assert (listing.caption, listing.text) == ("Code, with comma", "x = 1 % not a comment\n    \\label{y}")
    assert "```\nplain = 2 % keep\n```" in section(toy, "s1").text


def test_two_captions_in_one_environment_are_two_floats(toy: Paper) -> None:
    assert [float_of(toy, name).caption for name in ("fig1", "fig2")] == ["Left one", "Right one"]


def test_panels_belong_to_their_figure(toy: Paper) -> None:
    assert float_of(toy, "fig3").caption == "Panels. (a) sub A (b) sub B"
    assert len([item for item in toy.floats if item.kind == "figure"]) == 3


def test_tables_and_algorithms_stay_latex(toy: Paper) -> None:
    table = float_of(toy, "tab1")
    assert table.format == "latex"
    assert table.caption == "Scores in %."
    assert table.text == (
        "\\begin{tabular}{cc}\n\\toprule\nModel [a] & 50\\% \\\\\n"
        "\\textbf{Ours} & $9\\times10^3$ \\\\\n\\end{tabular}"
    )
    algorithm = float_of(toy, "alg1")
    assert algorithm.caption == "Train"
    assert "\\STATE $x \\gets 1$ \\COMMENT{see (1.1)}" in algorithm.text


def test_a_paper_without_headings_is_one_section(tmp_path: Path) -> None:
    paper = read(tmp_path, r"\title{Short}\maketitle All of it.")
    assert [(s.id, s.title, s.text) for s in paper.sections] == [("s1", "Short", "All of it.")]


def test_text_before_the_first_heading_is_kept_if_it_is_prose(tmp_path: Path) -> None:
    paper = read(tmp_path, rf"\author{{Me}}\maketitle {'Many words here. ' * 40} \section{{Methods}} More.")
    assert [s.title for s in paper.sections] == ["Opening", "Methods"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (r"$$a$$", ["a"]),
        (r"\[a\]", ["a"]),
        ("\\begin{displaymath}\na\n\\end{displaymath}", ["a"]),
        (r"\begin{equation*}a\label{x}\end{equation*}", ["a"]),
        (r"\begin{eqnarray}a&=&b\\c&=&d\end{eqnarray}", [r"\begin{eqnarray}a&=&b\\c&=&d\end{eqnarray}"]),
        (r"$a$$b$ are inline", []),
        (r"costs \$5 and \$$x$", []),
        (r"line\\[2pt] break\\]", []),
        (r"a lone $$ stays\par" + "\n\n" + "here $$x$$", ["x"]),
        (r"\[\text{if \(x\)} \\[2pt] y\]", [r"\text{if \(x\)} \\[2pt] y"]),
        (r"\begin{equation}a", []),
    ],
)
def test_displays(tmp_path: Path, body: str, found: list[str]) -> None:
    paper = read(tmp_path, rf"\section{{S}} text {body} text")
    assert [equation.latex for equation in paper.equations] == found


@pytest.mark.parametrize(
    ("definition", "use", "expanded"),
    [
        (r"\newcommand{\x}{a}", r"\x b", "a b"),
        (r"\newcommand\x{\alpha}", r"\x b", r"\alpha b"),
        (r"\newcommand{\x}[2]{#2#1}", r"\x{1}{2}", "21"),
        (r"\newcommand{\x}[2][d]{#1-#2}", r"\x{1} \x[e]{2}", "d-1 e-2"),
        (r"\def\x#1{\mathbf#1}", r"\x a", r"\mathbf a"),
        (r"\def\x{y^2}", r"\hat\x + z^\x", r"\hat{y^2} + z^{y^2}"),
        (r"\newcommand{\x}{\y}\newcommand{\y}[1]{<#1>}", r"\x{1}", "<1>"),
        (r"\newcommand{\x}{1}\renewcommand{\x}{2}", r"\x", "2"),
        (r"\newcommand{\x}{1}\providecommand{\x}{2}", r"\x", "1"),
        (r"\let\x\epsilon\let\epsilon\varepsilon", r"\x\epsilon", r"\epsilon\varepsilon"),
        (r"\DeclareMathOperator*{\x}{max}", r"\x_a", r"\operatorname*{max}_a"),
        (r"\newcommand{\x}{\ifmmode a\else b\fi}", r"\x", r"\x"),
        (r"\def\x{\x\x}", r"\y", r"\y"),
        (r"\newcommand{\thetahat}{\hat{\theta}}", r"\thetahat", r"\hat{\theta}"),
    ],
)
def test_macros(tmp_path: Path, definition: str, use: str, expanded: str) -> None:
    paper = read(tmp_path, rf"\section{{S}} Text. \[{use}\]", preamble=definition)
    assert paper.equations[0].latex == expanded


def test_macros_without_end_are_reported_and_cost_little(tmp_path: Path) -> None:
    paper = read(tmp_path, r"\section{S} Text \a.", preamble=r"\def\a{\b\b}\def\b{\a\a}")
    assert any("expand without end" in warning for warning in paper.warnings)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (r"\iffalse a \fi b", "b"),
        (r"\iftrue a \else c \fi b", "a b"),
        (r"\newif\ifx@y \ifx@y a \fi b", "b"),
        (r"\newif\iflong \longtrue \iflong a \else c \fi b", "a b"),
        (r"\iffalse a \ifnum1=1 x \else y \fi c \fi b", "b"),
        (r"\iffalse a \iff \ifthenelse{x}{y}{z} \fi b", "b"),
        ("a % comment\n  b", "a b"),
        ("a % comment\n\nb", "a\n\nb"),
        (r"50\% of \\% gone", "50% of"),
        ("\\begin{comment}\nx\n\\end{comment}b", "b"),
        (r"a\iffalse b", "a b"),
    ],
)
def test_dead_code(tmp_path: Path, body: str, shown: str) -> None:
    assert read(tmp_path, rf"\section{{S}} {body}").sections[0].text == shown


def test_inputs_are_put_in_and_stay_inside(tmp_path: Path) -> None:
    (tmp_path / "secret.tex").write_text("SECRET")
    root = tmp_path / "paper"
    (root / "parts").mkdir(parents=True)
    (root / "link.tex").symlink_to(tmp_path / "secret.tex")
    (root / "parts" / "a.tex").write_text(r"Part A. \input{parts/b} \endinput Ignored.")
    (root / "parts" / "b.tex").write_text(r"Part B. \input{parts/a}")
    (root / "sub.tex").write_text(r"\documentclass[main]{subfiles}\begin{document}Sub.\end{document}")
    (root / "main.tex").write_text(
        r"\documentclass{article}\begin{document}\section{S}"
        r"\input{parts/a} \subfile{sub} \import{parts}{b.tex} \input{../secret} \input{/etc/hostname}"
        r"\input{link} \input{missing}\end{document}"
    )
    paper = latex.read(root)
    assert paper.sections[0].text == "Part A. Part B. Sub. Part B. Part A."
    assert "SECRET" not in paper.model_dump_json()
    assert "../secret, /etc/hostname, link, missing" in paper.warnings[0]


def test_inputs_that_multiply_are_refused(tmp_path: Path) -> None:
    for depth in range(15):
        (tmp_path / f"f{depth}.tex").write_text(rf"\input{{f{depth + 1}}}" * 3)
    with pytest.raises(PaperError, match="pass the paper's PDF"):
        latex.read(tmp_path / "f0.tex")


def test_latin_1_is_read(tmp_path: Path) -> None:
    source = tmp_path / "old.tex"
    source.write_bytes("\\section{Übung} Maß.".encode("latin-1"))
    assert latex.read(source).sections[0].title == "Übung"


def test_biblatex_entries(tmp_path: Path) -> None:
    (tmp_path / "paper.bbl").write_text(
        r"\entry{key}{article}{}\name{author}{1}{}{{{hash=1}{family={Turing},given={A.}}}}"
        r"\field{title}{On Numbers}\field{year}{1936}\endentry"
    )
    paper = read(tmp_path, r"\section{S} Text \autocite{key}. \printbibliography")
    assert paper.references == ("[key] Turing. On Numbers. 1936",)
    assert paper.sections[0].text == "Text [key]."


def test_the_same_source_gives_the_same_paper(toy: Paper) -> None:
    assert latex.read(FIXTURES / "toy" / "main.tex") == toy
    assert Paper.model_validate_json(toy.model_dump_json()) == toy


def numbers_lost(latex_text: str) -> str:
    r"""A display as it stands in a source, less `\label`s, comments and blanks."""
    return re.sub(r"\\label\{[^}]*\}|(?<!\\)%.*|\s+", "", latex_text)


def displays_in(source: str) -> list[str]:
    r"""All displays of a source that has no dead ones, by a plain search."""
    names = "equation|align|gather|multline|eqnarray"
    found = re.findall(
        rf"\\begin\{{(?:{names})\*?\}}.*?\\end\{{(?:{names})\*?\}}|\\\[.*?\\\]|\$\$.*?\$\$", source, re.DOTALL
    )
    return [re.sub(r"\\(?:begin|end)\{equation\*?\}|\\[\[\]]|\$\$", "", numbers_lost(one)) for one in found]


def headings_in(source: str) -> list[str]:
    return re.findall(r"^[^%\n]*\\(?:sub)*section\*?\s*\{", source, re.MULTILINE)


def test_the_transformer() -> None:
    path = real_paper("transformer.tex")
    source = path.read_text("utf-8")
    paper = latex.read(path)
    assert [numbers_lost(one.latex or "") for one in paper.equations] == displays_in(source)
    assert [one.number for one in paper.equations] == ["1", None, "2", None, "3"]
    assert len(paper.sections) == len(headings_in(source)) == 23
    assert [(item.id, item.number) for item in paper.floats if item.kind == "table"] == [
        (f"tab{number}", str(number)) for number in range(1, 5)
    ]
    assert "fig2" in section(paper, "s3.2.1").refs
    assert "s3.2.2" in section(paper, "s6.2").refs
    assert [warning[:24] for warning in paper.warnings] == ["The file has no preamble"]


def test_an_arxiv_archive() -> None:
    path = real_paper("mechanistic.tar.gz")
    paper = latex.read(path)
    with tarfile.open(path) as archive:
        members = {m.name: archive.extractfile(m) for m in archive if m.name.endswith(".tex")}
        source = "\n".join(stream.read().decode() for _, stream in sorted(members.items()) if stream)
    assert sorted(numbers_lost(one.latex or "") for one in paper.equations) == sorted(displays_in(source))
    assert [one.id for one in paper.equations if one.number] == ["eq1", "eq2", "eq3", "eq4"]
    titles = [one for one in paper.sections if one.kind != "references"]
    assert len(titles) == len(headings_in(source)) == 26
    assert len(paper.references) == 47
    assert [item.id for item in paper.floats if item.kind == "table"] == [f"tab{n}" for n in range(1, 7)]
    assert section(paper, "sD").refs == ("tab5", "tab6")
    assert paper.warnings == ()
