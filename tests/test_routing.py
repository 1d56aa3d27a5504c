"""The decisions of the graph, each as the small function that it is."""

from collections.abc import Callable, Iterable
from typing import Any, get_args, get_type_hints

import pytest
from langgraph.runtime import Runtime

from paper2code import Context, build_file_graph, build_graph, routing
from paper2code.acceptance import asks_for_change, is_complete, is_content
from paper2code.artifacts import (
    Audit,
    DesignReview,
    FileReview,
    Finding,
    Severity,
    SourceFile,
    Verdict,
)
from paper2code.routing import (
    after_answers,
    after_check,
    after_dependencies,
    after_design_review,
    after_plan,
    after_review,
    after_run,
    into_file,
)
from paper2code.state import FileState, State
from tests.example import FAULT
from tests.script import PAIR, a_finding, a_refusal, a_run, a_ticket, an_audit, an_objection


def with_budgets(**budgets: int) -> Runtime[Context]:
    """The runtime of a run with these budgets."""
    return Runtime(context=Context(**budgets))


def a_review(
    *, accepted: bool = True, verdict: Verdict = "met", findings: Iterable[Severity] = ()
) -> FileReview:
    """A review of a file that owns one requirement."""
    content = PAIR.review("model.py")
    verdicts = tuple(v.model_copy(update={"verdict": verdict}) for v in content.verdicts)
    return FileReview(verdicts=verdicts, findings=tuple(map(a_finding, findings)), accepted=accepted)


def a_draft() -> SourceFile:
    """The second revision of a file."""
    return SourceFile(path="model.py", text="", revision=2)


# ------------------------------------------------------------------ the design


@pytest.mark.parametrize(
    ("faults", "redesigns", "decision"),
    [((), 0, "proceed"), ((FAULT,), 0, "redesign"), ((FAULT,), 1, "redesign"), ((FAULT,), 2, "proceed")],
)
async def test_faults_send_the_design_back_while_the_budget_lasts(
    faults: tuple[Any, ...], redesigns: int, decision: str
) -> None:
    state: State = {"faults": faults, "redesigns": redesigns}
    assert await after_dependencies(state, with_budgets(max_redesigns=2)) == decision


@pytest.mark.parametrize(
    ("concerns", "severity", "decision"),
    [
        ("plan", "blocker", "replan"),
        ("plan", "major", "replan"),
        ("plan", "minor", "proceed"),
        ("architecture", "major", "redesign"),
        ("dependencies", "major", "redesign"),
        ("config", "blocker", "redesign"),
        ("config", "minor", "proceed"),
    ],
)
async def test_an_objection_leads_to_what_it_concerns(concerns: Any, severity: Any, decision: str) -> None:
    state: State = {"design_review": an_objection(concerns, severity), "replans": 0, "redesigns": 0}
    assert await after_design_review(state, with_budgets()) == decision


@pytest.mark.parametrize(
    ("replans", "redesigns", "decision"), [(0, 0, "replan"), (1, 0, "redesign"), (1, 1, "proceed")]
)
async def test_the_earliest_thing_that_is_wrong_goes_first(
    replans: int, redesigns: int, decision: str
) -> None:
    findings = (*an_objection("architecture").findings, *an_objection("plan").findings)
    review = DesignReview(assessment="", findings=findings)
    state: State = {"design_review": review, "replans": replans, "redesigns": redesigns}
    assert await after_design_review(state, with_budgets(max_replans=1, max_redesigns=1)) == decision


# ------------------------------------------------------------------ one file


async def test_a_file_of_an_earlier_round_needs_no_second_analysis() -> None:
    assert await into_file({"path": "model.py", "before": "", "ticket": None}) == "write"
    assert await into_file({"path": "model.py", "before": "1", "ticket": a_ticket("model.py")}) == "rewrite"


@pytest.mark.parametrize(
    ("severities", "fixes", "decision"),
    [
        ((), 0, "sound"),
        (("minor",), 0, "sound"),
        (("major",), 1, "broken"),
        (("blocker",), 2, "broken"),
        (("major",), 3, "sound"),
        (("minor", "blocker"), 3, "done"),
    ],
)
async def test_a_draft_is_mended_before_a_reviewer_is_paid(
    severities: tuple[Severity, ...], fixes: int, decision: str
) -> None:
    findings: tuple[Finding, ...] = tuple(map(a_finding, severities))
    refused = asks_for_change(findings)
    state: FileState = {"draft": a_draft(), "findings": findings, "refused": refused, "fixes": fixes}
    assert await after_check(state, with_budgets(max_fixes=2)) == decision


async def test_faults_of_the_tests_do_not_keep_a_file_from_running() -> None:
    fault = a_finding("blocker").model_copy(update={"in_tests": True})
    state: FileState = {"draft": a_draft(), "findings": (fault,), "refused": True, "fixes": 3}
    assert await after_check(state, with_budgets(max_fixes=2)) == "sound"


async def test_a_review_that_holds_is_not_paid_for_again() -> None:
    sound: FileState = {"draft": a_draft(), "findings": (), "refused": False, "fixes": 0}
    state: FileState = {**sound, "review": a_review(), "reviewed": 2}
    assert await after_check(state, with_budgets()) == "done"
    assert await after_check({**state, "review": a_review(accepted=False)}, with_budgets()) == "sound"
    assert await after_check({**state, "reviewed": 1}, with_budgets()) == "sound"


@pytest.mark.parametrize(
    ("review", "reviews_given", "decision"),
    [
        (a_review(), 1, "accept"),
        (a_refusal(PAIR, "model.py"), 1, "revise"),
        (a_refusal(PAIR, "model.py"), 2, "revise"),
        (a_refusal(PAIR, "model.py"), 3, "accept"),
    ],
)
async def test_a_file_is_revised_while_the_budget_lasts(
    review: FileReview, reviews_given: int, decision: str
) -> None:
    runtime = with_budgets(max_revisions=2)
    assert await after_review({"review": review, "reviews_given": reviews_given}, runtime) == decision


@pytest.mark.parametrize(
    ("review", "content"),
    [
        (a_review(), True),
        (a_review(verdict="partly"), True),
        (a_review(findings=("minor",)), True),
        (a_review(accepted=False), False),
        (a_review(verdict="missing"), False),
        (a_review(verdict="contradicts"), False),
        (a_review(findings=("minor", "major")), False),
    ],
)
def test_a_review_that_contradicts_itself_accepts_nothing(review: FileReview, content: bool) -> None:
    assert is_content(review) is content


# ------------------------------------------------------------------ the whole repository


@pytest.mark.parametrize(
    ("file_status", "audit", "complete"),
    [
        ({"data.py": "accepted", "model.py": "accepted"}, PAIR.audit(), True),
        ({"data.py": "accepted", "model.py": "rejected"}, PAIR.audit(), False),
        ({"data.py": "accepted", "model.py": "failed"}, PAIR.audit(), False),
        ({"data.py": "accepted"}, PAIR.audit(), False),
        (
            {"data.py": "accepted", "model.py": "accepted"},
            an_audit(PAIR, tickets=("model.py",)),
            False,
        ),
        (
            {"data.py": "accepted", "model.py": "accepted"},
            an_audit(PAIR, missing=("model.py",)),
            False,
        ),
        (
            {"data.py": "accepted", "model.py": "accepted"},
            Audit(assessment="Silent.", verdicts=(), tickets=()),
            False,
        ),
    ],
)
def test_a_run_is_complete_only_if_nothing_is_left_to_do(
    file_status: dict[str, Any], audit: Audit, complete: bool
) -> None:
    state: State = {"plan": PAIR.plan(), "architecture": PAIR.architecture(), "file_status": file_status}
    assert is_complete(state, audit) is complete


def test_a_run_is_not_complete_where_its_gate_failed() -> None:
    state: State = {
        "plan": PAIR.plan(),
        "architecture": PAIR.architecture(),
        "file_status": {"data.py": "accepted", "model.py": "accepted"},
    }
    assert is_complete({**state, "run": a_run("passed", "not run")}, PAIR.audit())
    assert not is_complete({**state, "run": a_run("passed", "failed")}, PAIR.audit())


def test_what_should_be_met_and_is_not_does_not_make_a_run_incomplete() -> None:
    first, last = PAIR.plan().requirements
    plan = PAIR.plan().model_copy(
        update={"requirements": (first, last.model_copy(update={"priority": "should"}))}
    )
    state: State = {
        "plan": plan,
        "architecture": PAIR.architecture(),
        "file_status": {"data.py": "accepted", "model.py": "accepted"},
    }
    assert is_complete(state, an_audit(PAIR, missing=("model.py",)))


# ------------------------------------------------------------------ the drawing


@pytest.mark.parametrize(
    "decide",
    [
        after_plan,
        after_answers,
        after_dependencies,
        after_design_review,
        after_run,
        into_file,
        after_check,
        after_review,
    ],
)
def test_every_answer_of_a_router_is_a_label_on_the_drawing(decide: Callable[..., Any]) -> None:
    edges = [*build_graph().get_graph().edges, *build_file_graph().get_graph().edges]
    answers = get_args(get_type_hints(decide, vars(routing))["return"])
    assert set(answers) <= {edge.data for edge in edges}
