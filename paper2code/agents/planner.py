"""The planner: from the paper to the contract of requirements."""

from collections.abc import Mapping
from typing import Any

from langgraph.runtime import Runtime

from paper2code.agents.part_planner import plan_by_parts
from paper2code.artifacts import Plan, PlanRevision
from paper2code.briefing import Briefing
from paper2code.context import Context
from paper2code.differences import plan_changes
from paper2code.errors import ContextError
from paper2code.events import announced
from paper2code.models.caller import Call
from paper2code.open_questions import settled
from paper2code.prompts import render
from paper2code.run import Run
from paper2code.state import State


def _told(update: Mapping[str, Any]) -> str:
    plan = update["plan"]
    return f"{len(plan.requirements)} requirements, {len(plan.ambiguities)} left open by the paper"


@announced("planner", _told)
async def plan(state: State, runtime: Runtime[Context]) -> State:
    """Write the plan; on a replan, change what the design review or the researcher asks for.

    A plan that was made before, of an earlier version of the paper, is changed where the paper has changed.
    """
    run = runtime.context.run
    if "plan" not in state:
        return {"plan": await _first_plan(run), "replans": 0, "plan_changes": ()}

    answers, paper_changes = state.get("answers", {}), state.get("paper_changes", ())
    old = settled(state["plan"], answers)
    review, remark = state.get("design_review"), state.get("remark", "")
    findings = [f for f in review.findings if f.concerns == "plan"] if review else []
    if not (findings or remark or answers or paper_changes):
        return {"plan": old, "replans": state["replans"]}
    replans = state["replans"] + (not paper_changes)
    task = render(
        "planner_revise",
        findings=findings,
        remark=remark,
        paper_changes=paper_changes,
        settled=[ambiguity for ambiguity in old.ambiguities if ambiguity.id in answers],
    )
    asked = "\n".join(f"{f.subject}: {f.problem} {f.fix}" for f in findings)
    call = Call(
        role="planner",
        revision=replans,
        briefing=Briefing(run.paper, old),
        task=task,
        query=f"{asked}\n{remark}\n{' '.join(paper_changes)}",
    )
    revision = await run.caller.ask(call, PlanRevision)
    revised = settled(revision.apply_to(old), answers)
    changes = plan_changes(state["plan"], revised)
    return {"plan": revised, "replans": replans, "plan_changes": changes, "paper_changes": ()}


async def _first_plan(run: Run) -> Plan:
    images = run.figures_for("planner")
    task = render("planner", figures=[name for name, _ in images])
    call = Call(role="planner", briefing=Briefing(run.paper), task=task, images=images, complete=True)
    if not run.caller.fits(call, Plan):
        return await plan_by_parts(run)
    try:
        return await run.caller.ask(call, Plan)
    except ContextError:  # the window of this model was not known
        return await plan_by_parts(run)
