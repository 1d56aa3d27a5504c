"""How agents ask, over real HTTP: answers read, asked for again, continued, journalled."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_openai import ChatOpenAI

from paper2code.artifacts import FileAnalysis, InterfaceChange
from paper2code.context import ROLES
from paper2code.errors import AnswerError, BudgetError, ModelSpecError, ProviderError, ReplayError
from paper2code.limits import Limits
from paper2code.models.budget import Budget
from paper2code.models.caller import Call, Caller, Written
from paper2code.models.continuation import joined
from paper2code.models.exchange import Exchange
from paper2code.models.journal import Journal, Recording
from paper2code.models.schema import strict_schema
from paper2code.models.specs import NamedModel
from paper2code.prompts import render
from paper2code.testing import Question, ScriptedModel, a_file, an_edit
from tests.models.server import Answer, ChatServer, Failure, Reply, Request, in_turn

PAPER = "a" * 64
CALL = Call(role="analyst", target="model.py", task="# YOUR TASK: ANALYST OF `model.py`", briefing=("P",))
CODE = Call(role="coder", target="model.py", task="# YOUR TASK: CODER OF `model.py`")
ANALYSIS = FileAnalysis(steps=("Add one.", "Add two."), traps=("The sign.",), properties=())
JSON = ANALYSIS.model_dump_json()
FILE = "import math\n\n\ndef area(radius: float) -> float:\n    return math.pi * radius**2\n"
FENCED = f"```python\n{FILE}```"


class Desk:
    """A caller whose models are one server, with a journal of its own."""

    def __init__(self, server: ChatServer, client: ChatOpenAI, folder: Path) -> None:
        self.server, self.client, self.folder = server, client, folder
        self.budget, self.concurrency = Budget(), 8
        self.sit_down()
        server.requests.clear()

    def sit_down(self, recording: Recording | None = None) -> None:
        """Begin as a new process would."""
        self.journal = Journal.open(self.folder / "journal.jsonl", PAPER, "A Paper")
        models = {role: NamedModel("openai:toy", self.client, "openai") for role in ROLES}
        self.exchange = Exchange(
            models,
            self.journal,
            Limits(concurrency=self.concurrency),
            self.budget,
            timeout=20,
            recording=recording,
        )
        self.caller = Caller(self.exchange)

    def answers(self, *answers: Answer) -> None:
        self.server.answer = in_turn(*answers)

    @property
    def requests(self) -> list[Request]:
        return self.server.requests


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with ChatServer(in_turn("")) as server:
        yield server


@pytest.fixture(scope="module", params=[False, True], ids=["whole", "streamed"])
def client(request: pytest.FixtureRequest, server: ChatServer) -> ChatOpenAI:
    return ChatOpenAI(
        model="toy",
        base_url=server.url,
        api_key="none",
        max_retries=0,
        streaming=request.param,
        stream_usage=True,
    )


@pytest.fixture
def desk(server: ChatServer, client: ChatOpenAI, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(server, client, tmp_path)
    yield desk
    desk.journal.close()


class TestAnArtifact:
    async def test_is_asked_for_with_its_schema_in_the_body(self, desk: Desk) -> None:
        desk.answers(JSON)
        assert await desk.caller.ask(CALL, FileAnalysis) == ANALYSIS
        [request] = desk.requests
        assert request.schema == {
            "name": "FileAnalysis",
            "schema": strict_schema(FileAnalysis),
            "strict": True,
        }
        assert [m["role"] for m in request.messages] == ["system", "user"]
        assert request.messages[0]["content"] == render("system")
        assert request.last == f"P\n\n{CALL.task}"

    @pytest.mark.parametrize("status", [400, 422])
    async def test_is_asked_for_in_words_where_the_endpoint_refuses_schemas(
        self, desk: Desk, status: int
    ) -> None:
        def answer(request: Request) -> Answer:
            return Failure(status, "response_format is not supported") if request.schema else JSON

        desk.server.answer = answer
        assert await desk.caller.ask(CALL, FileAnalysis) == ANALYSIS
        first, second = desk.requests
        assert first.schema
        assert not second.schema
        assert second.last.startswith(first.last)
        assert json.dumps(strict_schema(FileAnalysis), ensure_ascii=False) in second.last

        other = Call(role="analyst", target="data.py", task="Think of data.py.")
        await desk.caller.ask(other, FileAnalysis)
        assert len(desk.requests) == 3, "the endpoint is not asked for what it refused before"

    async def test_has_its_schema_at_the_end_of_the_prompt_where_that_keeps_caches_warm(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Until the first answer without heed to it: from then on it is in both places."""
        monkeypatch.setattr("paper2code.models.exchange.schema_leads", lambda _: True)
        desk.answers("Steps: write it.", JSON, JSON)
        assert await desk.caller.ask(CALL, FileAnalysis) == ANALYSIS
        other = Call(role="analyst", target="data.py", task="Think of data.py.")
        assert await desk.caller.ask(other, FileAnalysis) == ANALYSIS
        schema = json.dumps(strict_schema(FileAnalysis), ensure_ascii=False)
        assert all(schema in request.messages[-1]["content"] for request in desk.requests)
        forms = [request.body["response_format"]["type"] for request in desk.requests]
        assert forms == ["json_object", "json_schema", "json_schema"]

    async def test_is_asked_for_in_words_of_other_chat_models(self, desk: Desk) -> None:
        prompts: list[str] = []

        def answer(question: Question) -> str:
            prompts.append(question.prompt)
            return JSON

        model = ScriptedModel(answer=answer)
        desk.exchange.models = {"analyst": NamedModel("scripted", model)}
        assert await desk.caller.ask(CALL, FileAnalysis) == ANALYSIS
        assert json.dumps(strict_schema(FileAnalysis), ensure_ascii=False) in prompts[0]

    async def test_is_also_asked_for_in_words_once_a_schema_was_passed_over(self, desk: Desk) -> None:
        """Some endpoints take a schema and never look at it."""
        desk.answers("Sure! First I would add one.", JSON)
        assert await desk.caller.ask(CALL, FileAnalysis) == ANALYSIS
        await desk.caller.ask(Call(role="analyst", target="data.py", task="Think of data.py."), FileAnalysis)
        schema = json.dumps(strict_schema(FileAnalysis), ensure_ascii=False)
        assert [schema in request.last for request in desk.requests] == [False, True, True]
        assert all(request.schema for request in desk.requests)

    async def test_is_not_asked_for_in_words_for_a_fault_that_no_schema_tells(self, desk: Desk) -> None:
        desk.answers(JSON)
        await desk.caller.ask(CALL, FileAnalysis, lambda _: "Think harder.")
        assert len(desk.requests) == 3
        assert "properties" not in desk.requests[-1].last

    async def test_that_is_refused_is_asked_for_again_with_the_fault(self, desk: Desk) -> None:
        desk.answers('{"steps": "one"}', JSON)
        assert await desk.caller.ask(CALL, FileAnalysis) == ANALYSIS
        again = desk.requests[1]
        assert [m["role"] for m in again.messages] == ["system", "user", "assistant", "user"]
        assert again.messages[:2] == desk.requests[0].messages
        assert again.messages[2]["content"] == '{"steps": "one"}'
        assert "traps: Field required" in again.last
        assert "one JSON value of the form asked for" in again.last

    async def test_with_a_problem_is_asked_for_again_and_taken_when_it_stays(self, desk: Desk) -> None:
        desk.answers(JSON)
        seen: list[FileAnalysis] = []

        def problem(analysis: FileAnalysis) -> str:
            seen.append(analysis)
            return "These requirements have no step: R7."

        assert await desk.caller.ask(CALL, FileAnalysis, problem) == ANALYSIS
        assert len(seen) == len(desk.requests) == 3
        assert "These requirements have no step: R7." in desk.requests[1].last

    async def test_that_never_comes_costs_three_answers_and_says_what_was_wrong(self, desk: Desk) -> None:
        desk.answers("No.")
        with pytest.raises(AnswerError) as caught:
            await desk.caller.ask(CALL, FileAnalysis)
        assert str(caught.value).startswith(
            "analyst model.py: no usable answer in 3 attempts (The answer holds no JSON object."
        )
        assert "\n" not in str(caught.value)
        assert len(desk.requests) == 3


class TestAFile:
    async def test_is_asked_for_as_text(self, desk: Desk) -> None:
        desk.answers(f"Here it is:\n\n{FENCED}\n\nEnjoy.")
        assert await desk.caller.ask_for_code(CODE) == FILE
        assert not desk.requests[0].schema

    async def test_that_leaves_something_out_is_asked_for_again(self, desk: Desk) -> None:
        desk.answers("```python\nimport math\n# ... rest of the code unchanged\n```", FENCED)
        assert await desk.caller.ask_for_code(CODE) == FILE
        assert "The file leaves something out" in desk.requests[1].last
        assert "one fenced code block" in desk.requests[1].last

    @pytest.mark.parametrize(
        ("answer", "says"),
        [
            (Reply(None, "content_filter"), "The answer was withheld"),
            (Reply(None), "holds no fenced block"),
            (Reply("I cannot help with that."), "holds no fenced block"),
            (Reply("```python\nimport math\n", "stop"), "The answer is cut"),
        ],
    )
    async def test_that_never_comes_is_an_error_of_this_file(
        self, desk: Desk, answer: Reply, says: str
    ) -> None:
        desk.answers(answer)
        with pytest.raises(AnswerError) as caught:
            await desk.caller.ask_for_code(CODE)
        assert says in str(caught.value)
        assert "choose another model for it with --agent-model coder=SPEC" in str(caught.value)
        assert "\n" not in str(caught.value)

    async def test_that_goes_on_for_megabytes_is_not_sent_back_whole(self, desk: Desk) -> None:
        desk.answers("It begins. " + "Well. " * 40_000 + "It ends.", FENCED)
        assert await desk.caller.ask_for_code(CODE) == FILE
        said = desk.requests[1].messages[2]["content"]
        assert said.startswith("It begins. ")
        assert said.endswith("It ends.")
        assert len(said) < 110_000

    async def test_is_never_taken_while_it_has_a_problem(self, desk: Desk) -> None:
        desk.answers(FENCED)
        with pytest.raises(AnswerError, match="It is about another file"):
            await desk.caller.ask_for_code(CODE, lambda _: "It is about another file.")
        assert len(desk.requests) == 3

    async def test_that_a_filter_withheld_may_come_at_the_second_time(self, desk: Desk) -> None:
        desk.answers(Reply(None, "content_filter"), FENCED)
        assert await desk.caller.ask_for_code(CODE) == FILE
        assert "The answer was withheld" in desk.requests[1].last


PROPOSAL = (
    '<interface_change>{"path": "data.py", "symbol": "load", "signature": "def load(n: int) -> list[int]",'
    ' "reason": "Section 3 varies n."}</interface_change>'
)
CHANGE = InterfaceChange(
    path="data.py",
    symbol="load",
    signature="def load(n: int) -> list[int]",
    reason="Section 3 varies n.",
)


class TestAFileWithProposals:
    async def test_is_read_with_them(self, desk: Desk) -> None:
        desk.answers(f"{FENCED}\n\n{PROPOSAL}")
        assert await desk.caller.ask_for_file(CODE) == Written({"model.py": FILE}, (CHANGE,))

    async def test_is_asked_for_again_where_one_cannot_be_read(self, desk: Desk) -> None:
        desk.answers(f"{FENCED}\n\n{PROPOSAL.replace('symbol', 'sign')}", FENCED)
        assert await desk.caller.ask_for_file(CODE) == Written({"model.py": FILE})
        assert "symbol: Field required" in desk.requests[1].last
        assert "one fenced code block" in desk.requests[1].last


class TestChanges:
    TEXTS: ClassVar = {"model.py": FILE, "data.py": "N = 1\n"}
    EDIT = an_edit("model.py", ("    return math.pi * radius**2", "    return math.pi * radius * radius"))
    MENDED = FILE.replace("radius**2", "radius * radius")

    async def test_are_made(self, desk: Desk) -> None:
        desk.answers(f"{self.EDIT}\n\n{a_file('data.py', 'N = 2')}\n\n{PROPOSAL}")
        written = await desk.caller.ask_for_changes(CODE, self.TEXTS)
        assert written == Written({"model.py": self.MENDED, "data.py": "N = 2\n"}, (CHANGE,))

    async def test_are_about_the_default_where_no_path_is_given(self, desk: Desk) -> None:
        desk.answers("```python\nN = 3\n```")
        assert (await desk.caller.ask_for_changes(CODE, self.TEXTS, "data.py")).texts == {
            "data.py": "N = 3\n"
        }
        desk.answers(FENCED.replace("**2", "**3"))
        assert set((await desk.caller.ask_for_changes(CODE, self.TEXTS)).texts) == {"model.py"}

    async def test_that_have_no_place_are_asked_for_again(self, desk: Desk) -> None:
        desk.answers(an_edit("model.py", ("return math.pi", "return 3")), self.EDIT)
        assert (await desk.caller.ask_for_changes(CODE, self.TEXTS)).texts == {"model.py": self.MENDED}
        told = desk.requests[1].last
        assert told.startswith("Nothing of that answer was applied:\n\nmodel.py, edit 1: its SEARCH text")
        assert "    return math.pi * radius**2" in told

    async def test_that_never_fit_are_an_error_of_one_line(self, desk: Desk) -> None:
        desk.answers(an_edit("setup.py", ("x", "y")))
        with pytest.raises(AnswerError, match=r"in 3 attempts \(setup\.py is not among the files"):
            await desk.caller.ask_for_changes(CODE, self.TEXTS)
        assert len(desk.requests) == 3

    async def test_with_a_problem_are_asked_for_again_and_taken_when_it_stays(self, desk: Desk) -> None:
        desk.answers(self.EDIT)
        seen: list[Mapping[str, str]] = []

        def problem(texts: Mapping[str, str]) -> str:
            seen.append(texts)
            return "data.py must change, too."

        written = await desk.caller.ask_for_changes(CODE, self.TEXTS, problem_with=problem)
        assert written.texts == {"model.py": self.MENDED}
        assert seen == [written.texts] * 3
        assert "data.py must change, too." in desk.requests[1].last

    async def test_may_be_none_where_a_proposal_comes(self, desk: Desk) -> None:
        desk.answers(f"It cannot be done so.\n\n{PROPOSAL}")
        assert await desk.caller.ask_for_changes(CODE, self.TEXTS) == Written({}, (CHANGE,))

    @pytest.mark.parametrize("where", [0.1, 0.35, 0.5, 0.62, 0.8, 0.95])
    async def test_that_are_cut_are_continued(self, desk: Desk, where: float) -> None:
        answer = f"{self.EDIT}\n\ndata.py\n```python\nN = 2\n```"
        at = int(where * len(answer))
        desk.answers(Reply(answer[:at], "length"), Reply(answer[at:]))
        written = await desk.caller.ask_for_changes(CODE, self.TEXTS)
        assert written.texts == {"model.py": self.MENDED, "data.py": "N = 2\n"}


class TestACutAnswer:
    @pytest.mark.parametrize("pieces", [2, 3, 7])
    async def test_of_a_file_is_continued_and_joined(self, desk: Desk, pieces: int) -> None:
        desk.answers(*cut(FENCED, pieces))
        assert await desk.caller.ask_for_code(CODE) == FILE
        assert len(desk.requests) == pieces
        last = desk.requests[-1]
        assert [m["role"] for m in last.messages] == ["system", "user", "assistant", "user"]
        assert FENCED.startswith(last.messages[2]["content"])
        assert last.last == render("continue")

    @pytest.mark.parametrize("pieces", [2, 3, 7])
    async def test_of_an_artifact_is_continued_without_the_schema(self, desk: Desk, pieces: int) -> None:
        """A schema would make the model begin again."""
        desk.answers(*cut(JSON, pieces))
        assert await desk.caller.ask(CALL, FileAnalysis) == ANALYSIS
        assert [bool(request.schema) for request in desk.requests] == [True] + [False] * (pieces - 1)

    async def test_that_has_no_end_is_given_up(self, desk: Desk) -> None:
        desk.server.answer = lambda request: Reply(
            f"x = {len(request.last)}, {len(desk.requests)}\n", "length"
        )
        with pytest.raises(AnswerError, match=r"coder model\.py: the answer has no end"):
            await desk.caller.ask_for_code(CODE)
        assert len(desk.requests) == 8

    async def test_longer_than_any_that_means_anything_is_given_up_at_once(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("paper2code.models.replies._LONGEST_ANSWER", 6_000)
        desk.answers(Reply("\n".join(map(str, range(2_000))), "length"))
        with pytest.raises(AnswerError, match="the answer has no end"):
            await desk.caller.ask_for_code(CODE)
        assert len(desk.requests) == 1

    async def test_that_goes_round_in_circles_is_asked_for_again_at_once(self, desk: Desk) -> None:
        desk.answers(Reply("```python\nimport math\n" + "x = 1\n" * 1_000, "length"), FENCED)
        assert await desk.caller.ask_for_code(CODE) == FILE
        assert len(desk.requests) == 2
        *_, said, fault = desk.requests[1].messages
        assert said["content"] == "```python\nimport math\nx = 1\n\n(and so on)"
        assert "repeats itself without end, until a length limit cut it: 'x = 1'." in fault["content"]

    @pytest.mark.parametrize("start", ["The report is a report. ", '{"steps": ["', "x = 0\n", " "])
    async def test_that_only_ever_goes_round_in_circles_is_given_up(self, desk: Desk, start: str) -> None:
        desk.answers(Reply(start * 300, "length"))
        for ask in (desk.caller.ask(CALL, FileAnalysis), desk.caller.ask_for_code(CODE)):
            desk.requests.clear()
            with pytest.raises(AnswerError, match="no usable answer in 3 attempts"):
                await ask
            assert len(desk.requests) == 3

    async def test_that_begins_again_for_ever_is_asked_for_in_fewer_words(self, desk: Desk) -> None:
        start = Reply(json.dumps({"steps": [f"Add {n}." for n in range(99)]})[:1_000], "length")
        desk.answers(start, start, JSON)
        assert await desk.caller.ask(CALL, FileAnalysis) == ANALYSIS
        assert len(desk.requests) == 3
        assert "cut by a length limit after 1,000 characters" in desk.requests[2].last
        assert [bool(request.schema) for request in desk.requests] == [True, False, True]

    async def test_that_is_whole_but_for_blanks_without_end_is_taken(self, desk: Desk) -> None:
        desk.answers(Reply(JSON + "\n  " * 500, "length"))
        assert await desk.caller.ask(CALL, FileAnalysis) == ANALYSIS
        assert len(desk.requests) == 1

    async def test_whose_end_never_comes_is_asked_for_whole(self, desk: Desk) -> None:
        start, _ = cut(FENCED, 2)
        desk.answers(start, Reply("", "length"), FENCED)
        assert await desk.caller.ask_for_code(CODE) == FILE
        assert "The answer is cut" in desk.requests[2].last


def cut(text: str, pieces: int) -> list[Reply]:
    size = -(-len(text) // pieces)
    parts = [text[start : start + size] for start in range(0, len(text), size)]
    return [*(Reply(part, "length") for part in parts[:-1]), Reply(parts[-1])]


class TestTheJournal:
    async def test_holds_an_answer_before_it_is_used(self, desk: Desk) -> None:
        desk.answers(JSON)
        lines: list[list[str]] = []

        def look(_: FileAnalysis) -> None:
            lines.append(desk.journal.path.read_text().splitlines())

        await desk.caller.ask(CALL, FileAnalysis, look)
        [(header, line)] = lines
        assert json.loads(header)["paper"] == PAPER
        entry = json.loads(line)
        assert (entry["role"], entry["target"], entry["revision"]) == ("analyst", "model.py", 0)
        assert entry["answer"] == JSON
        assert entry["usage"]["calls"] == 1
        assert entry["usage"]["input_tokens"] > 0

    async def test_keeps_every_request_of_a_call(self, desk: Desk) -> None:
        start, end = cut(FENCED, 2)
        desk.answers("No.", start, end)
        await desk.caller.ask_for_code(CODE)
        assert [(e.attempt, e.finish_reason) for e in desk.journal.entries] == [
            (0, "stop"),
            (1, "length"),
            (2, "stop"),
        ]
        assert desk.journal.usage().calls == 3

    async def test_answers_what_was_asked_before(self, desk: Desk) -> None:
        start, end = cut(JSON, 2)
        desk.answers("No.", start, end)
        first = await desk.caller.ask(CALL, FileAnalysis)
        before = desk.journal.usage()
        desk.sit_down()
        desk.answers("What?")
        assert await desk.caller.ask(CALL, FileAnalysis) == first
        assert len(desk.requests) == 3
        assert desk.journal.usage() == before

    @pytest.mark.parametrize(
        "other",
        [
            Call(role="analyst", target="model.py", task="Another task."),
            Call(role="analyst", target="model.py", task=CALL.task, briefing=("Another paper",)),
        ],
    )
    async def test_does_not_answer_another_question(self, desk: Desk, other: Call) -> None:
        desk.answers(JSON)
        await desk.caller.ask(CALL, FileAnalysis)
        await desk.caller.ask(other, FileAnalysis)
        assert len(desk.requests) == 2

    async def test_does_not_answer_for_another_model(self, desk: Desk) -> None:
        desk.answers(JSON)
        await desk.caller.ask(CALL, FileAnalysis)
        desk.exchange.models = {"analyst": NamedModel("openai:toy-2", desk.client)}
        await desk.caller.ask(CALL, FileAnalysis)
        assert len(desk.requests) == 2

    async def test_has_nothing_of_a_call_that_failed(self, desk: Desk) -> None:
        desk.answers(Failure(402, "no credit"))
        with pytest.raises(ProviderError):
            await desk.caller.ask(CALL, FileAnalysis)
        assert desk.journal.entries == ()

    async def test_serves_a_replay_without_a_model(self, desk: Desk, tmp_path: Path) -> None:
        start, end = cut(FENCED, 2)
        desk.answers("No.", start, end)
        await desk.caller.ask_for_code(CODE)
        recording = Recording.read(desk.journal.path)

        desk.folder = tmp_path / "replay"
        desk.sit_down(recording)
        desk.exchange.models = {}
        assert await desk.caller.ask_for_code(CODE) == FILE
        usage = desk.journal.usage()
        assert (usage.calls, usage.replayed, usage.usd) == (0, 3, 0.0)
        assert len(desk.requests) == 3
        with pytest.raises(ReplayError, match=r"no answer for analyst model\.py, revision 0, attempt 0"):
            await desk.caller.ask(CALL, FileAnalysis)


class TestTheBudget:
    async def test_stops_before_the_call(self, desk: Desk) -> None:
        desk.answers(JSON)
        desk.budget.tokens = 100
        with pytest.raises(BudgetError):
            await desk.caller.ask(CALL, FileAnalysis)
        assert desk.requests == []

    async def test_does_not_hold_back_what_is_paid_for(self, desk: Desk) -> None:
        desk.answers(JSON)
        await desk.caller.ask(CALL, FileAnalysis)
        desk.budget.tokens = 100
        assert await desk.caller.ask(CALL, FileAnalysis) == ANALYSIS

    async def test_loses_no_answer_of_the_calls_under_way(self, desk: Desk) -> None:
        desk.answers(Reply(FENCED, seconds=0.2))
        desk.budget.tokens = 20_000
        paper = ("long " * 2_400,)
        calls = [Call(role="coder", target=f"f{n}.py", task=str(n), briefing=paper) for n in range(8)]
        results = await asyncio.gather(*map(desk.caller.ask_for_code, calls), return_exceptions=True)
        written = [result for result in results if result == FILE]
        assert 1 < len(written) < 8
        assert len(desk.journal.entries) == len(desk.requests) == len(written)
        assert desk.journal.usage().tokens <= 20_000


async def test_no_more_calls_are_under_way_than_the_gate_lets_in(desk: Desk) -> None:
    desk.concurrency = 3
    desk.sit_down()
    under_way, most = 0, 0

    def answer(_: Request) -> Answer:
        nonlocal under_way, most
        most = max(most, under_way)
        return Reply(FENCED, seconds=0.05)

    send = desk.exchange._sent

    async def counted(*args: object) -> object:
        nonlocal under_way
        under_way += 1
        try:
            return await send(*args)  # type: ignore[arg-type]
        finally:
            under_way -= 1

    desk.exchange._sent = counted  # type: ignore[method-assign,assignment]
    desk.server.answer = answer
    await asyncio.gather(
        *(desk.caller.ask_for_code(Call(role="coder", target=f"f{n}.py", task=str(n))) for n in range(9))
    )
    assert most == 3


async def test_a_wrong_key_ends_the_run_at_once(desk: Desk) -> None:
    desk.answers(Failure(401, "Incorrect API key provided"))
    with pytest.raises(ModelSpecError, match="Incorrect API key provided; check the key"):
        await desk.caller.ask(CALL, FileAnalysis)
    assert len(desk.requests) == 1


class TestJoined:
    """The continuation of an answer is taken up where the answer broke off, whatever the model says first."""

    START = "```python\nimport math\n\n\ndef area(radius):\n    return math.pi * ra"

    @pytest.mark.parametrize(
        "rest",
        [
            "dius**2\n```",
            "```python\ndius**2\n```",
            "```python\n    return math.pi * radius**2\n```",
            "    return math.pi * radius**2\n```",
            "\n```python\n    return math.pi * radius**2\n```",
            "<think>\nWhere was I?\n</think>\n\ndius**2\n```",
            "def area(radius):\n    return math.pi * radius**2\n```",
            "```python\nimport math\n\n\ndef area(radius):\n    return math.pi * radius**2\n```",
        ],
    )
    def test_of_code(self, rest: str) -> None:
        whole = "```python\nimport math\n\n\ndef area(radius):\n    return math.pi * radius**2\n```"
        assert joined(self.START, rest) == whole

    @pytest.mark.parametrize(
        "rest", ['two"]}', '```json\ntwo"]}', '{"steps": ["one", "and then the other of the two"]}']
    )
    def test_of_json(self, rest: str) -> None:
        start = '{"steps": ["one", "and then the other of the '
        assert joined(start, rest).strip("`") == '{"steps": ["one", "and then the other of the two"]}'

    @pytest.mark.parametrize(
        ("start", "rest"),
        [
            ("```python\nx = (\n    (\n    )\n", ")\n```"),
            ("```python\nx = 1\n", "```"),
            ("```python\nx = 1\n", "```\n\nThat is all."),
            ("````markdown\n# Use\n\n", "```python\nimport x\n```\n````"),
            ("```python\n    )\n    )\n", "    )\n    )\n```"),
            ("```csv\n0, 0\n0, 0\n", "0, 0\n0, 0\n```"),
            ("a.py\n```python\nx = 1\n```\n\nb.py\n", "```python\nx = 2\n```"),
            ("```python a.py\nx = 1\n```\n", "```python\nx = 2\n```"),
        ],
    )
    def test_of_what_only_looks_repeated(self, start: str, rest: str) -> None:
        assert joined(start, rest) == start + rest

    @given(
        lines=st.lists(
            st.text("abcdef ()=:\n#\"'.", min_size=1, max_size=60), min_size=1, max_size=30, unique=True
        ),
        where=st.floats(0, 1),
    )
    def test_of_an_honest_model_is_the_whole(self, lines: Sequence[str], where: float) -> None:
        whole = "\n".join(f"{number}: {line}" for number, line in enumerate(lines))
        at = int(where * len(whole))
        assert joined(whole[:at], whole[at:]) == whole
