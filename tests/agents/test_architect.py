"""The architect."""

import pytest

from paper2code.agents.architect import design, open_findings, unowned
from paper2code.artifacts import ArchitectureRevision
from paper2code.state import State
from tests.agents.conftest import Workplace
from tests.designs import a_file, a_plan
from tests.example import FAULT
from tests.script import CHAIN, a_hole, an_objection

DESIGNED: State = {
    "plan": CHAIN.plan(),
    "architecture": CHAIN.architecture(),
    "dependencies": CHAIN.dependencies(),
    "designs": 1,
    "redesigns": 0,
}


async def test_the_first_design_counts_as_no_redesign(work: Workplace) -> None:
    assert await design({"plan": CHAIN.plan()}, work.runtime) == {
        "architecture": CHAIN.architecture(),
        "designs": 1,
        "redesigns": 0,
        "design_changes": (),
    }


async def test_who_leaves_a_requirement_without_an_owner_is_asked_again(work: Workplace) -> None:
    work.script.says("architect", a_hole(CHAIN))
    update = await design({"plan": CHAIN.plan()}, work.runtime)
    assert unowned(CHAIN.plan(), update["architecture"]) is None
    assert [question.again for question in work.asked] == [False, True]


async def test_who_does_so_three_times_is_taken_at_his_word(work: Workplace) -> None:
    work.script.insists("architect", a_hole(CHAIN))
    update = await design({"plan": CHAIN.plan()}, work.runtime)
    assert update["architecture"] == a_hole(CHAIN)
    assert len(work.asked) == 3


async def test_a_redesign_names_the_paths_that_it_changes(work: Workplace) -> None:
    moved = a_file("fitting.py", "def value_of_fitting() -> int: ...", ["R3"])
    revision = ArchitectureRevision(
        approach="",
        files=(moved,),
        removed=("train.py",),
        class_diagram="",
        sequence_diagram="",
        commands=(),
    )
    work.script.says("architect", revision)
    update = await design({**DESIGNED, "faults": (FAULT,)}, work.runtime)

    assert update["design_changes"] == ("train.py", "fitting.py")
    assert (update["designs"], update["redesigns"]) == (2, 1)
    assert FAULT.problem in work.asked[0].prompt


async def test_following_a_new_plan_costs_no_redesign(work: Workplace) -> None:
    update = await design({**DESIGNED, "plan_changes": ("R1",)}, work.runtime)
    assert (update["designs"], update["redesigns"]) == (2, 0)
    assert "The plan changed" in work.asked[0].prompt


@pytest.mark.parametrize(("reviewed_design", "shown"), [(1, True), (0, False)])
async def test_findings_on_an_older_design_are_not_shown_again(
    reviewed_design: int, shown: bool, work: Workplace
) -> None:
    review = an_objection("architecture")
    state: State = {**DESIGNED, "design_review": review, "reviewed_design": reviewed_design}
    await design(state, work.runtime)
    assert (review.findings[0].problem in work.asked[0].prompt) is shown


def test_findings_on_the_plan_are_the_planners() -> None:
    state: State = {**DESIGNED, "design_review": an_objection("plan"), "reviewed_design": 1}
    assert open_findings(state) == []


def test_requirements_without_an_owner_are_named() -> None:
    plan = a_plan("R1", "R2", "R3", "R4")
    assert unowned(plan, CHAIN.architecture()) == "No file owns these requirements: R4."
