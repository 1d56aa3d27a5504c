"""`python -m tests.torture`: kills many runs many times; prints what that left."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.torture.killing import Broken, Torturer, processes
from tests.torture.sessions import WAYS
from tests.torture.stories import STORIES

_NUMBERS = (
    "runs",
    "kills",
    "lost under way",
    "repeated",
    "other requests",
    "files differ",
    "strays",
    "seconds",
    "",
)

_MOST_KILLS = 12
"""Of one run."""


def main() -> int:
    """The exit code: 1 where a kill left a trace."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how many, over all runs together")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=2, help="runs at the same time")
    given = parser.parse_args()

    pairs = list(product(STORIES, WAYS))
    kills = [given.kills // len(pairs) + (n < given.kills % len(pairs)) for n in range(len(pairs))]
    context, start = processes(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="torture-") as folder, ThreadPoolExecutor(given.at_once) as pool:

        def torture(number: int) -> list[Broken]:
            story, way = pairs[number]
            place = Path(folder, f"{story}-{way}")
            place.mkdir()
            torturer = Torturer(story, way, place, context)
            unbroken, broken = torturer.unbroken(), list[Broken]()
            while (left := kills[number] - sum(run.kills for run in broken)) > 0:
                seed = given.seed + len(pairs) * len(broken) + number
                broken.append(torturer.broken(seed, min(left, _MOST_KILLS), unbroken))
            return broken

        results = list(pool.map(torture, range(len(pairs))))

    table = Table("story", "way", *_NUMBERS, title="What kills at random moments left", box=None)
    for (story, way), broken in zip(pairs, results, strict=True):
        table.add_row(str(story), way, *_row(broken))
    runs = [run for broken in results for run in broken]
    sound = sum(run.is_sound for run in runs)
    seconds = time.monotonic() - start
    Console(width=120).print(
        table, f"{sum(kills)} kills, {seconds:.0f} s: {sound} of {len(runs)} runs as if unbroken"
    )
    return 0 if sound == len(runs) else 1


def _row(runs: list[Broken]) -> Iterator[str]:
    """The sums of some runs, and the files that differ."""
    yield str(len(runs))
    differing = sorted({path for run in runs for path in run.differing})
    for name in ("kills", "lost", "repeated", "other"):
        yield str(sum(getattr(run, name) for run in runs))
    yield str(len(differing))
    yield str(sum(len(run.strays) for run in runs))
    yield f"{sum(run.seconds for run in runs):.0f}"
    yield " ".join(differing)


if __name__ == "__main__":
    sys.exit(main())
