"""The coder: writes one file, and writes it again when checks, a review or a ticket ask for it."""

from collections.abc import Callable, Mapping
from functools import partial

from langgraph.runtime import Runtime

from paper2code.artifacts import SourceFile
from paper2code.checks.modules import is_test
from paper2code.checks.symbols import signatures
from paper2code.context import Context
from paper2code.errors import AnswerError
from paper2code.events import emit_file
from paper2code.file_sheet import file_sheet
from paper2code.fitting import in_short
from paper2code.models.answers.written import Written
from paper2code.models.caller import Call
from paper2code.prompts import render
from paper2code.run import Run
from paper2code.state import FileState

_LONG = 6_000
"""Characters of an imported file, from which on its signatures and docstrings say what its callers need."""

_SIGNATURES_ONLY = "# This file is long, so only what it offers is shown."


async def code(state: FileState, runtime: Runtime[Context]) -> FileState:
    """Write the file, or mend it and its tests.

    The coder sees the files that its file imports: short ones whole, of long ones the signatures.
    """
    run, path = runtime.context.run, state["path"]
    draft, tests = state.get("draft"), state.get("tests")
    revision = draft.revision + 1 if draft else 0
    emit_file(path, "coder", revision, _reason(state))
    call = _question(run, state, revision)
    texts = {file.path: file.text for file in (draft, tests) if file and file.path not in run.kept}
    answer = await _mended(call, texts, run) if draft else await run.caller.ask_for_file(call)
    texts |= answer.texts
    written = SourceFile(path=path, text=texts[path], revision=revision)
    run.board.keep(state["edition"], written)
    update = FileState(draft=written, proposals=answer.proposals)
    if draft and tests and tests.path in texts:
        update["tests"] = SourceFile(path=tests.path, text=texts[tests.path], revision=revision)
    return update


def _question(run: Run, state: FileState, revision: int) -> Call:
    path, design, draft = state["path"], run.design, state.get("draft")
    # What a test holds against each other it must know line by line; what calls a file, by what that offers.
    as_shown: Callable[[str], str] = str if is_test(path) else _as_shown
    imported = {p: as_shown(run.workspace.read(p)) for p in design.imports_of(path)}
    task = partial(
        render,
        "coder",
        **design.facts(path),
        analysis=state.get("analysis"),
        draft=draft,
        tests=state.get("tests") if draft else None,
        tried=state.get("tried"),
        findings=state.get("findings", ()),
        review=state.get("review"),
        is_reviewed=draft is None or state.get("reviewed", draft.revision) == draft.revision,
        ticket=state.get("ticket"),
    )
    return Call(
        role="coder",
        target=path,
        revision=revision,
        briefing=design.file_briefing,
        sheet=file_sheet(design, path, run.caller.least_room),
        task=task(imported=imported),
        rank=state["rank"],
        about=(path,),
        concern=lambda: design.concern(path),
        shorter=lambda: (task(imported=some) for some in in_short(imported)),
    )


def _as_shown(text: str) -> str:
    stub = signatures(text) if len(text) > _LONG else ""
    return f"{_SIGNATURES_ONLY}\n\n{stub}" if stub else text


async def _mended(call: Call, texts: Mapping[str, str], run: Run) -> Written:
    """The changes that the coder makes; none where no usable answer comes, since there is a draft."""
    try:
        return await run.caller.ask_for_changes(call, texts)
    except AnswerError:
        return Written(texts={})


def _reason(state: FileState) -> str:
    """Why the file is written, in a few words for those who watch."""
    if state.get("findings"):
        return "checks found faults"
    if (tried := state.get("tried")) and tried.ending == "failed":
        return "its tests fail"
    if state.get("review"):
        return "the review asks for changes"
    return "the audit asks for changes" if state.get("ticket") else ""
