"""Whole runs over real HTTP: the same repository whatever the endpoint does on the way."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI

from paper2code import Context, Paper, build_graph
from paper2code.errors import BudgetError, ModelSpecError
from paper2code.papers.model import Section
from paper2code.testing import Question, ScriptedModel, ToyProject
from tests.models.server import Answer, ChatServer, Dropped, Failure, Raw, Reply, Request

TOY = ToyProject({"data.py": [], "model.py": [], "loss.py": ["model.py"], "train.py": ["data.py", "loss.py"]})
CALLS = 5 + 3 * len(TOY.imports) + 1
PAPER = Paper(
    title="Toy",
    sections=(Section(id="s1", level=1, title="Method", text="Each file returns a number. " * 40),),
    source="text",
    sha256="0" * 64,
    extractor="none",
)
_MESSAGES: dict[str, type[BaseMessage]] = {
    "system": SystemMessage,
    "user": HumanMessage,
    "assistant": AIMessage,
}


def question_of(request: Request) -> Question:
    return Question.of([_MESSAGES[m["role"]](m["content"]) for m in request.messages])


def toy_answer(request: Request) -> Answer:
    answer = TOY.answer(question_of(request))
    return answer if isinstance(answer, str) else answer.model_dump_json()


def run(folder: Path, **choices: Any) -> dict[str, Any]:
    """One run into a folder; its result, with all files of the repository."""
    return build_graph().invoke({"paper": PAPER}, context=Context(output_dir=folder, **choices))


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer(toy_answer) as server:
        yield server


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What comes out where nothing is in the way."""
    result = run(tmp_path_factory.mktemp("direct"), model=ScriptedModel(answer=TOY.answer))
    assert result["status"] == "accepted"
    files: dict[str, str] = result["files"]
    return files


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def no_waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between attempts, which take no time."""
    waits: list[float] = []
    sleep = asyncio.sleep

    async def wait(seconds: float) -> None:
        waits.append(seconds)
        await sleep(0)

    monkeypatch.setattr("paper2code.models.transport.asyncio.sleep", wait)
    return waits


def test_a_spec_and_a_base_url_are_enough(
    server: ChatServer, tmp_path: Path, repository: dict[str, str]
) -> None:
    result = run(tmp_path / "out", model="openai:toy", base_url=server.url)
    assert result["status"] == "accepted"
    assert result["files"] == repository
    assert result["usage"]["calls"] == len(server.requests) == CALLS
    artifacts = [r for r in server.requests if question_of(r).role != "coder"]
    assert all(r.schema and r.schema["strict"] for r in artifacts)
    assert {r.body["model"] for r in server.requests} == {"toy"}


def test_an_answer_in_pieces_is_the_same_answer(
    server: ChatServer, tmp_path: Path, repository: dict[str, str]
) -> None:
    model = ChatOpenAI(
        model="toy", base_url=server.url, api_key="none", streaming=True, stream_usage=True, max_retries=0
    )
    result = run(tmp_path / "out", model=model)
    assert result["files"] == repository
    assert all(r.streams for r in server.requests)
    assert result["usage"]["input_tokens"] > 10_000


def test_who_streams_the_messages_of_the_graph_gets_the_same_repository(
    server: ChatServer, tmp_path: Path, repository: dict[str, str]
) -> None:
    context = Context(model="openai:toy", base_url=server.url, output_dir=tmp_path / "out")
    *_, last = build_graph().stream(
        {"paper": PAPER}, context=context, stream_mode=["messages", "values"], subgraphs=True
    )
    assert last[-1]["files"] == repository
    assert all(r.streams for r in server.requests), "LangGraph streams from models where messages are wanted"
    assert last[-1]["usage"]["input_tokens"] > 10_000


def test_an_endpoint_without_schemas_gives_the_same_repository(
    server: ChatServer, tmp_path: Path, repository: dict[str, str]
) -> None:
    server.answer = lambda r: Failure(400, "unknown field response_format") if r.schema else toy_answer(r)
    assert run(tmp_path / "out", model="toy", base_url=server.url)["files"] == repository
    assert len(server.requests) == CALLS + 1


FAULTS: dict[str, Callable[[str], Answer]] = {
    "rate limit": lambda _: Failure(429, headers={"Retry-After": "3"}),
    "server error": lambda _: Failure(500),
    "connection closed": lambda _: Dropped(),
    "connection closed within the answer": lambda text: Dropped(Reply(text)),
    "page of HTML": lambda _: Raw(b"<html>busy</html>", "text/html"),
    "nothing said": lambda _: Reply(None),
    "thinking only": lambda _: Reply("<think>\nHm.\n</think>", "length"),
    "withheld": lambda _: Reply(None, "content_filter"),
    "cut without a word of it": lambda text: Reply(text[: len(text) // 2]),
    "prose": lambda _: "I shall do that with pleasure.",
    "thinking first": lambda text: f"<think>\nIs ```python right?\n</think>\n\n{text}",
    "no usage": lambda text: Reply(text, usage=None),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_of_every_first_answer_leaves_no_trace(
    server: ChatServer,
    tmp_path: Path,
    repository: dict[str, str],
    fault: Callable[[str], Answer],
    no_waits: list[float],
) -> None:
    seen: Counter[str] = Counter()

    def answer(request: Request) -> Answer:
        text = toy_answer(request)
        assert isinstance(text, str)
        first = request.messages[1]["content"]
        seen[first] += 1
        return fault(text) if seen[first] == 1 else text

    server.answer = answer
    result = run(tmp_path / "out", model="toy", base_url=server.url)
    assert result["status"] == "accepted"
    assert result["files"] == repository


def test_answers_that_are_always_cut_are_put_together(
    server: ChatServer, tmp_path: Path, repository: dict[str, str]
) -> None:
    """A model that says at most 150 characters at a time."""

    def answer(request: Request) -> Answer:
        whole = toy_answer(request)
        assert isinstance(whole, str)
        said = request.messages[2]["content"] if len(request.messages) > 2 else ""
        assert whole.startswith(said)
        rest = whole[len(said) :]
        return Reply(rest[:150], "length" if len(rest) > 150 else "stop")

    server.answer = answer
    assert run(tmp_path / "out", model="toy", base_url=server.url)["files"] == repository
    assert len(server.requests) > CALLS


def test_a_budget_stops_the_run_and_a_higher_one_goes_on_without_paying_twice(
    server: ChatServer, tmp_path: Path, repository: dict[str, str]
) -> None:
    stops: list[BudgetError] = []
    for budget in range(12_000, 60_000, 6_000):
        try:
            result = run(tmp_path / "out", model="toy", base_url=server.url, budget_tokens=budget)
            break
        except BudgetError as stopped:
            stops.append(stopped)
    assert len(stops) > 2
    assert all("run again with a higher --budget-tokens" in str(stop) for stop in stops)
    assert result["files"] == repository
    assert result["usage"]["calls"] == len(server.requests) == CALLS
    assert result["usage"]["input_tokens"] + result["usage"]["output_tokens"] <= budget


def test_a_finished_run_asks_nothing_more(server: ChatServer, tmp_path: Path) -> None:
    for _ in range(2):
        result = run(tmp_path / "out", model="toy", base_url=server.url)
        assert result["status"] == "accepted"
    assert len(server.requests) == CALLS


def test_a_run_that_broke_off_is_finished_without_paying_twice(
    server: ChatServer, tmp_path: Path, repository: dict[str, str]
) -> None:
    """A key that runs out at every third request."""
    answered = 0

    def answer(request: Request) -> Answer:
        nonlocal answered
        if len(server.requests) % 3 == 0:
            return Failure(401, "this key has expired")
        answered += 1
        return toy_answer(request)

    server.answer = answer
    stops: list[ModelSpecError] = []
    for _ in range(CALLS):
        try:
            result = run(tmp_path / "out", model="toy", base_url=server.url, concurrency=1)
            break
        except ModelSpecError as stopped:
            stops.append(stopped)
    assert len(stops) > 5
    assert all("this key has expired" in str(stop) for stop in stops)
    assert result["files"] == repository
    assert answered == CALLS


def test_each_role_asks_its_own_model(server: ChatServer, tmp_path: Path) -> None:
    run(
        tmp_path / "out",
        model="big",
        base_url=server.url,
        agent_models={"coder": "fast", "reviewer": "strict"},
    )
    asked = {(question_of(r).role, r.body["model"]) for r in server.requests}
    assert asked == {
        ("planner", "big"),
        ("architect", "big"),
        ("dependency_analyst", "big"),
        ("config_writer", "big"),
        ("analyst", "big"),
        ("coder", "fast"),
        ("reviewer", "strict"),
        ("auditor", "strict"),
    }


@pytest.mark.parametrize(
    "refusal", [Reply(None, "content_filter"), Failure(400, "not allowed", "content_filter")]
)
def test_a_file_that_is_withheld_costs_that_file_only(
    server: ChatServer, tmp_path: Path, refusal: Answer
) -> None:
    def answer(request: Request) -> Answer:
        question = question_of(request)
        return refusal if (question.role, question.target) == ("coder", "loss.py") else toy_answer(request)

    server.answer = answer
    result = run(tmp_path / "out", model="toy", base_url=server.url)
    assert result["status"] == "incomplete"
    assert result["file_status"]["loss.py"] == "failed"
    assert result["file_status"]["data.py"] == result["file_status"]["model.py"] == "accepted"
