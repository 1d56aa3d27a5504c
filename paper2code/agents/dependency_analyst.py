"""The dependency analyst: what each file needs of others, and whether the promised interfaces fit."""

import asyncio
from collections.abc import Mapping
from typing import Any

from langgraph.runtime import Runtime

from paper2code.artifacts import Architecture, Dependencies, DependenciesRevision
from paper2code.briefing import Briefing
from paper2code.checks.contract import find_faults, settle, without_markers
from paper2code.context import Context
from paper2code.events import announced
from paper2code.models.caller import Call
from paper2code.prompts import render
from paper2code.state import State


def _told(update: Mapping[str, Any]) -> str:
    faults = update["faults"]
    if "notes" in update:
        return f"no redesign is left; settled without a model: {len(update['notes'])} faults in the contract"
    return f"{len(faults)} faults in the contract" if faults else "the contract holds"


@announced("dependency_analyst", _told)
async def analyse_dependencies(state: State, runtime: Runtime[Context]) -> State:
    """Reconcile the interfaces before any code is written, then check the whole contract.

    When the budget of redesigns is spent, what would keep the files from being written at all is settled
    here: imports that close a cycle or lead nowhere are cut, and noted. Empty package markers leave the
    design, as the program makes them.
    """
    plan, planned = state["plan"], state["architecture"]
    architecture, dependencies = without_markers(planned, await _ask(state, runtime))
    faults = await asyncio.to_thread(find_faults, plan, architecture, dependencies)
    if not faults or state.get("redesigns", 0) < runtime.context.max_redesigns:
        update = State(dependencies=dependencies, faults=faults)
        return update if architecture is planned else {**update, "architecture": architecture}
    settled = await asyncio.to_thread(settle, plan, architecture, dependencies)
    return {
        "architecture": settled.architecture,
        "dependencies": settled.dependencies,
        "faults": (),
        "notes": settled.notes,
    }


async def _ask(state: State, runtime: Runtime[Context]) -> Dependencies:
    run, architecture = runtime.context.run, state["architecture"]
    known, revision = state.get("dependencies"), state["designs"] - 1
    if known is None:
        call = Call(
            role="dependency_analyst",
            revision=revision,
            briefing=Briefing(run.paper, state["plan"], architecture),
            task=render("dependency_analyst"),
        )
        return await run.caller.ask(call, Dependencies, lambda d: _left_out(architecture, d))
    if not (state["design_changes"] or known.misfits or state.get("faults")):
        return known
    call = Call(
        role="dependency_analyst",
        revision=revision,
        briefing=Briefing(run.paper, state["plan"], architecture, known),
        task=render("dependency_analyst_revise", changes=state["design_changes"]),
    )
    change = await run.caller.ask(
        call, DependenciesRevision, lambda r: _left_out(architecture, r.apply_to(known, architecture))
    )
    return change.apply_to(known, architecture)


def _left_out(architecture: Architecture, dependencies: Dependencies) -> str | None:
    covered = {entry.path for entry in dependencies.files}
    missing = [f.path for f in architecture.files if f.path not in covered]
    return f"These planned files have no entry in `files`: {', '.join(missing)}." if missing else None
