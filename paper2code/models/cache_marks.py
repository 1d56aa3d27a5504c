"""Marks for providers that cache only what a request marks: Anthropic's `cache_control`.

A question carries where the beginnings end that other requests share; the marks are set on the way out, so
that neither the journal's fingerprints nor other providers see anything of them.

Source: Anthropic, "Prompt caching": at most four marks a request, on content blocks; what stands before a
mark is written to the cache at 1.25 times the price of input, and read at a tenth.
"""

import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

_SHARED = "shared_prefixes"
_MARK = {"cache_control": {"type": "ephemeral"}}
_MOST_IN_A_QUESTION = 3
"""One of the four is the system message's."""


def with_shared(message: HumanMessage, ends: tuple[int, ...]) -> HumanMessage:
    """The message, with how many characters of its text each beginning has that other requests share."""
    return message.model_copy(update={"additional_kwargs": {_SHARED: ends}}) if any(ends) else message


def shared_of(message: BaseMessage) -> tuple[int, ...]:
    """What `with_shared` noted."""
    ends: tuple[int, ...] = message.additional_kwargs.get(_SHARED, ())
    return ends


def as_sent(model: BaseChatModel, messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """The messages as the provider is to see them: with marks where it heeds them, else without our notes."""
    if _is_anthropic_client(model):
        return [_marked(message) for message in messages]
    return [_bare(message) for message in messages]


def _is_anthropic_client(model: BaseChatModel) -> bool:
    # A model of this class is there only where its package was imported, which need not be installed.
    package = sys.modules.get("langchain_anthropic")
    client = getattr(package, "ChatAnthropic", None)
    return isinstance(client, type) and isinstance(model, client)


def _bare(message: BaseMessage) -> BaseMessage:
    if _SHARED not in message.additional_kwargs:
        return message
    return message.model_copy(update={"additional_kwargs": {}})


def _marked(message: BaseMessage) -> BaseMessage:
    if isinstance(message, SystemMessage):
        return SystemMessage([{"type": "text", "text": str(message.text), **_MARK}])
    ends = shared_of(message)[-_MOST_IN_A_QUESTION:]
    if not ends:
        return message
    content = message.content
    text, rest = (content, []) if isinstance(content, str) else (_words(content[0]), content[1:])
    return HumanMessage([*_blocks(text, ends), *rest])


def _words(part: str | dict[str, object]) -> str:
    return part if isinstance(part, str) else str(part["text"])


def _blocks(text: str, ends: Sequence[int]) -> Iterator[dict[str, object]]:
    """The text in pieces: each shared beginning ends with a mark, the rest bears none."""
    for start, end in pairwise((0, *ends)):
        if piece := text[start:end]:
            yield {"type": "text", "text": piece, **_MARK}
    if piece := text[ends[-1] :]:
        yield {"type": "text", "text": piece}
