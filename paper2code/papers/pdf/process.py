"""A PDF read in a child process, so that no file can hang or exhaust the caller.

A few kilobytes can make any PDF library compute for minutes or fill gigabytes, and the library's own limits
do not bound the total. The child is a plain `python -m`, which works the same from a notebook, a thread and
on Windows.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import paper2code
from paper2code.errors import PaperError
from paper2code.papers.model import Paper

WALL_SECONDS = 90.0
_HINT = "give its LaTeX source or a Markdown conversion instead"


def read(source: Path, *, password: str | None = None, timeout: float = WALL_SECONDS) -> Paper:
    """Read a PDF.

    Args:
        source: the file.
        password: opens an encrypted file.
        timeout: seconds after which reading is given up.

    Raises:
        PaperError: the file is damaged, encrypted, a scan, too long, or costs too much to read.
    """
    request = json.dumps({"path": str(source.resolve()), "password": password})
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "paper2code.papers.pdf.child"],
            input=request,
            capture_output=True,
            encoding="utf-8",
            env=_environment(),
            timeout=timeout,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired as error:
        raise PaperError(f"Reading {source.name} took over {timeout:.0f} seconds; {_HINT}.") from error
    except OSError as error:
        raise PaperError(f"Cannot start Python to read {source.name}: {error}.") from error
    return _paper(done, source.name)


def _environment() -> dict[str, str]:
    """The caller's environment, with this package in reach of the child wherever the caller found it."""
    home = str(Path(paper2code.__file__).parents[1])
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"}


def _paper(done: "subprocess.CompletedProcess[str]", name: str) -> Paper:
    if done.returncode == 0 and done.stdout:
        answer = json.loads(done.stdout)
        if error := answer.get("error"):
            raise PaperError(f"{name}: {error}")
        return Paper.model_validate(answer["paper"])
    if done.returncode == -getattr(signal, "SIGXCPU", 0) or done.returncode == -getattr(signal, "SIGKILL", 0):
        raise PaperError(f"{name}: reading it takes more time or memory than a paper should; {_HINT}.")
    last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    raise PaperError(f"{name}: the PDF reader failed ({last[:200]}); {_HINT}.")
