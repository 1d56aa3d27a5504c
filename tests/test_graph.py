"""The assembled graph: each decision leads where the drawing says, and a run says honestly how it ended."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from paper2code import Context, Paper, build_file_graph, build_graph
from paper2code.errors import BudgetError, DesignError, InputError, ModelSpecError, ProviderError, ReplayError
from paper2code.file_graph import build_mend_graph
from paper2code.state import Input
from paper2code.testing import Answer, Question, ScriptedModel
from paper2code.workspace import Workspace
from tests.conftest import ContextFor
from tests.route import Route
from tests.scenarios import FIRST_TIME, SCENARIOS, Scenario
from tests.script import CHAIN, PAIR, UNUSABLE, Script, ScriptedRuns, a_cycle, a_refusal, an_audit


async def play(scenario: Scenario, paper: Paper, context: Context) -> tuple[Route, Mapping[str, Any]]:
    """Run a scenario to its end: the way it went, and the state that it ended in."""
    graph, route, state = build_graph(checkpointer=InMemorySaver()), Route(), {}
    questions: list[Input | Command[Any]] = [
        {"paper": paper},
        *(Command(resume=answer) for answer in scenario.researcher),
    ]
    for question in questions:
        async for part in graph.astream(
            question,
            {"configurable": {"thread_id": "1"}},
            context=context,
            stream_mode=["tasks", "values"],
            subgraphs=True,
            version="v2",
        ):
            route.follow(part)
            if part["type"] == "values" and not part["ns"]:
                state = part["data"]
    return route, state


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_each_decision_leads_where_the_drawing_says(
    scenario: Scenario, paper: Paper, context_for: ContextFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("paper2code.run.Executor", ScriptedRuns(scenario.runs))
    model = ScriptedModel(answer=scenario.script())
    route, state = await play(scenario, paper, context_for(model, **scenario.settings))

    planned = [file.path for file in state["architecture"].files]
    assert " ".join(route.nodes) == scenario.route
    assert {path: tuple(map(" ".join, rounds)) for path, rounds in route.rounds.items()} == {
        path: scenario.rounds.get(path, (FIRST_TIME,)) for path in planned
    }
    assert state["status"] == scenario.status
    assert state["file_status"] == {**dict.fromkeys(planned, "accepted"), **scenario.file_status}
    assert set(planned) <= set(state["files"])


def test_the_scenarios_take_every_edge() -> None:
    drawn = {(edge.source, edge.target) for edge in build_graph().get_graph().edges}
    assert set().union(*(scenario.edges_of_the_whole for scenario in SCENARIOS)) == drawn

    drawn_for_a_mend = {(edge.source, edge.target) for edge in build_mend_graph().get_graph().edges}
    assert set().union(*(scenario.edges_of_mends for scenario in SCENARIOS)) == drawn_for_a_mend

    drawn_for_a_file = {(edge.source, edge.target) for edge in build_file_graph().get_graph().edges}
    assert set().union(*(scenario.edges_of_files for scenario in SCENARIOS)) == drawn_for_a_file


# ------------------------------------------------------------------ what a run does on its way


async def test_what_had_to_be_settled_without_a_model_is_told(paper: Paper, context_for: ContextFor) -> None:
    script = Script(PAIR).insists("dependency_analyst", a_cycle(PAIR))
    context = context_for(ScriptedModel(answer=script), max_redesigns=0)
    result = await build_graph().ainvoke({"paper": paper}, context=context)

    assert result["dependencies"].of("data.py").imports == ()
    assert "data.py no longer imports model.py" in result["files"]["README.md"]


async def test_a_contract_with_faults_that_were_settled_is_not_said_to_hold(
    paper: Paper, context_for: ContextFor
) -> None:
    script = Script(PAIR).insists("dependency_analyst", a_cycle(PAIR))
    context = context_for(ScriptedModel(answer=script), max_redesigns=0)
    told = [
        event["note"]
        async for event in build_graph().astream({"paper": paper}, context=context, stream_mode="custom")
        if event["event"] == "stage" and event["node"] == "dependency_analyst"
    ]
    assert told == ["", "no redesign is left; settled without a model: 1 faults in the contract"]


async def test_the_remark_of_the_researcher_reaches_the_planner(
    paper: Paper, context_for: ContextFor
) -> None:
    graph, thread = build_graph(checkpointer=InMemorySaver()), {"configurable": {"thread_id": "1"}}
    model = ScriptedModel(answer=Script(PAIR))
    context = context_for(model, approve=True)

    asked = await graph.ainvoke({"paper": paper}, thread, context=context)
    (question,) = asked["__interrupt__"]
    assert question.value["plan"]["summary"] == "A toy."
    assert [file["path"] for file in question.value["architecture"]["files"]] == ["data.py", "model.py"]

    no = Command(resume={"approve": False, "remark": "Leave the ablation out."})
    await graph.ainvoke(no, thread, context=context)
    assert [q.role for q in model.asked if "Leave the ablation out." in q.prompt] == ["planner"]

    result = await graph.ainvoke(Command(resume={"approve": True}), thread, context=context)
    assert result["status"] == "accepted"


@pytest.mark.parametrize("answer", ["yes", True, {"aprove": True}, {"approve": 1}])
async def test_an_approval_in_another_form_is_told_the_right_one_and_can_be_given_again(
    answer: object, paper: Paper, context_for: ContextFor
) -> None:
    graph, thread = build_graph(checkpointer=InMemorySaver()), {"configurable": {"thread_id": "1"}}
    context = context_for(ScriptedModel(answer=PAIR.answer), approve=True)
    await graph.ainvoke({"paper": paper}, thread, context=context)
    with pytest.raises(InputError, match="answer to the plan with"):
        await graph.ainvoke(Command(resume=answer), thread, context=context)
    result = await graph.ainvoke(Command(resume={"approve": True}), thread, context=context)
    assert result["status"] == "accepted"


async def test_who_wishes_to_be_asked_needs_a_checkpointer(paper: Paper, context_for: ContextFor) -> None:
    context = context_for(ScriptedModel(answer=PAIR.answer), approve=True)
    with pytest.raises(InputError, match="needs a checkpointer"):
        await build_graph().ainvoke({"paper": paper}, context=context)


@pytest.mark.parametrize("given", [{}, {"paper": None}, {"paper": 7}])
async def test_without_a_paper_it_says_how_to_give_one(given: Any, context_for: ContextFor) -> None:
    with pytest.raises(InputError, match="give the paper as"):
        await build_graph().ainvoke(given, context=context_for(ScriptedModel(answer=PAIR.answer)))


async def test_repairs_are_made_in_the_order_of_the_imports(paper: Paper, context_for: ContextFor) -> None:
    tickets = an_audit(CHAIN, tickets=("train.py", "data.py"))
    model = ScriptedModel(answer=Script(CHAIN).says("auditor", tickets, about="repository"))
    await build_graph().ainvoke({"paper": paper}, context=context_for(model))

    asked = [(question.role, question.target) for question in model.asked]
    first_audit = asked.index(("auditor", "repository"))
    # train.py imports data.py through model.py only, and waits for it all the same.
    assert asked[first_audit + 1 : -1] == [
        ("coder", "data.py"),
        ("reviewer", "data.py"),
        ("coder", "train.py"),
        ("reviewer", "train.py"),
    ]


async def test_a_repair_starts_from_the_published_file(paper: Paper, context_for: ContextFor) -> None:
    tickets = an_audit(PAIR, tickets=("data.py",))
    model = ScriptedModel(answer=Script(PAIR).says("auditor", tickets, about="repository"))
    await build_graph().ainvoke({"paper": paper}, context=context_for(model))

    (repair,) = [q.prompt for q in model.asked if q.role == "coder" and q.revising]
    assert "## The draft to change (revision 0)" in repair
    assert "The number of data.py is off by one." in repair
    assert "Write data.py." in repair, "the analysis of the first round is shown again"


async def test_what_depends_on_a_failed_file_is_written_all_the_same(
    paper: Paper, context_for: ContextFor
) -> None:
    script = (
        Script(CHAIN)
        .insists("coder", UNUSABLE, about="data.py")
        .insists("coder", "```python\nNUMBER = 1\n```")
    )
    result = await build_graph().ainvoke({"paper": paper}, context=context_for(ScriptedModel(answer=script)))

    assert result["status"] == "incomplete"
    assert result["file_status"]["data.py"] == "failed"
    assert result["files"]["data.py"].startswith("# Not written: coder data.py: no usable answer")
    assert set(result["file_status"]) == {"data.py", "model.py", "train.py"}


async def test_of_a_file_that_nobody_revises_the_last_draft_is_kept(
    paper: Paper, context_for: ContextFor
) -> None:
    script = (
        Script(PAIR)
        .says("coder", PAIR.code("model.py"), *[UNUSABLE] * 3, about="model.py")
        .says("reviewer", a_refusal(PAIR, "model.py"), about="model.py")
    )
    result = await build_graph().ainvoke({"paper": paper}, context=context_for(ScriptedModel(answer=script)))

    assert result["file_status"]["model.py"] == "accepted"
    assert "def value_of_model()" in result["files"]["model.py"]


# ------------------------------------------------------------------ what ends a run


def failing(error: Exception) -> Callable[[Question], Answer]:
    """The answers of a chain of files, whose second file meets an error."""

    def answer(question: Question) -> Answer:
        if question.target == "model.py":
            raise error
        return CHAIN.answer(question)

    return answer


@pytest.mark.parametrize(
    ("answer", "settings", "error"),
    [
        (failing(ModelSpecError("the key is refused")), {}, ModelSpecError),
        (failing(ProviderError("the request is refused")), {}, ProviderError),
        (failing(ZeroDivisionError("a bug")), {}, ZeroDivisionError),
        (CHAIN.answer, {"budget_tokens": 16_000}, BudgetError),
    ],
    ids=["a refused key", "a refused request", "a bug", "a spent budget"],
)
async def test_what_is_not_the_fault_of_one_file_ends_the_run(
    answer: Callable[[Question], Answer],
    settings: Mapping[str, Any],
    error: type[Exception],
    paper: Paper,
    context_for: ContextFor,
) -> None:
    model = ScriptedModel(answer=answer)
    context = context_for(model, **settings)
    with pytest.raises(error):
        await build_graph().ainvoke({"paper": paper}, context=context)

    assert {question.role for question in model.asked} >= {"planner", "analyst"}, "it ends among the files"
    assert not (context.output_dir / "README.md").exists()
    with Workspace(context.output_dir):  # nobody holds it any more
        pass


async def test_a_replay_that_lacks_an_answer_ends_the_run(paper: Paper, context_for: ContextFor) -> None:
    recorded = context_for(ScriptedModel(answer=Script(CHAIN)), "recorded")
    await build_graph().ainvoke({"paper": paper}, context=recorded)
    journal = recorded.output_dir / ".paper2code" / "journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    torn = recorded.output_dir.with_name("torn.jsonl")
    torn.write_text("".join(line for line in lines if '"target":"model.py"' not in line))

    with pytest.raises(ReplayError, match=r"no answer for analyst model\.py"):
        await build_graph().ainvoke({"paper": paper}, context=context_for("none", replay=torn))


async def test_no_design_that_could_be_built_ends_the_run(paper: Paper, context_for: ContextFor) -> None:
    outside = PAIR.architecture().files[0].model_copy(update={"path": "../data.py"})
    design = PAIR.architecture().model_copy(update={"files": (outside,), "commands": ()})
    script = Script(PAIR).insists("architect", design).insists("dependency_analyst", PAIR.dependencies())
    with pytest.raises(DesignError, match="no planned file has a path that can be written"):
        await build_graph().ainvoke(
            {"paper": paper}, context=context_for(ScriptedModel(answer=script), max_redesigns=0)
        )
