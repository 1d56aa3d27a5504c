# ruff: noqa: PLC0415 - a command imports what it needs, so that help and mistakes are answered at once
"""The commands: their surface, and nothing of what they do."""

from pathlib import Path
from typing import Annotated

import typer

from paper2code.cli import options
from paper2code.cli.execute_option import WithExecute
from paper2code.cli.failures import one_line_errors
from paper2code.cli.help_layout import GroupedHelp

_EXIT_CODES = (
    "Exit codes: 0 everything accepted; 1 finished, but something was not accepted, or left at a question; "
    "2 bad input, or a run that cannot go on; 3 stopped by the budget; 70 a fault of this program; "
    "130 Ctrl-C; 141 nobody reads the output; 143 SIGTERM."
)

app = typer.Typer(
    help="Turns a machine-learning paper into the repository that implements it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    epilog=_EXIT_CODES,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from paper2code._version import __version__

        typer.echo(f"paper2code {__version__}")
        raise typer.Exit


@app.callback()
def paper2code(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Turns a machine-learning paper into the repository that implements it."""


@app.command(cls=WithExecute, epilog=_EXIT_CODES)
def run(
    context: typer.Context,
    paper: options.PaperSource,
    *,
    supplements: options.Supplements = None,
    password: options.Password = None,
    output_dir: options.OutputDir = Path("out"),
    model: options.Model = "openai:gpt-5-mini",
    agent_models: options.AgentModels = None,
    base_url: options.BaseUrl = None,
    context_tokens: options.ContextTokens = None,
    price: options.OwnPrice = None,
    replay: options.Replay = None,
    max_revisions: options.MaxRevisions = 2,
    max_replans: options.MaxReplans = 2,
    max_redesigns: options.MaxRedesigns = 2,
    max_repairs: options.MaxRepairs = 2,
    max_rulings: options.MaxRulings = 2,
    max_mends: options.MaxMends = 3,
    execute: options.Execute = None,
    environment: options.Environment = None,
    budget_usd: options.BudgetUsd = None,
    budget_tokens: options.BudgetTokens = None,
    concurrency: options.Concurrency = 8,
    requests_per_minute: options.RequestsPerMinute = None,
    tokens_per_minute: options.TokensPerMinute = None,
    timeout: options.Timeout = 900,
    ask: options.Ask = False,
    approve: options.Approve = False,
    overwrite: options.Overwrite = False,
    as_json: options.AsJson = False,
    debug: options.Debug = False,
) -> None:
    """Write the repository of a paper. The same command again goes on where it stopped.

    After a change of the paper, a model, config.yaml or the design, it asks again only what depends on that.
    """
    with one_line_errors(debug):
        from paper2code.cli import running
        from paper2code.cli.execution import execution

        choices = running.context_of(
            agent_models or [],
            supplements=tuple(supplements or ()),
            password=password,
            model=model,
            base_url=base_url,
            price=price,
            output_dir=output_dir,
            context_tokens=context_tokens,
            replay=replay,
            max_revisions=max_revisions,
            max_replans=max_replans,
            max_redesigns=max_redesigns,
            max_repairs=max_repairs,
            max_rulings=max_rulings,
            max_mends=max_mends,
            execute=execution(execute, environment, replayed=replay is not None),
            environment=environment,
            budget_usd=budget_usd,
            budget_tokens=budget_tokens,
            concurrency=concurrency,
            limits={"requests_per_minute": requests_per_minute, "tokens_per_minute": tokens_per_minute},
            timeout=timeout,
            ask=ask,
            approve=approve,
            overwrite=overwrite,
        )
        raise typer.Exit(running.run(paper, choices, context.obj, as_json=as_json))


@app.command(cls=GroupedHelp)
def demo(
    context: typer.Context,
    *,
    output_dir: options.OutputDir = Path("out-demo"),
    debug: options.Debug = False,
) -> None:
    """Watch a replayed run: no key, no network, nothing to pay.

    The paper ships with the package, and so do the answers of the models.
    """
    with one_line_errors(debug):
        from paper2code.cli import running

        raise typer.Exit(running.run_demo(output_dir, context.obj))


@app.command(cls=GroupedHelp)
def read(
    paper: options.PaperSource,
    *,
    supplements: options.Supplements = None,
    password: options.Password = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The text that the agents see, instead.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The whole paper as JSON, instead.")] = False,
    figures: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Save the figures' pictures there, instead."),
    ] = None,
    debug: options.Debug = False,
) -> None:
    """Show what is understood of a paper.

    Its sections, equations, tables, figures and tokens, and what to be wary of. No model is asked.
    """
    with one_line_errors(debug):
        from paper2code.cli import reading

        reading.read(paper, supplements or (), password, markdown=markdown, as_json=as_json, figures=figures)


@app.command(cls=GroupedHelp)
def estimate(
    paper: options.PaperSource,
    *,
    supplements: options.Supplements = None,
    password: options.Password = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="The folder of a run of this paper, whose plan and design make the estimate closer.",
        ),
    ] = None,
    model: options.Model = "openai:gpt-5-mini",
    agent_models: options.AgentModels = None,
    context_tokens: options.ContextTokens = None,
    price: options.OwnPrice = None,
    as_json: Annotated[bool, typer.Option("--json", help="The estimate as JSON, instead.")] = False,
    debug: options.Debug = False,
) -> None:
    """Expect what a run will take: calls, tokens and dollars.

    No model is asked, no key is needed.
    """
    with one_line_errors(debug):
        from paper2code.cli import estimating, running

        choices = running.context_of(
            agent_models or [],
            supplements=tuple(supplements or ()),
            password=password,
            model=model,
            context_tokens=context_tokens,
            price=price,
        )
        estimating.show(paper, choices, folder, as_json=as_json)


@app.command(cls=GroupedHelp)
def graph(
    context: typer.Context,
    *,
    xray: Annotated[bool, typer.Option("--xray", help="Draw the graph of a single file, too.")] = False,
    debug: options.Debug = False,
) -> None:
    """Draw the graph of agents as Mermaid text."""
    with one_line_errors(debug):
        from paper2code.cli.drawing import mermaid

        typer.echo(mermaid(context.obj, xray=xray))
