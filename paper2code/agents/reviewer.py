"""The reviewer: judges the design before code is paid for, each file, and in `auditor` the whole."""

from collections.abc import Mapping, Sequence
from difflib import unified_diff
from functools import partial
from typing import Any

from langgraph.runtime import Runtime

from paper2code.agents.architect import is_settled
from paper2code.artifacts import DesignReview, FileReview, Requirement
from paper2code.briefing import Briefing
from paper2code.checks.modules import is_test, module_of
from paper2code.checks.used_signatures import used_signatures
from paper2code.context import Context
from paper2code.events import announced, emit_file
from paper2code.file_sheet import file_sheet
from paper2code.fitting import in_short
from paper2code.models.caller import Call
from paper2code.papers.excerpt import parts_of
from paper2code.papers.model import Paper
from paper2code.prompts import render
from paper2code.run import Run
from paper2code.state import FileState, State, contract
from paper2code.tokens import CHARACTERS_PER_TOKEN

DESIGN = "(design)"
"""How the journal names the review of the design, where it names a file for the others."""

_MOST_FINDINGS = 60
"""As many as one review may write; the weightiest come first."""

_LONGEST_CHANGES = 8_000
"""Characters; a file that differs in more is as well read anew."""


def _told(update: Mapping[str, Any]) -> str:
    findings = update["design_review"].findings
    weighty = sum(f.is_weighty for f in findings)
    return f"{weighty} findings to act on, {len(findings) - weighty} minor"


@announced("design_reviewer", _told)
async def review_design(state: State, runtime: Runtime[Context]) -> State:
    """Hold plan and design against the paper; one that the model cannot read at once, part by part.

    A design that was reviewed and has not been changed since is not reviewed again.
    """
    run = runtime.context.run
    if is_settled(state):
        return {"design_review": state["design_review"]}
    whole = _design_call(run, state)
    if run.caller.fits(whole, DesignReview):
        review = await run.caller.ask(whole, DesignReview)
    else:
        parts = parts_of(run.paper, _part_characters(run, whole))
        calls = [_design_call(run, state, part, number) for number, part in enumerate(parts, 1)]
        review = _joined([await run.caller.ask(call, DesignReview) for call in calls])
    return {"design_review": review, "reviewed_design": state["designs"]}


def _part_characters(run: Run, whole: Call) -> int:
    """How long each part of the paper may be, beside as much of the design as half a prompt holds."""
    room = run.caller.room_for("reviewer", DesignReview) or 0
    beside_the_least = run.caller.spare(whole, DesignReview, shortened=True) or 0
    frame = len(render("design_reviewer_part", sections=run.paper.sections, first=False))
    return CHARACTERS_PER_TOKEN * min(room * 2 // 5, beside_the_least) - frame


def _design_call(run: Run, state: State, part: Paper | None = None, number: int = 0) -> Call:
    task = render(
        "design_reviewer",
        earlier=state.get("design_review"),
        settled=tuple(state.get("answers", ())),
    )
    place = render("design_reviewer_part", sections=part.sections, first=number == 1) if part else ""
    return Call(
        role="reviewer",
        target=f"{DESIGN} {number}" if part else DESIGN,
        revision=state["designs"] - 1,
        briefing=Briefing(part or run.paper, *contract(state)),
        task=f"{task}\n\n{place}".rstrip(),
    )


def _joined(parts: Sequence[DesignReview]) -> DesignReview:
    findings = [finding for part in parts for finding in part.findings]
    weight = {"blocker": 0, "major": 1, "minor": 2}
    return DesignReview(
        assessment="\n".join(part.assessment for part in parts),
        findings=tuple(sorted(findings, key=lambda finding: weight[finding.severity]))[:_MOST_FINDINGS],
    )


async def review_file(state: FileState, runtime: Runtime[Context]) -> FileState:
    """Hold one file against its requirements and its promised interface."""
    run, path, draft = runtime.context.run, state["path"], state["draft"]
    emit_file(path, "reviewer", draft.revision)
    requirements = run.design.requirements_of(path)
    review = await run.caller.ask(_file_call(run, state), FileReview, lambda r: _unjudged(r, requirements))
    return {
        "review": review,
        "reviewed": draft.revision,
        "reviews_given": state.get("reviews_given", 0) + 1,
    }


def _file_call(run: Run, state: FileState) -> Call:
    path, design, draft = state["path"], run.design, state["draft"]
    tests = state.get("tests")
    texts = [file.text for file in (draft, tests) if file]
    imported = {p: run.workspace.read(p) for p in design.imports_of(path)}
    # A test can only be judged beside the code that it tests; of other files what is used is enough.
    if not is_test(path):
        imported = {p: used_signatures(text, module_of(p), texts) for p, text in imported.items()}
    task = partial(
        render,
        "reviewer",
        **design.facts(path),
        draft=draft,
        tests=tests,
        tried=state.get("tried"),
        findings=state.get("findings", ()),
        earlier=state.get("review"),
        is_same=state.get("reviewed") == draft.revision,
        ticket=state.get("ticket"),
        changes=_changes(run, state),
    )
    return Call(
        role="reviewer",
        target=path,
        revision=draft.revision,
        briefing=design.file_briefing,
        sheet=file_sheet(design, path, run.caller.least_room),
        task=task(imported=imported),
        rank=state["rank"],
        about=(path,),
        concern=lambda: design.concern(path),
        shorter=lambda: (task(imported=some) for some in in_short(imported)),
    )


def _changes(run: Run, state: FileState) -> str:
    """What a file that a ticket sends back changes of itself and of its tests; nothing where that is much."""
    before = run.board.record(state["path"], state["before"]) if state.get("ticket") else None
    if before is None:
        return ""
    pairs = ((before.file, state["draft"]), (before.tests, state.get("tests")))
    lines = [
        line
        for old, new in pairs
        if old and new
        for line in unified_diff(
            old.text.splitlines(), new.text.splitlines(), old.path, new.path, n=2, lineterm=""
        )
    ]
    changes = "\n".join(lines)
    return changes if len(changes) <= _LONGEST_CHANGES else ""


def _unjudged(review: FileReview, requirements: tuple[Requirement, ...]) -> str | None:
    judged = {verdict.requirement for verdict in review.verdicts}
    missing = [r.id for r in requirements if r.id not in judged]
    return f"These requirements of the file have no verdict: {', '.join(missing)}." if missing else None
