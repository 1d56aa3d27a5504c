"""Every fault at every stage where it can be met, and what becomes of the run: `make faults`.

    python -m tests.faults [--only PATTERN] [--jobs N]

Ends with exit code 1 if any run ends otherwise than in a repository, or in one line that says what to do.
"""

import argparse
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Mapping
from typing import get_args

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.faults.fault import Cell, Often
from tests.faults.matrix import CELLS, outcomes
from tests.faults.project import STAGES
from tests.faults.trial import Kind, Outcome

_MARKS: Mapping[Kind, str] = {"complete": "✓", "honest": "h", "clear": "c", "WRONG": "W"}
_LEGEND = (
    "✓ complete: the repository of a faultless run",
    "h honest: a repository that says what of it is not accepted, or not tested",
    "c clear: one line that says what to do, exit code 2 or 3; the run can be gone on with",
    "W WRONG: anything else",
)
_COLUMNS = (
    "plan",
    "arch",
    "deps",
    "conf",
    "dsgn",
    "anal",
    "test",
    "code",
    "agai",
    "revi",
    "arbi",
    "audi",
    "debu",
)


def main() -> int:
    """Run all cells and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", metavar="PATTERN", help="cells whose name this is found in")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="at once")
    options = parser.parse_args()

    numbers = [number for number, cell in enumerate(CELLS) if re.search(options.only, str(cell))]
    start = time.monotonic()
    results = track(outcomes(numbers, options.jobs), "Cells", len(numbers), transient=True)
    found = {CELLS[number]: outcome for number, outcome in zip(numbers, results, strict=True)}
    _show(found, time.monotonic() - start)
    return int(any(outcome.kind == "WRONG" for outcome in found.values()))


def _show(found: Mapping[Cell, Outcome], seconds: float) -> None:
    console = Console(width=122, highlight=False)
    table = Table(title="Faults by stage; once / always", title_justify="left", padding=(0, 1, 0, 0))
    table.add_column("fault", no_wrap=True)
    for name in _COLUMNS:
        table.add_column(name, justify="center")
    for fault in dict.fromkeys(cell.fault for cell in found):
        row = (_marks(found, fault.name, stage.name) for stage in STAGES)
        table.add_row(fault.name, *row)
    console.print(table, *_LEGEND, sep="\n")
    counts = Counter(outcome.kind for outcome in found.values())
    told = ", ".join(f"{counts[kind]} {kind}" for kind in _MARKS)
    console.print(f"{len(found)} cells in {seconds:.0f} s: {told}")
    for cell, outcome in found.items():
        if outcome.kind == "WRONG":
            console.print(f"WRONG {cell}: {outcome.told}", markup=False)


def _marks(found: Mapping[Cell, Outcome], fault: str, stage: str) -> str:
    marks = {
        cell.often: _MARKS[outcome.kind]
        for cell, outcome in found.items()
        if (cell.fault.name, cell.stage.name) == (fault, stage)
    }
    return "/".join(marks.get(often, "·") for often in get_args(Often)) if marks else ""


if __name__ == "__main__":
    sys.exit(main())
