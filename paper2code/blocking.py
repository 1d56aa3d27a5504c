"""Async work from blocking code: it runs in a thread with an event loop of its own."""

import asyncio
import contextvars
import queue
import threading
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


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
