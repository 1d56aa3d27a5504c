"""The planner of a paper that its model cannot read at once."""

from collections.abc import AsyncIterator

import pytest
from langgraph.runtime import Runtime

from paper2code.agents.part_planner import plan_by_parts
from paper2code.artifacts import PlanRevision
from paper2code.papers.model import Section
from paper2code.run import Run, open_run
from paper2code.testing import Question, ScriptedModel
from tests.conftest import ContextFor
from tests.designs import a_requirement
from tests.example import PAPER
from tests.script import CHAIN, Script

LONG = PAPER.model_copy(
    update={
        "sections": tuple(
            Section(id=f"s{n}", title=f"Topic {n}", level=1, text="We step and step. " * 150)
            for n in range(1, 9)
        )
    }
)
NOTHING = PlanRevision(summary="", requirements=(), withdrawn=(), ambiguities=())


class Desk:
    """A run on a long paper, and what its planner is asked and says."""

    def __init__(self, run: Run, script: Script, model: ScriptedModel) -> None:
        self.run, self.script, self.model = run, script, model

    @property
    def asked(self) -> list[Question]:
        """The questions so far."""
        return self.model.asked


@pytest.fixture
async def desk(context_for: ContextFor) -> AsyncIterator[Desk]:
    script = Script(CHAIN)
    model = ScriptedModel(answer=script)
    async with open_run(context_for(model, context_tokens=8_000)) as context:
        context.run.begin(LONG)
        yield Desk(Runtime(context=context).context.run, script, model)


def adding(*ids: str, place: str = "s1") -> PlanRevision:
    return NOTHING.model_copy(update={"requirements": tuple(a_requirement(i, places=(place,)) for i in ids)})


async def test_each_part_adds_to_the_plan_of_those_before(desk: Desk) -> None:
    desk.script.says("planner", CHAIN.plan(), adding("R9"), *[NOTHING] * 9)
    found = await plan_by_parts(desk.run)
    assert [r.id for r in found.requirements] == ["R1", "R2", "R3", "R9"]
    first, second, third, *_ = desk.asked
    assert "Write the plan of what this part asks." in first.prompt
    assert "Still to come: s" in first.prompt
    assert "# THE PLAN" not in first.prompt
    assert "under new ids from R4 on" in second.prompt
    assert "under new ids from R10 on" in third.prompt
    assert "This is the last part." in desk.asked[-1].prompt


async def test_an_id_that_is_taken_is_not_given_to_something_else(desk: Desk) -> None:
    desk.script.says(
        "planner", CHAIN.plan(), adding("R1", place="s7"), adding("R4", place="s7"), *[NOTHING] * 9
    )
    found = await plan_by_parts(desk.run)
    assert [r.id for r in found.requirements] == ["R1", "R2", "R3", "R4"]
    assert sum(question.again for question in desk.asked) == 1


async def test_a_long_plan_is_shown_in_short(desk: Desk) -> None:
    wordy = tuple(a_requirement(f"R{n}", statement="It steps. " * 9, places=("s1",)) for n in range(1, 91))
    desk.script.says("planner", CHAIN.plan().model_copy(update={"requirements": wordy}), *[NOTHING] * 19)
    found = await plan_by_parts(desk.run)
    assert found.requirements == wordy
    assert "It steps. It steps." not in desk.asked[1].prompt
