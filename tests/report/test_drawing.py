"""Where the boxes and curves of the import graph go."""

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from paper2code.report.layout import BOX_HEIGHT, BOX_WIDTH, draw


@given(st.integers(0, 14), st.sets(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=40))
@settings(deadline=None)
def test_boxes_do_not_overlap_and_curves_lead_right(size: int, pairs: set[tuple[int, int]]) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(f"{i}.py" for i in range(size))
    graph.add_edges_from((f"{a}.py", f"{b}.py") for a, b in pairs if a < b < size)
    drawing = draw(graph)
    assert [box.path for box in drawing.boxes] == list(graph)
    place = {box.path: box for box in drawing.boxes}
    for box in drawing.boxes:
        assert 0 <= box.x <= drawing.width - BOX_WIDTH
        assert 0 <= box.y <= drawing.height - BOX_HEIGHT
        assert not any(
            box.x == other.x and abs(box.y - other.y) < BOX_HEIGHT for other in drawing.boxes if other != box
        )
    assert {(c.imported, c.importer) for c in drawing.curves} == set(nx.transitive_reduction(graph).edges)
    assert all(place[c.imported].x < place[c.importer].x for c in drawing.curves)
    assert draw(graph) == drawing


def test_a_tree_is_drawn_without_crossings() -> None:
    graph = nx.DiGraph([("r", "a"), ("r", "b"), ("b", "b1"), ("a", "a1"), ("b", "b2"), ("a", "a2")])
    heights = {box.path: box.y for box in draw(graph).boxes}
    assert (heights["a"] < heights["b"]) == (
        max(heights["a1"], heights["a2"]) < min(heights["b1"], heights["b2"])
    )


def test_a_large_graph_is_drawn_quickly() -> None:
    graph = nx.gn_graph(200, seed=1)
    assert len(draw(nx.relabel_nodes(graph, str)).boxes) == 200
