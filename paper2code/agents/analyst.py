"""The analyst: what is still undecided for one file, before it is written."""

from langgraph.runtime import Runtime

from paper2code.artifacts import FileAnalysis
from paper2code.context import Context
from paper2code.events import emit_file
from paper2code.file_sheet import file_sheet_with_promises
from paper2code.models.caller import Call
from paper2code.prompts import render
from paper2code.state import FileState


async def analyse(state: FileState, runtime: Runtime[Context]) -> FileState:
    """Work out the steps, traps and checkable properties of one file."""
    run, path = runtime.context.run, state["path"]
    emit_file(path, "analyst")
    design = run.design
    call = Call(
        role="analyst",
        target=path,
        briefing=design.file_briefing,
        sheet=file_sheet_with_promises(design, path, run.caller.least_room),
        task=render("analyst", **design.facts(path)),
        rank=state["rank"],
        about=(path,),
        concern=lambda: design.concern(path),
    )
    return {"analysis": await run.caller.ask(call, FileAnalysis)}
