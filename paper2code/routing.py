"""The decisions of the graph: small functions of the state, whose answers are the labels on the drawing."""

from typing import Literal

from langgraph.runtime import Runtime

from paper2code.artifacts import Audit, FileReview, Finding
from paper2code.context import Context
from paper2code.state import FileState, State

_ASKS_FOR_CHANGE = frozenset({"blocker", "major"})


async def after_dependencies(state: State, runtime: Runtime[Context]) -> Literal["redesign", "proceed"]:
    """Back to the architect while the contract has faults and the budget lasts."""
    if state["faults"] and state["redesigns"] < runtime.context.max_redesigns:
        return "redesign"
    return "proceed"


async def after_design_review(
    state: State, runtime: Runtime[Context]
) -> Literal["replan", "redesign", "proceed"]:
    """Back to where the earliest thing is wrong that matters, while the budget lasts."""
    concerned = {f.concerns for f in state["design_review"].findings if f.severity in _ASKS_FOR_CHANGE}
    if "plan" in concerned and state["replans"] < runtime.context.max_replans:
        return "replan"
    if concerned - {"plan"} and state["redesigns"] < runtime.context.max_redesigns:
        return "redesign"
    return "proceed"


async def into_file(state: FileState) -> Literal["write", "rewrite"]:
    """A file that was written before has its analysis, and one that is kept needs none."""
    return "rewrite" if state["before"] or state.get("kept") else "write"


async def after_imports(state: FileState, runtime: Runtime[Context]) -> list[str]:
    """A new file is written and its tests beside it; an old one is written again only with a ticket.

    Without a ticket it is here because a file that it imports has changed: it is checked again. So is one
    that somebody has changed by hand, and no more than that.
    """
    if state.get("kept"):
        return ["check"]
    if state["before"]:
        return ["write" if state["ticket"] else "check"]
    analysis = state.get("analysis")  # an analyst of the caller's own may give none
    is_tested = analysis and analysis.properties and runtime.context.run.design.tests_of(state["path"])
    return ["write", "test"] if is_tested else ["write"]


async def after_check(state: FileState, runtime: Runtime[Context]) -> Literal["broken", "sound", "done"]:
    """Back to the coder before a reviewer is paid.

    Nor is one paid for what has a review that holds, or cannot even run.
    """
    if not state["refused"]:
        return "done" if _review_holds(state) else "sound"
    if state["fixes"] <= runtime.context.max_fixes and not state.get("kept"):
        return "broken"
    return "done" if cannot_run(state["findings"]) else "sound"


async def after_review(state: FileState, runtime: Runtime[Context]) -> Literal["revise", "accept"]:
    """Back to the coder while the reviewer is not content and the budget lasts."""
    if is_content(state["review"]) or state["reviews_given"] > runtime.context.max_revisions:
        return "accept"
    return "accept" if state.get("kept") else "revise"


def _review_holds(state: FileState) -> bool:
    """Whether the draft was accepted as it is.

    A refusal does not hold: it may have been for the fault of a file that it imports.
    """
    return state.get("reviewed") == state["draft"].revision and is_content(state["review"])


def asks_for_change(findings: tuple[Finding, ...]) -> bool:
    """Whether any finding is more than a matter of taste."""
    return any(f.severity in _ASKS_FOR_CHANGE for f in findings)


def cannot_run(findings: tuple[Finding, ...]) -> bool:
    """Whether any finding keeps the file itself from running at all."""
    return any(f.severity == "blocker" and not f.in_tests for f in findings)


def tests_fail(state: FileState) -> bool:
    """Whether the file's tests were run and failed."""
    tried = state.get("tried")
    return tried is not None and tried.ending == "failed"


def is_content(review: FileReview) -> bool:
    """Whether a review accepts its file, and what it says in detail agrees."""
    return (
        review.accepted
        and not asks_for_change(review.findings)
        and all(v.verdict in {"met", "partly"} for v in review.verdicts)
    )


def is_complete(state: State, audit: Audit) -> bool:
    """Whether every planned file is accepted, the audit leaves nothing to repair, and nothing failed."""
    planned = {f.path for f in state["architecture"].files}
    accepted = {p for p, status in state["file_status"].items() if status == "accepted"}
    must = {r.id for r in state["plan"].requirements if r.priority == "must"}
    judged = {v.requirement: v.verdict for v in audit.verdicts}
    unmet = {i for i in must if judged.get(i, "missing") in {"missing", "contradicts"}}
    ran = state.get("run")
    return planned <= accepted and not audit.tickets and not unmet and not (ran and ran.failed)
