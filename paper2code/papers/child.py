"""Child processes that read what others made: JSON in, JSON out, within limits of time and memory.

A few kilobytes can make any library for PDFs and pictures compute for minutes, fill gigabytes or abort. The
child is a plain `python -m`, which works the same from a notebook, a thread and on Windows.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import paper2code

WALL_SECONDS = 90.0
MEMORY_BYTES = 1536 << 20
CPU_SECONDS = 60


class ChildError(Exception):
    """The child gave no answer. Its text says why, and goes on after a name."""


def ask_child(module: str, request: Mapping[str, object], *, timeout: float = WALL_SECONDS) -> dict[str, Any]:
    """Run a module on one request and give back its answer.

    Args:
        module: The module, whose `main` reads a JSON object and writes one.
        request: The object.
        timeout: Seconds after which the child is ended.

    Raises:
        ChildError: It failed, or took more time or memory than it may.
        OSError: Python cannot be started.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own module, with no shell between
            [sys.executable, "-P", "-m", module],
            input=json.dumps(request),
            capture_output=True,
            encoding="utf-8",
            env=_environment(),
            timeout=timeout,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired as error:
        raise ChildError(f"took over {timeout:.0f} seconds") from error
    if done.returncode == 0 and done.stdout:
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer
    if done.returncode in {-getattr(signal, name, 0) for name in ("SIGXCPU", "SIGKILL")}:
        raise ChildError("takes more time or memory than a paper should")
    last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    raise ChildError(f"failed ({last[:200]})")


def limit_child() -> None:
    """Bound this process's memory and processor time, where the system can."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is no such module on Windows

    for kind, limit in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS)):
        _, hard = resource.getrlimit(kind)
        most = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        try:
            resource.setrlimit(kind, (most, hard))
        except (ValueError, OSError):
            continue  # macOS does not bound address space


def _environment() -> dict[str, str]:
    """The caller's environment, with this package in reach of the child wherever the caller found it."""
    home = str(Path(paper2code.__file__).parents[1])
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}
