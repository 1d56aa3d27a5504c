"""What a run costs, and how well providers' caches serve it: `make bench`.

Whole runs with answers as long as recorded ones, priced like o3-mini. Beside them stand six tenths of what
the original takes for as many files (Paper2Code, arXiv 2504.17192), which has neither tests nor reviews.

    python -m tests.benchmarks.dollars [--seed S]
"""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from paper2code import Context, build_graph
from paper2code.papers.model import Paper
from tests.benchmarks.billing import (
    O3_MINI,
    O3_MINI_ANTHROPIC_STYLE,
    Bill,
    Request,
    at_best,
    billed,
    by_marks,
    by_prefix,
)
from tests.benchmarks.clients import AnthropicClient, OpenAIClient, anthropic_client, openai_client
from tests.benchmarks.lifelike import LifelikeProject
from tests.benchmarks.simulation import SimulatedModel, Simulation, a_paper, random_imports

_PAPER = 40_000
_APPENDIX = 0.2
_REVISED = 0.15
_TARGETS = {8: 0.22, 16: 0.47, 32: 1.13}


def simulated(files: int, seed: int) -> SimulatedModel:
    """A model for one run of so many files."""
    imports = random_imports(Random(seed), files)
    simulation = Simulation(imports, seed, revision_chance=_REVISED, max_revisions=1)
    return SimulatedModel(answer=LifelikeProject(simulation), simulation=simulation, keep=False)


async def requests_of(client: OpenAIClient | AnthropicClient) -> list[Request]:
    """What a whole run asks of its model."""
    with tempfile.TemporaryDirectory() as folder:
        context = Context(model=client, output_dir=Path(folder))
        result = await build_graph().ainvoke({"paper": paper()}, context=context)
    if result["status"] != "accepted":
        raise RuntimeError("the run did not go as it should, so its price says nothing")
    return client.requests


def paper() -> Paper:
    """A paper of usual length, of whose appendix nothing is asked."""
    whole = a_paper(_PAPER)
    body = round(len(whole.sections) * (1 - _APPENDIX))
    appendix = (s.model_copy(update={"kind": "appendix"}) for s in whole.sections[body:])
    return whole.model_copy(update={"sections": (*whole.sections[:body], *appendix)})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of imports, times and revisions")
    seed = parser.parse_args().seed
    sent = {n: asyncio.run(requests_of(openai_client(simulated(n, seed)))) for n in _TARGETS}
    marked = {n: asyncio.run(requests_of(anthropic_client(simulated(n, seed)))) for n in _TARGETS}
    Console(width=100).print(_table(list(sent.values()), list(marked.values())))


def _table(sent: Sequence[list[Request]], marked: Sequence[list[Request]]) -> Table:
    table = Table(title="A run at the prices of o3-mini, a paper of 40 kB", title_justify="left")
    table.add_column("files", min_width=42)
    for files in _TARGETS:
        table.add_column(str(files), justify="right")
    by_role = [billed(requests, by_prefix, O3_MINI) for requests in sent]
    bills = [_sum(roles) for roles in by_role]
    floors = [_sum(billed(requests, at_best, O3_MINI)) for requests in sent]
    anthropic = [_sum(billed(requests, by_marks, O3_MINI_ANTHROPIC_STYLE)) for requests in marked]

    def row(name: str, values: Sequence[float], form: str = ".2f") -> None:
        table.add_row(name, *(f"{value:{form}}" for value in values))

    row("calls", [b.calls for b in bills], ",.0f")
    row("prompt tokens", [b.prompt for b in bills], ",.0f")
    row("of these served by OpenAI's cache (target 90 % at 16)", [b.served / b.prompt for b in bills], ".1%")
    row("  sent before at all", [b.served / b.prompt for b in floors], ".1%")
    row("dollars", [b.usd for b in bills])
    row("  target", list(_TARGETS.values()))
    row("  if caches knew all that was ever sent", [b.usd for b in floors])
    row("  for input that no cache served", [b.cold_usd for b in bills])
    row("  for input from the cache", [b.cached_usd for b in bills])
    row("  for output", [b.output_usd for b in bills])
    for role in by_role[-1]:
        row(f"  {role}", [roles.get(role, Bill()).usd for roles in by_role])
    table.add_section()
    row("served by Anthropic's cache", [b.served / b.prompt for b in anthropic], ".1%")
    row("dollars at its rates for caching", [b.usd for b in anthropic])
    return table


def _sum(bills: dict[str, Bill]) -> Bill:
    return sum(bills.values(), Bill())


if __name__ == "__main__":
    main()
