"""The processes that a command has started, as Linux shows them in `/proc`."""

import math
import os
import signal
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """One process at the moment it was looked at."""

    pid: int
    parent: int
    group: int
    started: int
    """Clock ticks since boot; with the number it names a process, for numbers are used again."""
    threads: int
    resident: int
    """Bytes in memory, those that it shares with others counted in full."""
    dead: bool
    """Ended, and waiting for its parent to notice."""


def find_process(pid: int) -> Process | None:
    """The process with this number, if there is one."""
    try:
        text = (_PROC / str(pid) / "stat").read_bytes()
    except OSError:
        return None
    # The name stands in parentheses and may hold any byte: the fields after it begin at the last one.
    fields = text[text.rindex(b")") + 2 :].split()
    return Process(
        pid=pid,
        parent=int(fields[1]),
        group=int(fields[2]),
        started=int(fields[19]),
        threads=int(fields[17]),
        resident=int(fields[21]) * os.sysconf("SC_PAGE_SIZE"),
        dead=fields[0] in (b"Z", b"X"),
    )


def all_processes() -> Iterator[Process]:
    """Every process that can be seen; none on a system without `/proc`."""
    with suppress(FileNotFoundError), os.scandir(_PROC) as entries:
        for entry in entries:
            if entry.name.isdecimal() and (process := find_process(int(entry.name))):
                yield process


def descendants(pid: int, enough: float = math.inf) -> list[Process]:
    """The living children of a process, their children, and so on; without the process itself.

    Args:
        pid: The process.
        enough: With more than so many found it looks no further, for they may be born faster than listed.
    """
    children_of = _listed_children if _lists_children() else _scanned_children()
    found: list[Process] = []
    parents = [pid]
    while parents and len(found) <= enough:
        born = list(children_of(parents.pop()))
        parents += [process.pid for process in born]
        found += [process for process in born if not process.dead]
    return found


@cache
def _lists_children() -> bool:
    """Whether the kernel was built to list the children of each thread."""
    return (_PROC / "thread-self" / "children").exists()


def _listed_children(pid: int) -> Iterator[Process]:
    with suppress(OSError):  # the process has ended
        for thread in (_PROC / str(pid) / "task").iterdir():
            with suppress(OSError):
                for child in (thread / "children").read_bytes().split():
                    if process := find_process(int(child)):
                        yield process


def _scanned_children() -> Callable[[int], list[Process]]:
    """The children of any process at this moment, from a look at all there are."""
    children = defaultdict[int, list[Process]](list)
    for process in all_processes():
        children[process.parent].append(process)
    return lambda pid: children.pop(pid, [])


def kill(processes: Iterable[Process]) -> None:
    """Send SIGKILL to the processes and to all of their groups.

    A group takes the signal at once, so that of processes that fork faster than they can be listed none is
    missed. The group of this very process is spared.
    """
    processes = list(processes)
    for group in {process.group for process in processes} - {0, os.getpgrp()}:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


def waited_for_a_core(processes: Iterable[Process]) -> float:
    """Seconds that the process which waited longest could have run and had no core; 0 where nobody tells.

    The kernel keeps it for the main thread of each (`Documentation/scheduler/sched-stats.rst`).
    """
    return max(map(_run_delay, processes), default=0.0)


def _run_delay(process: Process) -> float:
    try:
        fields = (_PROC / str(process.pid) / "schedstat").read_bytes().split()
    except OSError:
        return 0.0
    return int(fields[1]) / 1e9


def memory_held(processes: list[Process], enough: int) -> int:
    """Bytes that the processes hold together; exact only where it matters, above `enough`.

    Workers that were forked share pages, so that the sum of what each has resident may pass a limit that they
    keep. The kernel's proportional count gives every page once, but walks all of them to do so.
    """
    resident = sum(process.resident for process in processes)
    if resident <= enough:
        return resident
    return sum(_proportional(process) for process in processes)


def _proportional(process: Process) -> int:
    try:
        lines = (_PROC / str(process.pid) / "smaps_rollup").read_bytes().splitlines()
    except FileNotFoundError:
        return process.resident if find_process(process.pid) else 0
    except ProcessLookupError:
        return 0
    except OSError:
        return process.resident
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith(b"Pss:"))
