"""What runs take as they grow: more files, or more papers in one process.

`python -m tests.benchmarks.scale FILES PAPERS FOLDER` runs so many papers of so many files at once, and
prints what that took. The models answer at once, so that all that is measured is ours.
"""

import asyncio
import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random

from paper2code import Context, Limits, build_graph
from tests.benchmarks.simulation import SimulatedModel, Simulation, a_model, a_paper

_PAPER = 60_000
_FILE = 10_000
_SMALL_PAPER = 12_000
_CALLS_AT_ONCE = 32
_BEAT = 0.01


@dataclass(frozen=True)
class Taken:
    """What the runs took together."""

    calls: int
    cpu_ms_per_call: float
    """Time of the processor for a call, that of the model's stand-in left out."""
    peak_mb: float
    """Memory of the process at the most."""
    stall_ms: float
    """The longest that the event loop kept a task waiting which wished to go on."""
    seconds: float


def taken(files: int, papers: int = 1) -> Taken:
    """Measure so many papers of so many files."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = [sys.executable, "-m", __spec__.name, str(files), str(papers), folder]
        done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    return Taken(**json.loads(done.stdout))


@dataclass
class _Heartbeat:
    """Tells how late the event loop is."""

    latest: float = field(default=0.0, init=False)

    async def beat(self) -> None:
        while True:
            expected = time.perf_counter() + _BEAT
            await asyncio.sleep(_BEAT)
            self.latest = max(self.latest, time.perf_counter() - expected)


@asynccontextmanager
async def _heartbeat() -> AsyncIterator[_Heartbeat]:
    heart = _Heartbeat()
    task = asyncio.create_task(heart.beat())
    try:
        yield heart
    finally:
        task.cancel()


async def _measure(files: int, papers: int, folder: Path) -> Taken:
    # Imports, templates and schemas are loaded once a process, which says nothing of a call.
    await _run([_a_model(2)], _SMALL_PAPER, folder / "first")
    gc.freeze()  # as the command line does
    models = [_a_model(files) for _ in range(papers)]
    cpu, start = time.process_time(), time.perf_counter()
    async with _heartbeat() as heart:
        await _run(models, _PAPER if papers == 1 else _SMALL_PAPER, folder / "measured")
    calls, busy = sum(model.calls for model in models), sum(model.busy for model in models)
    return Taken(
        calls=calls,
        cpu_ms_per_call=1_000 * (time.process_time() - cpu - busy) / calls,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        stall_ms=1_000 * heart.latest,
        seconds=time.perf_counter() - start,
    )


async def _run(models: list[SimulatedModel], characters: int, folder: Path) -> None:
    limits = Limits(concurrency=_CALLS_AT_ONCE)
    contexts = [
        Context(model=model, output_dir=folder / str(n), concurrency=_CALLS_AT_ONCE, limits=limits)
        for n, model in enumerate(models)
    ]
    paper = a_paper(characters)
    results = await build_graph().abatch([{"paper": paper} for _ in models], context=contexts)
    if any(result["status"] != "accepted" for result in results):
        raise RuntimeError("a run is not accepted, so what it took says nothing")


def _a_model(files: int) -> SimulatedModel:
    random = Random(0)
    names = [f"file_{n:04}.py" for n in range(files)]
    imports = {name: random.sample(names[:n], min(n, 2)) for n, name in enumerate(names)}
    simulation = Simulation(imports, seed=0, median=0.0, revision_chance=0.1, max_revisions=2)
    return a_model(simulation, padding=_FILE, keep=False)


if __name__ == "__main__":
    counts = [int(number) for number in sys.argv[1:3]]
    sys.stdout.write(json.dumps(asdict(asyncio.run(_measure(counts[0], counts[1], Path(sys.argv[3]))))))
