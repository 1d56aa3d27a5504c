"""What the paper leaves open: which questions are asked, and what an answer does to the plan."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.artifacts import Ambiguity, Plan, Requirement
from paper2code.errors import InputError
from paper2code.open_questions import put, read_answers, settled, weightiest


def a_requirement(number: int, kind: Any = "data", priority: Any = "should") -> Requirement:
    return Requirement(
        id=f"R{number}", kind=kind, statement="It is so.", places=(), quote="", forbids=(), priority=priority
    )


def an_ambiguity(number: int, *requirements: int, options: tuple[str, ...] = ("one", "two")) -> Ambiguity:
    return Ambiguity(
        id=f"A{number}",
        question=f"Which of {number}?",
        options=options,
        choice="one",
        reason="Common practice.",
        requirements=tuple(f"R{i}" for i in requirements),
    )


def a_plan(*ambiguities: Ambiguity, requirements: tuple[Requirement, ...] | None = None) -> Plan:
    return Plan(
        summary="A toy.",
        requirements=requirements or tuple(a_requirement(i) for i in range(1, 31)),
        ambiguities=ambiguities,
    )


def ids(plan: Plan) -> list[str]:
    return [ambiguity.id for ambiguity in weightiest(plan)]


# ------------------------------------------------------------------ which are asked


def test_what_more_depends_on_comes_first() -> None:
    assert ids(a_plan(an_ambiguity(1, 1), an_ambiguity(2, 1, 2, 3), an_ambiguity(3, 1, 2))) == [
        "A2",
        "A3",
        "A1",
    ]


def test_what_must_be_and_what_is_central_weighs_more() -> None:
    plan = a_plan(
        an_ambiguity(1, 1, 2, 3),
        an_ambiguity(2, 4),
        an_ambiguity(3, 5),
        requirements=(
            *(a_requirement(i) for i in (1, 2, 3)),
            a_requirement(4, kind="training", priority="must"),
            a_requirement(5, kind="evaluation", priority="must"),
        ),
    )
    assert ids(plan) == ["A2", "A1", "A3"]


def test_equal_weights_keep_the_order_of_the_plan() -> None:
    assert ids(a_plan(*(an_ambiguity(i, 1) for i in (3, 1, 2)))) == ["A3", "A1", "A2"]


def test_three_are_asked_however_light_and_seven_at_most() -> None:
    light = a_plan(an_ambiguity(1, *range(1, 10)), *(an_ambiguity(i, 1) for i in range(2, 10)))
    heavy = a_plan(*(an_ambiguity(i, 1, 2) for i in range(1, 10)))
    assert ids(light) == ["A1", "A2", "A3"]
    assert ids(heavy) == [f"A{i}" for i in range(1, 8)]


def test_of_what_nothing_depends_on_no_more_than_three_are_asked() -> None:
    assert ids(a_plan(*(an_ambiguity(i) for i in range(1, 10)))) == ["A1", "A2", "A3"]


def test_requirements_that_are_gone_or_named_twice_add_nothing() -> None:
    assert ids(a_plan(an_ambiguity(1, 1, 1, 99, 98), an_ambiguity(2, 1, 2))) == ["A2", "A1"]


@pytest.mark.parametrize("options", [(), ("one",), ("one", "  one."), ("one", "")])
def test_options_that_say_the_same_are_no_question(options: tuple[str, ...]) -> None:
    assert ids(a_plan(an_ambiguity(1, 1, options=options))) == []


def test_options_that_differ_in_a_symbol_are_one() -> None:
    assert ids(a_plan(an_ambiguity(1, 1, options=("k = n", "k = N")))) == ["A1"]


# ------------------------------------------------------------------ how they are put


def test_the_form_is_plain_json_and_says_what_depends_on_each_question() -> None:
    plan = a_plan(
        an_ambiguity(1, 1, 2),
        requirements=(a_requirement(1), a_requirement(2, kind="method", priority="must")),
    )
    form = put("A Paper", plan, weightiest(plan))
    assert json.loads(json.dumps(form)) == form
    assert form == {
        "title": "A Paper",
        "questions": [
            {
                "id": "A1",
                "question": "Which of 1?",
                "options": ["one", "two"],
                "choice": "one",
                "reason": "Common practice.",
                "bears_on": [
                    {"id": "R2", "kind": "method", "priority": "must", "statement": "It is so."},
                    {"id": "R1", "kind": "data", "priority": "should", "statement": "It is so."},
                ],
            }
        ],
        "answers": {"A1": ""},
    }


# ------------------------------------------------------------------ answers

ASKED = (an_ambiguity(1), an_ambiguity(2, options=("3", "2")))


@pytest.mark.parametrize(
    ("filled", "answers"),
    [
        ({}, {}),
        ({"A1": "", "A2": None}, {}),
        ({"A1": "  \n "}, {}),
        ({"A1": 2}, {"A1": "two"}),
        ({"A2": 2}, {"A2": "2"}),
        ({"A2": "3"}, {"A2": "3"}),
        ({"A1": " neither\n of them "}, {"A1": "neither of them"}),
    ],
)
def test_an_answer_is_the_number_of_an_option_or_words(filled: object, answers: dict[str, str]) -> None:
    assert read_answers(ASKED, filled) == answers


@pytest.mark.parametrize(
    ("filled", "told"),
    [
        ({"A9": 1}, "A9: not asked; the questions are A1, A2"),
        ({"A1": 0}, "A1: there is no option 0; it has 1 to 2"),
        ({"A1": 3}, "A1: there is no option 3"),
        ({"A1": True}, "not True"),
        ({"A1": 0.5}, "or with words, not 0.5"),
        ({"A1": "x" * 8_001}, "the answer to A1 is longer than 8,000 characters"),
        (None, "the answers are no dict"),
        ([2], "the answers are no dict"),
    ],
)
def test_what_is_no_answer_is_refused_in_one_line(filled: object, told: str) -> None:
    with pytest.raises(InputError) as caught:
        read_answers(ASKED, filled)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_answer_takes_the_place_of_the_choice() -> None:
    plan = a_plan(an_ambiguity(1, 1), an_ambiguity(2, 2))
    first, second = settled(plan, {"A2": "two", "A9": "gone"}).ambiguities
    assert first == plan.ambiguities[0]
    assert second.choice == "two"
    assert second.reason == "The researcher's choice; the planner had proposed: one"


def test_an_answer_that_agrees_changes_nothing() -> None:
    plan = a_plan(an_ambiguity(1, 1))
    assert settled(plan, {"A1": "one"}) == plan


words = st.text(max_size=40)
plans = st.builds(
    lambda many: a_plan(*(a.model_copy(update={"id": f"A{i}"}) for i, a in enumerate(many))),
    st.lists(
        st.builds(
            an_ambiguity,
            st.just(0),
            st.integers(0, 40),
            st.integers(0, 40),
            options=st.lists(words, max_size=8).map(tuple),
        ),
        max_size=12,
    ),
)


@given(plans, st.data())
def test_whatever_is_answered_the_plan_stays_sound(plan: Plan, data: st.DataObject) -> None:
    asked = weightiest(plan)
    assert len(asked) <= 7
    filled = data.draw(
        st.fixed_dictionaries(
            {}, optional={a.id: st.none() | words | st.integers(1, len(a.options)) for a in asked}
        )
    )
    answers = read_answers(asked, filled)
    after = settled(plan, answers)
    assert Plan.model_validate(after.model_dump()) == after
    assert settled(after, answers) == after
    assert {a.id: a.choice for a in after.ambiguities} == {a.id: a.choice for a in plan.ambiguities} | answers
