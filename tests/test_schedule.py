"""The order in which files are written: all at once, but for those that wait for their imports."""

import asyncio
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.errors import GraphDrained
from langgraph.runtime import RunControl

from paper2code import Context, build_graph
from paper2code.import_graph import build_import_graph, ranks
from paper2code.testing import Answer, Question, ScriptedModel, ToyProject
from tests.conftest import ContextFor
from tests.example import PAPER
from tests.script import CHAIN

Event = dict[str, Any]


def random_project(seed: int, files: int = 20) -> ToyProject:
    """Files that import up to three of those before them."""
    random = Random(seed)
    paths = [f"file{number:02}.py" for number in range(files)]
    return ToyProject(
        {path: random.sample(paths[:n], k=random.randint(0, min(3, n))) for n, path in enumerate(paths)}
    )


class UnevenModel(ScriptedModel):
    """Takes between nothing and some milliseconds for an answer, and counts how many are awaited at once."""

    under_way: int = 0
    most_under_way: int = 0

    async def _agenerate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        question = Question.of(messages)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(Random(f"{question.role} {question.target}").expovariate(200))
            return await super()._agenerate(messages, *args, **kwargs)
        finally:
            self.under_way -= 1


async def events_of(context: Context) -> list[Event]:
    """What a run reports while it works."""
    stream = build_graph().astream(
        {"paper": PAPER}, context=context, stream_mode="custom", subgraphs=True, version="v2"
    )
    async with asyncio.timeout(30):
        return [part["data"] async for part in stream]


def positions(events: list[Event], **fields: str) -> Iterator[int]:
    """Where events with these fields stand."""
    return (n for n, event in enumerate(events) if fields.items() <= event.items())


@pytest.mark.parametrize(("seed", "concurrency"), [(0, 1), (1, 4), (2, 50)])
async def test_no_file_is_written_before_its_imports(
    seed: int, concurrency: int, context_for: ContextFor
) -> None:
    project = random_project(seed)
    model = UnevenModel(answer=project.answer)
    events = await events_of(context_for(model, concurrency=concurrency))

    for path, imports in project.imports.items():
        written = next(positions(events, event="file", path=path, state="coder"))
        for imported in imports:
            assert next(positions(events, event="file", path=imported, state="accepted")) < written
    assert model.most_under_way <= concurrency
    assert len(model.asked) == 5 + 3 * len(project.imports) + 1


async def test_no_more_calls_are_under_way_than_are_allowed_and_no_fewer(context_for: ContextFor) -> None:
    independent = ToyProject({f"file{number:02}.py": [] for number in range(12)})
    model = UnevenModel(answer=independent.answer)
    await events_of(context_for(model, concurrency=5))
    assert model.most_under_way == 5


async def test_of_the_calls_that_wait_the_one_most_depend_on_goes_first(context_for: ContextFor) -> None:
    project = random_project(seed=7)
    rank_of = ranks(build_import_graph(project.architecture(), project.dependencies()))
    events = await events_of(context_for(UnevenModel(answer=project.answer), concurrency=1))

    waiting: dict[tuple[str, str], int] = {}
    highest = None
    for event in (e for e in events if e["event"] == "call" and e["target"] in rank_of):
        call, rank = (event["role"], event["target"]), rank_of[event["target"]]
        if event["state"] == "queued":
            waiting[call] = rank
        elif event["state"] == "finished":  # who is next is settled now, whoever joins them afterwards
            highest = max(waiting.values(), default=None)
        else:
            assert highest in {None, rank}
            del waiting[call]


async def test_a_drained_run_stops_and_goes_on_later(context_for: ContextFor) -> None:
    graph, thread = build_graph(checkpointer=InMemorySaver()), {"configurable": {"thread_id": "1"}}
    control = RunControl()

    def answer(question: Question) -> Answer:
        if question.role == "coder":
            control.request_drain("stopped by the test")
        return CHAIN.answer(question)

    model = ScriptedModel(answer=answer)
    context = context_for(model)
    async with asyncio.timeout(20):
        with pytest.raises(GraphDrained):
            await graph.ainvoke({"paper": PAPER}, thread, context=context, control=control)
        assert [question.target for question in model.asked if question.role == "coder"] == ["data.py"]

        result = await graph.ainvoke(None, thread, context=context)
    assert result["status"] == "accepted"
    assert len(model.asked) == 5 + 3 * 3 + 1, "nothing is asked twice"
