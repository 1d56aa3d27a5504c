"""Where output goes, and what that place can show."""

import sys

from rich.console import Console


class _Pipeable(Console):
    """A console that leaves it to its command what becomes of output that nobody reads."""

    def on_broken_pipe(self) -> None:
        """Raise what was met, where Rich would end the process."""
        raise BrokenPipeError


def console_for_output() -> Console:
    """A console on standard output: colours only on a terminal, nothing highlighted by guess.

    `NO_COLOR` is heeded. Rich would also heed `FORCE_COLOR` in a pipe, where other programs want plain text.
    """
    return _Pipeable(
        file=sys.stdout,
        force_terminal=None if sys.stdout.isatty() else False,
        highlight=False,
        markup=False,
        emoji=False,
    )
