"""What the paper leaves open, as questions: which are worth asking, how they are put, what answers change."""

from collections.abc import Mapping, Sequence

from typing_extensions import TypedDict

from paper2code.artifacts import Ambiguity, Plan, Requirement
from paper2code.errors import InputError

_FEWEST, _MOST = 3, 7
_CENTRAL = frozenset({"method", "training"})
_LONGEST = 8_000  # characters, as in `Line`


class Dependent(TypedDict):
    """A requirement that an answer bears on."""

    id: str
    kind: str
    priority: str
    statement: str


class OpenQuestion(TypedDict):
    """One question, with what the planner would answer and why."""

    id: str
    question: str
    options: list[str]
    choice: str
    reason: str
    bears_on: list[Dependent]


class Form(TypedDict):
    """What the graph asks with: plain JSON. `answers` has every question's id, to be filled in and sent back.

    An answer is the number of an option, counted from 1, or words; where it is empty the planner's choice
    stands. LangGraph takes an empty dict for no answer at all, so the ids stay in it.
    """

    title: str
    questions: list[OpenQuestion]
    answers: dict[str, str | int]


def weightiest(plan: Plan) -> tuple[Ambiguity, ...]:
    """The ambiguities that matter most, the weightiest first.

    An ambiguity weighs as much as the requirements that it bears on: each counts once, twice if it is a
    `must`, and twice again if it is of the method or the training. Equal weights keep the plan's order.
    Taken are the first three, and up to four more that weigh at least half as much as the first. An ambiguity
    whose options say the same is none.
    """
    weights = {r.id: _weight(r) for r in plan.requirements}
    weighed = [
        (sum(weights.get(i, 0) for i in set(a.requirements)), a) for a in plan.ambiguities if _is_open(a)
    ]
    ranked = sorted(weighed, key=lambda pair: pair[0], reverse=True)[:_MOST]
    heaviest = ranked[0][0] if ranked else 0
    return tuple(
        ambiguity
        for place, (weight, ambiguity) in enumerate(ranked)
        if place < _FEWEST or 2 * weight >= heaviest > 0
    )


def put(title: str, plan: Plan, asked: Sequence[Ambiguity]) -> Form:
    """The form that asks about ambiguities of the plan of a paper."""
    return Form(
        title=title,
        questions=[_question(plan, ambiguity) for ambiguity in asked],
        answers=dict.fromkeys((ambiguity.id for ambiguity in asked), ""),
    )


def read_answers(asked: Sequence[Ambiguity], filled: object) -> dict[str, str]:
    """The answers of a form that came back, in words, by the ids of their ambiguities.

    Args:
        asked: The ambiguities in question.
        filled: For each id the number of an option, counted from 1, or words. What is missing, None or
            empty is not in the result.

    Raises:
        InputError: It is no such dict, or answers what was not asked.
    """
    if not isinstance(filled, Mapping):
        raise InputError('the answers are no dict: give them by the ids of the questions, such as {"A1": 2}')
    by_id = {ambiguity.id: ambiguity for ambiguity in asked}
    if strange := [str(key) for key in filled if key not in by_id]:
        raise InputError(f"{', '.join(strange)}: not asked; the questions are {', '.join(by_id)}")
    answers = {i: _in_words(by_id[i], answer) for i, answer in filled.items()}
    return {i: answer for i, answer in answers.items() if answer}


def settled(plan: Plan, answers: Mapping[str, str]) -> Plan:
    """The plan with the researcher's answers in place of the planner's choices; others stay as they are."""
    return plan.model_copy(
        update={"ambiguities": tuple(_settled(a, answers.get(a.id, a.choice)) for a in plan.ambiguities)}
    )


def _weight(requirement: Requirement) -> int:
    return (1 + (requirement.priority == "must")) * (1 + (requirement.kind in _CENTRAL))


def _is_open(ambiguity: Ambiguity) -> bool:
    readings = {"".join(option.split()).rstrip(".") for option in ambiguity.options}
    return len(readings - {""}) > 1


def _question(plan: Plan, ambiguity: Ambiguity) -> OpenQuestion:
    named = set(ambiguity.requirements)
    return OpenQuestion(
        id=ambiguity.id,
        question=ambiguity.question,
        options=list(ambiguity.options),
        choice=ambiguity.choice,
        reason=ambiguity.reason,
        bears_on=[
            Dependent(id=r.id, kind=r.kind, priority=r.priority, statement=r.statement)
            for r in sorted(plan.requirements, key=_weight, reverse=True)
            if r.id in named
        ],
    )


def _in_words(ambiguity: Ambiguity, answer: object) -> str:
    if answer is None:
        return ""
    if isinstance(answer, str):
        words = " ".join(answer.split())
        if len(words) > _LONGEST:
            raise InputError(
                f"the answer to {ambiguity.id} is longer than {_LONGEST:,} characters: shorten it"
            )
        return words
    options = ambiguity.options
    if isinstance(answer, bool) or not isinstance(answer, int):
        raise InputError(f"{ambiguity.id}: answer with the number of an option or with words, not {answer!r}")
    if not 1 <= answer <= len(options):
        raise InputError(f"{ambiguity.id}: there is no option {answer}; it has 1 to {len(options)}")
    return options[answer - 1]


def _settled(ambiguity: Ambiguity, answer: str) -> Ambiguity:
    if answer == ambiguity.choice:
        return ambiguity
    # A copy is not validated: what is too long would be found out only when the plan is read again.
    reason = f"The researcher's choice; the planner had proposed: {ambiguity.choice}"[:_LONGEST]
    return ambiguity.model_copy(update={"choice": answer, "reason": reason})
