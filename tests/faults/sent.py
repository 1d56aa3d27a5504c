"""Faults on the way to a model and back, and of what an endpoint tells beside the answer."""

import json
from collections.abc import Callable
from email.utils import formatdate
from math import ceil
from typing import Any

from tests.faults.fault import FEW, Asked, Fault, replied
from tests.models.server import CHUNK, Answer, Dropped, Failure, Raw, Reply

_PATIENCE = ("--timeout", "0.5")
_LONGER = 1.5
"""Seconds that outlast it."""


def _fails(
    status: int, message: str = "mock", code: str | None = None, **headers: str
) -> Callable[[Asked], Answer]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Failure(status, message, code, sent)


def _body(value: object, content_type: str = "application/json", **headers: str) -> Callable[[Asked], Answer]:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return lambda _: Raw(data, content_type, {k.replace("_", "-"): v for k, v in headers.items()})


def _choices(choices: Callable[[str], object]) -> Callable[[Asked], Answer]:
    """A completion with other choices than one."""
    frame = {"id": "1", "object": "chat.completion", "created": 0, "model": "toy"}
    return lambda asked: Raw(json.dumps({**frame, "choices": choices(asked.text)}).encode())


def _choice(message: object, finish_reason: str = "stop") -> dict[str, object]:
    return {"index": 0, "message": message, "finish_reason": finish_reason}


def _said(content: object, **more: object) -> dict[str, object]:
    return {"role": "assistant", "content": content, **more}


_CALL = {"id": "1", "type": "function", "function": {"name": "write", "arguments": "{}"}}


def _drops(**how: Any) -> Callable[[Asked], Answer]:
    return lambda asked: Dropped(Reply(asked.text), **how)


def _bom(asked: Asked) -> Answer:
    """A body that begins with a byte order mark."""
    frame = {"id": "1", "object": "chat.completion", "created": 0, "model": "toy"}
    return Raw(b"\xef\xbb\xbf" + json.dumps({**frame, "choices": [_choice(_said(asked.text))]}).encode())


def _between_blocks(asked: Asked) -> Answer:
    """An answer of several files that ends, well formed, behind the first."""
    text = asked.text.replace("\n\n", "\n\nThe other file has to change in the same way:\n\n", 1)
    first = text.index("\n\n") + 2
    pieces = 1 + ceil(first / CHUNK)
    return Dropped(Reply(text), part=(pieces + 0.5) / (ceil(len(text) / CHUNK) + 4), quietly=True)


STATUS = (
    Fault("http-500", _fails(500), steady=FEW),
    Fault("http-503", _fails(503), steady=FEW),
    Fault("http-429", _fails(429, Retry_After="2"), steady=FEW),
    Fault(
        "http-400-context",
        _fails(400, "the context length is exceeded", "context_length_exceeded"),
        steady=FEW,
    ),
    Fault("http-401", _fails(401), steady=FEW),
    Fault("http-400", _fails(400), FEW),
    Fault("http-402", _fails(402, "Payment required"), FEW),
    Fault("http-404", _fails(404, "no such model"), FEW),
    Fault("http-413", _fails(413), FEW),
    Fault("http-422-lines", _fails(422, "two\nlines\n\n  of it"), FEW),
    Fault("http-429-no-credit", _fails(429, "You exceeded your quota", "insufficient_quota"), FEW),
    Fault("http-429-tomorrow", _fails(429, Retry_After="86400"), FEW),
    Fault("http-429-by-date", _fails(429, Retry_After=formatdate(4e9), Date=formatdate(4e9 - 2)), FEW),
    Fault("http-429-nonsense", _fails(429, Retry_After="soon"), FEW),
    Fault("http-302", _fails(302, Location="/v1/elsewhere"), FEW),
    Fault("http-500-page", lambda _: Failure(500, body=b"<html>" + b"<p>busy</p>\n" * 2_000), FEW),
)

BODY = (
    Fault("bad-body", _body(b"<html><body>gateway</body></html>", "text/html"), steady=FEW),
    Fault("body-empty", _body(b""), FEW),
    Fault("body-null", _body(None), FEW),
    Fault("body-list", _body([]), FEW),
    Fault("body-cut-whole-length", _drops(quietly=True), FEW),
    Fault("body-not-gzip", _body(b"{}", Content_Encoding="gzip"), FEW),
    Fault("body-with-bom", _bom, FEW, ("always",)),
    Fault("body-not-utf8", _body(b'{"choices": "\xff\xfe"}'), FEW),
    Fault("200-error", _body({"error": {"message": "overloaded", "type": "error"}}), FEW),
    Fault("200-error-429", _body({"error": {"message": "slow down", "code": 429}}), FEW),
    Fault("200-error-401", _body({"error": {"message": "no such key", "code": 401}}), FEW),
    Fault("200-error-text", _body({"error": "overloaded"}), FEW),
    Fault("200-error-detail", _body({"detail": [{"msg": "field\nrequired"}]}), FEW),
    Fault("choices-none", _choices(lambda _: []), FEW),
    Fault("choices-null", _choices(lambda _: None), FEW),
    Fault("choices-two", _choices(lambda t: [_choice(_said(t)), _choice(_said(t))]), FEW, ("always",)),
    Fault("choice-without-message", _choices(lambda _: [{"index": 0, "finish_reason": "stop"}]), FEW),
    Fault("content-in-parts", _choices(lambda t: [_choice(_said([{"type": "text", "text": t}]))]), FEW,
          ("always",)),
    Fault("content-a-number", _choices(lambda _: [_choice(_said(7))]), FEW),
    Fault("only-a-tool-call", _choices(lambda _: [_choice(_said(None, tool_calls=[_CALL]), "tool_calls")]),
          FEW),
    Fault("reason-unheard-of", replied(finish_reason="because"), FEW, ("always",)),
    Fault("reason-missing", replied(finish_reason=None), FEW, ("always",)),
)  # fmt: skip

CONNECTION = (
    Fault("close-mid", _drops(), steady=FEW),
    Fault("close-before", lambda _: Dropped(), steady=FEW),
    Fault("hang", lambda a: Reply(a.text, seconds=_LONGER), steady=FEW, options=_PATIENCE),
    Fault("stall", _drops(seconds=_LONGER), FEW, options=_PATIENCE),
    Fault("stream", stages=FEW, often=("always",), streams=True),
    Fault("stream-close-mid", _drops(), FEW, streams=True),
    Fault("stream-stall", _drops(seconds=_LONGER), FEW, streams=True, options=_PATIENCE),
    Fault("stream-ends-early", _drops(quietly=True), FEW, streams=True),
    Fault("stream-ends-late", _drops(part=0.9, quietly=True), FEW, streams=True),
    Fault("stream-ends-between", _between_blocks, ("debugger",), streams=True),
    Fault("stream-empty", _drops(part=0.0, quietly=True), FEW, streams=True),
    Fault("stream-error", _body(b'data: {"error": {"message": "overloaded"}}\n\n', "text/event-stream"),
          FEW, streams=True),
    Fault("stream-not-asked-for", _body(b"data: {}\n\ndata: [DONE]\n\n", "text/event-stream"), FEW),
)  # fmt: skip


def _counts(**usage: object) -> Callable[[Asked], Answer]:
    sound = {"prompt_tokens": 900, "completion_tokens": 70, "total_tokens": 970}
    return replied(usage={**sound, **usage})


USAGE = (
    Fault("usage-nodetails", _counts(), often=("always",)),
    Fault("usage-null", replied(usage=None), often=("always",)),
    Fault("usage-negative", _counts(prompt_tokens=-5, completion_tokens=-7), FEW, ("always",)),
    Fault("usage-huge", _counts(prompt_tokens=10**30, total_tokens=10**30), FEW, ("always",)),
    Fault("usage-text", _counts(prompt_tokens="many", completion_tokens="7"), FEW, ("always",)),
    Fault("usage-nan", _counts(prompt_tokens=float("nan")), FEW, ("always",)),
    Fault("usage-infinite", _counts(completion_tokens=float("inf")), FEW, ("always",)),
    Fault("usage-float", _counts(prompt_tokens=900.5), FEW, ("always",)),
    Fault("usage-all-null", _counts(prompt_tokens=None, completion_tokens=None, total_tokens=None),
          FEW, ("always",)),
    Fault("usage-list", replied(usage=[1, 2]), FEW, ("always",)),
    Fault("usage-details-odd", _counts(prompt_tokens_details=7, completion_tokens_details="x"),
          FEW, ("always",)),
    Fault("usage-past-the-budget", _counts(prompt_tokens=10**6, total_tokens=10**6), FEW, ("always",),
          options=("--budget-tokens", "500000")),
)  # fmt: skip

SENT = (*STATUS, *BODY, *CONNECTION, *USAGE)
