"""The clients of two providers without the wire: what they are asked is kept as the provider would get it."""

import json
import sys
import time
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult
from langchain_openai import ChatOpenAI
from pydantic import PrivateAttr, SecretStr

from paper2code.testing import Question
from tests.benchmarks.billing import Request
from tests.benchmarks.simulation import SimulatedModel

_PACKAGE = "langchain_anthropic"


class _Client(BaseChatModel):
    """Hands requests on to a simulated model, and keeps them."""

    _inner: SimulatedModel = PrivateAttr()
    _requests: list[Request] = PrivateAttr(default_factory=list)

    @property
    def requests(self) -> list[Request]:
        """All requests, in the order in which they were answered."""
        return self._requests

    @property
    def _llm_type(self) -> str:
        return "kept"

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError("runs ask asynchronously")

    async def _agenerate(self, messages: list[BaseMessage], *_: Any, **options: Any) -> ChatResult:
        begins = time.perf_counter()
        result = await self._inner._agenerate(messages)
        schema = options.get("extra_body", {}).get("response_format", {}).get("json_schema")
        text, marks = _on_the_wire(messages, json.dumps(schema) if schema else "")
        answer = len(str(result.generations[0].message.text))
        role = _role(Question.of(messages))
        self._requests.append(Request(role, text, marks, answer, begins, time.perf_counter()))
        return result


class OpenAIClient(_Client, ChatOpenAI):
    """Taken for OpenAI's client, and asked like it."""


class AnthropicClient(_Client):
    """Taken for Anthropic's client once `install` has put it where that is looked for."""


def openai_client(inner: SimulatedModel) -> OpenAIClient:
    """A client whose answers are those of a simulated model."""
    client = OpenAIClient(model="o3-mini", api_key=SecretStr("none"))
    client._inner = inner
    return client


def anthropic_client(inner: SimulatedModel) -> AnthropicClient:
    """The same; stands in for the package of Anthropic's client from now on, where none is installed."""
    package = ModuleType(_PACKAGE)
    package.ChatAnthropic = AnthropicClient  # type: ignore[attr-defined]  # a module made by hand
    sys.modules[_PACKAGE] = package
    client = AnthropicClient()
    client._inner = inner
    return client


def _on_the_wire(messages: Sequence[BaseMessage], schema: str) -> tuple[str, tuple[int, ...]]:
    """The text in the provider's order, and where marks stand in it."""
    text, marks = schema, []
    for message in messages:
        text += "\0"
        blocks = [message.content] if isinstance(message.content, str) else message.content
        for block in blocks:
            text += block if isinstance(block, str) else str(block.get("text", ""))
            if isinstance(block, dict) and "cache_control" in block:
                marks.append(len(text))
    return text, tuple(marks)


def _role(question: Question) -> str:
    if (question.role, question.target) == ("reviewer", "design"):
        return "design reviewer"
    return question.role.replace("_", " ")
