"""The scripted model, and the question that its script sees."""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import BaseModel, Field, PrivateAttr

_TASK = re.compile(
    r"^# YOUR TASK: ([A-Z ]+?)(?:, REVISING)?(?: OF `([^`]+)`| OF THE ([A-Z]+))?$", re.MULTILINE
)
_REVISING = ("## The draft to change", "## The plan so far")
_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Question:
    """One request as the script sees it.

    `role` is the agent as the prompt names it (`planner`, `coder`, `reviewer`, `auditor`, ...), `target` the
    file, or empty; `revising` whether something is written again; `again` whether the answer before was
    refused.
    """

    role: str
    target: str
    revising: bool
    again: bool
    prompt: str

    @classmethod
    def of(cls, messages: Sequence[BaseMessage]) -> "Question":
        """The question that a conversation asks."""
        prompt = str(messages[1].text)
        tasks = list(_TASK.finditer(prompt))
        if not tasks:
            raise ValueError("the prompt names no task: only agents of paper2code can ask this model")
        task = tasks[-1]
        return cls(
            role=task[1].lower().replace(" ", "_"),
            target=task[2] or (task[3] or "").lower(),
            revising=", REVISING" in task[0] or any(sign in prompt[task.start() :] for sign in _REVISING),
            again=len(messages) > 2,
            prompt=prompt,
        )


Answer = str | BaseModel


class ScriptedModel(BaseChatModel):
    """A chat model whose answers are a function of the question.

    Args:
        answer: Gives the text, or an artifact that is sent as JSON.
        delay: Seconds that each answer takes.
    """

    answer: Callable[[Question], Answer]
    delay: float = Field(default=0.0, ge=0)
    _asked: list[Question] = PrivateAttr(default_factory=list)

    @property
    def asked(self) -> list[Question]:
        """All questions so far, in the order in which they came."""
        return self._asked

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        del stop, run_manager, kwargs
        time.sleep(self.delay)
        return self._result(messages)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        del stop, run_manager, kwargs
        await asyncio.sleep(self.delay)
        return self._result(messages)

    def _result(self, messages: Sequence[BaseMessage]) -> ChatResult:
        question = Question.of(messages)
        self._asked.append(question)
        given = self.answer(question)
        text = given if isinstance(given, str) else given.model_dump_json()
        sent = sum(len(str(message.text)) for message in messages) // _CHARACTERS_PER_TOKEN
        received = len(text) // _CHARACTERS_PER_TOKEN
        message = AIMessage(
            text,
            usage_metadata={"input_tokens": sent, "output_tokens": received, "total_tokens": sent + received},
            response_metadata={"model_name": "scripted", "finish_reason": "stop"},
        )
        return ChatResult(generations=[ChatGeneration(message=message)])
