"""What agents read of a paper."""

from hypothesis import given
from hypothesis import strategies as st

from paper2code.papers.model import Equation, Float, Paper, Section
from paper2code.papers.render import to_markdown

PAPER = Paper(
    title="Small Steps",
    authors=("Ada Lovelace",),
    abstract="We step.",
    sections=(
        Section(id="s1", number="1", title="Introduction", level=1, text="See Equation (1).", refs=("eq1",)),
        Section(
            id="s1.1",
            number="1.1",
            title="Loss",
            level=2,
            text="The loss is\n\n[eq1]\n\nas [eq1] says.\n\n[tab1]",
        ),
        Section(id="s2", title="Acknowledgements", level=1, kind="acknowledgements", text="We thank."),
        Section(id="s3", title="References", level=1, kind="references"),
        Section(id="sA", number="A", title="Proofs", level=1, kind="appendix", text="Trivial.\n\n[eq2]"),
    ),
    equations=(
        Equation(id="eq1", number="1", text="L = 1/n ∑_{i} r^{2}_{i}"),
        Equation(id="eq2", latex=r"\alpha = \beta", exact=True),
    ),
    floats=(
        Float(id="tab1", kind="table", number="1", caption="Settings.", text="a | b\n1 | 2"),
        Float(id="fig1", kind="figure", number="1", caption="A curve."),
    ),
    references=("Euler 1750.",),
    source="pdf",
    sha256="0" * 64,
    extractor="test",
    warnings=("page 3 could not be read (no reason)", "pypdf: a log line"),
)


def test_the_whole_paper() -> None:
    assert to_markdown(PAPER) == (
        "# Small Steps\n\n"
        "> Note: page 3 could not be read (no reason)\n"
        "> Formulas below come from a PDF's glyphs: _{ } and ^{ } mark scripts, (a)/(b) a fraction, √( ) a "
        "root, [a b; c d] a matrix. Fonts and spacing may be lost; where a formula makes no sense, trust the "
        "text around it.\n\n"
        "## Abstract\n\nWe step.\n\n"
        "## 1 Introduction {#s1}\n\nSee Equation (1).\n\n"
        "### 1.1 Loss {#s1.1}\n\nThe loss is\n\n$$ L = 1/n ∑_{i} r^{2}_{i} $$ {#eq1}\n\nas [eq1] says.\n\n"
        "**Table 1.** Settings. {#tab1}\n\n```\na | b\n1 | 2\n```\n\n"
        "## A Proofs {#sA}\n\nTrivial.\n\n$$ \\alpha = \\beta $$ {#eq2}\n\n"
        "## Figures and tables\n\n**Figure 1.** A curve. {#fig1}\n"
    )


def test_references_come_last_and_only_when_asked_for() -> None:
    assert "Euler" not in to_markdown(PAPER)
    assert to_markdown(PAPER, references=True).endswith("\n\n## References\n\n- Euler 1750.\n")


def test_exact_formulas_need_no_warning() -> None:
    exact = PAPER.model_copy(update={"equations": (PAPER.equations[1],), "warnings": ()})
    assert to_markdown(exact).startswith("# Small Steps\n\n## Abstract")


@given(st.text(), st.text(), st.text())
def test_any_text_renders_the_same_twice(title: str, text: str, caption: str) -> None:
    section = Section(id="s1", title=title, level=1, text=text + "\n\n[fig1]")
    paper = PAPER.model_copy(
        update={"sections": (section,), "floats": (Float(id="fig1", kind="figure", caption=caption),)}
    )
    assert to_markdown(paper) == to_markdown(Paper.model_validate_json(paper.model_dump_json()))
