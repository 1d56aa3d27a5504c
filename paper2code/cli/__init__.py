"""The command line: `paper2code run`, `demo`, `read` and `graph`."""

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

    _show_any_text()
    app(obj=build_graph, prog_name="paper2code")


def _show_any_text() -> None:
    """Let what a stream's encoding lacks come out as `?` rather than end the run."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
