"""However the graph is called, it gives the same repository."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core._api import LangChainBetaWarning
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command
from typing_extensions import TypedDict

from paper2code import Context, Paper, WorkspaceError, build_graph
from paper2code.testing import Question, ScriptedModel
from paper2code.workspace import Workspace
from tests.conftest import ContextFor
from tests.example import PAPER
from tests.folders import repository_in
from tests.script import DIAMOND, Script


class Project(TypedDict, total=False):
    """The state of a parent graph, which shares some keys with ours."""

    paper: Paper
    files: dict[str, str]
    status: str


@pytest.fixture
def context(context_for: ContextFor) -> Context:
    return context_for(ScriptedModel(answer=Script(DIAMOND)))


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The repository that every way of calling must give."""
    folder = tmp_path_factory.mktemp("expected")
    model = ScriptedModel(answer=Script(DIAMOND))
    build_graph().invoke({"paper": PAPER}, context=Context(model=model, output_dir=folder))
    return repository_in(folder)


# ------------------------------------------------------------------ the four methods


def by_invoke(context: Context) -> Any:
    return build_graph().invoke({"paper": PAPER}, context=context)


def by_stream(context: Context) -> Any:
    *_, last = build_graph().stream({"paper": PAPER}, context=context, stream_mode="values")
    return last


def by_ainvoke(context: Context) -> Any:
    return asyncio.run(build_graph().ainvoke({"paper": PAPER}, context=context))


def by_astream(context: Context) -> Any:
    async def last() -> Any:
        stream = build_graph().astream({"paper": PAPER}, context=context, stream_mode="values")
        return [state async for state in stream][-1]

    return asyncio.run(last())


def by_invoke_in_a_thread(context: Context) -> Any:
    return asyncio.run(asyncio.to_thread(by_invoke, context))


def by_invoke_inside_a_running_loop(context: Context) -> Any:
    """As in a notebook."""

    async def cell() -> Any:
        return by_invoke(context)

    return asyncio.run(cell())


def by_stream_inside_a_running_loop(context: Context) -> Any:
    async def cell() -> Any:
        return by_stream(context)

    return asyncio.run(cell())


# ------------------------------------------------------------------ inside a graph of the caller's


def parent_of(node: Any) -> Any:
    """A graph of one node."""
    builder = StateGraph(Project)
    builder.add_node("reproduce", node)
    builder.add_edge(START, "reproduce")
    builder.add_edge("reproduce", END)
    return builder.compile(checkpointer=InMemorySaver())


THREAD = {"configurable": {"thread_id": "1"}}


def from_the_node_of_a_sync_graph(context: Context) -> Any:
    def node(state: Project) -> Project:
        result = build_graph().invoke({"paper": state["paper"]}, context=context)
        return {"files": result["files"], "status": result["status"]}

    return parent_of(node).invoke({"paper": PAPER}, THREAD)


def from_the_node_of_an_async_graph(context: Context) -> Any:
    async def node(state: Project) -> Project:
        result = await build_graph().ainvoke({"paper": state["paper"]}, context=context)
        return {"files": result["files"], "status": result["status"]}

    return asyncio.run(parent_of(node).ainvoke({"paper": PAPER}, THREAD))


def as_a_node_of_a_sync_graph(context: Context) -> Any:
    return parent_of(build_graph(context=context)).invoke({"paper": PAPER}, THREAD)


def as_a_node_of_an_async_graph(context: Context) -> Any:
    return asyncio.run(parent_of(build_graph(context=context)).ainvoke({"paper": PAPER}, THREAD))


def as_a_node_that_shares_the_context(context: Context) -> Any:
    builder = StateGraph(Project, context_schema=Context)
    builder.add_node("reproduce", build_graph())
    builder.add_edge(START, "reproduce")
    return builder.compile().invoke({"paper": PAPER}, context=context)


@pytest.mark.parametrize(
    "call",
    [
        by_invoke,
        by_stream,
        by_ainvoke,
        by_astream,
        by_invoke_in_a_thread,
        by_invoke_inside_a_running_loop,
        by_stream_inside_a_running_loop,
        from_the_node_of_a_sync_graph,
        from_the_node_of_an_async_graph,
        as_a_node_of_a_sync_graph,
        as_a_node_of_an_async_graph,
        as_a_node_that_shares_the_context,
    ],
)
def test_it_gives_the_same_repository(
    call: Callable[[Context], Any], context: Context, expected: dict[str, bytes]
) -> None:
    result = call(context)

    assert result["status"] == "accepted"
    assert {path: text.encode() for path, text in result["files"].items()} == expected
    assert repository_in(context.output_dir) == expected


def test_as_a_tool_it_is_given_a_paper(context: Context, tmp_path: Path, expected: dict[str, bytes]) -> None:
    paper = tmp_path / "paper.md"
    paper.write_text(PAPER.to_markdown(), encoding="utf-8")
    with pytest.warns(LangChainBetaWarning):
        tool = build_graph(context=context).as_tool(
            name="reproduce", description="Writes the repository of a paper.", arg_types={"paper": str}
        )

    result = tool.invoke({"paper": str(paper)})
    assert result["status"] == "accepted"
    assert set(result["files"]) == set(expected)


def answered_in_a_sync_graph(parent: Any, answer: dict[str, Any]) -> tuple[Any, Any]:
    return parent.invoke({"paper": PAPER}, THREAD), parent.invoke(Command(resume=answer), THREAD)


def answered_in_an_async_graph(parent: Any, answer: dict[str, Any]) -> tuple[Any, Any]:
    async def ask() -> tuple[Any, Any]:
        question = await parent.ainvoke({"paper": PAPER}, THREAD)
        return question, await parent.ainvoke(Command(resume=answer), THREAD)

    return asyncio.run(ask())


@pytest.mark.parametrize("ask", [answered_in_a_sync_graph, answered_in_an_async_graph])
def test_a_parent_graph_is_asked_to_approve(
    ask: Callable[..., tuple[Any, Any]], context_for: ContextFor, expected: dict[str, bytes]
) -> None:
    model = ScriptedModel(answer=Script(DIAMOND))
    context = context_for(model, approve=True)
    question, result = ask(parent_of(build_graph(context=context)), {"approve": True})

    (interrupt,) = question["__interrupt__"]
    assert interrupt.value["plan"]["summary"] == "A toy."
    assert result["status"] == "accepted"
    assert [q.role for q in model.asked].count("planner") == 1
    assert repository_in(context.output_dir) == expected


# ------------------------------------------------------------------ several at once


async def test_papers_are_reproduced_side_by_side(
    context_for: ContextFor, expected: dict[str, bytes]
) -> None:
    graph = build_graph()
    contexts = [context_for(ScriptedModel(answer=Script(DIAMOND)), f"paper{n}") for n in range(3)]
    await asyncio.gather(*(graph.ainvoke({"paper": PAPER}, context=context) for context in contexts))
    assert [repository_in(context.output_dir) for context in contexts] == [expected] * 3


async def test_of_a_batch_into_one_folder_all_but_one_are_refused(
    context: Context, expected: dict[str, bytes]
) -> None:
    results = await build_graph().abatch([{"paper": PAPER}] * 3, context=context, return_exceptions=True)

    assert [type(result) for result in results].count(WorkspaceError) == 2
    assert repository_in(context.output_dir) == expected


# ------------------------------------------------------------------ a stream that is left early


class SlowModel(ScriptedModel):
    """Takes its time over the analysis of files, and knows how many of its answers are awaited."""

    seconds: float = 60
    under_way: int = 0

    async def _agenerate(self, *args: Any, **kwargs: Any) -> Any:
        self.under_way += 1
        try:
            if Question.of(args[0]).role == "analyst":
                await asyncio.sleep(self.seconds)
            return await super()._agenerate(*args, **kwargs)
        finally:
            self.under_way -= 1


def begins_a_file(event: dict[str, Any]) -> bool:
    return event["event"] == "call" and event["state"] == "started" and event["role"] == "analyst"


def assert_nothing_is_left_open(context: Context) -> None:
    assert context.model.under_way == 0
    with Workspace(context.output_dir):
        pass


def test_who_leaves_a_stream_ends_the_run(context_for: ContextFor) -> None:
    context = context_for(SlowModel(answer=DIAMOND.answer))
    events = build_graph().stream(
        {"paper": PAPER}, context=context, stream_mode="custom", subgraphs=True, version="v2"
    )
    assert any(begins_a_file(part["data"]) for part in events)
    events.close()
    assert_nothing_is_left_open(context)


async def test_who_leaves_an_async_stream_ends_the_run(context_for: ContextFor) -> None:
    context = context_for(SlowModel(answer=DIAMOND.answer))
    events = build_graph().astream(
        {"paper": PAPER}, context=context, stream_mode="custom", subgraphs=True, version="v2"
    )
    async for part in events:
        if begins_a_file(part["data"]):
            break
    await events.aclose()
    assert_nothing_is_left_open(context)
    assert asyncio.all_tasks() == {asyncio.current_task()}


def test_a_run_that_was_left_early_is_finished_by_the_next(
    context_for: ContextFor, expected: dict[str, bytes]
) -> None:
    slow, quick = SlowModel(answer=DIAMOND.answer), SlowModel(answer=DIAMOND.answer, seconds=0)
    events = build_graph().stream({"paper": PAPER}, context=context_for(slow), stream_mode="updates")
    assert any("design_reviewer" in update for update in events)
    events.close()
    context = context_for(quick)
    build_graph().invoke({"paper": PAPER}, context=context)

    assert not {question.role for question in quick.asked} & {"planner", "architect", "config_writer"}
    assert repository_in(context.output_dir) == expected


def test_an_error_comes_out_of_a_stream_as_it_is(context_for: ContextFor) -> None:
    def fail(question: Question) -> str:
        raise ZeroDivisionError(question.role)

    events = build_graph().stream({"paper": PAPER}, context=context_for(ScriptedModel(answer=fail)))
    with pytest.raises(ZeroDivisionError, match="planner"):
        list(events)
