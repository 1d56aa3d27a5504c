"""`python -m tests.torture`: kills many runs many times; prints what that left."""

import argparse
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.torture.killing import Broken, Torturer, processes
from tests.torture.sessions import WAYS
from tests.torture.stories import STORIES

_NUMBERS = ("kills", "lost under way", "repeated", "other requests", "files differ", "strays", "seconds", "")


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

        def torture(number: int) -> Broken:
            story, way = pairs[number]
            place = Path(folder, f"{story}-{way}")
            place.mkdir()
            torturer = Torturer(story, way, place, context)
            return torturer.broken(given.seed + number, kills[number], torturer.unbroken())

        results = list(pool.map(torture, range(len(pairs))))

    table = Table("story", "way", *_NUMBERS, title="What kills at random moments left", box=None)
    for (story, way), broken in zip(pairs, results, strict=True):
        table.add_row(str(story), way, *map(str, _numbers(broken)), " ".join(broken.differing))
    sound = sum(broken.is_sound for broken in results)
    seconds = time.monotonic() - start
    Console(width=110).print(
        table, f"{sum(kills)} kills, {seconds:.0f} s: {sound} of {len(results)} runs as if unbroken"
    )
    return 0 if sound == len(results) else 1


def _numbers(broken: Broken) -> tuple[int, ...]:
    differing, strays = len(broken.differing), len(broken.strays)
    return broken.kills, broken.lost, broken.repeated, broken.other, differing, strays, round(broken.seconds)


if __name__ == "__main__":
    sys.exit(main())
