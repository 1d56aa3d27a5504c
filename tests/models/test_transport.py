"""One request over real HTTP: what comes back, what is tried again, what ends it."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Sequence
from email.utils import formatdate
from typing import Any

import httpx
import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_openai import AzureChatOpenAI, ChatOpenAI
from pydantic import SecretStr

from paper2code.errors import AnswerError, ContextError, ModelSpecError, ProviderError
from paper2code.models.faults import SchemaRefusedError
from paper2code.models.transport import Reply as Received
from paper2code.models.transport import schema_leads, send, takes_schema
from paper2code.testing import ScriptedModel
from tests.models.server import Answer, ChatServer, Dropped, Failure, Raw, Reply, Request, in_turn

QUESTION = [SystemMessage("You add."), HumanMessage("1 + 1 = ?")]
SCHEMA: tuple[str, dict[str, object]] = (
    "Sum",
    {"type": "object", "properties": {"value": {"type": "integer"}}, "required": ["value"]},
)


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with ChatServer(in_turn("2")) as server:
        yield server


def a_client(server: ChatServer, **options: Any) -> ChatOpenAI:
    return ChatOpenAI(model="toy", base_url=server.url, api_key="none", max_retries=0, **options)


@pytest.fixture(scope="module", params=[False, True], ids=["whole", "streamed"])
def client(request: pytest.FixtureRequest, server: ChatServer) -> ChatOpenAI:
    return a_client(server, streaming=request.param, stream_usage=True)


class Line:
    """A server, a client of it, and what happened between them."""

    def __init__(self, server: ChatServer, client: ChatOpenAI) -> None:
        self.server, self.client = server, client
        self.waits: list[float] = []
        self.notes: list[str] = []
        server.requests.clear()

    @property
    def requests(self) -> list[Request]:
        return self.server.requests

    @property
    def streaming(self) -> bool:
        return self.client.streaming

    async def send(
        self,
        *answers: Answer,
        schema: tuple[str, dict[str, object]] | None = None,
        any_json: bool = False,
        seconds: float = 20,
        client: ChatOpenAI | None = None,
    ) -> Received:
        self.server.answer = in_turn(*answers)
        return await send(
            client or self.client,
            QUESTION,
            schema=schema,
            any_json=any_json,
            seconds=seconds,
            on_retry=self.notes.append,
        )


@pytest.fixture
def line(server: ChatServer, client: ChatOpenAI, monkeypatch: pytest.MonkeyPatch) -> Line:
    line, sleep = Line(server, client), asyncio.sleep

    async def wait(seconds: float) -> None:
        line.waits.append(seconds)
        await sleep(0)

    monkeypatch.setattr("paper2code.models.transport.asyncio.sleep", wait)
    return line


async def failure_of(deed: Any) -> Exception:
    """The error that ends a call, whose text must be one line."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - its class is what the caller looks at
        await deed
    assert "\n" not in str(caught.value)
    return caught.value


class TestAReply:
    async def test_has_the_text_the_reason_and_the_usage(self, line: Line) -> None:
        usage = {
            "prompt_tokens": 900,
            "completion_tokens": 70,
            "total_tokens": 970,
            "prompt_tokens_details": {"cached_tokens": 512},
            "completion_tokens_details": {"reasoning_tokens": 64},
        }
        reply = await line.send(Reply("2, as a number of words would say: two.", usage=usage))
        assert reply.text == "2, as a number of words would say: two."
        assert reply.finish_reason == "stop"
        assert (reply.usage.input_tokens, reply.usage.cached_tokens) == (900, 512)
        assert (reply.usage.output_tokens, reply.usage.reasoning_tokens) == (70, 64)
        assert (reply.usage.calls, reply.usage.usd) == (1, None)
        assert line.requests[0].messages == [
            {"role": "system", "content": "You add."},
            {"role": "user", "content": "1 + 1 = ?"},
        ]
        assert line.requests[0].streams is line.streaming
        assert not line.waits
        assert not line.notes

    async def test_to_free_text_carries_no_schema(self, line: Line) -> None:
        await line.send("2")
        assert "response_format" not in line.requests[0].body

    async def test_to_a_schema_is_asked_for_strictly(self, line: Line) -> None:
        reply = await line.send(
            '{"value": 2}', schema=SCHEMA, client=a_client(line.server, extra_body={"top_k": 1})
        )
        assert reply.text == '{"value": 2}'
        body = line.requests[0].body
        assert body["response_format"] == {
            "type": "json_schema",
            "json_schema": {"name": "Sum", "schema": SCHEMA[1], "strict": True},
        }
        assert body["top_k"] == 1

    async def test_to_a_schema_in_words_is_asked_for_as_json(self, line: Line) -> None:
        await line.send('{"value": 2}', schema=SCHEMA, any_json=True)
        assert line.requests[0].body["response_format"] == {"type": "json_object"}

    async def test_that_was_cut_says_so_and_keeps_its_text(self, line: Line) -> None:
        reply = await line.send(Reply('{"val', "length"), schema=SCHEMA)
        assert (reply.text, reply.finish_reason) == ('{"val', "length")

    async def test_that_a_filter_withheld_says_so(self, line: Line) -> None:
        reply = await line.send(Reply(None, "content_filter"))
        assert (reply.text, reply.finish_reason) == ("", "content_filter")

    async def test_without_a_reason_has_ended(self, line: Line) -> None:
        assert (await line.send(Reply("2", None))).finish_reason == "stop"

    @pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": 0, "completion_tokens": 0}, {"x": 1}])
    async def test_that_nobody_counted_is_estimated(self, line: Line, usage: dict[str, int] | None) -> None:
        reply = await line.send(Reply("2" * 400, usage=usage))
        assert (reply.usage.input_tokens, reply.usage.output_tokens) == (4, 100)

    @pytest.mark.parametrize(
        ("usage", "counts"),
        [
            ({"prompt_tokens": 12, "completion_tokens": 3, "prompt_tokens_details": None}, (12, 3)),
            ({"prompt_tokens": "12", "completion_tokens": "3", "total_tokens": "15"}, (12, 3)),
            ({"prompt_tokens": -12, "completion_tokens": 3, "total_tokens": 15}, (12, 3)),
            ({"prompt_tokens": 12, "completion_tokens": None, "total_tokens": None}, (12, 0)),
        ],
    )
    async def test_with_an_odd_count_is_read_all_the_same(
        self, line: Line, usage: dict[str, object], counts: tuple[int, int]
    ) -> None:
        reply = await line.send(Reply("2", usage=usage))
        assert (reply.usage.input_tokens, reply.usage.output_tokens) == counts


async def test_a_refusal_is_withheld_and_told() -> None:
    with ChatServer(in_turn(Reply(None, "stop", refusal="I would rather not."))) as server:
        reply = await send(a_client(server), QUESTION, schema=None, seconds=9, on_retry=lambda _: None)
    assert (reply.text, reply.finish_reason) == ("I would rather not.", "content_filter")


ERROR_IN_A_GOOD_STATUS = b'{"error": {"message": "the upstream is tired", "code": 502}}'

PASSING: dict[str, Answer] = {
    **{str(status): Failure(status) for status in (408, 409, 425, 429, 500, 502, 503, 529)},
    "connection closed before the answer": Dropped(),
    "connection closed within the answer": Dropped(Reply("2" * 1_000)),
    "page of HTML": Raw(b"<html>Please log in</html>", "text/html"),
    "JSON that is cut": Raw(b'{"choices": ['),
    "nothing": Raw(b""),
    "no choices": Raw(b'{"id": "x"}'),
    "empty choices": Raw(b'{"id": "x", "choices": []}'),
    "null choices": Raw(b'{"id": "x", "choices": null}'),
    "an error in a good status": Raw(ERROR_IN_A_GOOD_STATUS),
    "an error in a stream": Raw(b"data: " + ERROR_IN_A_GOOD_STATUS + b"\n\n", "text/event-stream"),
    "a stream of rubbish": Raw(b"data: {\n\n", "text/event-stream"),
    "usage that is a list": Raw(
        json.dumps(
            {"choices": [{"index": 0, "message": {"role": "assistant", "content": "2"}}], "usage": [1]}
        ).encode()
    ),
}


class TestAFaultThatPasses:
    @pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
    async def test_is_tried_again(self, line: Line, fault: Answer) -> None:
        reply = await line.send(fault, "2")
        assert reply.text == "2"
        assert line.waits == [1.0]
        assert len(line.requests) == 2
        assert line.requests[0].body == line.requests[1].body
        assert line.notes[0].endswith("; again in 1 s")
        assert "\n" not in line.notes[0]

    async def test_is_told_by_the_address_without_its_password(self, line: Line) -> None:
        address = line.server.url.replace("://", "://me:secret@")
        client = line.client.model_copy(update={"openai_api_base": address})
        error = await failure_of(line.send(Failure(503, "overloaded"), client=client))
        assert str(error).startswith(f"the model at {line.server.url} stayed out of reach")

    async def test_is_waited_for_longer_each_time_and_not_for_ever(self, line: Line) -> None:
        error = await failure_of(line.send(Failure(503, "overloaded")))
        assert isinstance(error, ProviderError)
        assert line.waits == [1, 2, 4, 8, 16, 32]
        assert len(line.requests) == 7
        assert str(error) == (
            f"the model at {line.server.url} stayed out of reach through 7 attempts "
            "(Error code: 503 - overloaded); "
            "run the same command again later: finished calls are not paid again"
        )

    @pytest.mark.parametrize(
        ("asked", "waited"), [("7", 7.0), ("0.25", 0.25), ("0", 0.0), (" 30 ", 30.0), ("600", 600.0)]
    )
    async def test_is_waited_for_as_the_provider_asks(self, line: Line, asked: str, waited: float) -> None:
        await line.send(Failure(429, headers={"Retry-After": asked}), "2")
        assert line.waits == [waited]

    async def test_is_waited_for_until_the_date_that_the_provider_names(self, line: Line) -> None:
        date = formatdate(time.time() + 90, usegmt=True)
        await line.send(Failure(503, headers={"Retry-After": date}), "2")
        assert line.waits == [pytest.approx(90, abs=5)]

    async def test_is_waited_for_by_the_clock_of_the_provider(self, line: Line) -> None:
        now = time.time() + 1e6
        headers = {"Date": formatdate(now, usegmt=True), "Retry-After": formatdate(now + 90, usegmt=True)}
        await line.send(Failure(503, headers=headers), "2")
        assert line.waits == [90.0]

    async def test_is_no_lack_of_both_reason_and_usage(self, line: Line) -> None:
        """Where the answer came whole; the end of a stream could not be told from a cut."""
        if not line.streaming:
            assert (await line.send(Reply("2", None, usage=None))).text == "2"

    async def test_may_be_a_stream_that_ends_as_if_it_were_whole(self, line: Line) -> None:
        reply = await line.send(Dropped(Reply("2" * 400), quietly=True), Reply("3" * 400))
        assert reply.text == "3" * 400
        assert len(line.requests) == 2

    @pytest.mark.parametrize("asked", ["soon", "nan", "inf", "-1", "", "1e400", "Mon, 99 Foo 2026"])
    async def test_is_waited_for_as_usual_where_that_cannot_be_read(self, line: Line, asked: str) -> None:
        await line.send(Failure(429, headers={"Retry-After": asked}), "2")
        assert line.waits == [1.0]

    async def test_is_given_up_where_the_provider_asks_for_hours(self, line: Line) -> None:
        error = await failure_of(line.send(Failure(429, "daily limit", headers={"Retry-After": "7200"})))
        assert isinstance(error, ProviderError)
        assert "out of reach and asks for 7,200 s (Error code: 429 - daily limit)" in str(error)
        assert line.waits == []

    async def test_says_why_nobody_could_be_reached(self, line: Line) -> None:
        model = ChatOpenAI(model="toy", base_url="http://127.0.0.1:9/v1", api_key="none", max_retries=0)
        error = await failure_of(send(model, QUESTION, schema=None, seconds=9, on_retry=line.notes.append))
        assert isinstance(error, ProviderError)
        assert "(Connection error. All connection attempts failed)" in str(error)

    async def test_may_be_an_answer_that_does_not_come(self, line: Line) -> None:
        reply = await line.send(Reply("late", seconds=1.5), "2", seconds=0.7)
        assert reply.text == "2"
        assert line.notes == ["no answer in time; again in 1 s"]

    async def test_is_not_waited_for_seven_times_where_no_answer_ends(self, line: Line) -> None:
        error = await failure_of(line.send(Reply("late", seconds=0.4), seconds=0.1))
        assert isinstance(error, ProviderError)
        assert "no answer within 0 s, 3 times" in str(error)
        assert len(line.requests) == 3

    async def test_may_be_the_client_whose_patience_ended(self, line: Line) -> None:
        reply = await line.send(Reply("late", seconds=1.5), "2", client=a_client(line.server, timeout=0.5))
        assert reply.text == "2"
        assert line.notes[0].startswith("Request timed out.")


FINAL: dict[str, tuple[Failure, type[Exception], str]] = {
    "400": (
        Failure(400, "no such option"),
        ProviderError,
        "the provider refused: Error code: 400 - no such op",
    ),
    "401": (Failure(401, "wrong key"), ModelSpecError, "check the key, the model and --base-url"),
    "402": (
        Failure(402, "no credit left"),
        ProviderError,
        "the provider refused: Error code: 402 - no credit",
    ),
    "403": (Failure(403, "not yours"), ModelSpecError, "check the key, the model and --base-url"),
    "404": (Failure(404, "no model toy"), ModelSpecError, "check the key, the model and --base-url"),
    "413": (Failure(413, "too much"), ContextError, "choose one with more context"),
    "422": (Failure(422, "cannot process"), ProviderError, "the provider refused: Error code: 422"),
    "quota": (Failure(429, "pay first", "insufficient_quota"), ProviderError, "the provider refused: "),
    "context": (
        Failure(400, "too long", "context_length_exceeded"),
        ContextError,
        "choose one with more context",
    ),
    "context by vLLM": (
        Failure(400, "This model's maximum context length is 4096 tokens. However, you requested 9999."),
        ContextError,
        "choose one with more context",
    ),
    "context by llama.cpp": (
        Failure(
            400, body=b'{"error": {"code": 400, "message": "the request exceeds the available context size"}}'
        ),
        ContextError,
        "choose one with more context",
    ),
    "filter": (
        Failure(400, "not allowed", "content_filter"),
        AnswerError,
        "the provider withholds its answer",
    ),
    "HTML": (
        Failure(403, body=b"<html>\n<body>No</body>\n</html>"),
        ModelSpecError,
        "the provider refused: ",
    ),
}


class TestAFaultThatStays:
    @pytest.mark.parametrize(("fault", "kind", "says"), FINAL.values(), ids=FINAL.keys())
    async def test_ends_the_call_at_once(
        self, line: Line, fault: Failure, kind: type[Exception], says: str
    ) -> None:
        error = await failure_of(line.send(fault))
        assert type(error) is kind
        assert says in str(error)
        assert len(line.requests) == 1
        assert line.waits == []

    @pytest.mark.parametrize("status", [400, 422])
    async def test_may_be_the_schema(self, line: Line, status: int) -> None:
        error = await failure_of(line.send(Failure(status, "response_format is unknown"), schema=SCHEMA))
        assert type(error) is SchemaRefusedError
        assert str(error) == f"Error code: {status} - response_format is unknown"

    @pytest.mark.filterwarnings("ignore:This model does not support OpenAI")
    async def test_may_be_the_schema_in_the_words_of_openai(self, line: Line) -> None:
        """LangChain knows these words, and warns of them."""
        told = "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
        assert type(await failure_of(line.send(Failure(400, told), schema=SCHEMA))) is SchemaRefusedError

    @pytest.mark.parametrize("name", ["401", "404", "quota", "context", "filter"])
    async def test_is_what_it_is_also_with_a_schema(self, line: Line, name: str) -> None:
        fault, kind, _ = FINAL[name]
        assert type(await failure_of(line.send(fault, schema=SCHEMA))) is kind

    async def test_may_stand_in_an_answer_that_began_well(self, line: Line) -> None:
        body = b'{"error": {"message": "more credits needed", "code": 402}}'
        answer = Raw(b"data: " + body + b"\n\n", "text/event-stream") if line.streaming else Raw(body)
        error = await failure_of(line.send(answer))
        assert isinstance(error, ProviderError)
        assert str(error) == (
            "the provider refused: more credits needed; mend that and run the same command again: finished "
            "calls are not paid again"
        )
        assert len(line.requests) == 1

    async def test_is_cut_where_it_is_long(self, line: Line) -> None:
        error = await failure_of(line.send(Failure(400, "x" * 10_000)))
        assert len(str(error)) < 400


class Foreign(BaseChatModel):
    """A chat model of another provider: what it does is said by a function."""

    deed: Callable[[], AIMessage]

    @property
    def _llm_type(self) -> str:
        return "foreign"

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self.deed())])


def raising(error: Exception, then: str = "2") -> Callable[[], AIMessage]:
    """Raises once, and answers from then on."""
    left = [error]

    def deed() -> AIMessage:
        if left:
            raise left.pop()
        return AIMessage(then)

    return deed


class TestAnotherProvider:
    @pytest.mark.parametrize(
        ("metadata", "reason"),
        [
            ({"stop_reason": "max_tokens"}, "length"),
            ({"stop_reason": "end_turn"}, "stop"),
            ({"stop_reason": "refusal"}, "content_filter"),
            ({"finish_reason": "MAX_TOKENS"}, "length"),
            ({"finish_reason": "SAFETY"}, "content_filter"),
            ({"finish_reason": "STOP"}, "stop"),
            ({"done_reason": "length"}, "length"),
            ({"stopReason": "max_tokens"}, "length"),
            ({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}, "length"),
            ({"status": "completed", "incomplete_details": None}, "stop"),
            ({}, "stop"),
        ],
    )
    async def test_says_in_its_own_words_why_an_answer_ended(
        self, metadata: dict[str, object], reason: str
    ) -> None:
        model = Foreign(deed=lambda: AIMessage("2", response_metadata=metadata))
        assert (await self.send(model)).finish_reason == reason

    @pytest.mark.parametrize(
        "error",
        [
            httpx.ReadError("gone"),
            httpx.ReadTimeout(""),
            TimeoutError(),
            ConnectionResetError("reset"),
            RuntimeError("Event loop is closed"),
        ],
    )
    async def test_may_lose_its_connection(self, line: Line, error: Exception) -> None:
        assert (await self.send(Foreign(deed=raising(error)))).text == "2"
        assert line.waits == [1.0]

    async def test_may_answer_with_a_status(self, line: Line) -> None:
        class StatusError(Exception):
            status_code = 503

        assert (await self.send(Foreign(deed=raising(StatusError("tired"))))).text == "2"
        assert line.waits == [1.0]
        StatusError.status_code = 401
        error = await failure_of(self.send(Foreign(deed=raising(StatusError("who are you")))))
        assert isinstance(error, ModelSpecError)

    @pytest.mark.parametrize("bug", [KeyError("x"), ValueError("x"), RuntimeError("x"), AnswerError("x")])
    async def test_may_have_a_bug_that_is_not_hidden(self, line: Line, bug: Exception) -> None:
        error = await failure_of(self.send(Foreign(deed=raising(bug))))
        assert error is bug
        assert line.waits == []

    async def test_must_answer_with_a_message(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def ainvoke(self: BaseChatModel, asked: Sequence[BaseMessage], **_: Any) -> BaseMessage:
            return HumanMessage("2")

        monkeypatch.setattr(Foreign, "ainvoke", ainvoke)
        error = await failure_of(self.send(Foreign(deed=raising(RuntimeError()))))
        assert str(error) == "the model answered with a HumanMessage, not with an AIMessage"

    @staticmethod
    async def send(model: BaseChatModel) -> Received:
        return await send(model, QUESTION, schema=None, seconds=9, on_retry=lambda _: None)


def test_schemas_go_to_those_who_speak_chat_completions() -> None:
    azure = AzureChatOpenAI(api_key="none", azure_endpoint="https://localhost", api_version="2026-01-01")
    assert takes_schema(ChatOpenAI(model="toy", api_key="none"))
    assert takes_schema(azure)
    assert not takes_schema(ChatOpenAI(model="toy", api_key="none", use_responses_api=True))
    assert not takes_schema(ChatOpenAI(model="toy", api_key="none", output_version="responses/v1"))
    assert not takes_schema(ScriptedModel(answer=lambda _: "2"))


@pytest.mark.parametrize(
    ("base_url", "leads"),
    [
        (None, True),
        ("https://api.openai.com/v1", True),
        ("http://localhost:8000/v1", False),
    ],
)
def test_only_in_the_cache_of_openai_itself_a_schema_leads(base_url: str | None, leads: bool) -> None:
    assert schema_leads(ChatOpenAI(model="m", api_key=SecretStr("none"), base_url=base_url)) is leads


def test_no_schema_leads_where_none_is_sent() -> None:
    assert not schema_leads(ScriptedModel(answer=lambda _: ""))
    responses = ChatOpenAI(model="m", api_key=SecretStr("none"), use_responses_api=True)
    assert not schema_leads(responses)
