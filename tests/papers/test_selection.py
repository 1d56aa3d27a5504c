"""What of a paper a prompt shows when it cannot show all."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.errors import PaperError
from paper2code.papers.excerpt import excerpt
from paper2code.papers.model import Equation, Float, Paper, Section
from paper2code.papers.passages import passages
from paper2code.papers.reader import read_paper
from paper2code.papers.relevance import bm25
from paper2code.papers.selection import Cut, Selection, select_sections

PAPER = Paper(
    title="Small Steps",
    sections=(
        Section(id="s1", number="1", title="Introduction", level=1, text="Steps are small. " * 20),
        Section(
            id="s2",
            number="2",
            title="Method",
            level=1,
            text="The loss is\n\n[eq1]\n\nSee Appendix A and Table 2.",
            refs=("eq1", "sA", "tab2"),
        ),
        Section(id="s3", number="3", title="Data", level=1, text="We scale the pixels of every image."),
        Section(id="s4", title="Acknowledgements", level=1, kind="acknowledgements", text="We thank pixels."),
        Section(id="s5", title="References", level=1, kind="references"),
        Section(id="sA", number="A", title="Proofs", level=1, kind="appendix", text="It follows. " * 30),
    ),
    equations=(Equation(id="eq1", number="1", latex="x^2", exact=True),),
    floats=(
        Float(id="tab2", kind="table", number="2", caption="Settings.", text="a | b"),
        Float(id="tab3", kind="table", number="3", caption="Named nowhere."),
    ),
    references=("Euler 1750.",),
    source="s2orc",
    sha256="0" * 64,
    extractor="test",
)
UNASKED = ("s4", "s5")


def shown(paper: Paper, selection: Selection) -> str:
    """The chosen sections as a prompt has them."""
    return excerpt(paper, selection.kept, selection.cut).to_markdown()


def test_all_that_an_agent_needs_is_shown_where_there_is_room() -> None:
    selection = select_sections(PAPER, [], "", 10_000)
    assert selection.kept == ("s1", "s2", "s3", "sA")
    assert (selection.left_out, selection.cut) == (UNASKED, None)


def test_what_is_asked_for_comes_first_and_then_what_it_refers_to() -> None:
    assert select_sections(PAPER, ["eq1"], "pixels", 50).kept == ("s2",)
    assert select_sections(PAPER, ["eq1"], "pixels", 180).kept == ("s2", "sA")
    assert select_sections(PAPER, ["eq1"], "pixels", 200).kept == ("s2", "s3", "sA")


def test_the_query_ranks_what_nobody_asked_for() -> None:
    assert select_sections(PAPER, [], "how are pixels scaled", 20).kept == ("s3",)


def test_references_are_shown_only_where_they_are_asked_for() -> None:
    assert set(UNASKED) <= set(select_sections(PAPER, ["s5", "s4"], "", 10_000).kept)
    assert not set(UNASKED) & set(select_sections(PAPER, [], "Euler 1750", 10_000).kept)


def test_a_table_that_stands_nowhere_is_shown_where_it_is_named() -> None:
    selection = select_sections(PAPER, ["tab2"], "", 50)
    assert selection.kept == ("s2",)
    assert "**Table 2.** Settings. {#tab2}" in shown(PAPER, selection)
    assert select_sections(PAPER, ["tab3"], "", 0).kept == ()


def test_an_unknown_id_is_named() -> None:
    with pytest.raises(PaperError, match=r"no part s9; its sections are s1, s2"):
        select_sections(PAPER, ["s1", "s9"], "", 100)


def test_a_section_larger_than_the_budget_is_cut_between_sentences() -> None:
    text = "We begin.\n\nThe loss is\n\n[eq1]\n\nwhere x is free.\n\nWe end. " + "Many words. " * 50
    paper = PAPER.model_copy(update={"sections": (PAPER.sections[1].model_copy(update={"text": text}),)})
    selection = select_sections(paper, ["s2"], "", 60)
    assert (selection.kept, selection.cut) == (("s2",), Cut("s2", 2))
    assert "where x is free." in shown(paper, selection)
    assert "We end" not in shown(paper, selection)
    assert select_sections(paper, ["s2"], "", 20).kept == ()


def test_sections_of_a_supplement_stand_below_its_name(tmp_path: Path) -> None:
    for name, title in (("paper.md", "Paper"), ("notes.md", "Notes")):
        (tmp_path / name).write_text(f"# {title}\n\n## 1 Method\n\nWords.\n")
    paper = read_paper(tmp_path / "paper.md", supplements=[tmp_path / "notes.md"])
    selection = select_sections(paper, ["b.s1"], "", 25)
    assert selection.kept == ("b.s1",)
    assert "\n\n# Supplement: notes.md\n\n## 1 Method {#b.s1}" in shown(paper, selection)


def test_a_real_paper_is_kept_to_its_budget(papers: Path) -> None:
    paper = read_paper(papers / "pinn.pdf")
    wanted = [paper.sections[3].id, paper.equations[0].id]
    for budget in (500, 2_000, 8_000):
        selection = select_sections(paper, wanted, "optimizer learning rate schedule", budget)
        assert 0.7 * budget < selection.tokens <= budget


# ------------------------------------------------------------------ any paper

PARAGRAPHS = st.sampled_from(
    ["We step. Then we stop.", "The loss is", "[eq1]", "where x is free.", "[fig1]", "By Fig.", "A list:", ""]
) | st.text(max_size=80)
TEXTS = st.lists(PARAGRAPHS, max_size=12).map("\n\n".join)
KINDS = st.sampled_from(["body", "body", "body", "appendix", "references", "other"])


@st.composite
def any_paper(draw: st.DrawFn) -> Paper:
    texts = draw(st.lists(st.tuples(TEXTS, KINDS, st.booleans()), min_size=1, max_size=6))
    ids = [f"{'b.' if there else ''}s{n}" for n, (_, _, there) in enumerate(texts)]
    refs = st.lists(st.sampled_from([*ids, "eq1", "fig1", "tab1"]), max_size=3).map(tuple)
    return Paper(
        title="T",
        sections=tuple(
            Section(
                id=name,
                title=draw(st.text(max_size=9)),
                level=1,
                kind=kind,
                text=text,
                refs=draw(refs),
                source="notes.md" if there else "",
            )
            for name, (text, kind, there) in zip(ids, texts, strict=True)
        ),
        equations=(Equation(id="eq1", latex="x^2", exact=True),),
        floats=(
            Float(id="fig1", kind="figure", caption="A curve."),
            Float(id="tab1", kind="table", text="a | b"),
        ),
        references=("Euler 1750.",),
        source="markdown",
        sha256="0" * 64,
        extractor="test",
    )


def chosen(data: st.DataObject, paper: Paper) -> tuple[Selection, int, list[str]]:
    ids = [section.id for section in paper.sections]
    wanted = data.draw(st.lists(st.sampled_from([*ids, "fig1"]), max_size=3))
    budget = data.draw(st.integers(-5, 300))
    return select_sections(paper, wanted, data.draw(st.text(max_size=20)), budget), budget, wanted


@given(any_paper(), st.data())
def test_order_ids_and_budget_hold(paper: Paper, data: st.DataObject) -> None:
    selection, budget, wanted = chosen(data, paper)
    ids = [section.id for section in paper.sections]
    assert sorted((*selection.kept, *selection.left_out), key=ids.index) == ids
    assert list(selection.kept) == [name for name in ids if name in selection.kept]
    assert list(selection.left_out) == [name for name in ids if name in selection.left_out]
    assert selection.tokens <= max(0, budget)
    kinds = {section.id: section.kind for section in paper.sections}
    unasked = [name for name in selection.kept if name not in wanted and "fig1" not in wanted]
    assert {kinds[name] for name in unasked} <= {"body", "appendix"}


@given(any_paper(), st.data())
def test_every_chosen_section_is_shown_and_no_other(paper: Paper, data: st.DataObject) -> None:
    selection, _, _ = chosen(data, paper)
    held = {section.id for section in excerpt(paper, selection.kept, selection.cut).sections}
    assert held == set(selection.kept)


@given(any_paper(), st.data())
def test_at_most_one_section_is_cut_and_only_one_that_cannot_fit(paper: Paper, data: st.DataObject) -> None:
    selection, budget, _ = chosen(data, paper)
    if selection.cut is None:
        return
    assert selection.cut.section in selection.kept
    assert select_sections(paper, [selection.cut.section], "", budget).cut is not None
    (text,) = [section.text for section in paper.sections if section.id == selection.cut.section]
    assert 0 < selection.cut.passages < len(passages(text))


@given(TEXTS)
def test_passages_are_whole_paragraphs_and_end_with_a_sentence(text: str) -> None:
    parts = passages(text)
    assert "\n\n".join(parts) == text
    for part, following in pairwise(parts):
        words = [line for line in part.split("\n\n") if not re.fullmatch(r"\s*(\[(eq|fig)1\])?\s*", line)]
        assert not words or re.search(r"[.!?…]\W*(\[[\d\s,;–-]+\])?\W*$", words[-1])
        assert not following.lstrip()[:1].islower() or following.startswith("\n\n")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One.\n\nTwo.", 2),
        ("As in Fig.\n\n3 we see.", 1),
        ("One [3].\n\nTwo. [4, 5]\n\n“Three.”\n\nFour", 4),
        ("We find that\n\n[fig1]\n\nit holds.\n\nNext.", 2),
        ("```\nrun.\n\nstop.\n```\n\nDone.", 1),
        ("", 1),
    ],
)
def test_borders(text: str, count: int) -> None:
    assert len(passages(text)) == count


@given(st.text(), st.lists(st.text(), max_size=5))
def test_scores_are_never_negative_and_repeat(query: str, texts: list[str]) -> None:
    scores = bm25(query, texts)
    assert len(scores) == len(texts)
    assert all(score >= 0 for score in scores)
    assert scores == bm25(query, texts)


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    scores = bm25("loss annealing", ["the loss", "the annealing", "the loss", "a loss"])
    assert scores.index(max(scores)) == 1
    assert scores[0] == scores[2] > 0
