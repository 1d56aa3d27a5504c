"""The arbiter."""

from paper2code.agents.arbiter import rule
from paper2code.artifacts import InterfaceChange
from paper2code.state import State
from tests.agents.conftest import Workplace
from tests.script import CHAIN, a_ruling

DESIGNED: State = {
    "plan": CHAIN.plan(),
    "architecture": CHAIN.architecture(),
    "dependencies": CHAIN.dependencies(),
    "config": CHAIN.config(),
}


def asking(path: str, reason: str = "R2 needs it.") -> InterfaceChange:
    """The wish for another signature of its one function."""
    return InterfaceChange(path=path, symbol="value_of_data", signature="def f() -> int: ...", reason=reason)


async def test_where_nobody_asks_nothing_is_asked(work: Workplace) -> None:
    assert await rule(DESIGNED, work.runtime) == {"ruling": None}
    assert work.asked == []


async def test_it_sees_the_files_concerned_and_who_imports_them(work: Workplace) -> None:
    work.write("data.py", "model.py", "train.py")
    await rule({**DESIGNED, "proposals": (asking("data.py"),)}, work.runtime)
    (question,) = work.asked
    assert "Imported by: `model.py`." in question.prompt
    assert "def value_of_model() -> int:\n    return" in question.prompt
    assert "def value_of_train() -> int:\n    return" not in question.prompt


async def test_a_new_interface_takes_the_place_of_the_old_one(work: Workplace) -> None:
    work.write("data.py", "model.py")
    work.script.says("arbiter", a_ruling("data.py", "model.py"))
    update = await rule({**DESIGNED, "proposals": (asking("data.py"),)}, work.runtime)
    changed = update["architecture"].file("data.py")
    assert changed is not None
    assert changed.interface.endswith("# at least 1")
    assert (update["rulings"], update["heard"]) == (1, 1)


async def test_each_proposal_is_heard_once(work: Workplace) -> None:
    work.write("data.py", "model.py")
    state: State = {**DESIGNED, "proposals": (asking("data.py"),), "heard": 1, "rulings": 1}
    assert await rule(state, work.runtime) == {"ruling": None}


async def test_what_two_coders_ask_of_one_symbol_is_one_proposal(work: Workplace) -> None:
    work.write("data.py", "model.py")
    twice = (asking("data.py", "First."), asking("data.py", "Second."))
    await rule({**DESIGNED, "proposals": twice}, work.runtime)
    (question,) = work.asked
    assert "First." not in question.prompt
    assert "Second." in question.prompt


async def test_a_wish_about_a_file_that_is_not_planned_is_left_out(work: Workplace) -> None:
    assert await rule({**DESIGNED, "proposals": (asking("torch.py"),)}, work.runtime) == {"ruling": None}


async def test_a_ruling_that_names_no_planned_file_is_asked_for_again(work: Workplace) -> None:
    work.write("data.py", "model.py")
    work.script.says("arbiter", a_ruling("torch.py"), a_ruling("data.py"))
    update = await rule({**DESIGNED, "proposals": (asking("data.py"),)}, work.runtime)
    assert [question.again for question in work.asked] == [False, True]
    assert [entry.path for entry in update["ruling"].interfaces] == ["data.py"]


async def test_what_a_ruling_insists_on_for_files_that_are_not_planned_is_left_out(work: Workplace) -> None:
    work.write("data.py", "model.py")
    work.script.insists("arbiter", a_ruling("torch.py", "data.py"))
    update = await rule({**DESIGNED, "proposals": (asking("data.py"),)}, work.runtime)
    assert len(work.asked) == 3
    assert update["ruling"].interfaces == ()
    assert [ticket.path for ticket in update["ruling"].tickets] == ["data.py"]
