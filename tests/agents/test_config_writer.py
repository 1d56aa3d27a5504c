"""The config writer."""

import pytest

from paper2code.agents.config_writer import write_config
from paper2code.artifacts import ExperimentConfig
from paper2code.errors import AnswerError
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


async def test_what_is_no_yaml_is_never_taken(work: Workplace) -> None:
    work.script.insists("config_writer", ExperimentConfig(yaml="data: [10\n", values=()))
    with pytest.raises(AnswerError, match=r"config\.yaml isn't YAML"):
        await write_config(DESIGNED, work.runtime)
    assert len(work.asked) == 3


@pytest.mark.parametrize("fence", ["```yaml\n{}```", "```\n{}```\n", "````yml\n{}````"])
def test_a_fence_is_no_part_of_the_file(fence: str) -> None:
    assert ExperimentConfig(yaml=fence.format(SOUND.yaml), values=()) == SOUND


async def test_for_another_design_it_is_shown_what_it_wrote_before(work: Workplace) -> None:
    work.script.says("config_writer", SOUND)
    before = ExperimentConfig(yaml="data:\n  size: 11\n", values=())
    review = an_objection("config")
    await write_config({**DESIGNED, "config": before, "design_review": review}, work.runtime)

    (question,) = work.asked
    assert "size: 11" in question.prompt
    assert review.findings[0].fix in question.prompt
