"""Async work from blocking code, in a thread with a loop of its own; and blocking work from async code."""

import asyncio
import contextvars
import queue
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def to_its_end(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run blocking work in a thread, like `asyncio.to_thread`; who is cancelled meanwhile waits for its end.

    A thread cannot be stopped. Left alone, one that writes to the output folder would do so after the run has
    closed it, or while the next one uses it.
    """
    thread = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(thread)
    except asyncio.CancelledError:
        while not thread.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([thread])
        if not thread.cancelled():
            thread.exception()  # it is nobody's any more
        raise


def awaited(work: Awaitable[T]) -> T:
    """What async work results in; raises what it raises."""

    async def parts() -> AsyncIterator[T]:
        yield await work

    (result,) = iterated(parts())
    return result


def iterated(parts: AsyncIterator[T]) -> Iterator[T]:
    """The parts of an async stream; raises what it raises."""
    inbox: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    loop_and_task: queue.SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = (
        queue.SimpleQueue()
    )

    async def pump() -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - inside a coroutine that asyncio.run started
        loop_and_task.put((asyncio.get_running_loop(), task))
        async for part in parts:
            inbox.put(("part", part))

    def work() -> None:
        try:
            asyncio.run(pump())
        except BaseException as error:
            inbox.put(("error", error))
        else:
            inbox.put(("end", None))

    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(work,), name="paper2code", daemon=True)
    thread.start()
    loop, task = loop_and_task.get()
    try:
        while True:
            kind, value = inbox.get()
            if kind == "error":
                raise value
            if kind == "end":
                return
            yield value
    finally:
        with suppress(RuntimeError):  # its loop is closed: it has ended by itself
            loop.call_soon_threadsafe(task.cancel)
        thread.join()
