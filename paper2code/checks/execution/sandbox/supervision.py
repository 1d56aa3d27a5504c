"""Seeing one command to its end, or stopping it at a limit.

It is done in a thread of its own: neither an event loop that is busy elsewhere nor a pool that is full of
other work puts off a limit.
"""

import asyncio
import os
import select
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from paper2code.checks.execution.sandbox.confinement import Finished, Limits
from paper2code.checks.execution.sandbox.output import Tail
from paper2code.checks.execution.sandbox.processes import Process, memory_held, waited_for_a_core
from paper2code.checks.execution.sandbox.space import Space

TASKS_PER_PROCESS = 8
"""Threads that go with one process of `Limits.processes` where only both can be limited together."""

_LOOK = 0.05  # seconds between two looks at what the command uses
_SHARE = 0.1  # of the time, at most, goes into looking: a folder of many files is walked less often
_CHUNK = 1 << 16
_FLOOD = 1000  # times the output that is kept: a program that goes on printing beyond it is stopped
_PATIENCE = 2.0  # times the limit that a command may wait for a core
_LINGER = 1.0  # seconds to wait for the end of the output once every process is gone


class Group(Protocol):
    """The processes that a command has grown into."""

    def members(self) -> list[Process]:
        """Those that live; empty where they cannot be seen."""

    def kill(self) -> None:
        """End them all, and return when they are gone; not an error if they are already."""


async def in_thread(run: Callable[[threading.Event], Finished]) -> Finished:
    """Await `run` in a thread. A cancellation sets the event that it is given and waits until it returns."""
    cancelled = threading.Event()
    with ThreadPoolExecutor(1, "sandbox") as own:
        work = asyncio.get_running_loop().run_in_executor(own, run, cancelled)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            cancelled.set()
            await asyncio.wait([work])
            raise


def in_words(size: int) -> str:
    """A number of bytes as a report gives it: `4 GB`, `1.5 MB`."""
    for unit, name in ((30, "GB"), (20, "MB"), (10, "kB")):
        if size >= 1 << unit:
            return f"{size / (1 << unit):.3g} {name}"
    return f"{size} bytes"


class Supervisor:
    """Reads what one command prints and watches what it uses."""

    def __init__(self, group: Group, space: Space, limits: Limits, cancelled: threading.Event) -> None:
        self._group = group
        self._space = space
        self._limits = limits
        self._cancelled = cancelled
        self._tail = Tail(limits.output)
        self._started = time.monotonic()
        self._next_look = self._started + _LOOK
        self._next_walk = self._next_look

    def see_to_the_end(self, child: "subprocess.Popen[bytes]", output: int) -> Finished:
        """Read `output`, the reading end of the command's pipe, until `child` ends or a limit is met."""
        try:
            stopped_by = self._watch(child, output)
        finally:
            self._group.kill()
            exit_code = child.wait()
        self._read_rest(output)
        return Finished(
            exit_code=None if stopped_by else exit_code if exit_code >= 0 else 128 - exit_code,
            stopped_by=stopped_by,
            output=self._tail.text,
            seconds=time.monotonic() - self._started,
        )

    def _watch(self, child: "subprocess.Popen[bytes]", output: int) -> str:
        reading = True
        while child.poll() is None:
            if reading:
                reading = self._read(output, _LOOK)
            else:
                _wait(child, _LOOK)
            if passed := self._limit_passed():
                return passed
        return ""

    def _limit_passed(self) -> str:
        limits, now = self._limits, time.monotonic()
        if self._cancelled.is_set():
            return "a cancellation"
        if self._tail.seen > _FLOOD * limits.output:
            return f"more than {in_words(_FLOOD * limits.output)} of output"
        if now < self._next_look:
            return ""
        processes = self._group.members()
        passed = self._time_passed(processes, now) or self._use_passed(processes, now)
        self._next_look = _pause(now, _LOOK)
        return passed

    def _time_passed(self, processes: list[Process], now: float) -> str:
        """Time counts in which it could run: on a busy machine it waits for others, up to so long again."""
        seconds = self._limits.seconds
        if now - self._started <= seconds:
            return ""
        granted = min(waited_for_a_core(processes), _PATIENCE * seconds)
        return f"no end after {seconds:g} s" if now - self._started > seconds + granted else ""

    def _use_passed(self, processes: list[Process], now: float) -> str:
        limits = self._limits
        if len(processes) > limits.processes:
            return f"more than {limits.processes} processes"
        if sum(process.threads for process in processes) > TASKS_PER_PROCESS * limits.processes:
            return f"more than {TASKS_PER_PROCESS * limits.processes} threads"
        if memory_held(processes, limits.memory) > limits.memory:
            return f"more than {in_words(limits.memory)} of memory"
        if now < self._next_walk:
            return ""
        walk_started = time.monotonic()
        taken = self._space.taken(processes, limits.disk)
        self._next_walk = _pause(walk_started, _LOOK)
        return f"more than {in_words(limits.disk)} written" if taken > limits.disk else ""

    def _read(self, output: int, seconds: float) -> bool:
        """Take in what there is; whether more may come."""
        pipe = select.poll()  # select() refuses descriptors above 1023
        pipe.register(output, select.POLLIN)
        if not pipe.poll(seconds * 1000):
            return True
        chunk = os.read(output, _CHUNK)
        self._tail.add(chunk)
        return bool(chunk)

    def _read_rest(self, output: int) -> None:
        end = time.monotonic() + _LINGER
        while time.monotonic() < end and self._read(output, _LINGER):
            pass


def _wait(child: "subprocess.Popen[bytes]", seconds: float) -> None:
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def _pause(started: float, least: float) -> float:
    """When to do again what was started then and is done now."""
    now = time.monotonic()
    return now + max(least, (now - started) / _SHARE)
