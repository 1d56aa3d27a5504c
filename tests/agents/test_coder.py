"""The coder."""

from paper2code.agents.coder import code
from paper2code.artifacts import SourceFile
from paper2code.board import Published
from paper2code.state import FileState
from tests.agents.conftest import Workplace
from tests.script import CHAIN, a_finding, a_refusal, a_ticket

MODEL: FileState = {"path": "model.py", "rank": 2}
DRAFT = SourceFile(path="model.py", text="OLD = 1\n", revision=3)


async def test_a_draft_is_kept_in_case_no_better_one_comes(work: Workplace) -> None:
    work.write("data.py")
    update = await code(MODEL, work.runtime)
    assert update["draft"].revision == 0
    assert work.run.board.draft("model.py") == update["draft"]


async def test_the_files_that_it_imports_are_shown_whole(work: Workplace) -> None:
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


async def test_a_repair_goes_on_from_the_published_file(work: Workplace) -> None:
    work.write("data.py", "model.py")
    await work.run.board.publish(
        Published(path="model.py", round=0, revision=5, status="accepted", review=None)
    )
    update = await code({**MODEL, "ticket": a_ticket("model.py")}, work.runtime)
    (question,) = work.asked
    assert update["draft"].revision == 6
    assert "Count from zero." in question.prompt
