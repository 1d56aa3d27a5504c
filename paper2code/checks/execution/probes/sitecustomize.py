"""Python imports this at its start: a program that is still at work shortly before its limit says where.

The stacks of all threads go to a file of the gate's, since a hanging program may print without end.
"""

import faulthandler
import os
import time
from pathlib import Path
from typing import TextIO

_notes: list[TextIO] = []  # faulthandler keeps the number of the open file, not the file


def watch() -> None:
    """Have the stacks written at the time in `PAPER2CODE_STACKS_AT`, if that is still to come."""
    moment, folder = os.environ.get("PAPER2CODE_STACKS_AT"), os.environ.get("PAPER2CODE_NOTES")
    if not moment or not folder:
        return
    seconds = float(moment) - time.time()
    if seconds <= 0:
        return
    if not _notes:
        # A program's own child may see neither the folder nor a writable one, and must start all the same.
        try:
            stacks = Path(folder, f"stacks-{os.getpid()}.txt").open("w", encoding="utf-8")  # noqa: SIM115 - stays open
        except OSError:
            return
        _notes.append(stacks)
    faulthandler.dump_traceback_later(seconds, file=_notes[0])


watch()
