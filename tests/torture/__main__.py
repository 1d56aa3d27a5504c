"""`python -m tests.torture`: kills many runs many times; prints what that left."""

import argparse
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

from tests.torture.killing import Broken, Torturer, processes
from tests.torture.sessions import WAYS
from tests.torture.stories import STORIES, Story

_ROW = "{:<10} {:<17} {:>6} {:>9} {:>6} {:>6} {:>6} {:>7} {:>8}"


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
    print(_ROW.format("story", "way", "kills", "repeated", "other", "lost", "files", "strays", "seconds"))
    with tempfile.TemporaryDirectory(prefix="torture-") as folder, ThreadPoolExecutor(given.at_once) as pool:

        def torture(number: int) -> Broken:
            story, way = pairs[number]
            place = Path(folder, f"{story}-{way}")
            place.mkdir()
            torturer = Torturer(story, way, place, context)
            return torturer.broken(given.seed + number, kills[number], torturer.unbroken())

        results = []
        for (story, way), broken in zip(pairs, pool.map(torture, range(len(pairs))), strict=True):
            _show(story, way, broken)
            results.append(broken)
    sound = sum(broken.is_sound for broken in results)
    print(
        f"{sum(kills)} kills in {time.monotonic() - start:.0f} s: {sound} of {len(results)} runs are as if "
        "nothing had happened"
    )
    return 0 if sound == len(results) else 1


def _show(story: Story, way: str, broken: Broken) -> None:
    numbers = (broken.kills, broken.repeated, broken.other, broken.lost, len(broken.differing))
    print(
        _ROW.format(str(story), way, *numbers, len(broken.strays), f"{broken.seconds:.1f}"),
        *broken.differing,
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
