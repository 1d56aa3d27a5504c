"""Every fourth fault at one of its stages; `make faults` tries all of them at all."""

from collections.abc import Iterator

import pytest

from tests.faults.fault import Cell
from tests.faults.matrix import CELLS, FAULTS
from tests.faults.trial import tried

_BY_NAME = ("no-memory-in-check",)
"""Put in place of functions by their names, which may move."""

_SLOW = (
    "5-MB-of-prose",
    "5-MB-before",
    "5-MB-of-brackets",
    "5-MB-of-blanks",
    "5-MB-on-one-line",
    "stream-stall",
)


def some() -> Iterator[Cell]:
    """A cell of every fourth fault; what it does once and always, and the stages, take turns."""
    chosen = [fault for n, fault in enumerate(FAULTS) if n % 4 == 0 or fault.name in _BY_NAME]
    for number, fault in enumerate(chosen):
        its = [cell for cell in CELLS if cell.fault is fault]
        yield its[number * 7 % len(its)]


@pytest.mark.parametrize("cell", [c for c in some() if c.fault.name not in _SLOW], ids=str)
def test_a_run_ends_in_a_repository_or_in_one_line_that_says_what_to_do(cell: Cell) -> None:
    outcome = tried(cell)
    assert outcome.kind != "WRONG", outcome.told
