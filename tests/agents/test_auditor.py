"""The auditor."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.agents import auditor
from paper2code.agents.auditor import audit, group_by_size
from paper2code.artifacts import Audit
from paper2code.state import State
from tests.agents.conftest import Workplace
from tests.script import CHAIN, an_audit

WRITTEN: State = {"file_status": {"data.py": "accepted", "model.py": "rejected", "train.py": "accepted"}}


@pytest.fixture(autouse=True)
def finished(work: Workplace) -> None:
    work.write("data.py", "model.py", "train.py")


async def test_a_small_repository_is_judged_at_once(work: Workplace) -> None:
    assert await audit(WRITTEN, work.runtime) == {"audit": CHAIN.audit(), "audits": 1}
    (question,) = work.asked
    assert "### model.py (rejected)" in question.prompt
    assert "### data.py\n" in question.prompt


async def test_who_leaves_a_requirement_unjudged_is_asked_again(work: Workplace) -> None:
    work.script.says("auditor", Audit(assessment="", verdicts=(), tickets=()), about="repository")
    update = await audit(WRITTEN, work.runtime)
    assert update["audit"] == CHAIN.audit()
    assert len(work.asked) == 2


async def test_a_ticket_for_a_file_that_is_not_there_is_refused(work: Workplace) -> None:
    work.script.says("auditor", an_audit(CHAIN, tickets=("plots.py",)), about="repository")
    update = await audit(WRITTEN, work.runtime)
    assert update["audit"].tickets == ()
    assert len(work.asked) == 2


async def test_a_ticket_for_a_file_that_is_not_there_is_left_out_in_the_end(work: Workplace) -> None:
    work.script.insists("auditor", an_audit(CHAIN, tickets=("plots.py", "data.py")), about="repository")
    update = await audit(WRITTEN, work.runtime)
    assert [ticket.path for ticket in update["audit"].tickets] == ["data.py"]
    assert len(work.asked) == 3


async def test_a_large_repository_is_judged_in_parts(work: Workplace) -> None:
    for path in CHAIN.imports:
        work.run.workspace.write(path, "# one line of many\n" * 10_000)
    work.script.says("auditor", an_audit(CHAIN, tickets=("data.py",)), about="repository")
    update = await audit(WRITTEN, work.runtime)

    assert len(work.asked) == 3
    assert all("## Signatures of the other files" in question.prompt for question in work.asked)
    assert [ticket.path for ticket in update["audit"].tickets] == ["data.py"]
    assert len(update["audit"].assessment.splitlines()) == 3


async def test_of_parts_that_meet_a_requirement_together_the_lesser_decides(work: Workplace) -> None:
    for path in CHAIN.imports:
        work.run.workspace.write(path, "# one line of many\n" * 10_000)
    both = tuple(
        file.model_copy(update={"requirements": ("R1", "R2")}) if file.path != "train.py" else file
        for file in CHAIN.architecture().files
    )
    work.run.amend(architecture=CHAIN.architecture().model_copy(update={"files": both}))
    work.script.says("auditor", an_audit(CHAIN), an_audit(CHAIN, missing=("model.py",)), about="repository")
    update = await audit(WRITTEN, work.runtime)
    assert {v.requirement: v.verdict for v in update["audit"].verdicts} == {
        "R1": "met",
        "R2": "missing",
        "R3": "met",
    }


async def test_tickets_of_the_round_before_are_shown_again(work: Workplace) -> None:
    before = an_audit(CHAIN, tickets=("data.py",))
    update = await audit({**WRITTEN, "audit": before, "audits": 1}, work.runtime)
    assert update["audits"] == 2
    assert "The number of data.py is off by one." in work.asked[0].prompt


@given(st.dictionaries(st.text(min_size=1), st.text(max_size=30)), st.integers(1, 60))
def test_groups_keep_the_order_and_their_size(texts: dict[str, str], limit: int) -> None:
    groups = group_by_size(texts, limit)
    assert [path for group in groups for path in group] == list(texts)
    assert all(len(group) == 1 or sum(len(texts[p]) for p in group) <= limit for group in groups)


def test_the_examples_in_the_docstrings_are_true() -> None:
    failed, attempted = doctest.testmod(auditor)
    assert (failed, attempted) == (0, 1)
