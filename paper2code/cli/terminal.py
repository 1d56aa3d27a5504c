"""Where output goes, and what that place can show."""

import sys

from rich.console import Console


def console_for_output() -> Console:
    """A console on standard output: colours only on a terminal, nothing highlighted by guess.

    `NO_COLOR` is heeded. Rich would also heed `FORCE_COLOR` in a pipe, where other programs want plain text.
    """
    return Console(
        file=sys.stdout,
        force_terminal=None if sys.stdout.isatty() else False,
        highlight=False,
        markup=False,
        emoji=False,
    )
