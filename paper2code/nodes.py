"""The nodes of the whole run that ask no model."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import interrupt
from pydantic import BaseModel, model_validator

from paper2code.blocking import to_its_end
from paper2code.context import Context
from paper2code.design import Design
from paper2code.errors import InputError
from paper2code.events import DesignEvent, PaperEvent, announced, emit
from paper2code.papers.figures import figure_images
from paper2code.papers.model import Paper
from paper2code.papers.reader import read_paper, with_supplements
from paper2code.pausing import require_a_checkpointer
from paper2code.regeneration import finish, foretold, starting_from
from paper2code.report import publish
from paper2code.report.setup_files import setup_files
from paper2code.resumption import clear_away
from paper2code.state import State, contract


class Approval(BaseModel):
    """What a researcher answers to the plan: yes, or no and what to change."""

    approve: bool
    remark: str = ""

    @model_validator(mode="before")
    @classmethod
    def _in_form(cls, answer: object) -> object:
        if isinstance(answer, Mapping) and set(answer) <= set(cls.model_fields):
            if isinstance(answer.get("approve"), bool) and isinstance(answer.get("remark", ""), str):
                return answer
        elif isinstance(answer, cls):
            return answer
        raise InputError(
            'answer to the plan with {"approve": True}, or {"approve": False, "remark": "what to change"}'
        )


@announced("reader", lambda update: str(update["title"]))
async def read(state: State, runtime: Runtime[Context]) -> State:
    """Read the paper with its supplements and claim the output folder for it."""
    source, password = state.get("paper"), runtime.context.password
    if not isinstance(source, str | Path | Paper):
        raise InputError('give the paper as {"paper": a path, an arXiv id or address, or a Paper}')
    supplements = runtime.context.supplements
    if isinstance(source, Paper):
        paper = await asyncio.to_thread(with_supplements, source, supplements, password=password)
    else:
        paper = await asyncio.to_thread(read_paper, source, password=password, supplements=supplements)
    run = runtime.context.run
    await to_its_end(run.begin, paper)  # it loads the models' packages
    if not isinstance(source, Paper) and run.shows_figures_to("planner") and not run.figures_for("planner"):
        pictures = await asyncio.to_thread(figure_images, run.paper, source, password=password)
        run.illustrate(pictures)
    emit(PaperEvent(event="paper", title=run.paper.title, warnings=list(run.paper.warnings)))
    if event := foretold(run):
        emit(event)
    start = starting_from(run.premises) if run.premises else State()
    # A paper given as an object would be copied into every checkpoint; the workspace has it now.
    return {"paper": paper.title if isinstance(source, Paper) else source, "title": paper.title, **start}


@announced("approval")
async def approve(state: State, runtime: Runtime[Context]) -> State:
    """Let the researcher see the design, where that is wished, and then settle it."""
    if runtime.context.approve:
        question = {
            "plan": state["plan"].model_dump(),
            "architecture": state["architecture"].model_dump(),
            "notes": list(state.get("notes", ())),
        }
        require_a_checkpointer()
        answer: Approval = interrupt(question, response_schema=Approval)
        if not answer.approve:
            return {"remark": answer.remark or "The researcher does not agree with this plan; improve it."}
    run = runtime.context.run
    run.freeze(Design(run.paper, *contract(state)))
    await to_its_end(clear_away, run)
    run.executor.prepare(setup_files(run.design, {})["requirements.txt"])
    emit(
        DesignEvent(
            event="design",
            title=state["title"],
            files=list(run.design.order),
            requirements=len(state["plan"].requirements),
        )
    )
    return {"remark": ""}


@announced("publisher")
async def publish_repository(state: State, runtime: Runtime[Context]) -> dict[str, Any]:
    """Write what surrounds the files, and give back the whole repository."""
    update = await to_its_end(publish, state, runtime.context.run)
    finish(runtime.context.run)
    return update
