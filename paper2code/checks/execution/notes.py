"""What the probes noted while generated code ran beside them: claims, never to be relied upon alone."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

_LONGEST = 16 << 20

Event = Literal["collection", "deselected", "collected", "started", "phase", "ended", "finished"]


class Note(BaseModel):
    """One thing that happened."""

    event: Event
    subject: str
    """The module or the test it is about."""
    outcome: Literal["", "passed", "failed", "skipped", "xfailed"] = ""
    reason: str = ""
    """Why, on one line."""
    detail: str = ""
    """The whole traceback, without what is not the repository's."""


def read_notes(folder: Path) -> tuple[Note, ...]:
    """The notes of a run in order; lines that are none are left out."""
    return tuple(_notes(_text(folder / "notes.jsonl")))


def read_stacks(folder: Path) -> str:
    """Where the processes of a run were at work shortly before its limit; empty if it ended in time."""
    texts = (_text(path).strip() for path in sorted(folder.glob("stacks-*.txt"))[:8])
    return "\n\n".join(text for text in texts if text)


def _notes(text: str) -> Iterator[Note]:
    for line in text.splitlines():
        try:
            yield Note.model_validate_json(line)
        except ValidationError:
            continue  # cut by the end of a process, or written by another


def _text(path: Path) -> str:
    """The text of a regular file; what ran may have put a pipe or a link in its place."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return ""
        with path.open("rb") as file:
            return file.read(_LONGEST).decode("utf-8", "replace")
    except OSError:
        return ""
