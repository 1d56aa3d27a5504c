"""The order of the vertices in each column of a layered drawing, so that few edges cross.

Each sweep sorts the columns one after the other by the barycenters of their neighbours in the column before,
as in Sugiyama, Tagawa and Toda (1981).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

import networkx as nx

_SWEEPS = 12

Vertex = tuple[str, ...]
"""A file as `(path,)`, or a waypoint as `(imported, importer, column)`."""

LayeredGraph: TypeAlias = "nx.DiGraph[Vertex]"
"""Vertices with edges from each column to the next."""


def untangled(columns: list[list[Vertex]], neighbours: LayeredGraph) -> list[list[Vertex]]:
    """The order in each column with the fewest crossings that the sweeps met."""
    best, fewest = columns, _crossings(columns, neighbours)
    for sweep in range(_SWEEPS):
        rightwards = sweep % 2 == 0
        columns = [list(column) for column in columns]
        indices = range(1, len(columns)) if rightwards else range(len(columns) - 2, -1, -1)
        for index in indices:
            fixed = columns[index - 1 if rightwards else index + 1]
            place = {vertex: float(i) for i, vertex in enumerate(fixed)}
            columns[index].sort(key=_barycenters(columns[index], place, neighbours).__getitem__)
        crossings = _crossings(columns, neighbours)
        if crossings < fewest:
            best, fewest = columns, crossings
    return best


def _barycenters(
    column: Sequence[Vertex], place: Mapping[Vertex, float], neighbours: LayeredGraph
) -> dict[Vertex, float]:
    """The mean place of each vertex's neighbours in the column beside; its own where it has none."""
    return {
        vertex: mean([place[n] for n in beside(vertex, neighbours) if n in place], default=float(i))
        for i, vertex in enumerate(column)
    }


def _crossings(columns: Sequence[Sequence[Vertex]], neighbours: LayeredGraph) -> int:
    crossings = 0
    for left, right in pairwise(columns):
        place = {vertex: i for i, vertex in enumerate(right)}
        ends = [sorted(place[n] for n in neighbours.successors(v)) if v in neighbours else [] for v in left]
        seen: list[int] = []
        for targets in ends:
            crossings += sum(earlier > target for target in targets for earlier in seen)
            seen += targets
    return crossings


def beside(vertex: Vertex, neighbours: LayeredGraph) -> Iterator[Vertex]:
    """The vertices that an edge leads to from this one, or from which one leads here."""
    if vertex in neighbours:
        yield from neighbours.predecessors(vertex)
        yield from neighbours.successors(vertex)


def mean(values: Sequence[float], default: float) -> float:
    """The mean, or the default of no values."""
    return sum(values) / len(values) if values else default
