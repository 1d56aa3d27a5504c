"""Models that take images see the paper's figures, and the others get the same text without them."""

import asyncio
import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver

from paper2code import Context, build_graph
from paper2code.models.call import Call
from paper2code.models.images import identity, length, with_more_text
from paper2code.papers.model import Image
from paper2code.run import Run
from paper2code.testing import Question, ScriptedModel, ToyProject
from tests.example import PAPER
from tests.models.server import Answer, ChatServer, Failure, Request
from tests.papers.sheets import as_form, paper_with_figure, pdf

pytest.importorskip("pypdfium2")
pytest.importorskip("PIL")

TOY = ToyProject({"model.py": [], "train.py": ["model.py"]})
SEES = {"image_inputs": True}


def text_of(content: Any) -> str:
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def answer(request: Request) -> Answer:
    system, *said = [text_of(message["content"]) for message in request.messages]
    given = TOY.answer(Question.of([SystemMessage(system), *map(HumanMessage, said)]))
    return given if isinstance(given, str) else given.model_dump_json()


def parts_in(request: Request) -> list[dict[str, Any]]:
    """The parts of the question where it is more than text."""
    content: Any = request.messages[1]["content"]
    return [] if isinstance(content, str) else content


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer(answer) as server:
        yield server


@pytest.fixture
def paper_file(tmp_path: Path) -> Path:
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf([paper_with_figure(as_form())]))
    return file


def context(server: ChatServer, folder: Path, profile: dict[str, bool] | None) -> Context:
    model = ChatOpenAI(model="toy", base_url=server.url, api_key="none", max_retries=0, profile=profile)
    return Context(model=model, output_dir=folder)


def test_the_planner_gets_the_figures_after_the_text(
    server: ChatServer, paper_file: Path, tmp_path: Path
) -> None:
    graph, thread = build_graph(checkpointer=InMemorySaver()), {"configurable": {"thread_id": "1"}}
    graph.invoke({"paper": paper_file}, thread, context=context(server, tmp_path / "out", SEES))

    planner, *others = server.requests
    text, name, picture = parts_in(planner)
    assert "Pictures of fig1 follow" in text["text"]
    assert name == {"type": "text", "text": "Figure fig1:"}
    address = picture["image_url"]["url"]
    assert address.startswith("data:image/png;base64,")
    data = base64.b64decode(address.partition(",")[2])
    assert not any(map(parts_in, others))

    private = tmp_path / "out" / ".paper2code"
    assert (private / "figures" / f"{hashlib.sha256(data).hexdigest()}.png").read_bytes() == data
    start = base64.b64encode(data).decode()[:200]
    assert start not in (private / "journal.jsonl").read_text("utf-8")
    assert start not in (private / "artifacts" / "paper.json").read_text("utf-8")
    assert start not in repr(list(graph.get_state_history(thread)))


def test_a_second_session_finds_the_answer_in_the_journal(
    server: ChatServer, paper_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        build_graph().invoke({"paper": paper_file}, context=context(server, tmp_path / "out", SEES))
        calls = len(server.requests)
        monkeypatch.setattr("paper2code.nodes.figure_images", lambda *_: pytest.fail("made again"))
    assert len(server.requests) == calls
    assert sum(map(bool, map(parts_in, server.requests))) == 1


@pytest.mark.parametrize("profile", [None, {}, {"image_inputs": False}], ids=["none", "empty", "blind"])
def test_a_model_not_known_to_see_gets_text_alone(
    profile: dict[str, bool] | None, server: ChatServer, paper_file: Path, tmp_path: Path
) -> None:
    build_graph().invoke({"paper": paper_file}, context=context(server, tmp_path / "out", profile))
    assert not any(map(parts_in, server.requests))
    assert "Pictures of" not in server.requests[0].last
    assert not (tmp_path / "out" / ".paper2code" / "figures").exists()


def test_an_endpoint_without_schemas_gets_the_form_before_the_pictures(
    paper_file: Path, tmp_path: Path
) -> None:
    def refusing(request: Request) -> Answer:
        return Failure(400, "response_format is not supported") if request.schema else answer(request)

    with ChatServer(refusing) as server:
        build_graph().invoke({"paper": paper_file}, context=context(server, tmp_path / "out", SEES))
        parts = parts_in(server.requests[1])
    assert [part["type"] for part in parts] == ["text", "text", "image_url"]
    assert '"ambiguities"' in parts[0]["text"]


def test_pictures_come_back_from_the_workspace(tmp_path: Path) -> None:
    image = Image(sha256="ab", data=b"picture")
    float_ = PAPER.floats[0].model_copy(update={"kind": "figure", "image": image})
    paper = PAPER.model_copy(update={"floats": (float_,)})
    seeing = Context(
        model=ScriptedModel(answer=TOY.answer, profile={"image_inputs": True}), output_dir=tmp_path
    )
    for _ in range(2):
        run = Run(seeing)
        try:
            if not run.workspace.root.joinpath(".paper2code").exists():
                run.begin(paper)
            assert run.figures_for("planner") == ((float_.id, image),)
            assert b"picture" not in json.dumps(run.paper.model_dump(mode="json")).encode()
        finally:
            asyncio.run(run.close())
    next((tmp_path / ".paper2code" / "figures").iterdir()).unlink()
    run = Run(seeing)
    try:
        assert run.figures_for("planner") == ()
    finally:
        asyncio.run(run.close())


def test_what_a_picture_counts_for() -> None:
    def message(data: bytes, text: str = "Look.") -> Any:
        call = Call("planner", text, images=(("fig1", Image(sha256="-", data=data)),))
        return call.messages(call.fitted(None))[-1]

    assert identity(message(b"a")) == identity(message(b"a"))
    assert identity(message(b"a")) != identity(message(b"b"))
    assert base64.b64encode(b"a" * 90).decode() not in identity(message(b"a" * 90))
    assert length(message(b"a")) == length(message(b"a" * 9_999)) > 4_000
    assert identity(HumanMessage("x")) == "x"
    assert identity(with_more_text(message(b"a"), "More.")) == identity(message(b"a", "Look.\n\nMore."))
