"""What a run takes besides time, each measured in a process of its own.

`python -m tests.benchmarks.footprint FOLDER` makes runs of 40 files of 10 kB, and prints what they took.
"""

import asyncio
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from paper2code import Context, build_graph
from tests.benchmarks.simulation import SimulatedModel, Simulation, a_model, a_paper

_FILES = 40
_FILE = 10_000
_PAPER = 60_000
_TIMES = 5
_RUNS = 3


@dataclass(frozen=True)
class Footprint:
    """What a run of 40 files took."""

    peak_mb: float
    """Memory of its process at the most."""
    checkpoints_mb: float
    """Size of the database, where checkpoints are kept in SQLite."""
    own_ms_per_call: float
    """Time of the processor for a call, that of the model's stand-in left out."""
    calls: int


def footprint() -> Footprint:
    """Measure runs of 40 files."""
    with tempfile.TemporaryDirectory() as folder:
        printed = _python("-m", __spec__.name, folder)
    return Footprint(**json.loads(printed))


def import_seconds() -> float:
    """Seconds that `import paper2code` takes: the median of five."""
    code = "import time; t = time.perf_counter(); import paper2code; print(time.perf_counter() - t)"
    return statistics.median(float(_python("-c", code)) for _ in range(_TIMES))


def help_seconds() -> float:
    """Seconds that `paper2code --help` takes, the start of Python included: the median of five."""
    return statistics.median(_timed("-m", "paper2code", "--help") for _ in range(_TIMES))


def _timed(*arguments: str) -> float:
    start = time.perf_counter()
    _python(*arguments)
    return time.perf_counter() - start


def _python(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def _measure(folder: Path) -> Footprint:
    # Imports, templates and schemas are loaded once a process, which says nothing of a call.
    asyncio.run(_run(_a_model(), folder / "first", None))
    own = []
    for number in range(_RUNS):
        model = _a_model()
        seconds = asyncio.run(_run(model, folder / f"plain {number}", None))
        own.append((seconds - model.busy) / model.calls)
    database = folder / "checkpoints.sqlite"
    asyncio.run(_run_with_checkpoints(_a_model(), folder / "kept", database))
    return Footprint(
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        checkpoints_mb=sum(part.stat().st_size for part in folder.glob(f"{database.name}*")) / 1e6,
        own_ms_per_call=1_000 * statistics.median(own),
        calls=model.calls,
    )


def _a_model() -> SimulatedModel:
    random = Random(0)
    names = [f"file_{n:02}.py" for n in range(_FILES)]
    imports = {name: random.sample(names[:n], min(n, 2)) for n, name in enumerate(names)}
    return a_model(Simulation(imports, seed=0, median=0.0), padding=_FILE, keep=False)


async def _run_with_checkpoints(model: SimulatedModel, place: Path, database: Path) -> None:
    async with AsyncSqliteSaver.from_conn_string(str(database)) as saver:
        await _run(model, place, saver)


async def _run(model: SimulatedModel, place: Path, saver: AsyncSqliteSaver | None) -> float:
    """One run; the seconds of the processor that it took."""
    graph, context = build_graph(checkpointer=saver), Context(model=model, output_dir=place)
    start = time.process_time()
    await graph.ainvoke({"paper": a_paper(_PAPER)}, {"configurable": {"thread_id": "1"}}, context=context)
    return time.process_time() - start


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_measure(Path(sys.argv[1])))))
