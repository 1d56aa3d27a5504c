"""Runs on a paper of several sources: every agent sees them, and runs of different ones never mix."""

from pathlib import Path

import pytest

from paper2code import Context, ReplayError, build_graph
from paper2code.papers.model import Paper
from paper2code.testing import Answer, Question, ScriptedModel
from tests.conftest import ContextFor
from tests.example import PAPER
from tests.folders import calls_in, journal_of
from tests.script import DIAMOND

HEADING = "# Supplement: addendum.md"


@pytest.fixture
def addendum(tmp_path: Path) -> Path:
    path = tmp_path / "addendum.md"
    path.write_text("# Addendum\n\nThe rate in Section 1 is 0.1.\n")
    return path


@pytest.fixture
def paper_file(tmp_path: Path) -> Path:
    path = tmp_path / "paper.md"
    path.write_text(f"# {PAPER.title}\n\n## 1 Method\n\nWe divide the step by the norm.\n")
    return path


@pytest.mark.parametrize("form", ["object", "path"])
def test_every_agent_sees_the_supplement(
    form: str, paper_file: Path, addendum: Path, context_for: ContextFor
) -> None:
    seen: list[bool] = []

    def answer(question: Question) -> Answer:
        seen.append(HEADING in question.prompt)
        return DIAMOND.answer(question)

    source: Paper | Path = PAPER if form == "object" else paper_file
    context = context_for(ScriptedModel(answer=answer), supplements=(addendum,))
    assert build_graph().invoke({"paper": source}, context=context)["status"] == "accepted"
    assert all(seen)
    assert len(seen) == len(calls_in(context.output_dir))


def test_a_run_goes_on_with_the_same_supplements_and_takes_others_for_a_change(
    paper: Paper, addendum: Path, context_for: ContextFor
) -> None:
    def context(**settings: object) -> Context:
        return context_for(model, **settings)

    model = ScriptedModel(answer=DIAMOND.answer)

    first = build_graph().invoke({"paper": paper}, context=context(supplements=(addendum,)))
    again = build_graph().invoke({"paper": paper}, context=context(supplements=(str(addendum),)))
    assert again["usage"] == first["usage"]
    addendum.write_text("# Addendum\n\nThe rate in Section 1 is 0.2.\n")
    asked = len(model.asked)
    build_graph().invoke({"paper": paper}, context=context(supplements=(addendum,)))
    assert model.asked[asked].role == "planner"
    assert model.asked[asked].revising


def test_a_journal_is_replayed_only_with_its_supplements(
    paper: Paper, addendum: Path, context_for: ContextFor
) -> None:
    recorded = context_for(ScriptedModel(answer=DIAMOND.answer), supplements=(addendum,))
    build_graph().invoke({"paper": paper}, context=recorded)
    journal = journal_of(recorded.output_dir)
    replayed = context_for("openai:not-asked", "replayed", replay=journal, supplements=(addendum,))
    assert build_graph().invoke({"paper": paper}, context=replayed)["usage"]["calls"] == 0
    with pytest.raises(ReplayError, match="give the paper and the supplements it belongs to"):
        build_graph().invoke(
            {"paper": paper}, context=context_for("openai:not-asked", "other", replay=journal)
        )
