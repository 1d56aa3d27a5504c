"""The commands that run the graph."""

import gc
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import typer
from langgraph.types import Checkpointer
from pydantic import ValidationError
from rich.console import Console

from paper2code.cli.approval import Approval
from paper2code.cli.failures import say_error
from paper2code.cli.following import Ask, Follower, Graph
from paper2code.cli.invocation import program, same_command, typed
from paper2code.cli.live import LiveScreen
from paper2code.cli.person import require_a_person
from paper2code.cli.progress import Progress
from paper2code.cli.question_form import QuestionForm
from paper2code.cli.reporters import JsonLines, PlainLines, Reporter
from paper2code.cli.stopping import Stopped
from paper2code.cli.summary import exit_code, result_line, show_summary
from paper2code.cli.terminal import console_for_output
from paper2code.context import Context, Price
from paper2code.demo import packaged_demo
from paper2code.errors import InputError

_OTHER_NAMES: Mapping[object, str] = {"agent_models": "agent-model", "context_tokens": "context"}
"""The options that are not called as their fields of `Context`."""


class BuildGraph(Protocol):
    """`build_graph`, or what stands in for it in a test."""

    def __call__(self, *, checkpointer: Checkpointer = None) -> Graph:
        """The compiled graph."""


def context_of(agent_models: list[str], *, price: str | None = None, **choices: Any) -> Context:
    """The context of the options that the caller gave.

    Args:
        agent_models: `ROLE=SPEC` each.
        price: `IN,CACHED,OUT`.
        choices: Fields of `Context`, checked there.

    Raises:
        InputError: Names the option that is wrong.
    """
    pairs = [choice.partition("=") for choice in agent_models]
    if wrong := [pair[0] for pair in pairs if not (pair[0] and pair[2])]:
        raise InputError(f"--agent-model {wrong[0]}: write it as ROLE=SPEC, such as coder=openai:gpt-5")
    try:
        return Context(
            agent_models={role: spec for role, _, spec in pairs}, price=_price_of(price), **choices
        )
    except ValidationError as error:
        fault = error.errors()[0]
        field, *inside = fault["loc"]
        name = inside[0] if field == "limits" else field
        option = _OTHER_NAMES.get(name) or str(name).replace("_", "-")
        raise InputError(f"--{option} {fault['input']}: {fault['msg']}") from None


def _price_of(text: str | None) -> Price | None:
    if text is None:
        return None
    amounts = text.split(",")
    form = "write it as IN,CACHED,OUT in dollars a million tokens, such as 1.10,0.55,4.40"
    if len(amounts) != len(Price.model_fields):
        raise InputError(f"--price {text}: {form}")
    try:
        return Price.model_validate(dict(zip(Price.model_fields, amounts, strict=True)))
    except ValidationError as error:
        fault = error.errors()[0]
        raise InputError(f"--price {text}: {fault['input']}: {fault['msg']}; {form}") from None


def run(paper: str, context: Context, build_graph: BuildGraph | None, *, as_json: bool = False) -> int:
    """Run the graph on a paper while showing it, and sum it up.

    Returns:
        The exit code.

    Raises:
        Paper2CodeError: Whatever ended the run.
    """
    _check_that_questions_can_be_answered(context, as_json=as_json)
    console = console_for_output()
    progress = Progress(paper, _model_label(context))
    reporter: Reporter
    if as_json:
        reporter = JsonLines()
    elif console.is_terminal and console.is_interactive and not console.is_dumb_terminal:
        reporter = LiveScreen(progress, console)
    else:
        reporter = PlainLines(progress)
    graph = _graph(build_graph, context)
    try:
        output = Follower(graph, context, progress, reporter).follow(paper, _asking_on(console))
    except Stopped as stop:
        say_error(f"stopped; the same command goes on where it stopped: {same_command()}")
        return stop.exit_code
    if as_json:
        typer.echo(result_line(output, context.output_dir))
    else:
        show_summary(console, output, context.output_dir, progress)
    return exit_code(output)


def run_demo(output_dir: Path, build_graph: BuildGraph | None) -> int:
    """Run the packaged paper with the recorded answers of its models.

    Returns:
        The exit code.

    Raises:
        Paper2CodeError: Whatever ended the run.
    """
    with packaged_demo() as (paper, journal):
        typer.echo("The demo replays recorded answers: no model is asked, no key is needed, nothing is paid.")
        code = run(str(paper), context_of([], output_dir=output_dir, replay=journal), build_graph)
    if code < 2:
        typer.echo(" All answers above were replayed from the package's journal; nothing was paid.")
        typer.echo(" Your own paper, with your own key:")
        typer.echo("   export OPENAI_API_KEY=...")
        command = typed((*program(), "run", "your_paper.pdf", "-o", "out"))
        typer.echo(f"   {command} --model openai:gpt-5-mini")
        typer.echo(" Or with a local server and no key:")
        typer.echo(f"   {command} --base-url http://localhost:8000/v1 --model openai:NAME")
    return code


def _check_that_questions_can_be_answered(context: Context, *, as_json: bool) -> None:
    for option, wanted in (("--ask", context.ask), ("--approve", context.approve)):
        if wanted:
            require_a_person(option)
        if wanted and as_json:
            raise InputError(f"{option} shows questions to a person: leave out --json")
    if context.ask and context.replay:
        raise InputError("--ask: a journal knows no answers of yours: leave out --ask or --replay")


def _asking_on(console: Console) -> Ask:
    """Each question of the graph on the form that is made for it."""
    fill_in, approve = QuestionForm(console), Approval(console)
    return lambda question: fill_in(question) if "questions" in question else approve(question)


def _graph(build_graph: BuildGraph | None, context: Context) -> Graph:
    if build_graph is None:
        from paper2code import graph  # noqa: PLC0415 - a test that injects its own needs no other

        build_graph = graph.build_graph
        gc.freeze()  # what is imported stays: a tenth of a second for each look whether it does is too much
    if not (context.ask or context.approve):
        return build_graph()
    from langgraph.checkpoint.memory import InMemorySaver  # noqa: PLC0415 - only questions interrupt

    return build_graph(checkpointer=InMemorySaver())


def _model_label(context: Context) -> str:
    if context.replay:
        return f"replayed from {context.replay.name}"
    others = f" and {len(context.agent_models)} more" if context.agent_models else ""
    return f"{context.model}{others}"
