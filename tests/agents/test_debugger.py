"""The debugger."""

from paper2code.agents.debugger import concerned, debug
from paper2code.artifacts import FileReview, RunResult, Step
from paper2code.state import Refusal, State
from tests.agents.conftest import Workplace
from tests.script import CHAIN, UNUSABLE, a_finding, a_run, a_step, reseeded

TRACEBACK = """Traceback (most recent call last):
  File "/tmp/repository/train.py", line 8, in <module>
  File "/tmp/repository/model.py", line 5, in value_of_model
TypeError: unsupported operand
"""
FAILED = RunResult(
    steps=(
        a_step("passed"),
        Step(
            kind="smoke",
            target="train.py",
            command="python train.py --smoke",
            ending="failed",
            reason="exit code 1",
            output=TRACEBACK,
        ),
    )
)
RAN: State = {
    "plan": CHAIN.plan(),
    "architecture": CHAIN.architecture(),
    "dependencies": CHAIN.dependencies(),
    "config": CHAIN.config(),
    "run": FAILED,
}


def installed(work: Workplace) -> None:
    """All files are there, with what stands around them."""
    work.write("data.py", "model.py", "train.py")
    work.run.workspace.write("config.yaml", CHAIN.config().yaml)
    work.run.workspace.write("requirements.txt", "# nothing\n")


async def test_it_sees_what_failed_and_the_files_that_it_passes_through(work: Workplace) -> None:
    installed(work)
    update = await debug(RAN, work.runtime)
    (question,) = work.asked
    task = question.prompt[question.prompt.index("# YOUR TASK") :]
    assert "### `python train.py --smoke` (train.py): exit code 1" in task
    assert "TypeError: unsupported operand" in task
    assert "### model.py\n" in task
    assert [file.path for file in update["mended"]] == ["train.py"]
    assert update["mends"] == 1


def test_files_that_are_named_come_before_those_that_they_import(work: Workplace) -> None:
    texts = dict.fromkeys(("data.py", "model.py", "train.py", "tests/test_model.py"), "x = 1\n")
    texts |= {"config.yaml": "seed: 0\n", "requirements.txt": ""}
    assert concerned(FAILED, texts, work.run.design) == (
        "model.py",
        "train.py",
        "tests/test_model.py",
        "config.yaml",
        "requirements.txt",
        "data.py",
    )


def test_what_a_failing_test_is_about_is_shown_though_no_traceback_names_it(work: Workplace) -> None:
    output = "tests/test_model.py:12: in test_value\nE   assert 2 == 3"
    failed = RunResult(
        steps=(
            FAILED.steps[1].model_copy(
                update={"target": "", "command": "python -m pytest -q", "output": output}
            ),
        )
    )
    texts = dict.fromkeys(("data.py", "model.py", "train.py", "tests/test_model.py"), "x = 1\n")
    assert concerned(failed, texts, work.run.design) == ("tests/test_model.py", "model.py", "data.py")


def test_a_file_that_has_no_room_is_left_out(work: Workplace) -> None:
    texts = {"model.py": "x" * 150_000, "train.py": "x" * 100_000, "config.yaml": "seed: 0\n"}
    assert concerned(FAILED, texts, work.run.design) == ("model.py", "config.yaml")


async def test_what_was_refused_and_what_was_undone_is_told(work: Workplace) -> None:
    installed(work)
    review = FileReview(verdicts=(), findings=(a_finding(),), accepted=False)
    told: State = {
        "mends": 1,
        "relapse": a_run("failed").failed,
        "refusals": {"model.py": Refusal(mend=1, review=review)},
    }
    await debug({**RAN, **told}, work.runtime)
    (question,) = work.asked
    assert "- model.py: (major) The sign is wrong. → Turn it." in question.prompt
    assert "Your last mend was undone" in question.prompt


async def test_it_may_ask_once_for_a_file_that_is_not_shown(work: Workplace) -> None:
    installed(work)
    elsewhere = FAILED.steps[1].model_copy(
        update={"output": "TypeError: unsupported operand", "target": "data.py", "command": "python data.py"}
    )
    work.script.says("debugger", "<show_file>train.py</show_file>", CHAIN.mend("train.py"))
    update = await debug({**RAN, "run": RunResult(steps=(elsewhere,))}, work.runtime)
    first, second = (question.prompt[question.prompt.index("# YOUR TASK") :] for question in work.asked)
    assert "### train.py\n\n````\ndef value_of_train() -> int: ..." in first
    assert "<show_file>" in first
    assert "return" in second[second.index("### train.py") : second.index("## How to mend")]
    assert "<show_file>" not in second
    assert [file.path for file in update["mended"]] == ["train.py"]


async def test_values_of_the_configuration_may_change(work: Workplace) -> None:
    installed(work)
    work.script.says("debugger", reseeded())
    update = await debug(RAN, work.runtime)
    assert update["config"].yaml == "seed: 1\n"
    assert update["dependencies"] == CHAIN.dependencies()


async def test_keys_of_the_configuration_may_not(work: Workplace) -> None:
    installed(work)
    work.script.says("debugger", "config.yaml\n```yaml\nseeds: 1\n```", reseeded())
    update = await debug(RAN, work.runtime)
    assert [question.again for question in work.asked] == [False, True]
    assert update["config"].yaml == "seed: 1\n"


async def test_one_who_finds_nothing_changes_nothing(work: Workplace) -> None:
    installed(work)
    work.script.insists("debugger", UNUSABLE)
    update = await debug(RAN, work.runtime)
    assert update["mended"] == ()
    assert update["config"] == CHAIN.config()
