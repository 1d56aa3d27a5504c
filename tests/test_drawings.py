"""The drawings beside the graphs, and what else a server shows of a graph."""

import json
from importlib import import_module
from pathlib import Path

import pytest
from langgraph.graph.state import CompiledStateGraph

from graphs import draw, paper_to_code, supervised
from paper2code import build_graph
from paper2code.state import State

ROOT = Path(__file__).parent.parent
DEPLOYED: dict[str, str] = json.loads((ROOT / "langgraph.json").read_text())["graphs"]


@pytest.mark.parametrize(("name", "text"), draw.drawings().items(), ids=list(draw.drawings()))
def test_the_drawings_are_fresh(name: str, text: str) -> None:
    drawn = (ROOT / "graphs" / name).read_text(encoding="utf-8")
    assert drawn == text, "the graph has changed: run `make drawings`"


def test_no_drawing_is_left_from_a_graph_that_is_gone() -> None:
    assert {path.name for path in (ROOT / "graphs").glob("*.mmd")} == set(draw.drawings())


def test_every_decision_carries_its_words() -> None:
    for drawing in (
        paper_to_code.graph.get_graph(),
        paper_to_code.graph.get_graph(xray=True),
    ):
        assert all(edge.data for edge in drawing.edges if edge.conditional)


def test_the_inside_of_a_file_is_drawn_too() -> None:
    nodes = set(paper_to_code.graph.get_graph(xray=True).nodes)
    assert {f"file:{node}" for node in ("analyst", "await_imports", "coder", "checker", "reviewer")} <= nodes


def test_an_agent_of_your_own_takes_the_place_of_the_one_it_replaces() -> None:
    async def my_coder(state: State) -> State:
        return {}

    mine = build_graph(coder=my_coder, planner=lambda state: {})
    assert mine.get_graph(xray=True).draw_mermaid() == paper_to_code.graph.get_graph(xray=True).draw_mermaid()


def test_with_and_without_approval_it_is_one_graph() -> None:
    assert supervised.graph.get_graph().draw_mermaid() == paper_to_code.graph.get_graph().draw_mermaid()


@pytest.mark.parametrize("place", DEPLOYED.values(), ids=DEPLOYED)
def test_what_is_deployed_is_a_graph_with_schemas(place: str) -> None:
    path, _, name = place.partition(":")
    module = import_module(path.removeprefix("./").removesuffix(".py").replace("/", "."))
    graph = getattr(module, name)

    assert isinstance(graph, CompiledStateGraph)
    assert graph.checkpointer is None, "a server brings its own checkpointer"
    assert graph.get_context_jsonschema()["properties"]["concurrency"]["type"] == "integer"
    assert graph.get_input_jsonschema()["properties"]
    assert graph.get_output_jsonschema()["properties"]
