"""The coder."""

from paper2code.agents.coder import code
from paper2code.artifacts import SourceFile
from paper2code.state import FileState
from tests.agents.conftest import Workplace
from tests.script import CHAIN, UNUSABLE, a_finding, a_refusal, a_step, a_ticket, proposing

MODEL: FileState = {"path": "model.py", "edition": "1", "rank": 2}
DRAFT = SourceFile(path="model.py", text="OLD = 1\n", revision=3)
TESTS = SourceFile(path="tests/test_model.py", text="def test_old(): ...\n", revision=3)


async def test_a_draft_is_kept_in_case_no_better_one_comes(work: Workplace) -> None:
    work.write("data.py")
    update = await code(MODEL, work.runtime)
    assert update["draft"].revision == 0
    assert work.run.board.draft("1", "model.py") == update["draft"]


async def test_of_a_long_file_that_it_imports_it_sees_what_that_offers(work: Workplace) -> None:
    work.run.workspace.write(
        "data.py", "def value_of_data() -> int:\n" + "    x = 1\n" * 1_000 + "    return x\n"
    )
    await code(MODEL, work.runtime)
    (question,) = work.asked
    assert "only what it offers is shown.\n\ndef value_of_data() -> int: ..." in question.prompt
    assert "x = 1" not in question.prompt


async def test_a_short_file_that_it_imports_is_shown_whole(work: Workplace) -> None:
    work.write("data.py")
    await code(MODEL, work.runtime)
    (question,) = work.asked
    assert work.run.workspace.read("data.py").rstrip() in question.prompt


async def test_a_revision_is_shown_the_draft_and_all_that_is_wrong_with_it(work: Workplace) -> None:
    work.write("data.py")
    update = await code(
        {**MODEL, "draft": DRAFT, "findings": (a_finding(),), "review": a_refusal(CHAIN, "model.py")},
        work.runtime,
    )
    (question,) = work.asked
    assert update["draft"].revision == 4
    assert "OLD = 1" in question.prompt
    assert "What checks found in the draft" in question.prompt
    assert "What the reviewer found" in question.prompt


async def test_a_repair_is_told_its_ticket(work: Workplace) -> None:
    work.write("data.py")
    await code({**MODEL, "draft": DRAFT, "ticket": a_ticket("model.py")}, work.runtime)
    (question,) = work.asked
    assert "Count from zero." in question.prompt


async def test_the_tests_are_hidden_from_the_first_draft_and_shown_to_the_next(work: Workplace) -> None:
    work.write("data.py")
    await code({**MODEL, "tests": TESTS}, work.runtime)
    await code({**MODEL, "tests": TESTS, "draft": DRAFT, "tried": a_step("failed")}, work.runtime)
    first, second = (question.prompt for question in work.asked)
    assert "def test_old" not in first
    assert "def test_old" in second
    assert "model.py:6: AssertionError" in second


async def test_it_may_change_the_tests_where_they_are_wrong(work: Workplace) -> None:
    work.write("data.py")
    work.script.says("coder", f"{TESTS.path}\n```python\ndef test_new(): ...\n```", about="model.py")
    state: FileState = {**MODEL, "tests": TESTS, "draft": DRAFT, "tried": a_step("failed")}
    update = await code(state, work.runtime)
    assert update["tests"] == SourceFile(path=TESTS.path, text="def test_new(): ...\n", revision=4)
    assert update["draft"] == SourceFile(path="model.py", text="OLD = 1\n", revision=4)


async def test_a_coder_who_cannot_be_brought_to_a_change_leaves_the_draft(work: Workplace) -> None:
    work.write("data.py")
    work.script.insists("coder", UNUSABLE, about="model.py")
    update = await code({**MODEL, "draft": DRAFT, "ticket": a_ticket("model.py")}, work.runtime)
    assert update["draft"] == SourceFile(path="model.py", text="OLD = 1\n", revision=4)


async def test_it_may_ask_for_another_interface(work: Workplace) -> None:
    work.write("data.py")
    work.script.says("coder", proposing(CHAIN, "model.py", about="data.py"), about="model.py")
    update = await code(MODEL, work.runtime)
    (proposal,) = update["proposals"]
    assert (proposal.path, proposal.symbol) == ("data.py", "value_of_data")
    assert "def value_of_model()" in update["draft"].text
