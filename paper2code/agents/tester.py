"""The tester: turns what must hold of a file into tests, while the coder writes the file."""

import re
from functools import partial
from pathlib import PurePosixPath

from langgraph.runtime import Runtime

from paper2code.artifacts import SourceFile
from paper2code.context import Context
from paper2code.errors import AnswerError, ReplayError
from paper2code.events import emit_file
from paper2code.file_sheet import file_sheet_with_promises
from paper2code.models.caller import Call
from paper2code.prompts import render
from paper2code.state import FileState


async def write_tests(state: FileState, runtime: Runtime[Context]) -> FileState:
    """Write the tests of one file from the paper and the promised interface.

    The tester does not see the code, nor the coder the tests: two readings of the same equation that agree
    say more than a test that was fitted to the code. Where no tests come, or the journal that is replayed
    has none, the file goes on without.
    """
    run, path = runtime.context.run, state["path"]
    design = run.design
    place = design.tests_of(path)
    if place is None:
        return {}
    if place in run.kept:
        return {"tests": SourceFile(path=place, text=run.workspace.read(place), revision=0)}
    emit_file(path, "tester")
    task = render(
        "tester",
        **design.facts(path),
        place=place,
        properties=state["analysis"].properties,
        visible=design.all_imports_of(path),
    )
    call = Call(
        role="tester",
        target=place,
        briefing=design.file_briefing,
        sheet=file_sheet_with_promises(design, path, run.caller.least_room),
        task=task,
        rank=state["rank"],
        about=(path,),
        concern=lambda: design.concern(path),
    )
    try:
        text = await run.caller.ask_for_code(call, partial(_about_another, path))
    except (AnswerError, ReplayError):
        return {}
    return {"tests": SourceFile(path=place, text=text, revision=0)}


def _about_another(path: str, tests: str) -> str | None:
    """Why tests cannot be those of a file: they never name its module; else None."""
    module = PurePosixPath(path).stem
    if re.search(rf"\b{re.escape(module)}\b", tests):
        return None
    return f"These tests import nothing of {path}. Write those of {path}."
