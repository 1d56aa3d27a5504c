"""From requirements to code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.artifacts import Audit, FileReview, TracedRequirement, Verdict
from paper2code.report import trace
from tests.designs import a_plan
from tests.report.outcomes import ARCHITECTURE, FILES, a_review, a_verdict, an_audit


def traced(
    requirement: str, reviews: dict[str, FileReview] | None = None, audit: Audit | None = None
) -> TracedRequirement:
    plan = a_plan("R1", "R2", "R3")
    rows = trace(plan, ARCHITECTURE, reviews or {}, audit, FILES)
    assert [row.requirement for row in rows] == list(plan.requirements)
    return next(row for row in rows if row.requirement.id == requirement)


def test_the_audit_has_the_last_word() -> None:
    reviews = {"model.py": a_review(a_verdict("R1", "missing", ""))}
    row = traced("R1", reviews, an_audit(("R1", "met", "model.py", "Model.forward")))
    assert (row.path, row.symbol, row.lines, row.verdict) == ("model.py", "Model.forward", "5-6", "met")
    assert row.note == "Because."


def test_without_an_audit_the_owner_is_asked() -> None:
    reviews = {
        "model.py": a_review(a_verdict("R1")),
        "train.py": a_review(a_verdict("R1", "contradicts")),
    }
    row = traced("R1", reviews)
    assert (row.path, row.lines, row.verdict) == ("model.py", "5-6", "met")


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [("met", "missing", "met"), ("partly", "met", "met"), ("met", "contradicts", "contradicts")],
)
def test_of_several_owners_one_is_enough_unless_another_contradicts(
    first: Verdict, second: Verdict, counts: Verdict
) -> None:
    reviews = {
        "model.py": a_review(a_verdict("R2", first)),
        "train.py": a_review(a_verdict("R2", second, "main")),
    }
    assert traced("R2", reviews).verdict == counts


def test_what_nobody_judged_is_missing() -> None:
    row = traced("R3")
    assert (row.path, row.verdict, row.note) == ("train.py", "missing", "Nobody judged it.")


def test_a_symbol_is_found_in_another_file() -> None:
    row = traced("R3", {"train.py": a_review(a_verdict("R3", symbol="Model"))})
    assert (row.path, row.lines) == ("model.py", "4-6")
    assert "Found in model.py, not in train.py." in row.note


def test_a_symbol_that_is_gone_breaks_the_trace() -> None:
    row = traced("R1", audit=an_audit(("R1", "met", "model.py", "Model.backward")))
    assert (row.path, row.lines, row.verdict) == ("model.py", "", "missing")
    assert row.note == "No file has Model.backward. Judged before: met. Because."


@pytest.mark.parametrize(
    ("symbol", "lines"),
    [
        ("`Model.forward()`", "5-6"),
        ("model.Model.forward", "5-6"),
        ("model.py:Model.forward", "5-6"),
        ("Model, Model.forward", "4-6, 5-6"),
        ("Model and lost", "4-6"),
        ("Model.forward (the sum)", "5-6"),
    ],
)
def test_symbols_as_models_write_them(symbol: str, lines: str) -> None:
    assert traced("R1", audit=an_audit(("R1", "met", "model.py", symbol))).lines == lines


def test_a_path_that_is_none_is_corrected() -> None:
    row = traced("R1", audit=an_audit(("R1", "met", "lost/model.py", "Model.forward")))
    assert (row.path, row.lines) == ("model.py", "5-6")


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_symbol_is_taken(symbol: str, path: str) -> None:
    traced("R1", audit=an_audit(("R1", "partly", path, symbol)))


def test_what_contradicts_still_does_when_its_symbol_is_gone() -> None:
    assert traced("R1", audit=an_audit(("R1", "contradicts", "model.py", "lost"))).verdict == "contradicts"


def test_one_of_several_symbols_may_be_gone_but_not_in_silence() -> None:
    row = traced("R1", audit=an_audit(("R1", "met", "model.py", "Model, lost")))
    assert (row.verdict, row.note) == ("met", "Because. (model.py has no lost.)")


def test_symbols_of_other_languages_are_taken_as_they_are() -> None:
    assert traced("R1", audit=an_audit(("R1", "met", "config.yaml", "training.lr"))).verdict == "met"


TESTS = """
import model

class TestModel:
    "What R2 says."

    def test_forward(self):
        "R1, R3: the forward pass."

    def helper(self):
        "R1"

async def test_later():
    "R10 is not R1x; see R3."
"""


def test_tests_that_name_a_requirement_are_in_its_row() -> None:
    rows = trace(a_plan("R1", "R2", "R3"), ARCHITECTURE, {}, None, {**FILES, "tests/test_a.py": TESTS})
    assert [row.tests for row in rows] == [
        ("tests/test_a.py::TestModel::test_forward",),
        ("tests/test_a.py::TestModel",),
        ("tests/test_a.py::TestModel::test_forward", "tests/test_a.py::test_later"),
    ]


@given(st.text(max_size=200))
def test_any_text_is_looked_through_for_tests(text: str) -> None:
    trace(a_plan("R1"), ARCHITECTURE, {}, None, {"tests/test_a.py": text, "model.py": f"R1 {text}"})
