"""Ways to show a run while it works: a line for each event, or a JSON object for each."""

import json
from types import TracebackType
from typing import Protocol, Self

import typer

from paper2code.cli.narration import narrate
from paper2code.cli.progress import Progress
from paper2code.cli.text import duration
from paper2code.events import Event


class Reporter(Protocol):
    """Shows a run. It is entered whenever the graph runs, and left while a person is asked."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, event: Event) -> None:
        """Show an event that `Progress` has already taken in."""

    def abandon(self) -> None:
        """Give the terminal back at once, as the process is about to end."""


class _Quiet:
    """A reporter that holds nothing of the terminal."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """There is nothing to give back."""

    def abandon(self) -> None:
        """There is nothing to give back."""


class PlainLines(_Quiet):
    """One line for each event that matters, for pipes, logs and dumb terminals."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def show(self, event: Event) -> None:
        """Write the event's lines, if it has any."""
        for line in narrate(event):
            typer.echo(f"{duration(self._progress.elapsed):>7}  {line}")


class JsonLines(_Quiet):
    """Every event as one JSON object a line, for programs."""

    def show(self, event: Event) -> None:
        """Write the event as it is."""
        typer.echo(json.dumps(event))
