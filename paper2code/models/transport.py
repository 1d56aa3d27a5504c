"""One request to a chat model, with the retries that faults of the way there deserve."""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage

from paper2code.errors import ProviderError
from paper2code.models.cache_marks import as_sent
from paper2code.models.faults import meaning, passes, seconds_asked, words
from paper2code.models.usage import Usage

_ATTEMPTS = 7
"""With waits of 1, 2, 4, ... seconds a little over a minute, the window of most rate limits."""

_PATIENCE = 3
"""Requests that may take all their time: a model that goes on for ever would do so at each attempt."""

_LONGEST_WAIT = 600.0
_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: text, why it ended, what it used.

    Whatever the provider calls it, `finish_reason` is `length` where a limit cut the text and
    `content_filter` where it was withheld.
    """

    text: str
    finish_reason: str
    usage: Usage


async def send(
    model: BaseChatModel,
    messages: Sequence[BaseMessage],
    *,
    schema: tuple[str, dict[str, object]] | None,
    any_json: bool = False,
    seconds: float,
    on_retry: Callable[[str], None],
) -> Reply:
    """Send one request, again after faults that pass.

    Args:
        model: Any LangChain chat model.
        messages: The conversation.
        schema: Name and strict JSON schema of the answer, for endpoints that take one; None for free text.
        any_json: Whether to ask the endpoint for JSON alone, because the messages hold the schema.
        seconds: How long one attempt may take.
        on_retry: Told in a line about each attempt that failed.

    Raises:
        AnswerError: The provider's filter withholds an answer.
        ModelSpecError: Wrong key, no permission, unknown model.
        ProviderError: Refused for another reason, out of reach through every attempt, or silent for the whole
            time of three.
        SchemaRefusedError: The request was refused and carried a schema.
    """
    used_up = 0
    for attempt in range(1, _ATTEMPTS + 1):
        started = time.monotonic()
        try:
            return await _once(model, messages, _options(model, schema, any_json=any_json), seconds)
        except Exception as error:
            if not passes(error, from_openai_client=_is_openai_client(model)):
                meant = meaning(error, with_schema=schema is not None)
                if meant is None:
                    raise
                raise meant from error
            used_up += time.monotonic() - started >= seconds
            if used_up == _PATIENCE:
                raise ProviderError(
                    f"no answer within {seconds:,.0f} s, {used_up} times; bound the answers where the model "
                    "is served, or run the same command again with a longer --timeout or a lower "
                    "--concurrency: finished calls are not paid again"
                ) from error
            asked = seconds_asked(error)
            wait = 2.0 ** (attempt - 1) if asked is None else asked
            if attempt == _ATTEMPTS or wait > _LONGEST_WAIT:
                how = (
                    f"through {attempt} attempts" if wait <= _LONGEST_WAIT else f"and asks for {wait:,.0f} s"
                )
                raise ProviderError(
                    f"{_with_address(model)} stayed out of reach {how} ({words(error)}); "
                    "run the same command again later: finished calls are not paid again"
                ) from error
            on_retry(f"{words(error)}; again in {wait:.0f} s")
        await asyncio.sleep(wait)
    raise AssertionError("the loop returns or raises")


async def _once(
    model: BaseChatModel,
    messages: Sequence[BaseMessage],
    options: dict[str, object],
    seconds: float,
) -> Reply:
    asked = model.bind(**options) if options else model
    async with asyncio.timeout(seconds):
        message = await asked.ainvoke(as_sent(model, messages))
    if not isinstance(message, AIMessage):
        raise ProviderError(f"the model answered with a {type(message).__name__}, not with an AIMessage")
    if _broke_off(model, message):
        raise ConnectionError("the answer broke off")
    declined = message.additional_kwargs.get("refusal")
    text = str(message.text) or str(declined or "")
    return Reply(
        text=text,
        finish_reason="content_filter" if declined else _finish_reason(message),
        usage=_usage(message, messages, text),
    )


def _broke_off(model: BaseChatModel, message: AIMessage) -> bool:
    """Whether an answer in pieces lacks its last ones: why it ended, and then what it used.

    Of an answer that came whole LangChain keeps the reason even where there is none.
    """
    said = message.response_metadata
    return takes_schema(model) and "finish_reason" not in said and not message.usage_metadata


def takes_schema(model: BaseChatModel) -> bool:
    """Whether a JSON schema may be sent along: models that speak OpenAI's chat completions."""
    return (
        _is_openai_client(model)
        and not getattr(model, "use_responses_api", None)
        and getattr(model, "output_version", None) != "responses/v1"
    )


def _with_address(model: BaseChatModel) -> str:
    """The model, by the address that the caller has chosen for it."""
    address = getattr(model, "openai_api_base", None)
    if not isinstance(address, str):
        return "the model"
    parts = urlsplit(address)
    return f"the model at {parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _is_openai_client(model: BaseChatModel) -> bool:
    # The import takes a second, and a model of this class is there only where it was made.
    if "langchain_openai" not in sys.modules:
        return False
    from langchain_openai.chat_models.base import BaseChatOpenAI  # noqa: PLC0415

    return isinstance(model, BaseChatOpenAI)


def schema_leads(model: BaseChatModel) -> bool:
    """Whether a schema in the body stands before the first message in what the provider's cache knows.

    OpenAI's own API does so ("Prompt caching": a schema serves as a prefix to the system message). Servers
    that speak like it bound what is sampled, and leave the prompt as it is.
    """
    if not takes_schema(model):
        return False
    url = getattr(model, "openai_api_base", None)
    return not url or "api.openai.com" in url


def _options(
    model: BaseChatModel, schema: tuple[str, dict[str, object]] | None, *, any_json: bool
) -> dict[str, object]:
    """The form of the answer as part of the body.

    LangChain's own `response_format` keyword goes through the client's parser, which raises on an answer
    that was cut, and loses it.
    """
    if schema is None:
        return {}
    name, body = schema
    given = getattr(model, "extra_body", None) or {}
    form: dict[str, object] = {"type": "json_object"}
    if not any_json:
        form = {"type": "json_schema", "json_schema": {"name": name, "schema": body, "strict": True}}
    return {"extra_body": {**given, "response_format": form}}


_REASON_KEYS = ("finish_reason", "stop_reason", "done_reason", "stopReason")
_REASONS = {
    "max_tokens": "length",
    "max_output_tokens": "length",
    "model_length": "length",
    "refusal": "content_filter",
    "safety": "content_filter",
    "end_turn": "stop",
}


def _finish_reason(message: AIMessage) -> str:
    """Why the answer ended, in OpenAI's words; `stop` where nobody says."""
    said = message.response_metadata
    incomplete = said.get("incomplete_details")  # OpenAI's Responses API
    reason = incomplete.get("reason") if isinstance(incomplete, dict) else None
    reason = reason or next((said[key] for key in _REASON_KEYS if said.get(key)), "stop")
    word = str(reason).lower()
    return _REASONS.get(word, word)


def _usage(message: AIMessage, asked: Sequence[BaseMessage], text: str) -> Usage:
    """The tokens used; estimated where the endpoint does not count them, or no budget would hold."""
    usage = Usage.from_message(message.usage_metadata)
    if usage.tokens:
        return usage
    sent = sum(len(str(message.text)) for message in asked)
    return usage.model_copy(
        update={
            "input_tokens": sent // _CHARACTERS_PER_TOKEN,
            "output_tokens": len(text) // _CHARACTERS_PER_TOKEN,
        }
    )
