"""The graph as a drawing."""

from typing import Any, Protocol


class Drawable(Protocol):
    """The part of a compiled graph that is needed here."""

    def get_graph(self, *, xray: bool = False) -> Any:
        """LangGraph's drawable graph."""


class BuildDrawable(Protocol):
    """`build_graph`, or what stands in for it in a test."""

    def __call__(self) -> Drawable:
        """The compiled graph."""


def mermaid(build_graph: BuildDrawable | None, *, xray: bool) -> str:
    """The Mermaid text of the graph, with the graph of a file drawn out if `xray`."""
    if build_graph is None:
        from paper2code import graph  # noqa: PLC0415 - a test that injects its own needs no other

        build_graph = graph.build_graph
    return str(build_graph().get_graph(xray=xray).draw_mermaid()).rstrip()
