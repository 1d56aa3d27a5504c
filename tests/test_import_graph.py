"""The import graph: order, ranks, cycles."""

import doctest

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code import import_graph
from paper2code.import_graph import (
    build_import_graph,
    cycles,
    generation_order,
    ranks,
    without_cycles,
)
from tests.designs import a_design

PATHS = [f"f{number}.py" for number in range(7)]


@st.composite
def graphs(draw: st.DrawFn) -> "nx.DiGraph[str]":
    """Any graph of a few files, with or without cycles."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(draw(st.permutations(PATHS)))
    pairs = st.tuples(st.sampled_from(PATHS), st.sampled_from(PATHS)).filter(lambda pair: pair[0] != pair[1])
    graph.add_edges_from(draw(st.lists(pairs, max_size=20)))
    return graph


def test_the_examples_in_the_docstrings_are_true() -> None:
    failed, attempted = doctest.testmod(import_graph)
    assert attempted >= 6
    assert failed == 0


def test_unknown_imports_and_self_imports_add_no_edge() -> None:
    graph = build_import_graph(*a_design({"train.py": ["model.py", "lost.py", "train.py"], "model.py": []}))
    assert list(graph) == ["train.py", "model.py"]
    assert list(graph.edges) == [("model.py", "train.py")]


def test_an_import_named_twice_is_one_edge() -> None:
    graph = build_import_graph(*a_design({"train.py": ["model.py", "model.py"], "model.py": []}))
    assert list(graph.edges) == [("model.py", "train.py")]


def test_files_without_an_order_keep_that_of_the_plan() -> None:
    graph = build_import_graph(*a_design({"z.py": [], "m.py": ["a.py"], "a.py": [], "b.py": []}))
    assert generation_order(graph) == ("z.py", "a.py", "m.py", "b.py")


def test_the_rank_is_the_longest_chain_that_waits() -> None:
    graph = build_import_graph(
        *a_design({"a.py": [], "b.py": ["a.py"], "c.py": ["b.py", "a.py"], "d.py": ["a.py"]})
    )
    assert ranks(graph) == {"a.py": 3, "b.py": 2, "c.py": 1, "d.py": 1}


def test_a_cycle_reads_in_the_direction_of_the_imports() -> None:
    graph = build_import_graph(*a_design({"b.py": ["c.py"], "a.py": ["b.py"], "c.py": ["a.py"]}))
    assert cycles(graph) == (("b.py", "c.py", "a.py"),)


def test_each_tangle_shows_its_shortest_cycle() -> None:
    graph = build_import_graph(
        *a_design(
            {
                "a.py": ["b.py"],
                "b.py": ["c.py"],
                "c.py": ["a.py", "b.py"],
                "x.py": ["y.py", "a.py"],
                "y.py": ["x.py"],
            }
        )
    )
    assert cycles(graph) == (("b.py", "c.py"), ("x.py", "y.py"))


def test_a_cycle_has_no_generation_order() -> None:
    graph = build_import_graph(*a_design({"a.py": ["b.py"], "b.py": ["a.py"]}))
    with pytest.raises(nx.NetworkXUnfeasible):
        generation_order(graph)


def test_one_edge_is_enough_for_a_ring() -> None:
    ring = build_import_graph(*a_design({f"{i}.py": [f"{(i + 1) % 50}.py"] for i in range(50)}))
    assert len(without_cycles(ring)[1]) == 1


def test_two_files_that_import_each_other_keep_the_import_of_the_one_planned_first() -> None:
    graph = build_import_graph(*a_design({"model.py": ["train.py"], "train.py": ["model.py"]}))
    assert without_cycles(graph)[1] == (("train.py", "model.py"),)


@given(graphs())
def test_what_is_left_has_no_cycle_and_nothing_is_removed_in_vain(graph: "nx.DiGraph[str]") -> None:
    before = list(graph.edges)
    acyclic, removed = without_cycles(graph)
    assert nx.is_directed_acyclic_graph(acyclic)
    assert list(graph.edges) == before
    assert list(acyclic) == list(graph)
    assert set(acyclic.edges) | set(removed) == set(before)
    assert set(acyclic.edges).isdisjoint(removed)
    assert all(nx.has_path(acyclic, importer, imported) for imported, importer in removed)
    assert (without_cycles(graph)[0].edges, without_cycles(graph)[1]) == (acyclic.edges, removed)


@given(graphs())
def test_there_is_a_cycle_for_each_tangle(graph: "nx.DiGraph[str]") -> None:
    found = cycles(graph)
    tangles = [component for component in nx.strongly_connected_components(graph) if len(component) > 1]
    assert sorted(map(sorted, tangles)) == sorted(
        sorted(next(t for t in tangles if cycle[0] in t)) for cycle in found
    )
    for cycle in found:
        assert all(
            graph.has_edge(imported, importer)
            for importer, imported in zip(cycle, cycle[1:] + cycle[:1], strict=True)
        )
        assert cycle[0] == min(cycle, key=list(graph).index)


@given(graphs())
def test_the_order_puts_imports_first_and_ranks_fall_along_it(graph: "nx.DiGraph[str]") -> None:
    acyclic, _ = without_cycles(graph)
    order, rank = generation_order(acyclic), ranks(acyclic)
    assert sorted(order) == sorted(PATHS)
    for imported, importer in acyclic.edges:
        assert order.index(imported) < order.index(importer)
        assert rank[imported] > rank[importer]
    longest = max(rank.values())
    assert longest == nx.dag_longest_path_length(acyclic) + 1
