"""Asking the researcher: once, after planning; and what is answered holds."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.types import Command

from paper2code import Context, Paper, build_graph
from paper2code.artifacts import PlanRevision
from paper2code.errors import InputError
from paper2code.testing import ScriptedModel
from tests.conftest import ContextFor
from tests.folders import repository_in
from tests.script import PAIR, Script, an_objection, an_open_plan

THREAD = {"configurable": {"thread_id": "1"}}
PLAN = an_open_plan(PAIR).model_copy(update={"ambiguities": an_open_plan(PAIR).ambiguities[::-1]})
"""The weightier question comes second."""
SEEDS, NORM = PLAN.ambiguities


def a_script() -> Script:
    return Script(PAIR).says("planner", PLAN)


def asking(context_for: ContextFor, script: Script, **settings: Any) -> tuple[ScriptedModel, Context]:
    model = ScriptedModel(answer=script)
    return model, context_for(model, ask=True, **settings)


def roles(model: ScriptedModel) -> list[str]:
    return [question.role for question in model.asked]


# ------------------------------------------------------------------ being asked


async def test_the_run_stops_after_the_plan_with_the_weightiest_question_first(
    paper: Paper, context_for: ContextFor
) -> None:
    model, context = asking(context_for, a_script())
    stopped = await build_graph(checkpointer=InMemorySaver()).ainvoke(
        {"paper": paper}, THREAD, context=context
    )

    (interrupt,) = stopped["__interrupt__"]
    assert interrupt.value["title"] == paper.title
    assert [question["id"] for question in interrupt.value["questions"]] == ["A1", "A2"]
    assert interrupt.value["answers"] == {"A1": "", "A2": ""}
    assert roles(model) == ["planner"]


async def test_without_being_wished_nobody_is_asked(paper: Paper, context_for: ContextFor) -> None:
    model = ScriptedModel(answer=a_script())
    result = await build_graph().ainvoke({"paper": paper}, context=context_for(model))
    assert result["plan"] == PLAN
    assert "As in the authors" in result["files"]["README.md"]


async def test_a_plan_that_leaves_nothing_open_asks_nothing(paper: Paper, context_for: ContextFor) -> None:
    _, context = asking(context_for, Script(PAIR))
    result = await build_graph().ainvoke({"paper": paper}, context=context)
    assert result["status"] == "accepted"


async def test_where_the_planner_is_agreed_with_no_call_is_added(
    paper: Paper, context_for: ContextFor
) -> None:
    graph = build_graph(checkpointer=InMemorySaver())
    model, context = asking(context_for, a_script())
    form = (await graph.ainvoke({"paper": paper}, THREAD, context=context))["__interrupt__"][0].value
    result = await graph.ainvoke(Command(resume={**form["answers"], "A2": 1}), THREAD, context=context)

    assert result["plan"] == PLAN
    assert roles(model).count("planner") == 1


# ------------------------------------------------------------------ what is answered

OpenSaver = Callable[[], AbstractAsyncContextManager[BaseCheckpointSaver[Any]]]


def with_memory(folder: Path) -> OpenSaver:
    saver = InMemorySaver()

    @asynccontextmanager
    async def open_saver() -> AsyncIterator[InMemorySaver]:
        yield saver

    return open_saver


def with_sqlite(folder: Path) -> OpenSaver:
    return lambda: AsyncSqliteSaver.from_conn_string(str(folder / "checkpoints.sqlite"))


@pytest.mark.parametrize("saver_in", [with_memory, with_sqlite])
async def test_the_planner_words_the_contract_by_the_answers_and_the_architect_reads_them(
    saver_in: Callable[[Path], OpenSaver], paper: Paper, context_for: ContextFor, tmp_path: Path
) -> None:
    open_saver = saver_in(tmp_path)
    model, context = asking(context_for, a_script())
    async with open_saver() as saver:
        await build_graph(checkpointer=saver).ainvoke({"paper": paper}, THREAD, context=context)
    async with open_saver() as saver:
        answers = Command(resume={"A1": 2, "A2": "as many as fit in a day"})
        result = await build_graph(checkpointer=saver).ainvoke(answers, THREAD, context=context)

    assert roles(model)[:3] == ["planner", "planner", "architect"]
    again, architect = model.asked[1:3]
    assert again.revising
    assert "**A1** Where is the norm? → after the block\n" in again.prompt
    assert "**A2** How many seeds? → as many as fit in a day (The researcher's choice; " in architect.prompt
    assert [a.choice for a in result["plan"].ambiguities] == ["as many as fit in a day", "after the block"]
    assert "the planner had proposed: before the block" in result["files"]["README.md"]
    (review,) = (q for q in model.asked if q.target == "design")
    assert "has settled A1, A2: these choices stand" in review.prompt


async def test_answers_hold_whatever_is_planned_anew(paper: Paper, context_for: ContextFor) -> None:
    stubborn = PlanRevision(summary="", requirements=(), withdrawn=(), ambiguities=(NORM, SEEDS))
    script = a_script().insists("planner", stubborn).says("reviewer", an_objection("plan"), about="design")
    graph = build_graph(checkpointer=InMemorySaver())
    model, context = asking(context_for, script, approve=True)

    await graph.ainvoke({"paper": paper}, THREAD, context=context)
    shown = await graph.ainvoke(Command(resume={"A1": 2}), THREAD, context=context)
    assert shown["__interrupt__"][0].value["plan"]["ambiguities"][1]["choice"] == "after the block"
    no = Command(resume={"approve": False, "remark": "Leave the ablation out."})
    shown = await graph.ainvoke(no, THREAD, context=context)
    assert shown["__interrupt__"][0].value["plan"]["ambiguities"][1]["choice"] == "after the block"

    revised = [q.prompt for q in model.asked if q.role == "planner" and q.revising]
    assert len(revised) == 3, "for the answers, for the design review, for the remark"
    assert all("Where is the norm? → after the block\n" in prompt for prompt in revised)


async def test_answers_that_cannot_be_read_may_be_given_again(paper: Paper, context_for: ContextFor) -> None:
    graph = build_graph(checkpointer=InMemorySaver())
    model, context = asking(context_for, a_script())
    await graph.ainvoke({"paper": paper}, THREAD, context=context)
    for wrong in ({"A7": 1}, {"A1": 9}, "yes"):
        with pytest.raises(InputError):
            await graph.ainvoke(Command(resume=wrong), THREAD, context=context)
    assert roles(model) == ["planner"]

    result = await graph.ainvoke(Command(resume={"A1": 2}), THREAD, context=context)
    assert result["plan"].ambiguities[1].choice == "after the block"


# ------------------------------------------------------------------ going on


async def test_a_folder_that_holds_the_answers_asks_no_more(paper: Paper, context_for: ContextFor) -> None:
    graph = build_graph(checkpointer=InMemorySaver())
    _, context = asking(context_for, a_script())
    await graph.ainvoke({"paper": paper}, THREAD, context=context)
    first = await graph.ainvoke(Command(resume={"A1": 2}), THREAD, context=context)
    written = repository_in(context.output_dir)

    model, context = asking(context_for, a_script())
    again = await build_graph().ainvoke({"paper": paper}, context=context)
    assert model.asked == []
    assert again["plan"] == first["plan"]
    assert repository_in(context.output_dir) == written


async def test_answers_to_other_questions_do_not_count(paper: Paper, context_for: ContextFor) -> None:
    graph = build_graph(checkpointer=InMemorySaver())
    _, context = asking(context_for, a_script())
    await graph.ainvoke({"paper": paper}, THREAD, context=context)
    await graph.ainvoke(Command(resume={"A1": 2}), THREAD, context=context)
    (context.output_dir / ".paper2code" / "journal.jsonl").unlink()

    other = PLAN.model_copy(update={"ambiguities": (NORM.model_copy(update={"question": "Which norm?"}),)})
    _, context = asking(context_for, Script(PAIR).says("planner", other))
    stopped = await build_graph(checkpointer=InMemorySaver()).ainvoke(
        {"paper": paper}, THREAD, context=context
    )
    assert [q["question"] for q in stopped["__interrupt__"][0].value["questions"]] == ["Which norm?"]


def test_it_works_from_blocking_code(paper: Paper, context_for: ContextFor) -> None:
    graph = build_graph(checkpointer=InMemorySaver())
    _, context = asking(context_for, a_script())
    form = graph.invoke({"paper": paper}, THREAD, context=context)["__interrupt__"][0].value
    form["answers"]["A1"] = "after the block"
    result = graph.invoke(Command(resume=form["answers"]), THREAD, context=context)
    assert result["plan"].ambiguities[1].choice == "after the block"
