"""An endpoint on loopback that speaks OpenAI's chat completions; its answers and faults come from a script.

```python
with ChatServer(lambda request: "Hello") as server:
    ChatOpenAI(model="toy", base_url=server.url, api_key="none").invoke("Hi")
    server.requests[0].messages
```
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, repeat
from typing import Any, Literal, Self

CHUNK = 24
"""Characters in a piece of a streamed answer."""


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def messages(self) -> list[dict[str, str]]:
        """The conversation, each with `role` and `content`."""
        messages: list[dict[str, str]] = self.body["messages"]
        return messages

    @property
    def last(self) -> str:
        """The text of the last message."""
        return self.messages[-1]["content"]

    @property
    def schema(self) -> dict[str, Any] | None:
        """The `json_schema` that the answer should have: its `name`, `schema` and `strict`."""
        schema: dict[str, Any] | None = self.body.get("response_format", {}).get("json_schema")
        return schema

    @property
    def streams(self) -> bool:
        """Whether the answer is wanted in pieces."""
        return bool(self.body.get("stream"))


@dataclass(frozen=True)
class Reply:
    """An answer as a model gives it; `seconds` is how long it thinks.

    Its usage is counted, four characters a token, unless it is given; None leaves it out.
    """

    text: str | None
    finish_reason: str | None = "stop"
    usage: Mapping[str, object] | Literal["counted"] | None = "counted"
    refusal: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Failure:
    """An answer with the status of an error, in OpenAI's form; `body` replaces it."""

    status: int
    message: str = "something went wrong"
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True)
class Raw:
    """A body of any bytes under status 200."""

    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Dropped:
    """A connection that is closed before the answer, or after this part of it.

    After `seconds` of silence, if any; `quietly` means that the body ends there as if it were the whole.
    """

    reply: Reply | None = None
    part: float = 0.5
    seconds: float = 0.0
    quietly: bool = False


Answer = str | Reply | Failure | Raw | Dropped


def in_turn(*answers: Answer) -> Callable[[Request], Answer]:
    """These answers one after the other, then the last one for ever."""
    rest: Iterator[Answer] = chain(answers, repeat(answers[-1]))
    lock = threading.Lock()

    def answer(request: Request) -> Answer:
        with lock:
            return next(rest)

    return answer


class ChatServer:
    """The endpoint, listening inside a `with` block.

    Args:
        answer: What it answers; called in a thread of each request's own.
        keep_alive: Whether a client may use a connection again, as real endpoints let it. Connections that
            are kept outlive a test, and pytest finds them left open.
    """

    def __init__(self, answer: Callable[[Request], Answer], *, keep_alive: bool = False) -> None:
        self.answer = answer
        self.keep_alive = keep_alive
        self.requests: list[Request] = []
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.chat = self
        # The poll interval is what leaving the block waits for.
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """What a client takes as its base URL."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    chat: ChatServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that left."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        """Answer one request."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = Request(self.path, dict(self.headers.items()), json.loads(body))
        self.server.chat.requests.append(request)
        if request.path != "/v1/chat/completions":
            return self._send(404, b"{}")
        answer = self.server.chat.answer(request)
        match answer:
            case str():
                self._reply(request, Reply(answer))
            case Reply():
                self._reply(request, answer)
            case Failure():
                error = {"message": answer.message, "type": "error", "param": None, "code": answer.code}
                given = answer.body if answer.body is not None else json.dumps({"error": error}).encode()
                self._send(answer.status, given, answer.headers)
            case Raw():
                self._send(200, answer.body, {"Content-Type": answer.content_type, **answer.headers})
            case Dropped(None):
                self.close_connection = True
            case Dropped(reply=Reply() as reply):
                self._reply(request, reply, answer)
        return None

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Keep the tests' output clean."""

    def _reply(self, request: Request, reply: Reply, drop: Dropped | None = None) -> None:
        time.sleep(reply.seconds)
        if request.streams:
            self._stream(_pieces(request, reply), drop)
        else:
            self._send(200, json.dumps(_whole(request, reply)).encode(), drop=drop)

    def _send(
        self, status: int, body: bytes, headers: Mapping[str, str] | None = None, drop: Dropped | None = None
    ) -> None:
        told = body if drop is None else body[: int(len(body) * drop.part)]
        length = len(told if drop and drop.quietly else body)
        sent = {"Content-Type": "application/json", "Content-Length": str(length), **(headers or {})}
        # The date is added by the base class, unless it is given.
        (self.send_response_only if "Date" in sent else self.send_response)(status)
        for name, value in sent.items():
            self.send_header(name, value)
        self._end_headers(keep_alive=drop is None)
        self.wfile.write(told)
        self._fall_silent(drop)

    def _stream(self, pieces: Sequence[Mapping[str, object]], drop: Dropped | None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self._end_headers(keep_alive=drop is None)
        events = [*map(json.dumps, pieces), "[DONE]"]
        for event in events if drop is None else events[: int(len(events) * drop.part)]:
            data = f"data: {event}\n\n".encode()
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self._fall_silent(drop)
        if drop is None or drop.quietly:
            self.wfile.write(b"0\r\n\r\n")

    def _fall_silent(self, drop: Dropped | None) -> None:
        if drop and drop.seconds:
            self.wfile.flush()
            time.sleep(drop.seconds)

    def _end_headers(self, *, keep_alive: bool) -> None:
        if not (keep_alive and self.server.chat.keep_alive):
            self.send_header("Connection", "close")  # which the base class heeds, too
        self.end_headers()


def _whole(request: Request, reply: Reply) -> dict[str, object]:
    message = {"role": "assistant", "content": reply.text, "refusal": reply.refusal}
    choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason}
    return {**_frame(request, "chat.completion"), "choices": [choice], **_usage(request, reply)}


def _pieces(request: Request, reply: Reply) -> Sequence[Mapping[str, object]]:
    frame = _frame(request, "chat.completion.chunk")
    text = reply.text or ""
    deltas: list[dict[str, object]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": text[start : start + CHUNK]} for start in range(0, len(text), CHUNK)]
    if reply.refusal:
        deltas.append({"refusal": reply.refusal})
    pieces = [{**frame, "choices": [_delta(delta, None)]} for delta in deltas]
    pieces.append({**frame, "choices": [_delta({}, reply.finish_reason)]})
    if request.body.get("stream_options", {}).get("include_usage"):
        pieces.append({**frame, "choices": [], **_usage(request, reply)})
    return pieces


def _delta(delta: Mapping[str, object], finish_reason: str | None) -> dict[str, object]:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason}


def _frame(request: Request, kind: str) -> dict[str, object]:
    return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": request.body["model"]}


def _usage(request: Request, reply: Reply) -> dict[str, object]:
    if reply.usage != "counted":
        return {} if reply.usage is None else {"usage": reply.usage}
    sent = sum(len(message["content"]) for message in request.messages) // 4
    received = len(reply.text or "") // 4
    return {"usage": {"prompt_tokens": sent, "completion_tokens": received, "total_tokens": sent + received}}
