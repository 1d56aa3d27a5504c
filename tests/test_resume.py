"""A run that breaks off goes on where it stopped, and a finished one can be played back."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from pydantic import PrivateAttr

from paper2code import Context, Paper, ReplayError, WorkspaceError, build_graph
from paper2code.testing import Answer, Question, ScriptedModel
from tests.conftest import ContextFor
from tests.example import PAPER
from tests.folders import calls_in, journal_of, repository_in
from tests.script import DIAMOND, Script, a_misfit, a_refusal

THREAD = {"configurable": {"thread_id": "1"}}


def one_revision(question: Question) -> Answer:
    """The answers of the project, whose `model.py` is sent back once; they depend on nothing but the question."""
    if question.role == "reviewer" and question.target == "model.py" and "(revision 0," in question.prompt:
        return a_refusal(DIAMOND, "model.py")
    return DIAMOND.answer(question)


# ------------------------------------------------------------------ moments at which a run breaks off


@dataclass(frozen=True)
class Moment:
    """A call of a run: the one in which an agent is asked about a file for the n-th time."""

    role: str
    target: str = ""
    time: int = 1

    def __str__(self) -> str:
        return " ".join(filter(None, (self.role, self.target, "again" if self.time > 1 else "")))


MOMENTS = (
    Moment("planner"),
    Moment("architect"),
    Moment("dependency_analyst"),
    Moment("config_writer"),
    Moment("reviewer", "design"),
    *(Moment(role, path) for path in DIAMOND.imports for role in ("analyst", "coder", "reviewer")),
    Moment("coder", "model.py", 2),
    Moment("reviewer", "model.py", 2),
    Moment("auditor", "repository"),
)
"""Every call of the run."""


class PowerCutError(Exception):
    """What ends a run."""


class FragileModel(ScriptedModel):
    """Raises an error at one moment, or never answers."""

    breaks_at: Moment | None = None
    hangs: bool = False
    _reached: asyncio.Event = PrivateAttr(default_factory=asyncio.Event)

    async def until_it_hangs(self) -> None:
        await self._reached.wait()

    async def _agenerate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        if self._now(Question.of(messages)) == self.breaks_at:
            self._reached.set()
            if not self.hangs:
                raise PowerCutError
            await asyncio.Event().wait()
        return await super()._agenerate(messages, *args, **kwargs)

    def _now(self, question: Question) -> Moment:
        earlier = sum((q.role, q.target) == (question.role, question.target) for q in self.asked)
        return Moment(question.role, question.target, earlier + 1)


# ------------------------------------------------------------------ savers

OpenSaver = Callable[[], AbstractAsyncContextManager[BaseCheckpointSaver[Any] | None]]


def without_saver(folder: Path) -> OpenSaver:
    return lambda: nullcontext(None)


def with_memory(folder: Path) -> OpenSaver:
    saver = InMemorySaver()
    return lambda: nullcontext(saver)


def with_sqlite(folder: Path) -> OpenSaver:
    return lambda: AsyncSqliteSaver.from_conn_string(str(folder / "checkpoints.sqlite"))


async def run(context: Context, open_saver: OpenSaver) -> dict[str, Any]:
    """Run with a new graph, or go on where the checkpoints say."""
    async with open_saver() as saver:
        graph = build_graph(checkpointer=saver)
        has_begun = saver is not None and (await graph.aget_state(THREAD)).next
        return await graph.ainvoke(None if has_begun else {"paper": PAPER}, THREAD, context=context)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The repository of an unbroken run."""
    folder = tmp_path_factory.mktemp("unbroken")
    model = FragileModel(answer=one_revision)
    result = build_graph().invoke({"paper": PAPER}, context=Context(model=model, output_dir=folder))
    assert result["status"] == "accepted"
    assert len(model.asked) == len(MOMENTS)
    return repository_in(folder)


# ------------------------------------------------------------------ going on


async def break_by_an_error(context_for: ContextFor, moment: Moment, open_saver: OpenSaver) -> Context:
    context = context_for(FragileModel(answer=one_revision, breaks_at=moment))
    with pytest.raises(PowerCutError):
        await run(context, open_saver)
    return context


async def break_by_a_cancellation(
    context_for: ContextFor, moment: Moment, open_saver: OpenSaver
) -> Context:
    model = FragileModel(answer=one_revision, breaks_at=moment, hangs=True)
    context = context_for(model)
    running = asyncio.create_task(run(context, open_saver))
    await model.until_it_hangs()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    return context


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
@pytest.mark.parametrize("break_off", [break_by_an_error, break_by_a_cancellation])
@pytest.mark.parametrize("saver", [without_saver, with_memory, with_sqlite])
async def test_no_finished_call_is_made_again(
    saver: Callable[[Path], OpenSaver],
    break_off: Callable[..., Any],
    moment: Moment,
    context_for: ContextFor,
    tmp_path: Path,
    expected: dict[str, bytes],
) -> None:
    open_saver = saver(tmp_path)
    broken = await break_off(context_for, moment, open_saver)
    finished = len(calls_in(broken.output_dir))

    model = FragileModel(answer=one_revision)
    context = context_for(model)
    result = await run(context, open_saver)

    assert result["status"] == "accepted"
    assert len(model.asked) == len(MOMENTS) - finished
    assert len(calls_in(context.output_dir)) == len(MOMENTS)
    assert repository_in(context.output_dir) == expected
