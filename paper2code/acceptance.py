"""What counts as accepted: a draft, a review, a file, the whole repository."""

from paper2code.artifacts import Audit, FileReview, Finding, Step
from paper2code.state import FileState, State


def asks_for_change(findings: tuple[Finding, ...]) -> bool:
    """Whether any finding is more than a matter of taste."""
    return any(f.is_weighty for f in findings)


def cannot_run(findings: tuple[Finding, ...]) -> bool:
    """Whether any finding keeps the file itself from running at all."""
    return any(f.severity == "blocker" and not f.in_tests for f in findings)


def tests_fail(tried: Step | None) -> bool:
    """Whether a file's tests were run and failed."""
    return tried is not None and tried.ending == "failed"


def is_content(review: FileReview) -> bool:
    """Whether a review accepts its file, and what it says in detail agrees."""
    return (
        review.accepted
        and not asks_for_change(review.findings)
        and all(v.verdict in {"met", "partly"} for v in review.verdicts)
    )


def is_acceptable(state: FileState) -> bool:
    """Whether a draft was reviewed, and neither its review nor checks nor tests speak against it."""
    review = state.get("review")
    return (
        review is not None
        and is_content(review)
        and not cannot_run(state["findings"])
        and not tests_fail(state.get("tried"))
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
