"""The marks for providers that cache only what is marked, and what everybody else gets."""

import sys
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from paper2code.models.cache_marks import as_sent, with_shared
from paper2code.models.call import Call
from paper2code.models.images import identity, with_more_text
from paper2code.testing import ScriptedModel

OTHER = ScriptedModel(answer=lambda _: "")
CALL = Call(role="coder", briefing=("PAPER", "PLAN", "CONFIG"), sheet="SHEET", task="TASK")


class ChatAnthropic(ScriptedModel):
    """Stands in for the class of that name."""


ANTHROPIC = ChatAnthropic(answer=lambda _: "")


@pytest.fixture(autouse=True, scope="module")
def package() -> object:
    with pytest.MonkeyPatch.context() as patch:
        module = ModuleType("langchain_anthropic")
        patch.setattr(module, "ChatAnthropic", ChatAnthropic, raising=False)
        patch.setitem(sys.modules, module.__name__, module)
        yield module


def asked() -> list[BaseMessage]:
    return CALL.messages(CALL.fitted(None))


def marked(message: BaseMessage) -> list[str]:
    """The pieces of a message that end with a mark."""
    blocks = [block for block in message.content if isinstance(block, dict)]
    return [block["text"] for block in blocks if block.get("cache_control") == {"type": "ephemeral"}]


def test_marks_stand_behind_system_paper_design_and_sheet() -> None:
    system, question = as_sent(ANTHROPIC, asked())
    assert len(marked(system)) == 1
    assert marked(question) == ["PAPER", "\n\nPLAN\n\nCONFIG\n\n", "SHEET"]
    assert question.text == CALL.fitted(None).text


def test_a_question_with_nothing_before_its_task_bears_no_mark() -> None:
    call = Call(role="planner", task="TASK")
    assert as_sent(ANTHROPIC, call.messages(call.fitted(None)))[1] == HumanMessage("TASK")


def test_what_was_said_since_stays_as_it_is() -> None:
    said: list[BaseMessage] = [AIMessage("An answer"), HumanMessage("Again")]
    assert as_sent(ANTHROPIC, said) == said


def test_other_providers_get_the_text_alone() -> None:
    system, question = as_sent(OTHER, asked())
    assert question == HumanMessage(CALL.fitted(None).text)
    assert isinstance(system.content, str)


def test_without_the_package_nothing_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "langchain_anthropic")
    assert all(isinstance(message.content, str) for message in as_sent(ANTHROPIC, asked()))


def test_the_schema_in_words_stands_behind_the_marks() -> None:
    (sent,) = as_sent(ANTHROPIC, [with_more_text(asked()[1], "SCHEMA")])
    assert marked(sent)[-1] == "SHEET"
    assert str(sent.text).endswith("TASK\n\nSCHEMA")


def test_pictures_stay_behind_the_text() -> None:
    picture = {"type": "image", "base64": "", "mime_type": "image/png"}
    question = with_shared(HumanMessage([{"type": "text", "text": "PAPER, TASK"}, picture]), (5,))
    (sent,) = as_sent(ANTHROPIC, [question])
    assert marked(sent) == ["PAPER"]
    assert sent.content[-1] == picture


@given(st.text(min_size=1), st.lists(st.integers(0, 50), max_size=5))
def test_marks_change_nothing_that_is_said_or_journaled(text: str, ends: list[int]) -> None:
    question = with_shared(HumanMessage(text), tuple(sorted(ends)))
    assert identity(question) == text
    (sent,) = as_sent(ANTHROPIC, [question])
    assert str(sent.text) == text
    assert len(marked(sent)) <= 3
