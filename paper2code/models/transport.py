"""One request to a chat model, with the retries that faults of the way there deserve."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx
from langchain_core.exceptions import (
    ContextOverflowError,
    ModelAuthenticationError,
    ModelError,
    ModelInvalidRequestError,
    ModelNotFoundError,
    ModelPermissionDeniedError,
)
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage

from paper2code.errors import ModelSpecError, ProviderError
from paper2code.models.usage import Usage

_ATTEMPTS = 6
_LONGEST_WAIT = 60.0
_HOPELESS_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "account_deactivated"})


class SchemaRefusedError(Exception):
    """The endpoint does not take the JSON schema of a structured request."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: text, why it ended, what it used."""

    text: str
    finish_reason: str
    usage: Usage


async def send(
    model: BaseChatModel,
    messages: Sequence[BaseMessage],
    *,
    schema: tuple[str, dict[str, object]] | None,
    seconds: float,
    on_retry: Callable[[str], None],
) -> Reply:
    """Send one request, again after faults that pass.

    Args:
        model: Any LangChain chat model.
        messages: The conversation.
        schema: Name and strict JSON schema of the answer, for endpoints that take one; None for free text.
        seconds: How long one attempt may take.
        on_retry: Told in a line about each attempt that failed.

    Raises:
        ModelSpecError: Wrong key, no permission, unknown model.
        ProviderError: Refused for another reason, or out of reach through every attempt.
        SchemaRefusedError: The request was refused and carried a schema.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return await _once(model, messages, schema, seconds)
        except Exception as error:
            if not _passes(error):
                raise _named(error, with_schema=schema is not None) from error
            if attempt == _ATTEMPTS:
                raise ProviderError(
                    f"the model stayed out of reach through {_ATTEMPTS} attempts ({_words(error)}); "
                    "run the same command again later: finished calls are not paid again"
                ) from error
            wait = _wait(error, attempt)
            on_retry(f"{_words(error)}; again in {wait:.0f} s")
        await asyncio.sleep(wait)
    raise AssertionError("the loop returns or raises")


async def _once(
    model: BaseChatModel,
    messages: Sequence[BaseMessage],
    schema: tuple[str, dict[str, object]] | None,
    seconds: float,
) -> Reply:
    asked = model.bind(**_schema_options(model, schema)) if schema else model
    async with asyncio.timeout(seconds):
        message = await asked.ainvoke(list(messages))
    if not isinstance(message, AIMessage):
        raise ProviderError(f"the model answered with a {type(message).__name__}, not with an AIMessage")
    reason = message.response_metadata.get("finish_reason") or message.response_metadata.get("stop_reason")
    return Reply(
        text=str(message.text),
        finish_reason=_REASONS.get(str(reason), str(reason or "stop")),
        usage=Usage.from_message(message.usage_metadata),
    )


_REASONS = {"max_tokens": "length", "MAX_TOKENS": "length", "end_turn": "stop", "STOP": "stop"}


def takes_schema(model: BaseChatModel) -> bool:
    """Whether a JSON schema may be sent along: models that speak OpenAI's chat completions."""
    from langchain_openai.chat_models.base import BaseChatOpenAI  # noqa: PLC0415 - a second of imports

    return (
        isinstance(model, BaseChatOpenAI)
        and not model.use_responses_api
        and model.output_version != "responses/v1"
    )


def _schema_options(model: BaseChatModel, schema: tuple[str, dict[str, object]]) -> dict[str, object]:
    """The schema as part of the body.

    LangChain's own `response_format` keyword goes through the client's parser, which raises on an answer
    that was cut, and loses it.
    """
    name, body = schema
    given = getattr(model, "extra_body", None) or {}
    form = {"type": "json_schema", "json_schema": {"name": name, "schema": body, "strict": True}}
    return {"extra_body": {**given, "response_format": form}}


def _passes(error: Exception) -> bool:
    if getattr(error, "code", None) in _HOPELESS_CODES:
        return False
    if isinstance(error, ModelError):
        return error.is_retryable
    return isinstance(error, (TimeoutError, ConnectionError, httpx.TransportError))


def _named(error: Exception, *, with_schema: bool) -> Exception:
    if isinstance(error, (ModelAuthenticationError, ModelPermissionDeniedError, ModelNotFoundError)):
        return ModelSpecError(
            f"the provider refused: {_words(error)}; check the key, the model and --base-url"
        )
    overflow = getattr(error, "code", None) == "context_length_exceeded"
    if overflow or isinstance(error, ContextOverflowError):
        return ProviderError(
            f"the prompt does not fit the model: {_words(error)}; choose one with more context"
        )
    if isinstance(error, ModelInvalidRequestError) and with_schema:
        return SchemaRefusedError(_words(error))
    if isinstance(error, ModelError):
        return ProviderError(f"the provider refused: {_words(error)}")
    return error


def _words(error: Exception) -> str:
    text = " ".join(str(getattr(error, "message", "") or error).split())
    return (text or type(error).__name__)[:300]


def _wait(error: Exception, attempt: int) -> float:
    """Seconds before the next attempt: what the provider asks for, else 1, 2, 4, ..."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    asked = headers.get("retry-after", "")
    try:
        seconds = float(asked)
    except ValueError:
        seconds = float(2 ** (attempt - 1))
    return min(max(seconds, 0.0), _LONGEST_WAIT)
