"""Markdown: as people write it, and as the tools that make it out of PDFs do."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paper2code.errors import PaperError
from paper2code.papers import markdown
from paper2code.papers.markdown.numbers import number_after, tag_of
from paper2code.papers.model import Paper
from tests.papers.material import real_paper

MINERU = r"""# Folding Widgets

Ada Lovelace 1 Grace Hopper 2

# Abstract

We fold widgets.

# 1. Introduction

Text that runs $a _ { i }$ on (Babbage, 1837). Figure 1 shows more.

![](images/a.jpg)
Figure 1. A widget, folded.

# 1.1. Loss

$$
\mathcal { L } = x ^ { 2 } , \tag{1}
$$

where $x$ is, by Equation (1).

```python
# not a heading
```

Table 1. Scores.

<table><tr><td>a</td><td>1</td></tr></table>

# Algorithm 1 Fold

input x
for i do
end for

Prose after the algorithm.

References

Babbage, C. On Engines,
1837.

Lovelace, A. Notes and more
notes about

engines. 1843.

# A. Proofs

See Section 1.1 and Table 1.
"""


def read(tmp_path: Path, text: str) -> Paper:
    source = tmp_path / "paper.md"
    source.write_text(text, "utf-8", newline="")
    return markdown.read(source)


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return read(tmp_path, MINERU)


def test_front_matter(paper: Paper) -> None:
    assert (paper.title, paper.authors, paper.abstract) == (
        "Folding Widgets", ("Ada Lovelace", "Grace Hopper"), "We fold widgets.",
    )  # fmt: skip


def test_levels_come_from_numbers_where_all_headings_look_alike(paper: Paper) -> None:
    assert [(s.id, s.title, s.level, s.kind) for s in paper.sections] == [
        ("s1", "Introduction", 1, "body"),
        ("s1.1", "Loss", 2, "body"),
        ("s2", "References", 1, "references"),
        ("sA", "Proofs", 1, "appendix"),
    ]


def test_equations_are_exact_and_stand_in_the_text(paper: Paper) -> None:
    (found,) = paper.equations
    assert (found.id, found.number, found.exact) == ("eq1", "1", True)
    assert found.latex == r"\mathcal { L } = x ^ { 2 } , \tag{1}"
    assert paper.sections[1].text.startswith("[eq1]\n\nwhere $x$ is")


def test_floats(paper: Paper) -> None:
    assert [(item.id, item.caption, item.text, item.format) for item in paper.floats] == [
        ("fig1", "A widget, folded.", "", "lines"),
        ("tab1", "Scores.", "<table><tr><td>a</td><td>1</td></tr></table>", "html"),
        ("alg1", "Fold", "input x\nfor i do\nend for", "markdown"),
    ]
    assert "[alg1]\n\nProse after the algorithm." in paper.sections[1].text


def test_a_sentence_about_a_figure_is_no_caption(paper: Paper) -> None:
    assert "Figure 1 shows more." in paper.sections[0].text


def test_references_without_a_heading_mark(paper: Paper) -> None:
    assert paper.references == (
        "Babbage, C. On Engines, 1837.",
        "Lovelace, A. Notes and more notes about engines. 1843.",
    )


def test_mentions_become_refs(paper: Paper) -> None:
    assert paper.sections[-1].refs == ("s1.1", "tab1")
    assert paper.sections[1].refs == ("eq1", "tab1", "alg1")


def test_marks_say_the_level_where_there_are_no_numbers(tmp_path: Path) -> None:
    text = "# Title\n\n## Method\n\na\n\n### Loss\n\nb\n\nResults\n-------\n\nc\n"
    assert [(s.title, s.level) for s in read(tmp_path, text).sections] == [
        ("Method", 1),
        ("Loss", 2),
        ("Results", 1),
    ]


def test_marker_writes_spans_and_bold_headings(tmp_path: Path) -> None:
    text = '# Title\n\n## <span id="page-1-0"></span>**2 Method**\n\na\n\n### *2.1 Loss*\n\nb'
    assert [(s.number, s.title) for s in read(tmp_path, text).sections] == [("2", "Method"), ("2.1", "Loss")]


def test_docling_writes_captions_before_picture_marks(tmp_path: Path) -> None:
    text = (
        "## Title\n\n## 1 Data\n\nFigure 1: Cats.\n\n<!-- image -->\n\nText.\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nTable 1: Dogs.\n"
    )
    paper = read(tmp_path, text)
    assert [(item.id, item.caption, item.format) for item in paper.floats] == [
        ("fig1", "Cats.", "lines"),
        ("tab1", "Dogs.", "markdown"),
    ]
    assert paper.sections[0].text == "[fig1]\n\nText.\n\n[tab1]"


def test_yaml_front_matter_gives_the_title(tmp_path: Path) -> None:
    paper = read(tmp_path, '---\ntitle: "On Things"\nx: 1\n---\n# 1 Intro\n\nText.\n')
    assert (paper.title, [s.title for s in paper.sections]) == ("On Things", ["Intro"])


@pytest.mark.parametrize(
    ("text", "latex", "number"),
    [
        ("$$a$$", "a", None),
        ("$$a$$ (3)", "a", "3"),
        ("$$a$$\n\n(3)", "a", "3"),
        ("$$\na\n$$", "a", None),
        ("\\[\na\n\\]", "a", None),
        ("$$a \\qquad (2a)$$", r"a \qquad (2a)", "2a"),
        ("$$a \\tag {A . 1}$$", r"a \tag {A . 1}", "A.1"),
        ("\\begin{align}\na&=b\n\\end{align}", "\\begin{align}\na&=b\n\\end{align}", None),
        ("Text with $$a$$ inside.", "a", None),
    ],
)
def test_displays(tmp_path: Path, text: str, latex: str, number: str | None) -> None:
    paper = read(tmp_path, f"# T\n\n# S\n\nBefore.\n\n{text}\n\nAfter.\n")
    assert [(found.latex, found.number) for found in paper.equations] == [(latex, number)]
    assert paper.sections[0].text.endswith("After.")


def test_a_display_without_an_end_is_text(tmp_path: Path) -> None:
    paper = read(tmp_path, "# T\n\n# S\n\n$$ a\n\n# Next\n\nText.\n")
    assert (paper.equations, [s.title for s in paper.sections]) == ((), ["S", "Next"])


def test_numbers() -> None:
    assert tag_of(r"f(x) = g(2)") is None
    assert tag_of(r"a \eqno(4)") == "4"
    assert number_after("(see 3)") is None


def test_lost_numbers_are_reported_and_not_invented(tmp_path: Path) -> None:
    paper = read(tmp_path, "# T\n\n# S\n\n$$a$$\n\n$$b$$\n\nBy Equation (2) and (4).\n")
    assert [found.id for found in paper.equations] == ["eq5", "eq6"]
    assert paper.warnings


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "empty"), (b"%PDF-1.4", "not text"), (b"a\x00b", "not text")],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    source = tmp_path / "paper.md"
    source.write_bytes(content)
    with pytest.raises(PaperError, match=message):
        markdown.read(source)


@pytest.mark.parametrize(
    ("name", "counts"),
    [("pinn.md", (52, 110, 10, 3, 74)), ("mechanistic.md", (27, 12, 10, 6, 47))],
)
def test_mineru(name: str, counts: tuple[int, ...]) -> None:
    path = real_paper(name)
    paper = markdown.read(path)
    text = path.read_text("utf-8")
    headings = [line for line in text.split("\n") if line.startswith("# ")][1:]
    aside = [line for line in headings if line.startswith(("# Abstract", "# Algorithm"))]
    assert len(paper.sections) == len(headings) - len(aside)
    assert [found.latex for found in paper.equations] == [part.strip() for part in text.split("$$")[1::2]]
    kinds = [item.kind for item in paper.floats]
    found = (len(paper.sections), len(paper.equations), kinds.count("figure"), kinds.count("table"))
    assert (*found, len(paper.references)) == counts


FRAGMENTS = [
    "#", "# ", "## 1.1 ", "\n", "\n\n", "$$", "\\[", "\\]", "$", "```", "~~~", "<table>", "</table>",
    "| a |", "![](x)", "Figure 1. ", "Table 2: ", "Algorithm 3 ", "References", "Abstract", "(1)",
    "\\tag{1}", "---\n", "===", "[1] ", "- ", "for x do", "\\begin{align}", "\\end{align}",
    "<!-- image -->", "a", " ", "é", "\0eq:0\0", "*", "_", "A. ", "B ",
]  # fmt: skip


def outcome(folder: Path, text: str) -> Paper | str:
    try:
        return read(folder, text)
    except PaperError as error:
        return str(error)


@settings(max_examples=50, deadline=20_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=3)), max_size=60).map("".join))
def test_any_text_gives_the_same_paper_twice_or_one_clear_line(tmp_path: Path, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    found = outcome(tmp_path, text)
    assert found == outcome(tmp_path, text)
    if isinstance(found, Paper):
        assert Paper.model_validate_json(found.model_dump_json()) == found
        ids = [part.id for part in (*found.sections, *found.equations, *found.floats)]
        assert len(set(ids)) == len(ids)
    else:
        assert found.strip()
        assert "\n" not in found


@pytest.mark.parametrize(
    "piece",
    [
        "$$\n", "$$ a ", "```\n", "<table>\n", "# \n", "| a |\n", "![](x)\n", "Figure 1. a\n\n", "\\[\n",
        "**", "(1)\n\n", "[1] a\n", "Algorithm 1 a\n\n", "<span ", "References\n\n", "a\n---\n", "\\tag{",
        "Eqs. (1), (2) and ",
    ],
)  # fmt: skip
def test_long_repetitions_take_linear_time(tmp_path: Path, piece: str) -> None:
    start = time.perf_counter()
    outcome(tmp_path, "# T\n\n# S\n\n" + piece * (30_000 // len(piece)))
    assert time.perf_counter() - start < 20


def test_what_converters_leave_in_the_text_goes(tmp_path: Path) -> None:
    paper = read(
        tmp_path,
        """# <span id="page-0"></span>On A &amp; B

## 1 Method

See [Figure 1](#page-1-0) and Equation [\\(1\\)](#page-1), a &lt; b, p\\_q<sup>2</sup>, `&lt;\\_`, $c\\_d$.

<!-- formula-not-decoded -->

{1}------------------------------------------------

---

<!-- a comment -->

**Algorithm 1** Steps

- 1: **Input:** x
- 2: for i do

Table 1: Rows

<table><tr><td rowspan=1 colspan=2>It&#x27;s &lt;1</td><td rowspan="1">b</td></tr></table>
""",
    )
    assert paper.title == "On A & B"
    assert paper.sections[0].text.split("\n\n") == [
        "See Figure 1 and Equation (1), a < b, p_q^2, `<\\_`, $c\\_d$.",
        "(formula lost)",
        "[alg1]",
        "[tab1]",
    ]
    assert [item.text for item in paper.floats] == [
        "- 1: **Input:** x\n- 2: for i do",
        "<table><tr><td colspan=2>It's &lt;1</td><td>b</td></tr></table>",
    ]
    assert paper.warnings == ("Formulas that the file lacks: 1; the LaTeX source or the PDF has them.",)
