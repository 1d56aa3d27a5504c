"""The architect's second deed: rules once on the frozen interfaces that coders found wrong."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from langgraph.runtime import Runtime

from paper2code.artifacts import InterfaceChange, Ruling
from paper2code.briefing import Briefing
from paper2code.context import Context
from paper2code.design import Design
from paper2code.events import announced
from paper2code.fitting import in_short
from paper2code.models.caller import Call
from paper2code.prompts import render
from paper2code.state import State, contract

INTERFACES = "(interfaces)"
"""How the journal names a ruling."""


def _told(update: Mapping[str, Any]) -> str:
    ruling = update.get("ruling")
    if ruling is None:
        return ""
    return f"{len(ruling.interfaces)} interfaces changed, {len(ruling.refusals)} proposals refused"


@announced("arbiter", _told)
async def rule(state: State, runtime: Runtime[Context]) -> State:
    """Decide on the proposals of this round for all files at once; without any, nothing is asked."""
    run, heard = runtime.context.run, state.get("heard", 0)
    proposals = _distinct(state.get("proposals", ())[heard:], run.design)
    rulings = state.get("rulings", 0)
    if not proposals or rulings >= runtime.context.max_rulings:
        return {"ruling": None}
    design = run.design
    # From the state: what this ruling changes of the design is not yet in it, however often it is asked.
    briefing = Briefing(run.paper, *contract(state))
    dependants = {p.path: tuple(design.import_graph.successors(p.path)) for p in proposals}
    concerned = {path for p in proposals for path in (p.path, *dependants[p.path])}
    files = {path: run.workspace.read(path) for path in design.order if path in concerned}
    task = partial(render, "arbiter", proposals=proposals, dependants=dependants)
    call = Call(
        role="architect",
        target=INTERFACES,
        revision=rulings,
        briefing=briefing,
        task=task(files=files),
        about=tuple(files),
        shorter=lambda: (task(files=some) for some in in_short(files)),
    )
    answer = await run.caller.ask(call, Ruling, lambda r: _problem(r, design, run.kept))
    ruling = _of_planned_files(answer, design)
    architecture = ruling.apply_to(state["architecture"])
    return {
        "ruling": ruling,
        "rulings": rulings + 1,
        "heard": len(state["proposals"]),
        "architecture": architecture,
        "notes": tuple(f"An interface stays as it is: {refusal}" for refusal in ruling.refusals),
    }


def _distinct(proposals: tuple[InterfaceChange, ...], design: Design) -> tuple[InterfaceChange, ...]:
    """Each symbol once, the last proposal for it; those about files that are not planned are left out."""
    planned = (p for p in proposals if design.architecture.file(p.path))
    return tuple({(p.path, p.symbol): p for p in planned}.values())


def _of_planned_files(ruling: Ruling, design: Design) -> Ruling:
    """The ruling without what it still says, asked three times, of files that are not planned."""
    return ruling.model_copy(
        update={
            "interfaces": tuple(i for i in ruling.interfaces if design.architecture.file(i.path)),
            "tickets": tuple(t for t in ruling.tickets if design.architecture.file(t.path)),
        }
    )


def _problem(ruling: Ruling, design: Design, kept: Collection[str]) -> str | None:
    named = [*(i.path for i in ruling.interfaces), *(t.path for t in ruling.tickets)]
    strange = sorted({path for path in named if design.architecture.file(path) is None})
    if strange:
        return f"These files are not planned: {', '.join(strange)}."
    if fixed := sorted(set(named) & set(kept)):
        return f"A researcher has written these files, and they stay as they are: {', '.join(fixed)}."
    asked = {ticket.path for ticket in ruling.tickets}
    silent = [i.path for i in ruling.interfaces if i.path not in asked]
    return (
        f"These interfaces change, and nobody is told to write the files: {', '.join(silent)}."
        if silent
        else None
    )
