"""Every checkpointer of LangGraph's serves, blocking or not, and a run that breaks off leaves it usable."""

import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
)
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.postgres import PostgresSaver
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command
from typing_extensions import TypedDict

from paper2code import Context, Paper, build_graph
from paper2code.checkpointing import SteadySaver
from paper2code.testing import Answer, Question, ScriptedModel
from tests import postgres
from tests.conftest import ContextFor
from tests.example import PAPER
from tests.folders import calls_in, repository_in
from tests.script import PAIR, Script, an_audit, an_open_plan
from tests.test_resume import FragileModel, Moment, PowerCutError, one_revision
from tests.torture.machine import Machine
from tests.torture.stories import DEBUGGED, REPAIRED, Story

THREAD: Any = {"configurable": {"thread_id": "1"}}
Saver = BaseCheckpointSaver[Any]


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """A PostgreSQL server, where one can be had."""
    try:
        with postgres.server() as connection:
            yield connection
    except postgres.NoServerError as reason:
        pytest.skip(str(reason))


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the saver named by the test's parameter keeps its checkpoints: a file, or a database."""
    if "sqlite" in request.param:
        return f"{request.param} {tmp_path / 'checkpoints.sqlite'}"
    return f"{request.param} {request.getfixturevalue('database')}"


@contextmanager
def blocking_saver(where: str) -> Iterator[Saver]:
    kind, _, place = where.partition(" ")
    opened: AbstractContextManager[SqliteSaver | PostgresSaver] = (
        SqliteSaver.from_conn_string(place) if kind == "sqlite" else PostgresSaver.from_conn_string(place)
    )
    with opened as saver:
        saver.setup()
        yield saver


@asynccontextmanager
async def async_saver(where: str) -> AsyncIterator[Saver]:
    kind, _, place = where.partition(" ")
    opened: AbstractAsyncContextManager[AsyncSqliteSaver | AsyncPostgresSaver] = (
        AsyncSqliteSaver.from_conn_string(place)
        if kind == "sqlite"
        else AsyncPostgresSaver.from_conn_string(place)
    )
    async with opened as saver:
        await saver.setup()
        yield saver


def thread_of(where: str) -> Any:
    """A thread of the test's own, since all tests share one database."""
    return {"configurable": {"thread_id": str(abs(hash((where, id(where)))))}}


def with_a_repair() -> Script:
    audit = an_audit(PAIR, tickets=["data.py"])
    return Script(PAIR).says("auditor", audit, about="repository")


BOTH = pytest.mark.parametrize("where", ["sqlite", "postgres"], indirect=True)
EITHER = pytest.mark.parametrize(
    "where", ["postgres" if postgres.is_installed() else "sqlite"], indirect=True
)
"""A database where there is one. Runs whose checkpoints are in a file are killed in `test_torture.py`."""


# ------------------------------------------------------------------ savers that block


def by_invoke(saver: Saver, given: Any, thread: Any, context: Context) -> Any:
    return build_graph(checkpointer=saver).invoke(given, thread, context=context)


def by_ainvoke(saver: Saver, given: Any, thread: Any, context: Context) -> Any:
    return asyncio.run(build_graph(checkpointer=saver).ainvoke(given, thread, context=context))


class Study(TypedDict, total=False):
    """The state of a parent graph."""

    paper: Paper
    status: str


def within_a_parent_graph(saver: Saver, given: Any, thread: Any, context: Context) -> Any:
    builder = StateGraph(Study, context_schema=Context)
    builder.add_node("paper2code", build_graph())
    builder.add_edge(START, "paper2code")
    builder.add_edge("paper2code", END)
    return builder.compile(checkpointer=saver).invoke(given, thread, context=context)


@BOTH
@pytest.mark.parametrize("run", [by_invoke, by_ainvoke, within_a_parent_graph])
def test_a_saver_that_blocks_serves(where: str, run: Callable[..., Any], context_for: ContextFor) -> None:
    thread = thread_of(where)
    context = context_for(ScriptedModel(answer=with_a_repair()), approve=True)
    with blocking_saver(where) as saver:
        asked = run(saver, {"paper": PAPER}, thread, context)
        (question,) = asked["__interrupt__"]
        assert question.value["plan"]["summary"] == "A toy."
    with blocking_saver(where) as saver:
        result = run(saver, Command(resume={"approve": True}), thread, context)
    assert result["status"] == "accepted"
    assert len(context.model.asked) == 5 + 2 * 3 + 1 + 2 + 1, "nothing is asked twice"


@BOTH
async def test_a_saver_of_async_kind_serves(where: str, context_for: ContextFor) -> None:
    thread = thread_of(where)
    context = context_for(ScriptedModel(answer=with_a_repair()), approve=True)
    async with async_saver(where) as saver:
        await build_graph(checkpointer=saver).ainvoke({"paper": PAPER}, thread, context=context)
    async with async_saver(where) as saver:
        graph = build_graph(checkpointer=saver)
        result = await graph.ainvoke(Command(resume={"approve": True}), thread, context=context)
        assert not (await graph.aget_state(thread)).next
    assert result["status"] == "accepted"


# ------------------------------------------------------------------ in one process and another

PROGRAM = """
    import json, os, sys
    os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
    from pathlib import Path
    from langgraph.types import Command
    from paper2code import Context, build_graph
    from paper2code.testing import Answer, Question, ScriptedModel
    from tests.example import PAPER
    from tests.test_checkpointers import THREAD, blocking_saver, with_questions

    where, folder, resume = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
    model = ScriptedModel(answer=with_questions)
    context = Context(model=model, output_dir=folder, ask=True, approve=True)
    with blocking_saver(where) as saver:
        given = {"paper": PAPER} if resume is None else Command(resume=resume)
        result = build_graph(checkpointer=saver).invoke(given, THREAD, context=context)
    asked = [question.value for question in result.get("__interrupt__", ())]
    print(json.dumps({"asked": asked, "status": result.get("status"), "calls": len(model.asked)}))
"""


def with_questions(question: Question) -> Answer:
    """A plan that leaves something open, whichever process asks for it."""
    if question.role == "planner" and not question.revising:
        return an_open_plan(PAIR)
    return PAIR.answer(question)


def process(where: str, folder: Path, resume: object) -> dict[str, Any]:
    """What one process comes to that begins the run, or goes on with an answer."""
    done = subprocess.run(
        [sys.executable, "-c", dedent(PROGRAM), where, str(folder), json.dumps(resume)],
        check=True,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@EITHER
def test_questions_are_answered_in_other_processes(where: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    first = process(where, folder, None)
    (form,) = first["asked"]
    assert [question["id"] for question in form["questions"]] == ["A1", "A2"]

    second = process(where, folder, {"A1": 2, "A2": ""})
    (design,) = second["asked"]
    (norm, _) = design["plan"]["ambiguities"]
    assert norm["choice"] == "after the block"

    third = process(where, folder, {"approve": True})
    assert third["status"] == "accepted"
    assert (first["calls"], second["calls"], third["calls"]) == (1, 5, 2 * 3 + 1)


def test_going_on_warns_of_nothing(tmp_path: Path) -> None:
    """As for a user, in whose process no mode is set."""
    program = dedent("""
        import sys
        from pathlib import Path
        from langgraph.checkpoint.memory import InMemorySaver
        from langgraph.types import Command
        from paper2code import Context, build_graph
        from paper2code.testing import ScriptedModel
        from tests.example import PAPER
        from tests.test_checkpointers import THREAD, with_questions

        model, folder = ScriptedModel(answer=with_questions), Path(sys.argv[1])
        context = Context(model=model, output_dir=folder, approve=True)
        graph = build_graph(checkpointer=InMemorySaver())
        graph.invoke({"paper": PAPER}, THREAD, context=context)
        result = graph.invoke(Command(resume={"approve": True}), THREAD, context=context)
        assert result["status"] == "accepted"
    """)
    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
        env={name: value for name, value in os.environ.items() if name != "LANGGRAPH_STRICT_MSGPACK"},
    )
    assert told.stderr == ""


# ------------------------------------------------------------------ runs that break off


class SlowSaver(InMemorySaver):
    """Takes its time for every write, and counts those that began and those that ended."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: Counter[str] = Counter()

    async def aput_writes(self, *args: Any, **kwargs: Any) -> None:
        self.counted["begun"] += 1
        await asyncio.sleep(0.05)
        await super().aput_writes(*args, **kwargs)
        self.counted["ended"] += 1


async def test_a_run_that_is_cancelled_leaves_no_write_under_way(context_for: ContextFor) -> None:
    saver = SlowSaver()
    moment = Moment("reviewer", "model.py")
    model = FragileModel(answer=one_revision, breaks_at=moment, hangs=True)
    graph = build_graph(checkpointer=saver)
    running = asyncio.create_task(graph.ainvoke({"paper": PAPER}, THREAD, context=context_for(model)))
    await model.until_it_hangs()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert saver.counted["begun"] == saver.counted["ended"] > 5


@pytest.mark.parametrize("types", [(), [("tests.example", "Note")]], ids=["itself", "a copy for more types"])
async def test_a_write_that_has_begun_is_finished_although_it_is_cancelled(
    types: Collection[tuple[str, str]],
) -> None:
    saver = SlowSaver()
    first = SteadySaver(saver)
    steady = first.with_allowlist(types)
    config: Any = {"configurable": {"thread_id": "1", "checkpoint_ns": "", "checkpoint_id": "1"}}
    writing = asyncio.create_task(steady.aput_writes(config, [("a", 1)], "task"))
    await asyncio.sleep(0.01)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await first.settled()
    assert saver.counted == {"begun": 1, "ended": 1}


async def test_the_same_process_goes_on_at_once_on_another_connection(
    context_for: ContextFor, tmp_path: Path
) -> None:
    """A transaction that was left open would keep the database locked for the second connection."""
    model = FragileModel(answer=one_revision, breaks_at=Moment("coder", "model.py"), hangs=True)
    context = context_for(model)
    place = str(tmp_path / "checkpoints.sqlite")
    async with AsyncSqliteSaver.from_conn_string(place) as first:
        graph = build_graph(checkpointer=first)
        running = asyncio.create_task(graph.ainvoke({"paper": PAPER}, THREAD, context=context))
        await model.until_it_hangs()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        async with AsyncSqliteSaver.from_conn_string(place) as second:
            await second.conn.execute("PRAGMA busy_timeout=1")
            calm = context_for(FragileModel(answer=one_revision))
            result = await build_graph(checkpointer=second).ainvoke(None, THREAD, context=calm)
    assert result["status"] == "accepted"


# ------------------------------------------------------------------ checkpoints that are behind the folder


class LossySaver(InMemorySaver):
    """Loses every write after a number of them, as a process does that is killed before its disk is done."""

    def __init__(self, kept: int) -> None:
        super().__init__()
        self.left = [kept]  # in a list, since LangGraph copies its savers

    def _is_lost(self) -> bool:
        self.left[0] -= 1
        return self.left[0] < 0

    async def aput_writes(self, *args: Any, **kwargs: Any) -> None:
        if not self._is_lost():
            await super().aput_writes(*args, **kwargs)

    async def aput(self, config: Any, checkpoint: Any, *args: Any, **kwargs: Any) -> Any:
        if not self._is_lost():
            return await super().aput(config, checkpoint, *args, **kwargs)
        return {"configurable": {**config["configurable"], "checkpoint_id": checkpoint["id"]}}


@pytest.mark.parametrize("story", [DEBUGGED, REPAIRED], ids=str)
async def test_however_far_the_checkpoints_are_behind_the_folder_nothing_is_lost(
    story: Story, context_for: ContextFor
) -> None:
    with Machine(0.0).standing_in():
        model = ScriptedModel(answer=story.answer)
        context = context_for(model, execute=True)
        whole = LossySaver(10_000)
        await build_graph(checkpointer=whole).ainvoke({"paper": PAPER}, THREAD, context=context)
        expected, writes = repository_in(context.output_dir), 10_000 - whole.left[0]
        entries = {entry.request for entry in calls_in(context.output_dir)}
        assert writes > 100

        for kept in range(10, writes, 29):
            saver = LossySaver(kept)
            graph = build_graph(checkpointer=saver)
            await graph.ainvoke({"paper": PAPER}, THREAD, context=context)
            saver.left[0] = 10_000
            assert (await graph.aget_state(THREAD)).tasks, kept
            await graph.ainvoke(None, THREAD, context=context)
            assert repository_in(context.output_dir) == expected, kept
            assert {entry.request for entry in calls_in(context.output_dir)} == entries, kept


# ------------------------------------------------------------------ a thread that has a history


async def test_a_run_that_begins_on_a_thread_with_a_history_begins_anew(context_for: ContextFor) -> None:
    graph = build_graph(checkpointer=InMemorySaver())
    model = ScriptedModel(answer=Script(PAIR))
    context = context_for(model)
    await graph.ainvoke({"paper": PAPER}, THREAD, context=context)
    calls, repository = len(model.asked), repository_in(context.output_dir)

    result = await graph.ainvoke({"paper": PAPER}, THREAD, context=context)
    assert result["status"] == "accepted"
    assert len(model.asked) == calls, "no plan is made anew"
    assert repository_in(context.output_dir) == repository


async def test_whoever_gives_the_paper_again_goes_on_all_the_same(context_for: ContextFor) -> None:
    graph = build_graph(checkpointer=InMemorySaver())
    broken = FragileModel(answer=one_revision, breaks_at=Moment("coder", "train.py"))
    context = context_for(broken)
    with pytest.raises(PowerCutError):
        await graph.ainvoke({"paper": PAPER}, THREAD, context=context)

    model = FragileModel(answer=one_revision)
    result = await graph.ainvoke({"paper": PAPER}, THREAD, context=context_for(model))
    assert result["status"] == "accepted"
    assert {question.role for question in model.asked}.isdisjoint({"planner", "architect", "analyst"})
