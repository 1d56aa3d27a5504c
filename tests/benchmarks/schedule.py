"""How near the schedule comes to the best possible, and what a run costs besides: `make bench`.

Random papers are run with models that answer after a random time, compressed from minutes to milliseconds.
Beside it stands what the original's sequence of calls takes for the same files (Paper2Code, arXiv
2504.17192): four to plan, then two for each file, and no review.

    python -m tests.benchmarks.schedule [--dags N] [--seed S]
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from rich.console import Console
from rich.progress import track
from rich.table import Table

from paper2code import Context, build_graph
from tests.benchmarks.billing import common_prefix
from tests.benchmarks.footprint import footprint, help_seconds, import_seconds
from tests.benchmarks.scale import taken
from tests.benchmarks.simulation import (
    ORIGINAL_PLANNING,
    Sent,
    Simulation,
    a_model,
    a_paper,
    random_imports,
)

_PAPER = 60_000
_LIMIT = 8
_NO_LIMIT = 1_000
_CHARACTERS_PER_TOKEN = 4
_CHAINS, _DEPTH = 5, 6


@dataclass(frozen=True)
class Measured:
    """One paper: its own figures, and the original's."""

    files: int
    calls: int
    free: float
    """Wall-clock over the critical path, any number of calls at once."""
    limited: float
    """Wall-clock over what eight calls at once allow."""
    tokens: float
    shared: float
    """Part of the prompt tokens that a finished call's prompt began with, so that a cache can hold it."""
    unseen: float
    """The other tokens of one file's prompts, its own context left out."""
    original: float
    """The original's wall-clock over the critical path, without a single review."""

    @property
    def original_calls(self) -> int:
        return ORIGINAL_PLANNING + 2 * self.files

    @property
    def original_tokens(self) -> float:
        """The original's prompt tokens for that many files, fitted to measured runs."""
        return 55_000 + 29_500 * self.files + 1_400 * self.files**2


async def measure(simulation: Simulation) -> Measured:
    """Run one paper with and without a limit on the calls at once."""
    free, sent = await _timed(simulation, _NO_LIMIT)
    limited, _ = await _timed(simulation, _LIMIT)
    total = sum(len(one.prompt) for one in sent)
    seen = [_seen_before(one, sent) for one in sent]
    beyond = sum(max(0, one.task - n) for one, n in zip(sent, seen, strict=True) if one.target)
    return Measured(
        files=len(simulation.imports),
        calls=len(sent),
        free=free / simulation.critical_path,
        limited=limited / max(simulation.critical_path, simulation.work / _LIMIT),
        tokens=total / _CHARACTERS_PER_TOKEN,
        shared=sum(seen) / total,
        unseen=beyond / len(simulation.imports) / _CHARACTERS_PER_TOKEN,
        original=simulation.original / simulation.critical_path,
    )


async def _timed(simulation: Simulation, concurrency: int) -> tuple[float, list[Sent]]:
    model = a_model(simulation)
    with tempfile.TemporaryDirectory() as folder:
        context = Context(
            model=model,
            output_dir=Path(folder),
            concurrency=concurrency,
            max_revisions=simulation.max_revisions,
        )
        graph, paper = build_graph(), a_paper(_PAPER)
        start = time.perf_counter()
        result = await graph.ainvoke({"paper": paper}, context=context)
        seconds = time.perf_counter() - start
    if set(simulation.imports) - set(result["files"]):
        raise RuntimeError("the run left files out, so its time says nothing")
    return seconds, model.sent


def _seen_before(one: Sent, sent: Sequence[Sent]) -> int:
    """Characters that the prompt begins with like one whose answer was there when it was sent."""
    best = 0
    for other in sent:
        if other.ends <= one.begins and other.prompt[: best + 1] == one.prompt[: best + 1]:
            best = common_prefix(other.prompt, one.prompt, best)
    return best


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--dags", type=int, default=20, metavar="N", help="random papers")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the first of them")
    options = parser.parse_args()

    seeds = range(options.seed, options.seed + options.dags)
    asyncio.run(measure(_simulation(-1)))  # loads what is loaded once a process
    papers = [asyncio.run(measure(_simulation(seed))) for seed in track(seeds, "Papers", transient=True)]
    Console(width=100).print(_schedule_table(papers), _depth_table(), _footprint_table(), _scale_table())


def _simulation(seed: int) -> Simulation:
    return Simulation(random_imports(Random(seed)), seed)


def _schedule_table(papers: Sequence[Measured]) -> Table:
    files = f"{min(p.files for p in papers)} to {max(p.files for p in papers)}"
    table = _table(f"{len(papers)} papers of {files} files", "median", "worst", "target", "original")
    rows: list[tuple[str, list[float], str, str, list[float]]] = [
        ("wall-clock / critical path", [p.free for p in papers], ".2f", "1.10", [p.original for p in papers]),
        ("wall-clock / best at 8 calls at once", [p.limited for p in papers], ".2f", "1.25", []),
        ("calls", [p.calls for p in papers], ",.0f", "", [p.original_calls for p in papers]),
        ("prompt tokens", [p.tokens for p in papers], ",.0f", "", [p.original_tokens for p in papers]),
        ("of these begun like a finished call's", [p.shared for p in papers], ".1%", "", []),
        ("never seen, a file, its own context aside", [p.unseen for p in papers], ",.0f", "4,000", []),
    ]
    for name, values, form, target, original in rows:
        worst = min if name.startswith("of these") else max
        ours = (f"{value:{form}}" for value in (statistics.median(values), worst(values)))
        table.add_row(name, *ours, target, f"{statistics.median(original):{form}}" if original else "")
    return table


def _depth_table() -> Table:
    """A wide paper of a known depth, whose calls take a second each.

    Nothing is faster than its longest chain: five calls that plan, one analysis, a draft and a review for
    each generation, and the audit. A quarter of the original's time is what we aim at.
    """
    files = [f"file_{n:02}.py" for n in range(_CHAINS * _DEPTH + 2)]
    imports = {
        path: files[n - _CHAINS : n - _CHAINS + 1] if n >= _CHAINS else [] for n, path in enumerate(files)
    }
    for late in files[_CHAINS * _DEPTH :]:
        imports[late] = []
    paper = Simulation(imports, seed=0, median=1.0, spread=0.0, revision_chance=0.0)
    seconds, _ = asyncio.run(_timed(paper, _NO_LIMIT))
    table = _table(f"{len(files)} files of depth {_DEPTH}, a second a call", "seconds", "of the original")
    for name, value in (
        ("wall-clock", seconds),
        ("longest chain of calls", paper.critical_path),
        ("target", paper.original / 4),
        ("the original's sequence", paper.original),
    ):
        table.add_row(name, f"{value:.1f}", f"{value / paper.original:.2f}")
    return table


def _scale_table() -> Table:
    table = _table("As runs grow", "calls", "ms a call", "peak MB", "stall, ms", "seconds")
    for name, files, papers in (
        ("40 files", 40, 1),
        ("200 files", 200, 1),
        ("1,000 files", 1_000, 1),
        ("100 papers of 4 files", 4, 100),
    ):
        took = taken(files, papers)
        table.add_row(
            name,
            f"{took.calls:,}",
            f"{took.cpu_ms_per_call:.1f}",
            f"{took.peak_mb:.0f}",
            f"{took.stall_ms:.0f}",
            f"{took.seconds:.0f}",
        )
    table.add_row("target", "", "10", "", "100", "")
    return table


def _footprint_table() -> Table:
    took = footprint()
    table = _table("40 files of 10 kB, a paper of 60 kB", "measured", "target")
    table.add_row("peak memory, MB", f"{took.peak_mb:.0f}", "200")
    table.add_row("checkpoints, MB", f"{took.checkpoints_mb:.2f}", "5")
    table.add_row(f"our own processor time a call (of {took.calls}), ms", f"{took.own_ms_per_call:.1f}", "10")
    table.add_row("import paper2code, s", f"{import_seconds():.2f}", "0.3")
    table.add_row("paper2code --help, s", f"{help_seconds():.2f}", "0.8")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(min_width=42)
    for column in columns:
        table.add_column(column, justify="right")
    return table


if __name__ == "__main__":
    main()
