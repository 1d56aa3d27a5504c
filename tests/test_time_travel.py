"""Going back to earlier checkpoints: the folder follows, and nothing of one history is found in another."""

from typing import Any

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command, StateSnapshot

from paper2code import Context, WorkspaceError, build_graph
from paper2code.compiled import PaperToCode
from paper2code.testing import ScriptedModel, ToyProject
from tests.conftest import ContextFor
from tests.example import PAPER
from tests.folders import repository_in
from tests.script import PAIR, Script, an_audit, an_open_plan, with_properties

THREAD: RunnableConfig = {"configurable": {"thread_id": "1"}}
OTHER = ToyProject({"data.py": [], "network.py": ["data.py"]})
"""Another design of the same paper."""


def script() -> Script:
    """A file with tests, and a repair."""
    audit = an_audit(PAIR, tickets=["data.py"])
    return (
        Script(PAIR)
        .insists("analyst", with_properties(), about="model.py")
        .says("auditor", audit, about="repository")
    )


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel(answer=script())


@pytest.fixture
def context(context_for: ContextFor, model: ScriptedModel) -> Context:
    return context_for(model)


@pytest.fixture
async def graph(context: Context) -> PaperToCode:
    """A graph whose run is finished."""
    graph = build_graph(checkpointer=InMemorySaver())
    await graph.ainvoke({"paper": PAPER}, THREAD, context=context)
    return graph


async def history(graph: PaperToCode) -> list[StateSnapshot]:
    """All moments from which the run can go on, the last one first."""
    every = [snapshot async for snapshot in graph.aget_state_history(THREAD)]
    return [snapshot for snapshot in every if snapshot.next and snapshot.next != ("__start__",)]


async def at(graph: PaperToCode, node: str) -> StateSnapshot:
    """The first moment before a node."""
    return [snapshot for snapshot in await history(graph) if node in snapshot.next][-1]


async def test_from_every_checkpoint_comes_the_same_repository(
    graph: PaperToCode, context: Context, model: ScriptedModel
) -> None:
    expected, calls = repository_in(context.output_dir), len(model.asked)
    moments = await history(graph)
    assert len(moments) > 12
    for moment in [*moments, *reversed(moments)]:
        result = await graph.ainvoke(None, moment.config, context=context)
        assert result["status"] == "accepted", moment.next
        assert repository_in(context.output_dir) == expected, moment.next
    assert len(model.asked) == calls, "nothing is paid twice"


async def test_an_edited_plan_is_what_everything_is_made_of(
    graph: PaperToCode, context: Context, model: ScriptedModel
) -> None:
    moment, calls = await at(graph, "architect"), len(model.asked)
    plan = moment.values["plan"].model_copy(update={"summary": "Edited."})
    edited = await graph.aupdate_state(moment.config, {"plan": plan}, as_node="planner", context=context)
    result = await graph.ainvoke(None, edited, context=context)
    assert result["plan"].summary == "Edited."
    assert "Edited." in repository_in(context.output_dir)["README.md"].decode()
    assert all("Edited." in question.prompt for question in model.asked[calls:])


async def test_nothing_of_one_design_is_found_in_another(
    graph: PaperToCode, context: Context, model: ScriptedModel
) -> None:
    first = repository_in(context.output_dir)
    assert "tests/test_model.py" in first
    context.output_dir.joinpath("notes.txt").write_text("mine")

    last, moment = (await history(graph))[0], await at(graph, "architect")
    plan = moment.values["plan"].model_copy(update={"summary": "Edited."})
    edited = await graph.aupdate_state(moment.config, {"plan": plan}, as_node="planner", context=context)
    model.answer = Script(OTHER)
    result = await graph.ainvoke(None, edited, context=context)
    assert result["status"] == "accepted"
    second = repository_in(context.output_dir)
    assert {"network.py", "notes.txt"} <= set(second)
    assert not {"model.py", "tests/test_model.py", "pytest.ini"} & set(second)

    calls = len(model.asked)
    await graph.ainvoke(None, last.config, context=context)
    assert repository_in(context.output_dir) == first | {"notes.txt": b"mine"}
    assert len(model.asked) == calls


async def test_edited_tickets_have_the_files_written_again_from_what_they_were(
    graph: PaperToCode, context: Context, model: ScriptedModel
) -> None:
    moment, calls = await at(graph, "auditor"), len(model.asked)
    audit = {"audit": an_audit(PAIR, tickets=["model.py"]), "audits": 1}
    edited = await graph.aupdate_state(moment.config, audit, as_node="auditor", context=context)
    result = await graph.ainvoke(None, edited, context=context)
    assert result["status"] == "accepted"
    files = repository_in(context.output_dir)
    assert b"Written again." in files["model.py"]
    assert b"Written again." not in files["data.py"], "that repair belongs to the other history"
    asked = [(question.role, question.target) for question in model.asked[calls:]]
    assert asked == [("coder", "model.py"), ("reviewer", "model.py"), ("auditor", "repository")]


def test_a_state_can_be_changed_from_blocking_code(context: Context) -> None:
    graph = build_graph(checkpointer=InMemorySaver(), context=context)
    graph.invoke({"paper": PAPER}, THREAD)
    moment = next(m for m in graph.get_state_history(THREAD) if m.next == ("architect",))
    plan = moment.values["plan"].model_copy(update={"summary": "Edited."})
    edited = graph.update_state(moment.config, {"plan": plan}, as_node="planner")
    assert graph.invoke(None, edited)["plan"].summary == "Edited."


async def test_a_settled_design_cannot_be_changed_without_its_folder(
    graph: PaperToCode, context_for: ContextFor, model: ScriptedModel
) -> None:
    moment = await at(graph, "auditor")
    elsewhere = context_for(model, "elsewhere")
    with pytest.raises(WorkspaceError, match="holds no run to go on with"):
        await graph.aupdate_state(
            moment.config, {"audit": PAIR.audit(), "audits": 1}, as_node="auditor", context=elsewhere
        )


async def test_questions_can_be_answered_otherwise_by_going_back(context_for: ContextFor) -> None:
    graph = build_graph(checkpointer=InMemorySaver())
    model = ScriptedModel(answer=Script(PAIR).says("planner", an_open_plan(PAIR)))
    context = context_for(model, ask=True)
    await graph.ainvoke({"paper": PAPER}, THREAD, context=context)
    question = (await at(graph, "researcher")).config
    first: Any = await graph.ainvoke(Command(resume={"A1": 1, "A2": ""}), THREAD, context=context)
    assert first["plan"].ambiguities[0].choice == "before the block"

    asked = await graph.ainvoke(None, question, context=context)
    assert "__interrupt__" in asked, "the answers in the folder are those of the other history"
    second: Any = await graph.ainvoke(Command(resume={"A1": 2, "A2": ""}), THREAD, context=context)
    assert second["plan"].ambiguities[0].choice == "after the block"
