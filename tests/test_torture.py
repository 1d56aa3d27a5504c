"""Runs that are killed at random moments end as if nothing had happened; `make torture` kills far more."""

from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from tests.torture.killing import Torturer, processes
from tests.torture.sessions import WAYS
from tests.torture.stories import CHANGED, REPAIRED, Story

KILLS = 1


@pytest.fixture(scope="module")
def context() -> ForkServerContext:
    return processes()


@pytest.mark.parametrize(
    ("story", "way"),
    [(CHANGED, "run"), (REPAIRED, "SqliteSaver")],
    ids=str,
)
def test_kills_leave_no_trace(story: Story, way: str, tmp_path: Path, context: ForkServerContext) -> None:
    assert way in WAYS
    torturer = Torturer(story, way, tmp_path, context)
    broken = torturer.broken(seed=1, kills=KILLS, unbroken=torturer.unbroken())
    assert broken.is_sound, broken
