"""When each call was under way."""

from hypothesis import given
from hypothesis import strategies as st

from paper2code.report.timeline import timeline
from tests.report.outcomes import a_call


def test_without_times_there_is_none() -> None:
    assert timeline([]) is None
    assert timeline([a_call("planner")]) is None


def test_bars_stand_where_their_calls_were() -> None:
    drawn = timeline([a_call("coder", "a.py", 1_061.0), a_call("planner", "", 1_000.0)])
    assert drawn is not None
    assert drawn.seconds == 122
    assert [(row.target, row.bars[0].left, row.bars[0].width) for row in drawn.rows] == [
        ("", 0.0, 50.0), ("a.py", 50.0, 50.0),
    ]  # fmt: skip
    assert [second for _, second in drawn.ticks] == [0, 30, 60, 90, 120]


def test_only_roles_with_bars_are_named() -> None:
    drawn = timeline([a_call("runner", "a.py"), a_call("coder", "a.py", 5.0), a_call("planner", "", 1.0)])
    assert drawn is not None
    assert drawn.roles == ("planner", "coder")


def test_a_night_between_two_sessions_is_folded() -> None:
    drawn = timeline([a_call("planner", "", 1_000.0), a_call("planner", "", 40_000.0)])
    assert drawn is not None
    assert drawn.seconds == 61 + 60 + 61
    assert len(drawn.pauses) == 1


@given(st.lists(st.tuples(st.floats(1, 2e9), st.floats(0, 1e5)), min_size=1))
def test_every_bar_is_inside(calls: list[tuple[float, float]]) -> None:
    drawn = timeline([a_call("coder", "a.py", started, seconds=seconds) for started, seconds in calls])
    assert drawn is not None
    bars = [bar for row in drawn.rows for bar in row.bars]
    assert len(bars) == len(calls)
    assert all(bar.left >= -0.01 and bar.left + bar.width <= 100.2 for bar in bars)
    assert len(drawn.ticks) <= 10
