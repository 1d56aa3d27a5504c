"""The person at the terminal: whether there is one, and what they type."""

import contextlib
import sys

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
    try:
        return console.input(Text(question, "bold")).strip()
    except EOFError:
        console.print()
        return None


def forget_typed_keys() -> None:
    """Drop what was typed before the question was there to be answered, where the system can."""
    if sys.platform != "win32" and sys.stdin.isatty():
        import termios  # noqa: PLC0415 - Windows has no such module

        with contextlib.suppress(termios.error):
            termios.tcflush(sys.stdin, termios.TCIFLUSH)
