"""The config writer."""

from paper2code.agents.config_writer import write_config
from paper2code.artifacts import ExperimentConfig
from paper2code.state import State
from tests.agents.conftest import Workplace
from tests.designs import the_dependencies, the_needs
from tests.script import CHAIN, an_objection

DESIGNED: State = {
    "plan": CHAIN.plan(),
    "architecture": CHAIN.architecture(),
    "dependencies": the_dependencies(the_needs("data.py", config_keys=["data.size"])),
    "designs": 1,
}
SOUND = ExperimentConfig(yaml="data:\n  size: 10\n", values=())


async def test_who_leaves_out_a_key_that_a_file_reads_is_asked_again(work: Workplace) -> None:
    work.script.says("config_writer", CHAIN.config(), SOUND)
    assert await write_config(DESIGNED, work.runtime) == {"config": SOUND}
    assert [question.again for question in work.asked] == [False, True]


async def test_who_insists_is_taken_at_his_word(work: Workplace) -> None:
    assert await write_config(DESIGNED, work.runtime) == {"config": CHAIN.config()}
    assert len(work.asked) == 3


async def test_for_another_design_it_is_shown_what_it_wrote_before(work: Workplace) -> None:
    work.script.says("config_writer", SOUND)
    before = ExperimentConfig(yaml="data:\n  size: 11\n", values=())
    review = an_objection("config")
    await write_config({**DESIGNED, "config": before, "design_review": review}, work.runtime)

    (question,) = work.asked
    assert "size: 11" in question.prompt
    assert review.findings[0].fix in question.prompt
