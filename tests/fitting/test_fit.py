"""The ladder of what is left out of a prompt."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.artifacts import Plan, Requirement
from paper2code.briefing import Briefing
from paper2code.fitting import Fitted, NoRoomError, fitted
from paper2code.papers.model import Equation, Float, Paper, Section
from paper2code.papers.passages import passages
from paper2code.papers.render import render_section
from paper2code.testing import ToyProject
from paper2code.tokens import estimate_tokens

OTHERS = {f"plot{n}.py": [] for n in range(20)}
PROJECT = ToyProject({"data.py": [], "model.py": ["data.py"], "train.py": ["model.py"], **OTHERS})
TASK = "# YOUR TASK: CODER OF `model.py`\n\nWrite it."
SENTENCES = ("We step.", "The loss is\n\n[eq1]\n\nwhere x is free.", "[fig1]", "It falls (Fig. 1) at once.")
KINDS = ("body", "body", "appendix", "other", "references")


def a_paper(*sections: tuple[str, str], refs: tuple[str, ...] = ()) -> Paper:
    """A paper with sections of these kinds and texts, all of which refer to `refs`."""
    return Paper(
        title="Small Steps",
        abstract="We step.",
        sections=tuple(
            Section(id=f"s{n}", title=f"Topic {n}", level=1, kind=kind, text=text, refs=refs)
            for n, (kind, text) in enumerate(sections, 1)
        ),
        equations=(Equation(id="eq1", latex="x^2", exact=True),),
        floats=(Float(id="fig1", kind="figure", caption="A curve."),),
        references=("Euler 1750.",),
        source="latex",
        sha256="0" * 64,
        extractor="test",
    )


def a_plan(places: dict[str, tuple[str, ...]]) -> Plan:
    """One requirement a file, with these places; each has a second sentence and something that it forbids."""
    requirements = tuple(
        r.model_copy(
            update={
                "statement": f"{r.statement} Its second sentence is about {r.id}.",
                "forbids": ("a guess",),
                "places": places.get(r.id, ()),
            }
        )
        for r in PROJECT.plan().requirements
    )
    return PROJECT.plan().model_copy(update={"requirements": requirements})


def a_briefing(paper: Paper, places: dict[str, tuple[str, ...]] | None = None) -> Briefing:
    return Briefing(
        paper, a_plan(places or {}), PROJECT.architecture(), PROJECT.dependencies(), PROJECT.config()
    )


def size(briefing: Briefing) -> int:
    return estimate_tokens(fitted(briefing, TASK, None).text)


LONG = a_paper(
    ("body", "It falls.\n\n[fig1]"),
    *[("body", "We step. " * 40)] * 5,
    *[("appendix", "It follows. " * 40)] * 6,
)


def test_what_fits_stays_as_it_is() -> None:
    briefing = a_briefing(LONG)
    whole = Fitted((*briefing.blocks, TASK))
    assert fitted(briefing, TASK, None) == fitted(briefing, TASK, size(briefing)) == whole


def test_the_appendix_goes_first_but_for_what_the_requirements_name() -> None:
    briefing = a_briefing(LONG, {"R2": ("s11",)})
    prompt = fitted(briefing, TASK, size(briefing) - 500, about=("model.py",))
    (missing,) = prompt.left_out
    assert missing.startswith("sections of its appendix: ")
    assert "s11" not in missing
    assert all(f"{{#{name}}}" in prompt.text for name in ("s1", "s6", "s11"))


def test_then_the_body_by_relevance() -> None:
    briefing = a_briefing(LONG, {"R2": ("s3", "nowhere"), "R1": ("s5",)})
    prompt = fitted(briefing, TASK, size(briefing) - 1_250, about=("model.py",))
    assert "{#s3}" in prompt.text
    assert prompt.left_out[0].startswith("sections of the paper's body: ")
    assert prompt.text.index("{#s3}") > prompt.text.index("# THE PAPER")


def test_a_section_that_a_named_one_refers_to_is_needed_too() -> None:
    paper = a_paper(*[("body", f"About {n}. " * 60) for n in range(6)], refs=("s5",))
    prompt = fitted(
        a_briefing(paper, {"R2": ("s2",)}), TASK, size(a_briefing(paper)) - 600, about=("model.py",)
    )
    assert "{#s2}" in prompt.text
    assert "{#s5}" in prompt.text


def test_the_design_gives_way_before_what_a_requirement_names() -> None:
    paper = a_paper(("body", "[fig1]\n\nWe step. " * 40), ("body", "It falls. " * 40))
    briefing = a_briefing(paper, {"R2": ("s1", "s2")})
    prompt = fitted(briefing, TASK, size(briefing) - 90, about=("model.py",))
    assert "{#s1}" in prompt.text
    assert "{#s2}" in prompt.text
    assert any(": R1, R3, R4, " in line for line in prompt.left_out)
    assert "Its second sentence is about R2. Not: a guess." in prompt.text
    assert "Its second sentence is about R1." not in prompt.text


def test_files_are_shown_as_signatures_before_the_rest_of_the_design_goes() -> None:
    briefing = a_briefing(LONG, {"R2": ("s1",)})
    long = TASK + "x" * 9_000
    prompt = fitted(briefing, long, 2_500, about=("model.py",), shorter=lambda: (TASK + "x" * 900, TASK))
    assert prompt.blocks[-1] in {TASK + "x" * 900, TASK}


def test_at_least_the_design_of_the_file_stays() -> None:
    prompt = fitted(a_briefing(LONG), TASK, 900, about=("model.py",))
    text = "\n".join(prompt.blocks[1:4])
    assert "R2" in text
    assert "### data.py" in text, "it is imported"
    assert "### plot1.py" not in text
    assert "planned files that this task does not touch: plot0.py, plot1.py, " in prompt.text


def test_before_there_is_a_design_the_plan_stays_whole() -> None:
    briefing = Briefing(LONG, a_plan({}))
    prompt = fitted(briefing, TASK, 1_900)
    assert prompt.blocks[1] == briefing.blocks[1]


def test_what_has_no_room_says_how_much_it_needs() -> None:
    with pytest.raises(NoRoomError) as error:
        fitted(a_briefing(LONG), TASK, 100, about=("model.py",))
    least = error.value.least
    assert estimate_tokens(fitted(a_briefing(LONG), TASK, least, about=("model.py",)).text) <= least


def test_words_that_are_no_briefing_are_never_shortened() -> None:
    assert fitted(("P",), "long task", 3, shorter=lambda: ("task",)).blocks == ("P", "task")
    with pytest.raises(NoRoomError):
        fitted(("P" * 99,), TASK, 20)


# ------------------------------------------------------------------ any paper

TEXTS = st.lists(st.sampled_from(SENTENCES) | st.text("ab. \n", max_size=60), max_size=8).map("\n\n".join)
IDS = [f"s{n}" for n in range(1, 8)]


@st.composite
def any_briefing(draw: st.DrawFn) -> Briefing:
    sections = draw(st.lists(st.tuples(st.sampled_from(KINDS), TEXTS), min_size=1, max_size=7))
    paper = a_paper(*sections, refs=draw(st.lists(st.sampled_from([*IDS, "fig1"]), max_size=2).map(tuple)))
    places = st.lists(st.sampled_from([*IDS, "eq1", "fig1", "elsewhere"]), max_size=3).map(tuple)
    return a_briefing(paper, draw(st.dictionaries(st.sampled_from(["R1", "R2", "R3"]), places)))


@given(any_briefing(), st.integers(100, 4_000), st.sampled_from([(), ("model.py",), ("data.py", "plot1.py")]))
def test_whatever_is_left_out(briefing: Briefing, room: int, about: tuple[str, ...]) -> None:
    try:
        prompt = fitted(briefing, TASK, room, about=about)
    except NoRoomError as error:
        assert error.least > room  # noqa: PT017 - which of the two depends on the room
        return
    assert estimate_tokens(prompt.text) <= room
    assert prompt == fitted(briefing, TASK, room, about=about)
    assert prompt.blocks[-1] == TASK
    heads = [block.splitlines()[0] for block in prompt.blocks[:5]]
    assert heads == [block.splitlines()[0] for block in briefing.blocks]
    assert all(f"- {line}" in prompt.text for line in prompt.left_out)
    named = set(re.findall(r"[\w.]+", " ".join(prompt.left_out)))
    _sections_are_whole_or_named(briefing.paper, prompt, named)
    _design_is_whole_or_named(briefing, prompt, named)


def _sections_are_whole_or_named(paper: Paper, prompt: Fitted, named: set[str]) -> None:
    shown = [section for section in paper.sections if section.kind != "references"]
    heads = [s.id for s in shown if f"{{#{s.id}}}" in prompt.blocks[0]]
    assert re.findall(r"^##.*\{#(s\d)\}$", prompt.blocks[0], re.MULTILINE) == heads, "in order"
    for section in shown:
        whole = render_section(paper, section) in prompt.blocks[0]
        assert whole or section.id in named
        if section.id in heads and not whole:
            assert any(
                render_section(paper, section.model_copy(update={"text": "\n\n".join(start)}))
                in prompt.blocks[0]
                for start in _beginnings(section.text)
            ), "it is cut between passages"


def _beginnings(text: str) -> list[tuple[str, ...]]:
    parts = passages(text)
    return [parts[:length] for length in range(1, len(parts))]


def _design_is_whole_or_named(briefing: Briefing, prompt: Fitted, named: set[str]) -> None:
    assert briefing.plan
    assert briefing.architecture
    requirements: tuple[Requirement, ...] = briefing.plan.requirements
    assert all(r.statement in prompt.blocks[1] or r.id in named for r in requirements)
    assert all(f.interface in prompt.blocks[2] or f.path in named for f in briefing.architecture.files)
