"""A part of a paper as a paper of its own."""

from hypothesis import given
from hypothesis import strategies as st

from paper2code.papers.excerpt import excerpt, most_relevant, next_part, shown_sections
from paper2code.papers.model import Float, Paper, Section
from tests.papers.test_selection import any_paper

PAPER = Paper(
    title="Small Steps",
    abstract="We step.",
    sections=(
        Section(id="s1", title="Method", level=1, text="We step.\n\n[fig1]", refs=("tab1",)),
        Section(id="s2", title="Results", level=1, text="It falls."),
        Section(id="s3", title="References", level=1, kind="references"),
    ),
    floats=(
        Float(id="fig1", kind="figure", caption="A curve."),
        Float(id="tab1", kind="table", caption="Settings."),
    ),
    source="latex",
    sha256="0" * 64,
    extractor="test",
)


def test_a_section_brings_what_stands_in_it_and_what_it_names_first() -> None:
    assert [item.id for item in excerpt(PAPER, {"s1"}).floats] == ["fig1", "tab1"]
    assert excerpt(PAPER, {"s2"}).floats == ()


def test_all_sections_are_the_whole_paper() -> None:
    assert excerpt(PAPER, {"s1", "s2"}).to_markdown() == PAPER.to_markdown()


@given(any_paper(), st.integers(0, 900))
def test_an_excerpt_keeps_to_its_size_and_begins_like_the_whole(paper: Paper, characters: int) -> None:
    chosen, selection = most_relevant(paper, ["s1", "nowhere"], "loss", characters)
    assert len(chosen.to_markdown()) <= characters or not selection.kept
    opening = excerpt(paper, ()).to_markdown().rstrip()
    assert chosen.to_markdown().startswith(opening)
    assert [section.id for section in chosen.sections] == list(selection.kept)


def test_what_fits_whole_is_whole() -> None:
    chosen, selection = most_relevant(PAPER, [], "", 10_000)
    assert (chosen, selection.left_out) == (PAPER, ())


@given(any_paper(), st.integers(0, 600))
def test_parts_are_the_whole_paper_in_order(paper: Paper, characters: int) -> None:
    rest = shown_sections(paper)
    read: dict[str, list[str]] = {section.id: [] for section in rest}
    parts = []
    while rest:
        part, behind = next_part(paper, rest, characters)
        assert part.sections, "each part brings the reader on"
        assert len(part.to_markdown()) <= characters or len(part.sections) == 1
        parts.append(part)
        for section in part.sections:
            read[section.id].append(section.text)
        rest = behind
    whole = {section.id: section.text.rstrip() for section in shown_sections(paper)}
    assert {name: "\n\n".join(texts).rstrip() for name, texts in read.items()} == whole


def test_a_section_that_is_parted_says_so() -> None:
    long = PAPER.sections[0].model_copy(update={"text": "\n\n".join(["We step and step."] * 20), "refs": ()})
    part, behind = next_part(PAPER, (long,), 300)
    assert part.sections[0].title == "Method"
    assert behind[0].title == "Method (continued)"
    part, behind = next_part(PAPER, behind, 200)
    assert part.sections[0].title == behind[0].title == "Method (continued)"
