"""Many files in one run, and many papers in one process."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult

from paper2code import Context, Limits, ProviderError, build_graph
from paper2code.testing import Answer, Question, ScriptedModel, ToyProject
from tests.example import PAPER
from tests.script import PAIR

PAPERS = 20


class CountingModel(ScriptedModel):
    """Counts how many of its answers are awaited at once."""

    under_way: int = 0
    most_under_way: int = 0

    async def _agenerate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(0)
            return await super()._agenerate(messages, *args, **kwargs)
        finally:
            self.under_way -= 1


def contexts(folder: Path, model: ScriptedModel, **settings: Any) -> Sequence[Context]:
    """A context for each paper, with a folder of its own."""
    return [Context(model=model, output_dir=folder / str(n), **settings) for n in range(PAPERS)]


async def test_a_repository_of_200_files_is_finished(tmp_path: Path) -> None:
    random = Random(0)
    paths = [f"file{number:03}.py" for number in range(200)]
    project = ToyProject({path: random.sample(paths[:n], k=min(2, n)) for n, path in enumerate(paths)})
    context = Context(model=ScriptedModel(answer=project.answer), output_dir=tmp_path, concurrency=100)
    result = await build_graph().ainvoke({"paper": PAPER}, context=context)
    assert result["status"] == "accepted"
    assert set(paths) <= set(result["files"])


async def test_each_of_many_papers_has_its_own_folder(tmp_path: Path) -> None:
    model = CountingModel(answer=PAIR.answer)
    chosen = contexts(tmp_path, model, limits=Limits(concurrency=7))
    results = await build_graph().abatch([{"paper": PAPER}] * PAPERS, context=chosen)
    assert [result["status"] for result in results] == ["accepted"] * PAPERS
    assert 1 < model.most_under_way <= 7, "they share their limits"
    for context in chosen:
        usage = json.loads((context.output_dir / ".paper2code" / "usage.json").read_text())
        assert (context.output_dir / "model.py").exists()
        assert usage["calls"] == 5 + 3 * len(PAIR.imports) + 1


def test_blocking_code_runs_many_papers_in_one_loop(tmp_path: Path) -> None:
    chosen = contexts(tmp_path, ScriptedModel(answer=PAIR.answer), limits=Limits(concurrency=3))[:3]
    results = build_graph().batch([{"paper": PAPER}] * 3, {"max_concurrency": 2}, context=chosen)
    assert [result["status"] for result in results] == ["accepted"] * 3


async def test_no_more_papers_are_under_way_than_are_wished(tmp_path: Path) -> None:
    model = CountingModel(answer=PAIR.answer)
    one_call_a_paper = contexts(tmp_path, model, concurrency=1)
    await build_graph().abatch([{"paper": PAPER}] * PAPERS, {"max_concurrency": 4}, context=one_call_a_paper)
    assert 1 < model.most_under_way <= 4


def failing_about(folder: str) -> ScriptedModel:
    def answer(question: Question) -> Answer:
        if question.role == "architect":
            raise ProviderError(f"out of reach for {folder}")
        return PAIR.answer(question)

    return ScriptedModel(answer=answer)


async def test_a_paper_that_fails_leaves_the_others_alone_where_that_is_wished(tmp_path: Path) -> None:
    chosen = [
        *contexts(tmp_path, ScriptedModel(answer=PAIR.answer))[:2],
        Context(model=failing_about("last"), output_dir=tmp_path / "last"),
    ]
    graph, papers = build_graph(), [{"paper": PAPER}] * 3
    *others, last = await graph.abatch(papers, context=chosen, return_exceptions=True)
    assert [other["status"] for other in others] == ["accepted"] * 2
    assert isinstance(last, ProviderError)


async def test_the_first_error_stops_all_where_it_is_not(tmp_path: Path) -> None:
    slow = Context(model=ScriptedModel(answer=PAIR.answer, delay=60), output_dir=tmp_path / "slow")
    failing = Context(model=failing_about("failing"), output_dir=tmp_path / "failing")
    with pytest.raises(ProviderError):
        await build_graph().abatch([{"paper": PAPER}] * 2, context=[slow, failing])
    again = slow.model_copy(update={"model": ScriptedModel(answer=PAIR.answer)})
    result = await build_graph().ainvoke({"paper": PAPER}, context=again)
    assert result["status"] == "accepted", "its folder is free"


async def test_no_papers_need_no_run() -> None:
    assert await build_graph().abatch([]) == []


async def test_a_context_for_each_paper_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="argument"):
        await build_graph().abatch(
            [{"paper": PAPER}] * 2, context=contexts(tmp_path, ScriptedModel(answer=PAIR.answer))
        )
