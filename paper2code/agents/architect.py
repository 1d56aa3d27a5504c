"""The architect: which files there are, what each promises, which requirement each owns."""

from langgraph.runtime import Runtime

from paper2code.artifacts import Architecture, ArchitectureRevision, DesignFinding, Plan
from paper2code.briefing import Briefing
from paper2code.context import Context
from paper2code.differences import architecture_changes
from paper2code.events import announced
from paper2code.models.caller import Call
from paper2code.prompts import render
from paper2code.state import State


@announced("architect", lambda update: f"{len(update['architecture'].files)} files")
async def design(state: State, runtime: Runtime[Context]) -> State:
    """Design the repository; on a redesign, change what checks, reviewer or a new plan ask for."""
    run = runtime.context.run
    plan = state["plan"]
    if "architecture" not in state:
        call = Call(role="architect", briefing=Briefing(run.paper, plan), task=render("architect"))
        architecture = await run.caller.ask(call, Architecture, lambda a: unowned(plan, a))
        return {"architecture": architecture, "designs": 1, "redesigns": 0, "design_changes": ()}

    old, designs = state["architecture"], state["designs"]
    faults, findings, changes = state.get("faults", ()), open_findings(state), state.get("plan_changes", ())
    holes = unowned(plan, old)
    if is_settled(state) and not (faults or changes or holes):
        return {"architecture": old, "designs": designs}
    call = Call(
        role="architect",
        revision=designs,
        briefing=Briefing(run.paper, plan, old, state["dependencies"]),
        task=render(
            "architect_revise",
            faults=faults,
            findings=findings,
            plan_changes=changes,
            holes=holes,
        ),
    )
    revision = await run.caller.ask(call, ArchitectureRevision, lambda r: unowned(plan, r.apply_to(old)))
    new = revision.apply_to(old)
    return {
        "architecture": new,
        "designs": designs + 1,
        "redesigns": state["redesigns"] + bool(faults or findings),
        "design_changes": architecture_changes(old, new),
    }


def unowned(plan: Plan, architecture: Architecture) -> str | None:
    """The requirements that no file owns, in words for the architect, or None."""
    owned = {i for file in architecture.files for i in file.requirements}
    missing = [r.id for r in plan.requirements if r.id not in owned]
    return f"No file owns these requirements: {', '.join(missing)}." if missing else None


def is_settled(state: State) -> bool:
    """Whether the design has a review that asks for no change, and nothing was changed since."""
    review = state.get("design_review")
    return (
        review is not None
        and state.get("reviewed_design") == state["designs"]
        and not any(finding.is_weighty for finding in review.findings)
    )


def open_findings(state: State) -> list[DesignFinding]:
    """What the design review found wrong with the design as it stands; nothing where that is older."""
    review = state.get("design_review")
    if review is None or state.get("reviewed_design") != state["designs"]:
        return []
    return [f for f in review.findings if f.concerns != "plan"]
