"""The coder: writes one file, and writes it again when checks, a review or a ticket ask for it."""

from collections.abc import Iterable

from langgraph.runtime import Runtime

from paper2code.artifacts import FileAnalysis, Property, SourceFile
from paper2code.checks.modules import is_test
from paper2code.context import Context
from paper2code.events import emit_file
from paper2code.models.caller import Call
from paper2code.prompts import render
from paper2code.run import Run
from paper2code.state import FileState


async def code(state: FileState, runtime: Runtime[Context]) -> FileState:
    """Write the file, or the next revision of it.

    The coder sees the whole text of the files that its file imports, and of the others what the
    architecture promises.
    """
    run, path = runtime.context.run, state["path"]
    design, draft = run.design, _draft(state, run)
    revision = draft.revision + 1 if draft else 0
    emit_file(path, "coder", revision, _reason(state))
    task = render(
        "coder",
        **design.facts(path),
        dependencies=design.dependencies.of(path),
        analysis=state.get("analysis") or run.workspace.load(f"analyses/{path}", FileAnalysis),
        tested=_properties(design.imports_of(path), run) if is_test(path) else {},
        imported={p: run.workspace.read(p) for p in design.imports_of(path)},
        draft=draft,
        findings=state.get("findings", ()),
        review=state.get("review"),
        ticket=state.get("ticket"),
    )
    call = Call(
        role="coder",
        target=path,
        revision=revision,
        briefing=design.briefing,
        task=task,
        rank=state["rank"],
    )
    written = SourceFile(path=path, text=await run.ask_for_code(call), revision=revision)
    run.board.keep(written)
    return {"draft": written}


def _properties(paths: Iterable[str], run: Run) -> dict[str, tuple[Property, ...]]:
    """What the analysts of these files found to hold of them: their tests are made of it."""
    analyses = {path: run.workspace.load(f"analyses/{path}", FileAnalysis) for path in paths}
    return {path: analysis.properties for path, analysis in analyses.items() if analysis}


def _reason(state: FileState) -> str:
    """Why the file is written, in a few words for those who watch."""
    if state.get("findings"):
        return "checks found faults"
    if state.get("review"):
        return "the review asks for changes"
    return "the audit asks for changes" if state.get("ticket") else ""


def _draft(state: FileState, run: Run) -> SourceFile | None:
    """What there is to revise: this round's draft, or the published file that a ticket is about."""
    if "draft" in state:
        return state["draft"]
    published = run.board.record(state["path"])
    if not state.get("ticket") or published is None:
        return None
    return SourceFile(path=state["path"], text=run.workspace.read(state["path"]), revision=published.revision)
