"""The planner."""

from paper2code.agents.planner import plan
from paper2code.artifacts import DesignReview, PlanRevision
from paper2code.state import State
from tests.agents.conftest import Workplace
from tests.designs import a_requirement
from tests.script import CHAIN, an_objection

PLANNED: State = {"plan": CHAIN.plan(), "replans": 0}


async def test_the_first_plan_changes_nothing(work: Workplace) -> None:
    assert await plan({}, work.runtime) == {"plan": CHAIN.plan(), "replans": 0, "plan_changes": ()}


async def test_a_revision_names_what_was_added_reworded_and_withdrawn(work: Workplace) -> None:
    reworded, added = a_requirement("R1", statement="Something else."), a_requirement("R9")
    revision = PlanRevision(summary="", requirements=(reworded, added), withdrawn=("R2",), ambiguities=())
    work.script.says("planner", revision)
    update = await plan({**PLANNED, "remark": "Think again."}, work.runtime)

    assert update["plan_changes"] == ("R1", "R2", "R9")
    assert update["replans"] == 1
    assert [r.id for r in update["plan"].requirements] == ["R1", "R3", "R9"]
    assert update["plan"].summary == CHAIN.plan().summary


async def test_it_is_shown_the_findings_that_concern_the_plan(work: Workplace) -> None:
    mine, another = an_objection("plan").findings[0], an_objection("architecture").findings[0]
    review = DesignReview(
        assessment="", findings=(mine, another.model_copy(update={"problem": "Not for the planner."}))
    )
    await plan({**PLANNED, "design_review": review}, work.runtime)

    (question,) = work.asked
    assert mine.problem in question.prompt
    assert "Not for the planner." not in question.prompt
