"""The nodes of the whole run that ask no model."""

import asyncio
from typing import Any, Literal

from langgraph.runtime import Runtime
from langgraph.types import Send, interrupt
from pydantic import BaseModel

from paper2code.artifacts import Ticket
from paper2code.context import Context
from paper2code.design import Design
from paper2code.events import DesignEvent, announced, emit
from paper2code.papers.figures import figure_images
from paper2code.papers.model import Paper
from paper2code.papers.reader import read_paper, with_supplements
from paper2code.report import publish
from paper2code.run import Run
from paper2code.state import State


class Approval(BaseModel):
    """What a researcher answers to the plan: yes, or no and what to change."""

    approve: bool
    remark: str = ""


@announced("reader", lambda update: str(update["title"]))
async def read(state: State, runtime: Runtime[Context]) -> State:
    """Read the paper with its supplements and claim the output folder for it."""
    source, supplements = state["paper"], runtime.context.supplements
    if isinstance(source, Paper):
        paper = await asyncio.to_thread(with_supplements, source, supplements)
    else:
        paper = await asyncio.to_thread(read_paper, source, supplements=supplements)
    run = runtime.context.run
    run.begin(paper)
    if not isinstance(source, Paper) and run.shows_figures_to("planner") and not run.figures_for("planner"):
        run.illustrate(await asyncio.to_thread(figure_images, run.paper, source))
    # A paper given as an object would be copied into every checkpoint; the workspace has it now.
    return {"paper": paper.title if isinstance(source, Paper) else source, "title": paper.title}


@announced("approval")
async def approve(state: State, runtime: Runtime[Context]) -> State:
    """Let the researcher see the design, where that is wished, and then settle it."""
    if runtime.context.approve:
        question = {
            "plan": state["plan"].model_dump(),
            "architecture": state["architecture"].model_dump(),
            "notes": list(state.get("notes", ())),
        }
        answer = Approval.model_validate(interrupt(question))
        if not answer.approve:
            return {"remark": answer.remark or "The researcher does not agree with this plan; improve it."}
    run = runtime.context.run
    run.freeze(
        Design(run.paper, state["plan"], state["architecture"], state["dependencies"], state["config"])
    )
    emit(
        DesignEvent(
            event="design",
            title=state["title"],
            files=list(run.design.order),
            requirements=len(state["plan"].requirements),
        )
    )
    return {"remark": ""}


async def after_approval(state: State, runtime: Runtime[Context]) -> list[Send] | Literal["replan"]:
    """All files at once, or back to the planner with the researcher's remark."""
    if state["remark"]:
        return "replan"
    run = runtime.context.run
    return _sends(run, dict.fromkeys(run.design.order), round_=0)


async def after_audit(state: State, runtime: Runtime[Context]) -> list[Send] | Literal["accept"]:
    """The files that the audit wants changed, with their tickets, while the budget lasts."""
    tickets: dict[str, Ticket | None] = {ticket.path: ticket for ticket in state["audit"].tickets}
    if not tickets or state["audits"] > runtime.context.max_repairs:
        return "accept"
    return _sends(runtime.context.run, tickets, round_=state["audits"])


def _sends(run: Run, tickets: dict[str, Ticket | None], *, round_: int) -> list[Send]:
    """One `Send` a file, kept small because LangGraph stores its argument twice."""
    design = run.design
    return [
        Send(
            "file",
            {
                "path": path,
                "awaited": tuple(p for p in design.all_imports_of(path) if p in tickets),
                "rank": design.ranks[path],
                "round": round_,
                "ticket": tickets[path],
            },
        )
        for path in design.order
        if path in tickets
    ]


@announced("publisher")
async def publish_repository(state: State, runtime: Runtime[Context]) -> dict[str, Any]:
    """Write what surrounds the files, and give back the whole repository."""
    return await asyncio.to_thread(publish, state, runtime.context.run)
