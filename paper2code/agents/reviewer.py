"""The reviewer: judges the design before code is paid for, each file, and in `auditor` the whole."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from langgraph.runtime import Runtime

from paper2code.artifacts import DesignReview, FileReview, Requirement
from paper2code.briefing import Briefing
from paper2code.checks.modules import is_test
from paper2code.checks.symbols import signatures
from paper2code.context import Context
from paper2code.events import announced, emit_file
from paper2code.fitting import in_short
from paper2code.models.caller import Call
from paper2code.prompts import render
from paper2code.state import FileState, State

DESIGN = "(design)"
"""How the journal names the review of the design, where it names a file for the others."""


def _told(update: Mapping[str, Any]) -> str:
    findings = update["design_review"].findings
    weighty = sum(f.severity != "minor" for f in findings)
    return f"{weighty} findings to act on, {len(findings) - weighty} minor"


@announced("design_reviewer", _told)
async def review_design(state: State, runtime: Runtime[Context]) -> State:
    """Hold plan and design against the paper."""
    run = runtime.context.run
    call = Call(
        role="reviewer",
        target=DESIGN,
        revision=state["designs"] - 1,
        briefing=Briefing(
            run.paper, state["plan"], state["architecture"], state["dependencies"], state["config"]
        ),
        task=render(
            "design_reviewer",
            earlier=state.get("design_review"),
            settled=tuple(state.get("answers", ())),
        ),
    )
    review = await run.ask(call, DesignReview)
    return {"design_review": review, "reviewed_design": state["designs"]}


async def review_file(state: FileState, runtime: Runtime[Context]) -> FileState:
    """Hold one file against its requirements and its promised interface."""
    run, path, draft = runtime.context.run, state["path"], state["draft"]
    design = run.design
    emit_file(path, "reviewer", draft.revision)
    requirements = design.requirements_of(path)
    # A test can only be judged beside the code that it tests; for other files signatures are enough.
    offered: Callable[[str], str] = str if is_test(path) else signatures
    imported = {p: offered(run.workspace.read(p)) for p in design.imports_of(path)}
    task = partial(
        render,
        "reviewer",
        **design.facts(path),
        draft=draft,
        tests=state.get("tests"),
        tried=state.get("tried"),
        findings=state.get("findings", ()),
        earlier=state.get("review"),
        ticket=state.get("ticket"),
    )
    call = Call(
        role="reviewer",
        target=path,
        revision=draft.revision,
        briefing=design.briefing,
        task=task(imported=imported),
        rank=state["rank"],
        about=(path,),
        shorter=lambda: (task(imported=some) for some in in_short(imported)),
    )
    review = await run.ask(call, FileReview, lambda r: _unjudged(r, requirements))
    return {"review": review, "reviews_given": state.get("reviews_given", 0) + 1}


def _unjudged(review: FileReview, requirements: tuple[Requirement, ...]) -> str | None:
    judged = {verdict.requirement for verdict in review.verdicts}
    missing = [r.id for r in requirements if r.id not in judged]
    return f"These requirements of the file have no verdict: {', '.join(missing)}." if missing else None
