"""Faults of the machine that a run is on, which come up when a stage is asked."""

import builtins
import errno
import io
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

from tests.faults.fault import ALL, SOME, Asked, Fault
from tests.models.server import Answer

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_DAY = 86_400.0


@dataclass
class Trouble:
    """Something that is well until a stage is asked."""

    is_there: bool = False

    def __call__(self, asked: Asked) -> Answer:
        """Come up, with the faultless answer."""
        self.is_there = True
        return asked.text


_TROUBLE = Trouble()


# ------------------------------------------------------------------ the disk


def _unwritable(number: int, spared: int = 0) -> Callable[[Path], Any]:
    """Whatever would be written into the folder fails with this error of the system, but for the first."""

    @contextmanager
    def around(folder: Path) -> Iterator[None]:
        attempts = count()

        def refuses(original: Callable[..., Any], writes: Callable[..., bool]) -> Callable[..., Any]:
            def call(*args: Any, **kwargs: Any) -> Any:
                if _TROUBLE.is_there and writes(*args, **kwargs) and next(attempts) >= spared:
                    raise OSError(number, os.strerror(number), str(args[0]))
                return original(*args, **kwargs)

            return call

        def inside(path: object, *_: object, **__: object) -> bool:
            return isinstance(path, str | os.PathLike) and Path(path).is_relative_to(folder)

        def opened(path: object, mode: object = "r", *_: object, **__: object) -> bool:
            how = mode & _WRITING if isinstance(mode, int) else set("wax+") & set(str(mode))
            return bool(how) and inside(path)

        def anywhere(*_: object) -> bool:
            return True

        patches: tuple[tuple[Any, str, Callable[..., bool]], ...] = (
            (os, "open", opened),
            (io, "open", opened),
            (builtins, "open", opened),
            (os, "write", anywhere),
            (os, "ftruncate", anywhere),
            (os, "unlink", inside),
            (os, "mkdir", inside),
        )
        with ExitStack() as stack:
            for module, name, writes in patches:
                stack.enter_context(mock.patch.object(module, name, refuses(getattr(module, name), writes)))
            yield

    return around


# ------------------------------------------------------------------ the clock


def _clock(offset: Callable[[int], float]) -> Callable[[Path], Any]:
    """The clock on the wall is off, by more with each look at it."""

    @contextmanager
    def around(folder: Path) -> Iterator[None]:
        del folder
        looks, now = count(), time.time

        def told() -> float:
            return now() + (offset(next(looks)) if _TROUBLE.is_there else 0.0)

        with mock.patch("time.time", told):
            yield

    return around


# ------------------------------------------------------------------ the memory


@contextmanager
def _no_memory(folder: Path) -> Iterator[None]:
    """Checks run out of memory."""
    del folder

    def refusing(place: str) -> Any:
        module, _, name = place.rpartition(".")
        original = getattr(__import__(module, fromlist=[name]), name)

        def check(*args: Any, **kwargs: Any) -> Any:
            if _TROUBLE.is_there:
                raise MemoryError
            return original(*args, **kwargs)

        return mock.patch(place, check)

    with (
        refusing("paper2code.checker.check_within"),
        refusing("paper2code.agents.dependency_analyst.find_faults"),
    ):
        yield


def _beginning(around: Callable[[Path], Any], *, there: bool) -> Callable[[Path], Any]:
    """The same, there from the start or well at first."""

    @contextmanager
    def fresh(folder: Path) -> Iterator[None]:
        _TROUBLE.is_there = there
        with around(folder):
            try:
                yield
            finally:
                _TROUBLE.is_there = False

    return fresh


def _fault(name: str, around: Callable[[Path], Any], stages: tuple[str, ...] = ALL) -> Fault:
    return Fault(name, _TROUBLE, stages, ("once",), around=_beginning(around, there=False))


def _from_the_start(name: str, around: Callable[[Path], Any]) -> Fault:
    return Fault(name, stages=("planner",), often=("always",), around=_beginning(around, there=True))


MACHINE = (
    _fault("disk-full", _unwritable(errno.ENOSPC)),
    _fault("disk-full-1-later", _unwritable(errno.ENOSPC, spared=1)),
    _fault("disk-full-4-later", _unwritable(errno.ENOSPC, spared=4), ("auditor", "debugger")),
    _fault("disk-full-9-later", _unwritable(errno.ENOSPC, spared=9), ("auditor", "debugger")),
    _fault("disk-full-12-later", _unwritable(errno.ENOSPC, spared=12), ("auditor", "debugger")),
    _fault("disk-read-only", _unwritable(errno.EROFS), SOME),
    _fault("disk-io-error", _unwritable(errno.EIO), SOME),
    _fault("files-exhausted", _unwritable(errno.EMFILE, spared=1), SOME),
    _from_the_start("output-read-only", _unwritable(errno.EROFS)),
    _from_the_start("output-forbidden", _unwritable(errno.EACCES)),
    _from_the_start("output-full-1-later", _unwritable(errno.ENOSPC, spared=1)),
    _from_the_start("output-full-4-later", _unwritable(errno.ENOSPC, spared=4)),
    _fault("clock-back", _clock(lambda look: -_DAY * look), SOME),
    _fault("clock-forward", _clock(lambda look: _DAY * 3650 * (look > 0)), SOME),
    _fault("clock-to-and-fro", _clock(lambda look: _DAY * 1000 * (-1) ** look), SOME),
    _fault("clock-before-1970", _clock(lambda look: -4e9), SOME),
    _fault("no-memory-in-check", _no_memory, ("architect", "coder", "coder again", "debugger")),
)
