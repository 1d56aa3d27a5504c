"""How much of a prompt a model reads at once, and what becomes of a conversation that is longer."""

import doctest

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.messages import AIMessage, HumanMessage

from paper2code.briefing import Briefing
from paper2code.context import Context
from paper2code.fitting import NoRoomError
from paper2code.models import window
from paper2code.models.call import Call
from paper2code.models.conversation import conversation, less_room
from paper2code.models.specs import NamedModel
from paper2code.models.window import prompt_room, prompt_rooms
from paper2code.papers.model import Paper, Section
from tests.example import PAPER

LONG: Paper = PAPER.model_copy(
    update={
        "sections": tuple(Section(id=f"s{n}", title="T", level=1, text="We step. " * 99) for n in range(9))
    }
)
CALL = Call(role="planner", task="# YOUR TASK: PLANNER", briefing=Briefing(LONG))
TURNS = [AIMessage("x" * 900), HumanMessage("Again."), AIMessage("y" * 900), HumanMessage("Once more.")]


def a_model(**profile: int) -> NamedModel:
    return NamedModel("toy", FakeListChatModel(responses=["."], profile=profile or None))


def test_the_caller_outranks_the_profile() -> None:
    models = {"coder": a_model(max_input_tokens=100_000)}
    assert prompt_rooms(Context(context_tokens=8_000), models, None)["coder"] == 6_000


def test_a_profile_tells_the_room_of_its_role() -> None:
    models = {
        "coder": a_model(max_input_tokens=100_000, max_output_tokens=4_000),
        "planner": a_model(max_input_tokens=1_000_000),
        "tester": a_model(),
    }
    assert prompt_rooms(Context(), models, None) == {"coder": 96_000, "planner": 968_000}


def test_what_fits_is_said_whole() -> None:
    assert conversation(CALL, TURNS, None).messages == conversation(CALL, TURNS, 20_000).messages
    assert conversation(CALL, TURNS, 20_000).left_out == ()


def test_the_question_gives_way_to_the_last_answer() -> None:
    whole = conversation(CALL, TURNS, None).tokens
    shown = conversation(CALL, TURNS, whole - 1)
    assert [message.text for message in shown.messages[2:]] == ["y" * 900, "Once more."]
    assert shown.tokens <= whole - 1
    first = conversation(CALL, (), whole - 1_000)
    assert first.left_out
    assert conversation(CALL, TURNS[:2], whole - 1_000).tokens <= whole - 1_000


def test_a_complete_question_gives_way_to_nothing() -> None:
    whole = Call(role="planner", task=CALL.task, briefing=CALL.briefing, complete=True)
    with pytest.raises(NoRoomError):
        conversation(whole, (), 3_000)


@pytest.mark.parametrize("room", range(1_000, 4_000, 97))
def test_no_conversation_is_longer_than_its_room(room: int) -> None:
    for turns in ((), TURNS[:2], TURNS):
        try:
            assert conversation(CALL, turns, room).tokens <= room
        except NoRoomError as error:
            assert error.least > room  # noqa: PT017 - which of the two depends on the room


def test_after_a_refusal_there_is_less_room() -> None:
    refused = conversation(CALL, (), None)
    assert less_room(refused, None) == refused.tokens * 3 // 4
    assert less_room(refused, 2_000) == prompt_room(2_000)
    assert less_room(refused, 10**6) < refused.tokens


def test_the_examples_in_the_docstrings_are_true() -> None:
    assert doctest.testmod(window) == (0, 1)
