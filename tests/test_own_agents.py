"""Agents of the caller's own in place of ours, in every form that LangGraph takes as a node."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.runnables import Runnable, RunnableLambda
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt

from paper2code import Context, Paper, SourceFile, build_graph
from paper2code.state import FileState, Node
from paper2code.testing import ScriptedModel
from tests.conftest import ContextFor
from tests.script import DIAMOND, Script

THREAD = {"configurable": {"thread_id": "1"}}


def written(path: str, revision: int = 0) -> FileState:
    """What a coder returns, who writes as the model of the toy project would."""
    text = DIAMOND.code(path).removeprefix("```python\n").removesuffix("```")
    return {"draft": SourceFile(path=path, text=text, revision=revision)}


# ------------------------------------------------------------------ coders in all forms


async def an_async_function(state: FileState, runtime: Runtime[Context]) -> FileState:
    assert runtime.context.run.design.planned(state["path"])
    return written(state["path"])


async def an_async_function_of_the_state_alone(state: FileState) -> FileState:
    return written(state["path"])


def a_sync_function(state: FileState, runtime: Runtime[Context]) -> FileState:
    assert runtime.context.run.design.planned(state["path"])
    return written(state["path"])


class AnObject:
    async def __call__(self, state: FileState) -> FileState:
        return written(state["path"])


def a_graph(node: Callable[[FileState], FileState]) -> Runnable[Any, Any]:
    """A compiled graph of one node."""
    builder = StateGraph(FileState)
    builder.add_node("write", node)
    builder.add_edge(START, "write")
    builder.add_edge("write", END)
    return builder.compile()


@pytest.mark.parametrize(
    "coder",
    [
        an_async_function,
        an_async_function_of_the_state_alone,
        a_sync_function,
        AnObject(),
        RunnableLambda(lambda state: written(state["path"])),
        a_graph(lambda state: written(state["path"])),
    ],
    ids=["async function", "state alone", "sync function", "object", "runnable", "graph"],
)
async def test_a_coder_may_have_any_form(coder: Node, paper: Paper, context_for: ContextFor) -> None:
    model = ScriptedModel(answer=Script(DIAMOND))
    result = await build_graph(coder=coder).ainvoke({"paper": paper}, context=context_for(model))

    assert result["status"] == "accepted"
    assert "coder" not in {question.role for question in model.asked}
    assert result["files"]["main.py"] == written("main.py")["draft"].text


async def test_every_agent_can_be_replaced(paper: Paper, context_for: ContextFor) -> None:
    model = ScriptedModel(answer=Script(DIAMOND))
    result = await build_graph(
        planner=lambda state: {"plan": DIAMOND.plan(), "replans": 0},
        architect=lambda state: {"architecture": DIAMOND.architecture(), "designs": 1, "redesigns": 0},
        dependency_analyst=lambda state: {"dependencies": DIAMOND.dependencies(), "faults": ()},
        config_writer=lambda state: {"config": DIAMOND.config()},
        design_reviewer=lambda state: {"design_review": DIAMOND.design_review(), "reviewed_design": 1},
        analyst=lambda state: {},
        coder=lambda state: written(state["path"]),
        reviewer=lambda state: {"review": DIAMOND.review(state["path"]), "reviews_given": 1},
        auditor=lambda state: {"audit": DIAMOND.audit(), "audits": 1},
    ).ainvoke({"paper": paper}, context=context_for(model))
    assert result["status"] == "accepted"
    assert model.asked == []


# ------------------------------------------------------------------ agents that ask a human


async def asking(state: FileState) -> FileState:
    if state["path"] == "data.py":
        interrupt("Which licence?")
    return written(state["path"])


def asking_without_await(state: FileState) -> FileState:
    if state["path"] == "data.py":
        interrupt("Which licence?")
    return written(state["path"])


@pytest.mark.parametrize(
    "coder",
    [asking, asking_without_await, RunnableLambda(asking), a_graph(asking)],
    ids=["async function", "sync function", "runnable", "graph"],
)
async def test_a_question_in_one_file_does_not_hang_those_that_wait_for_it(
    coder: Node, paper: Paper, context_for: ContextFor
) -> None:
    context = context_for(ScriptedModel(answer=Script(DIAMOND)))
    async with asyncio.timeout(20):
        graph = build_graph(coder=coder, checkpointer=InMemorySaver())
        asked = await graph.ainvoke({"paper": paper}, THREAD, context=context)
        assert [question.value for question in asked["__interrupt__"]] == ["Which licence?"]

        result = await graph.ainvoke(Command(resume="MIT"), THREAD, context=context)
    assert result["status"] == "accepted"
    assert len(context.model.asked) == 5 + 5 * 2 + 1, "nothing is asked twice"
