"""Where the boxes and curves of a drawn import graph go.

The method is that of Sugiyama, Tagawa and Toda (1981), "Methods for visual understanding of hierarchical
system structures": files in columns by generation, a waypoint in each column that an edge only passes, the
order in each column by the barycenters of neighbours, and heights that keep edges straight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx

from paper2code.import_graph import ImportGraph
from paper2code.report.untangling import LayeredGraph, Vertex, beside, mean, untangled

BOX_WIDTH = 152.0
BOX_HEIGHT = 38.0
_COLUMN_GAP = 44.0
_ROW_GAP = 14.0
_WAYPOINT_HEIGHT = 6.0
_MARGIN = 2.0
_SWEEPS = 12


@dataclass(frozen=True)
class Box:
    """A file in the drawing; `x` and `y` are its upper left corner, in pixels."""

    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Curve:
    """An import in the drawing, as the `d` of an SVG path."""

    imported: str
    importer: str
    d: str


@dataclass(frozen=True)
class Drawing:
    """An import graph in pixels."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]


def draw(graph: ImportGraph) -> Drawing:
    """Lay an import graph out from left to right.

    Imports that follow from others are not drawn: where c imports b and both import a, the curve from a to c
    is left out.

    Args:
        graph: An import graph without cycles.

    Raises:
        networkx.NetworkXError: If the graph has a cycle.
    """
    reduced: ImportGraph = nx.transitive_reduction(graph)
    column_of = _column_of(reduced)
    chains = {edge: _chain(*edge, column_of) for edge in graph.edges if reduced.has_edge(*edge)}
    columns = _columns(graph, column_of, chains)
    neighbours = _neighbours(chains)
    columns = untangled(columns, neighbours)
    heights = _heights(columns, neighbours)
    top = min((heights[v] - _size(v) / 2 for v in heights), default=0.0)
    bottom = max((heights[v] + _size(v) / 2 for v in heights), default=0.0)
    shift = _MARGIN - top
    return Drawing(
        width=len(columns) * (BOX_WIDTH + _COLUMN_GAP) - _COLUMN_GAP + 2 * _MARGIN if columns else 0.0,
        height=bottom - top + 2 * _MARGIN,
        boxes=tuple(
            Box(path, _left(column_of[path]), round(heights[path,] + shift - BOX_HEIGHT / 2, 1))
            for path in graph
        ),
        curves=tuple(
            Curve(*edge, _path(_left(column_of[edge[0]]), [heights[vertex] + shift for vertex in chain]))
            for edge, chain in chains.items()
        ),
    )


def _column_of(graph: ImportGraph) -> dict[str, int]:
    """The column of each file: its generation; for one that imports nothing, that before its importers."""
    generations = nx.topological_generations(graph)
    column_of = {path: column for column, paths in enumerate(generations) for path in paths}
    for path in graph:
        if graph.in_degree(path) == 0 and graph.out_degree(path) > 0:
            column_of[path] = min(column_of[importer] for importer in graph.successors(path)) - 1
    return column_of


def _chain(imported: str, importer: str, column_of: Mapping[str, int]) -> list[Vertex]:
    """The vertices of an edge: its files, with a waypoint in each column between theirs."""
    between = range(column_of[imported] + 1, column_of[importer])
    return [(imported,), *((imported, importer, str(column)) for column in between), (importer,)]


def _columns(
    graph: ImportGraph, column_of: Mapping[str, int], chains: Mapping[tuple[str, str], list[Vertex]]
) -> list[list[Vertex]]:
    columns: list[list[Vertex]] = [[] for _ in range(max(column_of.values(), default=-1) + 1)]
    for path in graph:
        columns[column_of[path]].append((path,))
    for (imported, _), chain in chains.items():
        for offset, waypoint in enumerate(chain[1:-1], start=1):
            columns[column_of[imported] + offset].append(waypoint)
    return columns


def _neighbours(chains: Mapping[tuple[str, str], list[Vertex]]) -> LayeredGraph:
    graph: LayeredGraph = nx.DiGraph()
    for chain in chains.values():
        graph.add_edges_from(pairwise(chain))
    return graph


def _heights(columns: Sequence[Sequence[Vertex]], neighbours: LayeredGraph) -> dict[Vertex, float]:
    """The middle of each vertex: near its neighbours', and clear of those above and below."""
    heights: dict[Vertex, float] = {}
    for column in columns:
        heights.update(_spread(column, dict.fromkeys(column, 0.0)))
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            around = {v: [heights[n] for n in beside(v, neighbours)] for v in column}
            heights.update(_spread(column, {v: mean(around[v], default=heights[v]) for v in column}))
    return heights


def _spread(column: Sequence[Vertex], wished: Mapping[Vertex, float]) -> dict[Vertex, float]:
    """Heights in the column's order, without overlap, near the wished ones.

    Pushing down from the first vertex keeps the gaps, and so does pushing up from the last; hence their mean
    does.
    """
    gaps = [(_size(above) + _size(below)) / 2 + _ROW_GAP for above, below in pairwise(column)]
    wishes = [wished[vertex] for vertex in column]
    pushed_down = _pushed(wishes, gaps)
    pushed_up = [-y for y in _pushed([-y for y in reversed(wishes)], gaps[::-1])][::-1]
    return {
        vertex: (lower + upper) / 2
        for vertex, lower, upper in zip(column, pushed_down, pushed_up, strict=True)
    }


def _pushed(wishes: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """The least heights that are no smaller than wished and keep the gaps."""
    placed = list(wishes[:1])
    for wish, gap in zip(wishes[1:], gaps, strict=True):
        placed.append(max(wish, placed[-1] + gap))
    return placed


def _path(left: float, heights: Sequence[float]) -> str:
    """A smooth path from a column to others right of it: level across each one, curved between them."""
    x = left + BOX_WIDTH
    parts = [f"M{x:g} {heights[0]:.1f}"]
    for number, (y, y_end) in enumerate(pairwise(heights)):
        if number > 0:
            x += BOX_WIDTH + _COLUMN_GAP
            parts.append(f"H{x:g}")
        middle, x_end = x + _COLUMN_GAP / 2, x + _COLUMN_GAP
        parts.append(f"C{middle:g} {y:.1f} {middle:g} {y_end:.1f} {x_end:g} {y_end:.1f}")
    return "".join(parts)


def _left(column: int) -> float:
    return _MARGIN + column * (BOX_WIDTH + _COLUMN_GAP)


def _size(vertex: Vertex) -> float:
    return BOX_HEIGHT if len(vertex) == 1 else _WAYPOINT_HEIGHT
