"""The reviewer of the design, and of single files."""

from paper2code.agents.reviewer import review_design, review_file
from paper2code.artifacts import FileReview, SourceFile
from paper2code.state import FileState, State
from tests.agents.conftest import Workplace
from tests.script import CHAIN, a_refusal, an_objection

DRAFTED: FileState = {
    "path": "model.py",
    "rank": 2,
    "draft": SourceFile(path="model.py", text="def value_of_model() -> int:\n    return 1\n", revision=0),
}


async def test_a_review_says_which_design_it_is_about(work: Workplace) -> None:
    state: State = {
        "plan": CHAIN.plan(),
        "architecture": CHAIN.architecture(),
        "dependencies": CHAIN.dependencies(),
        "config": CHAIN.config(),
        "designs": 2,
        "design_review": an_objection("plan"),
    }
    update = await review_design(state, work.runtime)
    assert update == {"design_review": CHAIN.design_review(), "reviewed_design": 2}
    assert "It is vague." in work.asked[0].prompt


async def test_who_leaves_a_requirement_unjudged_is_asked_again(work: Workplace) -> None:
    work.write("data.py")
    work.script.says("reviewer", FileReview(verdicts=(), findings=(), accepted=True), about="model.py")
    update = await review_file(DRAFTED, work.runtime)
    assert update["review"] == CHAIN.review("model.py")
    assert [question.again for question in work.asked] == [False, True]


async def test_reviews_are_counted(work: Workplace) -> None:
    work.write("data.py")
    assert (await review_file(DRAFTED, work.runtime))["reviews_given"] == 1
    assert (await review_file({**DRAFTED, "reviews_given": 1}, work.runtime))["reviews_given"] == 2


async def test_of_the_files_that_a_file_imports_it_sees_the_signatures(work: Workplace) -> None:
    work.write("data.py")
    await review_file({**DRAFTED, "review": a_refusal(CHAIN, "model.py")}, work.runtime)
    (question,) = work.asked
    assert "def value_of_data() -> int: ..." in question.prompt
    assert "print(value_of_data())" not in question.prompt
    assert "The sign is wrong." in question.prompt, "what it found before is shown again"
