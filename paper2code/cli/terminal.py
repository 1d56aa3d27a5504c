"""Where output goes, and what that place can show."""

import sys

import typer
from rich.console import Console

from paper2code.cli.text import printable


def console_for_output() -> Console:
    """A console on standard output: colours only on a terminal, nothing highlighted by guess.

    `NO_COLOR` is heeded. Rich would also heed `FORCE_COLOR` in a pipe, where other programs want plain text.
    """
    return Console(
        file=sys.stdout,
        force_terminal=None if sys.stdout.isatty() else False,
        highlight=False,
        markup=False,
        emoji=False,
    )


def tolerate_any_text() -> None:
    """Let what a stream's encoding lacks be shown as `?` rather than end the run."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def say_error(text: str) -> None:
    """One line on standard error."""
    typer.echo(f"paper2code: {printable(text)}", err=True)
