"""The command that tells what a run will probably take."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from paper2code.cli.terminal import console_for_output
from paper2code.cli.text import counted, printable, short_number
from paper2code.context import Context
from paper2code.estimate import Estimate, Known, estimate
from paper2code.papers.reader import read_paper

_BASES = {
    "paper": "from the paper alone: the plan is not known yet",
    "plan": "from the plan of an earlier run",
    "design": "from the design of an earlier run",
}
_CASES = ("low", "likely", "high")


def show(source: str, context: Context, folder: Path | None, *, as_json: bool) -> None:
    """Estimate a run and show it.

    Args:
        source: The paper: a path, an arXiv id, or an address at arXiv.
        context: What the run would be started with.
        folder: The folder of an earlier run of it.
        as_json: Write the `Estimate`.

    Raises:
        PaperError: The paper cannot be read.
        ReplayError: The folder holds no run of this paper.
    """
    paper = read_paper(source, password=context.password, supplements=context.supplements)
    known = Known.in_folder(folder, paper) if folder else None
    expected = estimate(paper, context, known)
    if as_json:
        typer.echo(expected.model_dump_json(indent=2, ensure_ascii=True))
    else:
        show_estimate(console_for_output(), expected)


def show_estimate(console: Console, expected: Estimate) -> None:
    """Print the page: the whole in three cases, then what is likely role by role."""
    console.print()
    console.print(Text(f" {printable(expected.title) or 'Untitled'}", "bold"))
    console.print(Text(f" {_BASES[expected.basis]}", "dim"))
    for line in _models(expected):
        console.print(Text(f" {line}", "dim"))
    for table in (
        _table("The whole run", _whole(expected), bold=1),
        _table("Likely, by role", _by_role(expected)),
    ):
        console.print()
        console.print(Padding(table, (0, 1), expand=False))
    console.print()
    for note in _notes(expected):
        console.print(Padding(Text(note, "dim"), (0, 1), expand=False))
    console.print()


def _models(expected: Estimate) -> Iterator[str]:
    """The model of most roles, then those that have another."""
    models = Counter(role.model for role in expected.roles)
    usual = models.most_common(1)[0][0]
    yield printable(usual)
    for model in models:
        if model != usual:
            roles = (_name(role.role) for role in expected.roles if role.model == model)
            yield f"{', '.join(roles)}: {printable(model)}"


Row = tuple[str, str, str, str, str, str]


def _table(title: str, rows: Iterator[Row], bold: int | None = None) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 0, 0, 2), header_style="dim")
    table.add_column(Text(title, "bold cyan"), min_width=20, no_wrap=True)
    for name in ("calls", "prompts", "cached", "answers", "price"):
        table.add_column(name, justify="right", min_width=7, no_wrap=True)
    for number, row in enumerate(rows):
        table.add_row(*row, style="bold" if number == bold else "")
    return table


def _whole(expected: Estimate) -> Iterator[Row]:
    prices = expected.usd.cases if expected.usd else (None, None, None)
    for number, case in enumerate(_CASES):
        files = counted(round(expected.files.cases[number]), "file")
        yield (
            f"{case}, {files}",
            f"{expected.calls.cases[number]:,.0f}",
            _tokens(expected.input_tokens.cases[number]),
            _tokens(expected.cached_tokens.cases[number]),
            _tokens(expected.output_tokens.cases[number]),
            _price(prices[number]),
        )


def _by_role(expected: Estimate) -> Iterator[Row]:
    for role in expected.roles:
        yield (
            _name(role.role),
            f"{role.calls.likely:,.1f}".removesuffix(".0"),
            _tokens(role.input_tokens.likely),
            _tokens(role.cached_tokens.likely),
            _tokens(role.output_tokens.likely),
            _price(role.usd.likely if role.usd else None),
        )


def _notes(expected: Estimate) -> Iterator[str]:
    yield (
        "Low and high: how much gets planned, how long answers are, how often files go back, what a cache "
        "serves. A run can be held to --budget-usd or --budget-tokens."
    )
    if expected.parts > 1:
        yield (
            f"The paper is longer than the planner's model reads at once: it is planned in {expected.parts} "
            "parts, and prompts leave out what matters least to their task."
        )
    unpriced = dict.fromkeys(printable(role.model) for role in expected.roles if role.usd is None)
    if unpriced:
        yield (
            f"Price unknown: {', '.join(unpriced)}. Give it with --price IN,CACHED,OUT, in dollars a million "
            "tokens."
        )
    if expected.paid.calls:
        yield f"Paid for already: {counted(expected.paid.calls, 'call')}, {_price(expected.paid.usd)}."


def _name(role: str) -> str:
    return role.replace("_", " ")


def _tokens(number: float) -> str:
    return short_number(round(number))


def _price(usd: float | None) -> str:
    if usd is None:
        return "unknown"
    return f"${usd:,.2f}" if usd >= 0.01 or usd == 0 else "<$0.01"
