"""What a command ends with: its exit codes, and errors in one line."""

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import typer

from paper2code.cli.text import printable
from paper2code.errors import Paper2CodeError

ACCEPTED = 0
"""Everything that was asked for is there."""

NOT_ACCEPTED = 1
"""The run ended, but a file or a requirement was not accepted."""

UNEXPECTED = 70
"""A fault in this program: EX_SOFTWARE of sysexits.h. Errors raised on purpose carry their own code."""

UNREAD = 141
"""Nobody reads the output any more: 128 and SIGPIPE, as a shell tells it of programs that the signal ends."""

_LACKS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
)


def say_error(text: str) -> None:
    """One line on standard error."""
    typer.echo(f"paper2code: {printable(text)}", err=True)


@contextmanager
def one_line_errors(debug: bool) -> Iterator[None]:
    """End the command with one line on standard error for whatever goes wrong inside.

    Args:
        debug: Show the traceback before that line.

    Raises:
        typer.Exit: With the error's exit code.
    """
    try:
        yield
    except (typer.Exit, typer.Abort):
        raise
    except BrokenPipeError:
        _give_up_output()
        raise typer.Exit(UNREAD) from None
    except Paper2CodeError as error:
        if debug:
            traceback.print_exc()
        say_error(str(error))
        raise typer.Exit(error.exit_code) from None
    except Exception as error:
        if debug:
            traceback.print_exc()
        if lack := _lack(error):
            say_error(f"{lack}: mend that and run the same command again: finished calls are not paid again")
            raise typer.Exit(Paper2CodeError.exit_code) from None
        if debug:
            raise typer.Exit(UNEXPECTED) from None
        say_error(f"unexpected {type(error).__name__}: {error} (run again with --debug to see where)")
        raise typer.Exit(UNEXPECTED) from None


def _give_up_output() -> None:
    """Let what is still buffered for standard output go nowhere, or the interpreter would fail at its end."""
    with suppress(OSError, ValueError):  # a stream that is no file has nothing that could fail
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _lack(error: Exception) -> str:
    """What this machine lacks for the run to go on; nothing where the error is of another kind."""
    if isinstance(error, MemoryError):
        return "out of memory"
    if isinstance(error, OSError) and error.errno in _LACKS:
        place = f" ({error.filename})" if error.filename else ""
        return f"{os.strerror(error.errno)}{place}"
    return ""
