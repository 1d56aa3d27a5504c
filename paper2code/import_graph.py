"""The import graph of the planned files: what is written before what, and what waits for what.

An edge runs from a file to a file that imports it. Nodes stand in the order of the plan, and every function
here breaks ties by it, so that the same design always gives the same schedule.
"""

from collections.abc import Iterable
from typing import TypeAlias

import networkx as nx

from paper2code.artifacts import Architecture, Dependencies

ImportGraph: TypeAlias = "nx.DiGraph[str]"
"""A directed graph of paths, edges from the imported file to the importer."""


def build_import_graph(architecture: Architecture, dependencies: Dependencies) -> ImportGraph:
    """Return the import graph of a design.

    Args:
        architecture: The planned files; each becomes a node, in their order.
        dependencies: The imports of each file. Imports of files that are not planned, and of a file by
            itself, add no edge.

    Returns:
        The graph; it may have cycles.

    Examples:
        >>> from paper2code.artifacts import FileDependencies, PlannedFile
        >>> files = tuple(PlannedFile.model_construct(path=path) for path in ("a.py", "b.py"))
        >>> needs = FileDependencies.model_construct(path="a.py", imports=("b.py", "unplanned.py"))
        >>> graph = build_import_graph(
        ...     Architecture.model_construct(files=files), Dependencies.model_construct(files=(needs,))
        ... )
        >>> list(graph.nodes), list(graph.edges)
        (['a.py', 'b.py'], [('b.py', 'a.py')])
    """
    graph: ImportGraph = nx.DiGraph()
    graph.add_nodes_from(file.path for file in architecture.files)
    # Of two entries of one file the first one counts, as it does for `Dependencies.of`.
    imports = {file.path: file.imports for file in reversed(dependencies.files)}
    for importer in tuple(graph):
        graph.add_edges_from(
            (imported, importer)
            for imported in imports.get(importer, ())
            if imported in graph and imported != importer
        )
    return graph


def generation_order(graph: ImportGraph) -> tuple[str, ...]:
    """Return the files in topological order: each after everything that it imports.

    Args:
        graph: An import graph without cycles.

    Returns:
        All files. Of those that could come next, the one that the plan names first does.

    Raises:
        networkx.NetworkXUnfeasible: If the graph has a cycle.

    Examples:
        >>> graph = nx.DiGraph()
        >>> graph.add_nodes_from(["train.py", "data.py", "model.py"])
        >>> graph.add_edge("model.py", "train.py")
        >>> generation_order(graph)
        ('data.py', 'model.py', 'train.py')
    """
    place = _places(graph)
    return tuple(nx.lexicographical_topological_sort(graph, key=place.__getitem__))


def ranks(graph: ImportGraph) -> dict[str, int]:
    """Return, for each file, the length of the longest chain of files that wait for it, itself counted.

    The file of the highest rank is on the critical path: of the files that are ready, it should go first.

    Args:
        graph: An import graph without cycles.

    Returns:
        The rank of each file; 1 for a file that nothing imports.

    Raises:
        networkx.NetworkXUnfeasible: If the graph has a cycle.

    Examples:
        >>> ranks(nx.DiGraph([("data.py", "model.py"), ("model.py", "train.py"), ("data.py", "plot.py")]))
        {'data.py': 3, 'model.py': 2, 'train.py': 1, 'plot.py': 1}
    """
    rank: dict[str, int] = {}
    for path in reversed(generation_order(graph)):
        rank[path] = 1 + max((rank[importer] for importer in graph.successors(path)), default=0)
    return {path: rank[path] for path in graph}


def cycles(graph: ImportGraph) -> tuple[tuple[str, ...], ...]:
    """Return one import cycle for each group of files that depend on each other.

    Args:
        graph: An import graph.

    Returns:
        A shortest cycle of each strongly connected component of two or more files. Within a cycle each file
        imports the next one, and the last imports the first; it starts at the file that the plan names first.

    Examples:
        >>> cycles(nx.DiGraph([("a.py", "c.py"), ("c.py", "b.py"), ("b.py", "a.py"), ("b.py", "d.py")]))
        (('a.py', 'b.py', 'c.py'),)
    """
    return tuple(_shortest_cycle(component) for component in _tangles(graph))


def without_cycles(graph: ImportGraph) -> tuple[ImportGraph, tuple[tuple[str, str], ...]]:
    """Return the graph without the few edges that close its cycles.

    Finding the fewest such edges is NP-hard. The files of each strongly connected component are put in the
    order of the greedy heuristic of [1]_, edges that run against it are taken out, and each of them that
    closes no cycle any more is put back, so that no edge is removed in vain.

    Args:
        graph: An import graph; it is left as it is.

    Returns:
        An acyclic copy, and the edges removed, as (imported, importer) in the order of the graph.

    References:
        .. [1] P. Eades, X. Lin, W. F. Smyth (1993). "A fast and effective heuristic for the feedback arc set
           problem". Information Processing Letters 47(6), 319-323.

    Examples:
        >>> graph = nx.DiGraph([("a.py", "b.py"), ("b.py", "a.py"), ("a.py", "c.py")])
        >>> acyclic, removed = without_cycles(graph)
        >>> list(acyclic.edges), removed
        ([('a.py', 'b.py'), ('a.py', 'c.py')], (('b.py', 'a.py'),))
    """
    acyclic = graph.copy()
    removed: list[tuple[str, str]] = []
    for tangle in _tangles(graph):
        place = _places(_greedy_order(tangle))
        against = [(start, end) for start, end in tangle.edges if place[start] > place[end]]
        acyclic.remove_edges_from(against)
        for imported, importer in against:
            if nx.has_path(acyclic, importer, imported):
                removed.append((imported, importer))
            else:
                acyclic.add_edge(imported, importer)
    return acyclic, tuple(removed)


def _places(paths: Iterable[str]) -> dict[str, int]:
    return {path: place for place, path in enumerate(paths)}


def _tangles(graph: ImportGraph) -> list[ImportGraph]:
    """The strongly connected components of two or more files, as graphs, in the order of the plan."""
    place = _places(graph)
    components = [
        sorted(c, key=place.__getitem__) for c in nx.strongly_connected_components(graph) if len(c) > 1
    ]
    return [_subgraph(graph, nodes) for nodes in sorted(components, key=lambda nodes: place[nodes[0]])]


def _subgraph(graph: ImportGraph, nodes: list[str]) -> ImportGraph:
    """The induced subgraph with its nodes in the given order, which `nx.subgraph` does not promise."""
    inside = set(nodes)
    part: ImportGraph = nx.DiGraph()
    part.add_nodes_from(nodes)
    part.add_edges_from((node, end) for node in nodes for end in graph.successors(node) if end in inside)
    return part


def _shortest_cycle(tangle: ImportGraph) -> tuple[str, ...]:
    """A shortest cycle of a strongly connected graph, against its edges: from importer to imported."""
    shortest: list[str] = []
    for imported, importer in tangle.edges:
        around = nx.shortest_path(tangle, importer, imported)
        if not shortest or len(around) < len(shortest):
            shortest = around
        if len(shortest) == 2:
            break
    place = _places(tangle)
    importing = shortest[::-1]
    first = min(range(len(importing)), key=lambda position: place[importing[position]])
    return (*importing[first:], *importing[:first])


def _greedy_order(tangle: ImportGraph) -> list[str]:
    """The order of Eades, Lin and Smyth: sinks last, sources and what is most like one first."""
    left = tangle.copy()
    front: list[str] = []
    back: list[str] = []

    def likeness_to_source(node: str) -> tuple[bool, int]:
        return left.in_degree(node) == 0, left.out_degree(node) - left.in_degree(node)

    while left:
        sink = next((node for node in left if left.out_degree(node) == 0), None)
        chosen = max(left, key=likeness_to_source) if sink is None else sink
        (front if sink is None else back).append(chosen)
        left.remove_node(chosen)
    return front + back[::-1]
