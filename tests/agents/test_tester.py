"""The tester."""

from paper2code.agents.tester import write_tests
from paper2code.state import FileState
from tests.agents.conftest import Workplace
from tests.script import UNUSABLE, with_properties

MODEL: FileState = {"path": "model.py", "rank": 2, "analysis": with_properties()}


async def test_it_works_from_the_interface_and_never_sees_the_code(work: Workplace) -> None:
    work.write("data.py", "model.py")
    update = await write_tests(MODEL, work.runtime)
    (question,) = work.asked
    assert update["tests"].path == "tests/test_model.py"
    assert "It is a number. Check: Call it." in question.prompt
    assert "return 1 + value_of_data()" not in question.prompt


async def test_a_file_whose_tests_nobody_can_write_goes_on_without(work: Workplace) -> None:
    work.script.insists("tester", UNUSABLE, about="model.py")
    assert await write_tests(MODEL, work.runtime) == {}


async def test_who_tests_another_file_is_asked_again(work: Workplace) -> None:
    work.script.says("tester", work.script.project.tests("data.py"), about="model.py")
    update = await write_tests(MODEL, work.runtime)
    assert "from model import" in update["tests"].text
    assert [question.again for question in work.asked] == [False, True]
