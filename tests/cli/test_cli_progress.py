import pytest
import scenario

from paper2code.cli.live_screen import cost, tokens
from paper2code.cli.progress import Progress


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def progress():
    return Progress("paper.pdf", scenario.MODEL, clock=Clock())


def play(progress, *events):
    for event in events:
        progress.apply(event)


def finished(**facts):
    return scenario.call("coder", "a.py", "finished", **facts)


def test_a_whole_run_ends_with_nothing_under_way(progress):
    coding = scenario.coding()
    for when, event in [*scenario.planning(), *coding, *scenario.finishing(coding[-1][0])]:
        progress.clock.now = when
        progress.apply(event)
    assert progress.title == scenario.TITLE
    assert (progress.count("accepted"), progress.count("rejected")) == (13, 1)
    assert progress.calls == {}
    assert all(stage.since is None for stage in progress.stages.values())
    assert {node for node, stage in progress.stages.items() if stage.runs == 2} == {"runner"}
    assert (progress.steps_that("passed"), progress.steps_that("failed")) == (5, 0)
    assert progress.files["training/schedule.py"].revision == 2


def test_the_files_stand_in_the_order_of_the_design_and_keep_what_they_reached(progress):
    play(
        progress,
        scenario.design(files=("a.py", "b.py")),
        scenario.file("a.py", "accepted"),
        scenario.design(files=("b.py", "a.py", "c.py")),
    )
    assert list(progress.files) == ["b.py", "a.py", "c.py"]
    assert progress.files["a.py"].outcome == "accepted"


def test_a_revision_takes_a_file_back_to_its_coder(progress):
    play(progress, scenario.file("a.py", "reviewer"), scenario.file("a.py", "coder", 1))
    assert (progress.files["a.py"].lane, progress.files["a.py"].revision) == ("coder", 1)


def test_a_repair_reopens_a_file_that_had_ended(progress):
    play(progress, scenario.file("a.py", "accepted"), scenario.file("a.py", "coder", 1))
    assert progress.files["a.py"].outcome is None


def test_a_call_that_was_given_up_leaves_with_its_file(progress):
    play(progress, scenario.call("coder", "a.py", "started"), scenario.file("a.py", "failed"))
    assert progress.calls_in("started") == 0


def test_a_call_that_was_given_up_leaves_when_the_next_stage_begins(progress):
    play(
        progress,
        scenario.call("tester", "tests/test_a.py", "started"),
        scenario.stage("arbiter", "started"),
    )
    assert progress.calls_in("started") == 0


@pytest.mark.parametrize("others", [(), ("queued", "started"), ("queued", "started", "finished")])
def test_the_tester_works_beside_the_coder_and_its_call_counts(progress, others):
    play(progress, scenario.file("a.py", "await_imports"), scenario.file("a.py", "coder"))
    progress.clock.now = 3.0
    play(progress, scenario.file("a.py", "tester"))
    play(progress, *(scenario.call("tester", "tests/test_a.py", state) for state in others))
    row = progress.files["a.py"]
    assert (row.lane, row.since) == ("coder", 0.0)
    assert (progress.spending.calls, progress.calls_in("started")) == (
        others.count("finished"),
        int(others[-1:] == ("started",)),
    )


def test_a_tester_that_is_heard_of_before_the_coder_moves_no_file(progress):
    play(progress, scenario.file("a.py", "await_imports"), scenario.file("a.py", "tester"))
    assert progress.files["a.py"].lane == "await_imports"


def test_each_run_of_the_gate_is_told_anew(progress):
    play(progress, scenario.stage("runner", "started"), *map(scenario.step, scenario.FAILED.steps))
    assert (progress.steps_that("passed"), progress.steps_that("failed")) == (4, 1)
    play(progress, scenario.stage("runner", "finished"), scenario.stage("runner", "started"))
    assert progress.steps == []


def test_known_prices_add_up(progress):
    play(progress, finished(usd=0.25), finished(usd=0.5))
    assert cost(progress) == "$0.75"


def test_a_price_that_nobody_knows_is_not_called_zero(progress):
    play(progress, finished(usd=None))
    assert cost(progress) == "price unknown"
    play(progress, finished(usd=0.5))
    assert cost(progress) == "$0.50 and unknown prices"


def test_what_an_earlier_run_paid_is_told_apart(progress):
    play(progress, finished(usd=0.25, replayed=True), finished(usd=0.5))
    assert (progress.spending.usd, progress.spending.usd_before) == (0.75, 0.25)


def test_a_recording_costs_nothing(progress):
    play(progress, finished(usd=0.0, replayed=True))
    assert cost(progress) == "nothing paid"


def test_tokens_tell_the_cached_share(progress):
    play(progress, finished(input_tokens=90_000, cached_tokens=45_000, output_tokens=10_000))
    assert tokens(progress) == "100k tokens, 50% cached"


def test_a_title_with_escape_sequences_is_defused(progress):
    play(progress, scenario.design(title="\x1b[2JGone\r\n", files=("a\x07.py",)))
    assert progress.title == "[2JGone"
    assert list(progress.files) == ["a .py"]
