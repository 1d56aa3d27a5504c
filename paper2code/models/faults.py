"""What fails on the way to a model: whether it may pass, how long to wait, what it means for the run.

Every provider's package raises errors of its own. What they have in common is read here: the HTTP status,
LangChain's classes (`langchain_core.exceptions.ModelError`), and the codes of OpenAI-compatible endpoints.
"""

import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from langchain_core.exceptions import ContextOverflowError, ModelError

from paper2code.errors import AnswerError, ContextError, ModelSpecError, Paper2CodeError, ProviderError

_PASSING = frozenset({408, 409, 425, 429})
_NOT_FOR_YOU = frozenset({401, 403, 404})
_UNFIT = frozenset({400, 422})
_NO_CREDIT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "account_deactivated"})
_WITHHELD = frozenset({"content_filter", "content_policy_violation", "invalid_prompt"})
_TOO_LONG = re.compile(
    r"context.{0,12}(?:length|size|window|limit)|(?:prompt|input) is too long|exceed_context", re.IGNORECASE
)
_WINDOW = re.compile(
    r"(?:context (?:length|size|window|limit)\D{0,20}|tokens > )(\d[\d,]*)",
    re.IGNORECASE,
)
_LONGEST_LINE = 300


class SchemaRefusedError(Exception):
    """The endpoint does not take the JSON schema of a structured request."""


def passes(error: Exception, *, from_openai_client: bool) -> bool:
    """Whether the same request may succeed later.

    Args:
        error: What was raised.
        from_openai_client: Whether LangChain's OpenAI client raised it. What that raises without a status is
            about a reply that it could not read: a page of HTML, JSON that is cut, an answer without choices.
    """
    if _codes(error) & (_NO_CREDIT | _WITHHELD) or _is_overflow(error):
        return False
    status = _status(error)
    if status is not None:
        return status in _PASSING or status >= 500
    if isinstance(error, ModelError):
        return error.is_retryable
    if isinstance(error, Paper2CodeError):
        return False
    return from_openai_client or isinstance(error, (TimeoutError, ConnectionError)) or _is_transport(error)


def meaning(error: Exception, *, with_schema: bool) -> Exception | None:
    """What an error that will not pass means for the run; None if it is not the provider's."""
    status = _status(error)
    if isinstance(error, Paper2CodeError) or (status is None and not isinstance(error, ModelError)):
        return None
    if _is_overflow(error):
        return ContextError(
            f"the prompt does not fit the model: {words(error)}; choose one with more context, or say with "
            "--context how much it reads at once",
            _stated_window(error),
        )
    if _codes(error) & _WITHHELD:
        return AnswerError(f"the provider withholds its answer: {words(error)}")
    if status in _NOT_FOR_YOU:
        return ModelSpecError(
            f"the provider refused: {words(error)}; check the key, the model and --base-url"
        )
    if status in _UNFIT and with_schema:
        return SchemaRefusedError(words(error))
    return ProviderError(
        f"the provider refused: {words(error)}; mend that and run the same command again: finished calls are "
        "not paid again"
    )


def seconds_asked(error: Exception) -> float | None:
    """How long the provider asks to wait by `Retry-After`; None if it does not say.

    A date is held against the provider's own clock where it tells that, since ours may be wrong.
    """
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    asked = str(headers.get("retry-after", "")).strip()
    if re.fullmatch(r"\d+(\.\d+)?", asked):
        return float(asked)
    try:
        until = parsedate_to_datetime(asked).timestamp()
    except (ValueError, OverflowError):
        return None
    try:
        now = parsedate_to_datetime(str(headers.get("date", ""))).timestamp()
    except (ValueError, OverflowError):
        now = time.time()
    return max(0.0, until - now)


def words(error: Exception) -> str:
    """What an error says, in one line; of a broken connection also why it broke."""
    text = str(_body(error).get("message") or getattr(error, "message", None) or error)
    cause: BaseException = error
    while cause.__cause__:
        cause = cause.__cause__
    if isinstance(error, ModelError) and _status(error) is None and str(cause) not in text:
        text = f"{text} {cause}"
    line = " ".join(text.split())[:_LONGEST_LINE]
    return line or ("no answer in time" if isinstance(error, TimeoutError) else type(error).__name__)


def _status(error: Exception) -> int | None:
    """The HTTP status, or the one that an endpoint put into the body of an answer that began well."""
    candidates = (
        getattr(error, "status_code", None),
        getattr(getattr(error, "response", None), "status_code", None),
        getattr(error, "code", None),
        _body(error).get("code"),
    )
    numbers = (int(str(c)) for c in candidates if str(c).isdecimal())
    # A reply of status 200 that cannot be read has a response, too.
    return next((number for number in numbers if number >= 400), None)


def _codes(error: Exception) -> set[str]:
    """The endpoint's words for the fault, such as `insufficient_quota`."""
    candidates = (getattr(error, "code", None), getattr(error, "type", None), _body(error).get("code"))
    return {c for c in candidates if isinstance(c, str)}


def _body(error: Exception) -> Mapping[str, object]:
    """The error object in an answer of status 200, which LangChain raises as the argument of a ValueError."""
    first = error.args[0] if error.args else None
    return first if isinstance(first, Mapping) else {}


def _is_overflow(error: Exception) -> bool:
    status = _status(error)
    return (
        isinstance(error, ContextOverflowError)
        or "context_length_exceeded" in _codes(error)
        or status == 413
        or (status == 400 and _TOO_LONG.search(words(error)) is not None)
    )


def _stated_window(error: Exception) -> int | None:
    """How many tokens the model reads at once, as the refusal says it; None where it does not."""
    stated = _WINDOW.search(words(error))
    return int(stated[1].replace(",", "")) if stated else None


def _is_transport(error: Exception) -> bool:
    """Whether httpx or a relative of it lost the connection; providers do not share one of these packages."""
    if isinstance(error, RuntimeError):
        return "Event loop is closed" in str(error)  # a connection that a client kept from an earlier run
    return any(kind.__name__ == "TransportError" for kind in type(error).__mro__)
