"""All faults, all cells, and the runs that they meet, several at once."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from tests.faults.fault import cells
from tests.faults.machine import MACHINE
from tests.faults.planned import PLANNED
from tests.faults.sent import SENT
from tests.faults.trial import Outcome, tried
from tests.faults.written import WRITTEN

FAULTS = (*WRITTEN, *PLANNED, *SENT, *MACHINE)
CELLS = tuple(cells(FAULTS))


def outcomes(numbers: Sequence[int], jobs: int) -> Iterator[Outcome]:
    """What becomes of the cells of these numbers, in their order.

    Each is tried in a process that tries many, since a fault of the machine is one of the whole process.
    """
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(outcome_of, numbers, chunksize=4)


def outcome_of(number: int) -> Outcome:
    """What becomes of one cell; faults are functions, which no process can send to another."""
    return tried(CELLS[number])
