"""A part of a paper as a paper of its own."""

from hypothesis import given
from hypothesis import strategies as st

from paper2code.papers.excerpt import (
    excerpt,
    most_relevant,
    next_part,
    shown_sections,
    without_idle_appendix,
)
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


class TestWithoutIdleAppendix:
    SECTIONS = (
        Section(id="s1", level=1, title="Method", text="[eq1]", refs=("sA",)),
        Section(id="s2", level=1, title="Talk", text="Words.", refs=("sB",)),
        Section(id="sA", level=1, title="Details", text="[eq2]", kind="appendix"),
        Section(id="sB", level=1, title="Proof", text="Hence.", kind="appendix"),
        Section(id="sC", level=1, title="Tables", text="[tab9]", kind="appendix"),
    )
    WITH_PROOF = PAPER.model_copy(update={"sections": SECTIONS})

    def test_what_is_named_stays_and_what_that_refers_to(self) -> None:
        shown, idle = without_idle_appendix(self.WITH_PROOF, ["s1", "nowhere"])
        assert idle == ("sB", "sC")
        assert [section.id for section in shown.sections] == ["s1", "s2", "sA"]

    def test_the_id_of_a_part_stands_for_its_section(self) -> None:
        assert without_idle_appendix(self.WITH_PROOF, ["tab9"])[1] == ("sA", "sB")

    def test_a_paper_that_is_used_whole_is_the_same(self) -> None:
        shown, idle = without_idle_appendix(self.WITH_PROOF, ["s1", "s2", "sC"])
        assert (shown, idle) == (self.WITH_PROOF, ())

    @given(any_paper(), st.lists(st.text(max_size=4)))
    def test_the_body_is_never_touched(self, paper: Paper, places: list[str]) -> None:
        shown, idle = without_idle_appendix(paper, places)
        gone = {section.id: section.kind for section in paper.sections if section not in shown.sections}
        assert set(gone) == set(idle)
        assert set(gone.values()) <= {"appendix"}
