"""The person at the terminal: whether there is one, and what they type."""

import contextlib
import os
import select
import signal
import sys
import threading

from rich.console import Console
from rich.text import Text

from paper2code.errors import InputError


def require_a_person(option: str) -> None:
    """Ask for somebody who can answer.

    Args:
        option: What makes the run ask.

    Raises:
        InputError: Standard input is no terminal.
    """
    if not sys.stdin.isatty():
        raise InputError(f"{option} asks at a terminal, and standard input is none: leave out {option}")


def read_line(console: Console, question: str) -> str | None:
    """The line that is typed after a question, without blanks around it; None at the end of input."""
    console.print(Text(question, "bold"), end="")
    _wait_for_a_line()
    try:
        return console.input().strip()
    except EOFError:
        console.print()
        return None


def forget_typed_keys() -> None:
    """Drop what was typed before the question was there to be answered, where the system can."""
    if sys.platform != "win32" and sys.stdin.isatty():
        import termios  # noqa: PLC0415 - Windows has no such module

        with contextlib.suppress(termios.error):
            termios.tcflush(sys.stdin, termios.TCIFLUSH)


def _wait_for_a_line() -> None:
    """Wait until `input` has something to read, where the system can.

    A signal that comes right before `input` begins to read would be heeded at the next key only. Here it ends
    the waiting, whenever it comes, since the interpreter writes to a pipe that is waited for, too.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if sys.platform == "win32" or not in_main_thread or not sys.stdin.isatty():
        return
    heard, told = os.pipe()
    os.set_blocking(told, False)
    before = signal.set_wakeup_fd(told)
    try:
        select.select([sys.stdin, heard], [], [])
    finally:
        signal.set_wakeup_fd(before)
        os.close(told)
        os.close(heard)
