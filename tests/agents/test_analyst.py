"""The analyst."""

from paper2code.agents.analyst import analyse
from tests.agents.conftest import Workplace


async def test_it_is_asked_about_the_requirements_of_its_file(work: Workplace) -> None:
    update = await analyse({"path": "model.py", "rank": 2}, work.runtime)
    assert update["analysis"].steps == ("Write model.py.",)
    (question,) = work.asked
    task = question.prompt[question.prompt.index("# THE FILE") :]
    assert "model.py returns its own number." in task
    assert "data.py returns its own number." not in task
