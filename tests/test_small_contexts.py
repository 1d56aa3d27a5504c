"""Whole runs on a paper that is longer than what the models read at once."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult
from pydantic import PrivateAttr

from paper2code import Context, ContextError, Paper, ProviderError, build_graph
from paper2code.papers.model import Section
from paper2code.testing import Question, ScriptedModel, ToyProject
from tests.conftest import ContextFor
from tests.models.server import Answer, ChatServer, Failure, Request
from tests.test_over_http import question_of

FILES = {f"part{n}.py": [f"part{n - 1}.py"] if n else [] for n in range(8)}
PROJECT = ToyProject(FILES, padding=3_000)
SECTIONS = tuple(
    Section(
        id=f"s{n}",
        title=f"Topic {n}",
        level=1,
        kind="body" if n < 60 else "appendix",
        text="\n\n".join(f"We set the number of part {n} to {n * k}. " * 6 for k in range(5)),
        refs=(f"s{n + 2}",),
    )
    for n in range(1, 71)
)
PAPER = Paper(
    title="Seventy Topics",
    abstract="We set numbers.",
    sections=SECTIONS,
    source="text",
    sha256="7" * 64,
    extractor="none",
)


class Measured(ScriptedModel):
    """A scripted model that knows how long the longest conversation was, in characters."""

    _longest: int = PrivateAttr(default=0)

    def _result(self, messages: list[BaseMessage]) -> ChatResult:  # type: ignore[override]  # narrower
        self._longest = max(self._longest, sum(len(message.text) for message in messages))
        return super()._result(messages)


def journal_of(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / ".paper2code" / "journal.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines[1:]]


@pytest.mark.parametrize("window", [8_000, 16_000, 24_000])
async def test_every_prompt_leaves_room_for_its_answer(context_for: ContextFor, window: int) -> None:
    model = Measured(answer=PROJECT.answer)
    context = context_for(model, context_tokens=window)
    result = await build_graph().ainvoke({"paper": PAPER}, context=context)

    assert result["status"] == "accepted"
    assert model._longest <= 3 * window * 3 // 4
    read = [q.prompt for q in model.asked if q.role == "planner"]
    assert all(any(f"{{#{s.id}}}" in prompt for prompt in read) for s in SECTIONS), "the planner reads it all"
    entries = journal_of(context.output_dir)
    assert all(entry["left_out"] for entry in entries if entry["role"] == "coder")
    assert not any(entry["left_out"] for entry in entries if entry["role"] == "planner")


async def test_a_run_whose_models_read_it_all_is_the_same_run(context_for: ContextFor) -> None:
    models = [ScriptedModel(answer=PROJECT.answer) for _ in range(2)]
    await build_graph().ainvoke({"paper": PAPER}, context=context_for(models[0]))
    large = context_for(models[1], "large", context_tokens=400_000)
    await build_graph().ainvoke({"paper": PAPER}, context=large)
    assert {q.prompt for q in models[0].asked} == {q.prompt for q in models[1].asked}
    assert not any(entry["left_out"] for entry in journal_of(large.output_dir))


async def test_the_profile_of_a_model_bounds_its_prompts(context_for: ContextFor) -> None:
    small = Measured(answer=PROJECT.answer, profile={"max_input_tokens": 16_000, "max_output_tokens": 8_000})
    large = Measured(answer=PROJECT.answer)
    context = context_for(large, agent_models={"coder": small, "reviewer": small})
    result = await build_graph().ainvoke({"paper": PAPER}, context=context)
    assert result["status"] == "accepted"
    assert small._longest <= 36_000 < large._longest
    assert sum(question.role == "auditor" for question in small.asked) > 1


async def test_the_repository_is_audited_whole_in_groups(context_for: ContextFor) -> None:
    model = ScriptedModel(answer=PROJECT.answer)
    result = await build_graph().ainvoke({"paper": PAPER}, context=context_for(model, context_tokens=8_000))
    audits = [question.prompt for question in model.asked if question.role == "auditor"]
    assert len(audits) > 1
    assert all(any(PROJECT.code(path)[10:-3].strip() in prompt for prompt in audits) for path in FILES)
    assert {v.requirement for v in result["audit"].verdicts} == set(PROJECT.requirement_ids.values())


async def test_a_journal_plays_back_without_being_told_the_size(context_for: ContextFor) -> None:
    first = context_for(ScriptedModel(answer=PROJECT.answer), context_tokens=8_000)
    expected = await build_graph().ainvoke({"paper": PAPER}, context=first)
    again = context_for("nobody", "again", replay=first.output_dir / ".paper2code" / "journal.jsonl")
    replayed = await build_graph().ainvoke({"paper": PAPER}, context=again)
    assert all(replayed["files"][path] == expected["files"][path] for path in FILES)
    assert all(e["left_out"] for e in journal_of(again.output_dir) if e["role"] == "coder")


async def test_a_run_that_was_broken_pays_for_no_call_again(context_for: ContextFor) -> None:
    broken = ScriptedModel(answer=_until("reviewer", "part3.py"))
    with pytest.raises(ProviderError):
        await build_graph().ainvoke({"paper": PAPER}, context=context_for(broken, context_tokens=8_000))
    rest = ScriptedModel(answer=PROJECT.answer)
    context = context_for(rest, context_tokens=8_000)
    result = await build_graph().ainvoke({"paper": PAPER}, context=context)
    assert result["status"] == "accepted"
    assert not {q.prompt for q in broken.asked[:-1]} & {q.prompt for q in rest.asked}


def _until(role: str, target: str) -> Callable[[Question], Any]:
    """The answers of the project, up to a question that the provider refuses."""

    def answer(question: Question) -> Any:
        if (question.role, question.target) == (role, target):
            raise ProviderError("it is refused")
        return PROJECT.answer(question)

    return answer


async def test_a_model_that_is_too_small_says_so(context_for: ContextFor) -> None:
    wordy = PROJECT.plan().model_copy(update={"summary": "Words. " * 5_000})

    def answers(question: Question) -> Any:
        return wordy if question.role == "planner" else PROJECT.answer(question)

    context = context_for(ScriptedModel(answer=answers), context_tokens=8_000)
    with pytest.raises(ContextError, match=r"^architect: .* about 1\d,\d{3} tokens, .*more context"):
        await build_graph().ainvoke(
            {"paper": PAPER.model_copy(update={"sections": SECTIONS[:4]})}, context=context
        )


# ------------------------------------------------------------------ over HTTP


def tokens(request: Request) -> int:
    return sum(len(message["content"]) for message in request.messages) // 3


def refusing(window: int, words: str) -> Any:
    """An endpoint that reads so many tokens, and says these words of longer requests."""

    def answer(request: Request) -> Answer:
        if tokens(request) > window:
            return Failure(400, words.format(window=window, sent=tokens(request)), "context_length_exceeded")
        given = PROJECT.answer(question_of(request))
        return given if isinstance(given, str) else given.model_dump_json()

    return answer


OPENAI = "This model's maximum context length is {window} tokens. However, you requested {sent} tokens."
LLAMA = "the request exceeds the available context size"


@pytest.mark.parametrize(("window", "words"), [(16_000, OPENAI), (21_000, LLAMA)])
def test_a_provider_that_refuses_the_length_is_asked_with_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int, words: str
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with ChatServer(refusing(window, words)) as server:
        context = Context(model="openai:toy", base_url=server.url, output_dir=tmp_path / "out")
        result: Mapping[str, Any] = build_graph().invoke({"paper": PAPER}, context=context)
        assert result["status"] == "accepted"
        planned = [r for r in server.requests if question_of(r).role == "planner" and tokens(r) <= window]
        assert all(any(f"{{#{s.id}}}" in r.messages[1]["content"] for r in planned) for s in SECTIONS)
    entries = journal_of(context.output_dir)
    assert all(entry["left_out"] for entry in entries if entry["role"] == "coder")


def test_a_provider_that_refuses_whatever_is_sent_ends_the_run(tmp_path: Path) -> None:
    with ChatServer(refusing(10, LLAMA)) as server:
        context = Context(model="openai:toy", base_url=server.url, output_dir=tmp_path / "out")
        with pytest.raises(ContextError, match=r"choose one with more context, or say with --context"):
            build_graph().invoke({"paper": PAPER}, context=context)
        assert len(server.requests) < 12
