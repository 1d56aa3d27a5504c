"""A run that breaks off goes on where it stopped, and a finished one can be played back."""

import asyncio
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from itertools import product
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

from paper2code import Context, ReplayError, WorkspaceError, build_graph
from paper2code.testing import Answer, Question, ScriptedModel
from paper2code.workspace import Workspace
from tests.conftest import ContextFor
from tests.example import PAPER
from tests.folders import calls_in, journal_of, repository_in
from tests.script import DIAMOND, Script, a_misfit, a_refusal

THREAD = {"configurable": {"thread_id": "1"}}


def one_revision(question: Question) -> Answer:
    """The project's answers, whose `model.py` is sent back once; they follow from the question alone."""
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


def with_sqlite(folder: Path) -> OpenSaver:
    @asynccontextmanager
    async def open_saver() -> AsyncIterator[AsyncSqliteSaver]:
        async with AsyncSqliteSaver.from_conn_string(str(folder / "checkpoints.sqlite")) as saver:
            yield saver

    return open_saver


async def run(context: Context, open_saver: OpenSaver) -> dict[str, Any]:
    """Run with a new graph, or go on where the checkpoints say."""
    async with open_saver() as saver:
        graph = build_graph(checkpointer=saver)
        has_begun = saver is not None and (await graph.aget_state(THREAD)).next
        return await graph.ainvoke(None if has_begun else {"paper": PAPER}, THREAD, context=context)


@pytest.fixture
def open_saver(request: pytest.FixtureRequest, tmp_path: Path) -> OpenSaver:
    """What the test names as its parameter, for its own folder."""
    make: Callable[[Path], OpenSaver] = request.param
    return make(tmp_path)


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


async def break_by_a_cancellation(context_for: ContextFor, moment: Moment, open_saver: OpenSaver) -> Context:
    model = FragileModel(answer=one_revision, breaks_at=moment, hangs=True)
    context = context_for(model)
    running = asyncio.create_task(run(context, open_saver))
    hanging = asyncio.create_task(model.until_it_hangs())
    await asyncio.wait([running, hanging], return_when=asyncio.FIRST_COMPLETED)
    running.cancel()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    return context


AT_EACH_AGENT = tuple({moment.role: moment for moment in MOMENTS}.values())
"""The last call of each agent."""


@pytest.mark.parametrize("break_off", [break_by_an_error, break_by_a_cancellation])
@pytest.mark.parametrize(
    ("open_saver", "moment"),
    [*product([without_saver], MOMENTS), *product([with_sqlite], AT_EACH_AGENT)],
    indirect=["open_saver"],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
async def test_no_finished_call_is_made_again(
    open_saver: OpenSaver,
    moment: Moment,
    break_off: Callable[..., Any],
    context_for: ContextFor,
    expected: dict[str, bytes],
) -> None:
    broken = await break_off(context_for, moment, open_saver)
    finished = len(calls_in(broken.output_dir))

    model = FragileModel(answer=one_revision)
    context = context_for(model)
    result = await run(context, open_saver)

    assert result["status"] == "accepted"
    assert len(model.asked) == len(MOMENTS) - finished
    assert len(calls_in(context.output_dir)) == len(MOMENTS)
    assert repository_in(context.output_dir) == expected


def test_a_killed_process_loses_no_finished_call(context_for: ContextFor, expected: dict[str, bytes]) -> None:
    program = """
        import os, signal, sys
        from pathlib import Path
        from paper2code import Context, build_graph
        from tests.test_resume import PAPER, FragileModel, one_revision

        def answer(question):
            if (question.role, question.target, question.revising) == ("coder", "model.py", True):
                os.kill(os.getpid(), signal.SIGKILL)
            return one_revision(question)

        context = Context(model=FragileModel(answer=answer), output_dir=Path(sys.argv[1]))
        build_graph().invoke({"paper": PAPER}, context=context)
    """
    model = FragileModel(answer=one_revision)
    context = context_for(model)
    killed = subprocess.run(
        [sys.executable, "-c", dedent(program), str(context.output_dir)],
        check=False,
        cwd=Path(__file__).parent.parent,
    )
    assert killed.returncode == -signal.SIGKILL
    finished = len(calls_in(context.output_dir))
    assert finished > len(MOMENTS) // 2

    build_graph().invoke({"paper": PAPER}, context=context)
    assert len(model.asked) == len(MOMENTS) - finished
    assert repository_in(context.output_dir) == expected


def test_a_file_on_its_way_when_a_run_breaks_off_is_no_one_elses(
    context_for: ContextFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, write = threading.Event(), Workspace.write

    def slowly(self: Workspace, path: str, text: str) -> None:
        if path == "model.py":
            begun.set()
            threading.Event().wait(0.2)
        write(self, path, text)

    class BreaksOffMeanwhile(ScriptedModel):
        async def _agenerate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
            question = Question.of(messages)
            if (question.role, question.target) == ("reviewer", "loss.py"):
                await asyncio.to_thread(begun.wait, 10)
                raise PowerCutError
            return await super()._agenerate(messages, *args, **kwargs)

    broken = context_for(BreaksOffMeanwhile(answer=DIAMOND.answer))
    with monkeypatch.context() as patched:
        patched.setattr(Workspace, "write", slowly)
        with pytest.raises(PowerCutError):
            build_graph().invoke({"paper": PAPER}, context=broken)
    context = context_for(ScriptedModel(answer=DIAMOND.answer))
    build_graph().invoke({"paper": PAPER}, context=context)
    assert "changed by hand" not in (context.output_dir / "README.md").read_text()


async def test_a_thread_of_another_folder_cannot_go_on(context_for: ContextFor) -> None:
    saver = InMemorySaver()
    moment = Moment("coder", "data.py")
    await break_by_an_error(context_for, moment, lambda: nullcontext(saver))
    elsewhere = context_for(FragileModel(answer=one_revision), "elsewhere")
    with pytest.raises(WorkspaceError, match="holds no run to go on with"):
        await run(elsewhere, lambda: nullcontext(saver))


async def test_checkpoints_hold_neither_the_paper_nor_the_files(context_for: ContextFor) -> None:
    graph = build_graph(checkpointer=InMemorySaver())
    context = context_for(FragileModel(answer=one_revision))
    await graph.ainvoke({"paper": PAPER}, THREAD, context=context)
    states = [repr(snapshot.values) async for snapshot in graph.aget_state_history(THREAD)]

    assert sum("two moons" in state for state in states) == 1, "as it was put in"
    assert sum("return 1" in state for state in states) == 1, "as it is given back"


# ------------------------------------------------------------------ playing back


@pytest.fixture
def journal(context_for: ContextFor) -> Path:
    """The journal of a finished run."""
    context = context_for(ScriptedModel(answer=one_revision), "recorded")
    build_graph().invoke({"paper": PAPER}, context=context)
    return journal_of(context.output_dir)


def test_a_journal_plays_back_without_a_model(
    journal: Path, context_for: ContextFor, expected: dict[str, bytes]
) -> None:
    context = context_for("openai:not-asked", replay=journal)
    result = build_graph().invoke({"paper": PAPER}, context=context)

    assert result["status"] == "accepted"
    assert (result["usage"]["calls"], result["usage"]["replayed"]) == (0, len(MOMENTS))
    assert repository_in(context.output_dir) == expected


def test_what_was_played_back_can_be_played_back(
    journal: Path, context_for: ContextFor, expected: dict[str, bytes]
) -> None:
    copy = context_for("openai:not-asked", "copy", replay=journal)
    build_graph().invoke({"paper": PAPER}, context=copy)
    context = context_for("openai:not-asked", replay=journal_of(copy.output_dir))
    build_graph().invoke({"paper": PAPER}, context=context)
    assert repository_in(context.output_dir) == expected


def test_the_journal_of_another_paper_is_refused_and_nothing_written(
    journal: Path, context_for: ContextFor
) -> None:
    other = PAPER.model_copy(update={"title": "Another Paper", "sha256": "a" * 64})
    context = context_for("openai:not-asked", replay=journal)
    with pytest.raises(ReplayError, match="was recorded for 'Step Sizes that Follow the Gradient'"):
        build_graph().invoke({"paper": other}, context=context)
    assert not context.output_dir.exists()


def test_a_replay_goes_round_as_often_as_the_recorded_run_might(context_for: ContextFor) -> None:
    script = Script(DIAMOND).insists("dependency_analyst", a_misfit(DIAMOND, "data.py"))
    recorded = context_for(ScriptedModel(answer=script), "recorded", max_redesigns=0)
    first = build_graph().invoke({"paper": PAPER}, context=recorded)

    context = context_for("openai:not-asked", replay=journal_of(recorded.output_dir), max_redesigns=1)
    again = build_graph().invoke({"paper": PAPER}, context=context)
    assert again["usage"]["calls"] == 0
    assert again["files"].keys() == first["files"].keys()


def test_a_journal_that_lacks_an_answer_is_refused_before_a_file_is_written(context_for: ContextFor) -> None:
    recorded = context_for(ScriptedModel(answer=DIAMOND.answer), "recorded")
    build_graph().invoke({"paper": PAPER}, context=recorded)
    journal = journal_of(recorded.output_dir)
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(line for line in lines if '"role":"architect"' not in line))

    context = context_for("openai:not-asked", replay=journal)
    with pytest.raises(ReplayError, match=r"no answer for architect.*other settings"):
        build_graph().invoke({"paper": PAPER}, context=context)
    assert repository_in(context.output_dir) == {}


def test_the_folder_of_another_paper_is_refused_and_left_as_it_is(
    journal: Path, context_for: ContextFor
) -> None:
    other = PAPER.model_copy(update={"title": "Another Paper", "sha256": "a" * 64})
    context = context_for(ScriptedModel(answer=one_revision), "recorded")
    before = repository_in(context.output_dir)
    with pytest.raises(WorkspaceError, match="another paper"):
        build_graph().invoke({"paper": other}, context=context)
    assert repository_in(context.output_dir) == before
