"""Keeping the live picture on the terminal while a run works."""

import asyncio
import contextlib
import io
import sys
from collections import deque
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live

from paper2code.cli.live_screen import Happened, draw
from paper2code.cli.marks import marks_for
from paper2code.cli.narration import narrate
from paper2code.cli.progress import Progress
from paper2code.events import Event

_FRAMES_PER_SECOND = 8
_REMEMBERED = 20
_LEAVE_SCREEN = "\x1b[?25h\x1b[?1049l"


class LiveScreen:
    """The picture in the terminal's alternate screen, so that no resizing or key press leaves a trace.

    It is drawn again when something happened, at most eight times a second, else once a second for its
    clocks. What others write meanwhile is kept, and follows on standard error once the screen is left.
    """

    def __init__(self, progress: Progress, console: Console) -> None:
        self._progress = progress
        self._console = console
        self._marks = marks_for(console.encoding)
        self._events: deque[Happened] = deque(maxlen=_REMEMBERED)
        self._changed = False
        self._open = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        written = io.StringIO()
        self._open.callback(lambda: sys.stderr.write(written.getvalue()))
        self._open.enter_context(contextlib.redirect_stderr(written))
        self._open.enter_context(contextlib.redirect_stdout(written))
        live = Live(
            console=self._console,
            get_renderable=self._picture,
            screen=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._open.enter_context(live)
        ticker = asyncio.create_task(self._keep_fresh(live))
        self._open.push_async_callback(_ended, ticker)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    def show(self, event: Event) -> None:
        """Take the event onto the next picture."""
        self._events.extend((self._progress.elapsed, line) for line in narrate(event))
        self._changed = True

    def abandon(self) -> None:
        """Leave the alternate screen without a further picture."""
        self._console.file.write(_LEAVE_SCREEN)
        self._console.file.flush()

    def _picture(self) -> Group:
        width, height = self._console.size
        return Group(
            *draw(self._progress, tuple(self._events), marks=self._marks, width=width, height=height)
        )

    async def _keep_fresh(self, live: Live) -> None:
        shown = -1
        while True:
            second = int(self._progress.elapsed)
            if self._changed or second != shown:
                self._changed, shown = False, second
                live.refresh()
            await asyncio.sleep(1 / _FRAMES_PER_SECOND)


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
