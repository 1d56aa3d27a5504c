"""Ctrl-C and SIGTERM: the first stops the run cleanly, a second ends the process at once.

Ctrl-C stops at once what is under way. At SIGTERM, with which machines are shut down, calls under way have
some seconds left: their answers are paid for.
"""

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from types import FrameType
from typing import TypeVar

from langgraph.errors import GraphDrained
from langgraph.runtime import RunControl

T = TypeVar("T")

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

GRACE = 7.0
"""Seconds that calls under way have at SIGTERM, of the ten that containers usually have."""


class Stopped(BaseException):
    """A signal stopped the run; like KeyboardInterrupt, no `except Exception` may take it for a fault."""

    def __init__(self, signum: int) -> None:
        super().__init__(signal.Signals(signum).name)
        self.exit_code = 128 + signum


class Stopper:
    """Runs coroutines, one after the other on one event loop, until a signal comes.

    Args:
        abandon: Gives the terminal back; called right before the process ends at a second signal.
    """

    def __init__(self, abandon: Callable[[], None]) -> None:
        self._abandon = abandon
        self._runner = asyncio.Runner()
        self._task: asyncio.Task[object] | None = None
        self._signum: int | None = None
        self.control = RunControl()
        """What the graph is to be run with, so that it can be drained."""

    @contextlib.contextmanager
    def listening(self) -> Iterator["Stopper"]:
        """Listen to the signals; closes the event loop at the end, still listening."""
        in_main_thread = threading.current_thread() is threading.main_thread()
        before = {s: signal.signal(s, self._on_signal) for s in _SIGNALS} if in_main_thread else {}
        try:
            with self._runner:
                yield self
        finally:
            for signum, handler in before.items():
                signal.signal(signum, handler)

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Run to the end.

        Raises:
            Stopped: A signal came; the work was cancelled and has cleaned up.
        """
        return self._runner.run(self._watched(work))

    async def _watched(self, work: Coroutine[object, object, T]) -> T:
        self._task = asyncio.current_task()
        try:
            return await work
        except (asyncio.CancelledError, GraphDrained):
            if self._signum is None:
                raise
            raise Stopped(self._signum) from None
        finally:
            self._task = None

    def _on_signal(self, signum: int, _frame: FrameType | None) -> None:
        if self._signum is not None:
            self._abandon()
            os._exit(128 + signum)
        self._signum = signum
        if self._task is None:
            raise Stopped(signum)
        loop, cancel = self._task.get_loop(), self._task.cancel
        # A plain `cancel()` would wait for the loop's next event; this also wakes a loop that sleeps.
        if signum == signal.SIGTERM:
            self.control.request_drain("SIGTERM")
            loop.call_soon_threadsafe(partial(loop.call_later, GRACE, cancel))
        else:
            loop.call_soon_threadsafe(cancel)
