"""The command line: `paper2code run`, `demo`, `read`, `estimate` and `graph`."""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paper2code.cli.running import BuildGraph


def main(build_graph: "BuildGraph | None" = None) -> None:
    """Run the command that the process was started with, and exit with its code.

    Args:
        build_graph: What builds the graph; None for the one of this package.
    """
    from paper2code.cli.app import app  # noqa: PLC0415 - importing the package does nothing

    _open_closed_streams()
    _show_any_text()
    app(obj=build_graph, prog_name="paper2code")


def _open_closed_streams() -> None:
    """Let a standard stream that the process was started without lead nowhere.

    Its number would else go to the next file that is opened, and what is printed into that file.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - as long as the process


def _show_any_text() -> None:
    """Let what a stream's encoding lacks come out as `?` rather than end the run."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
