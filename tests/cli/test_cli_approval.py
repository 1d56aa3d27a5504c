import pytest
from forms import a_console, typing_into
from scripted_graph import ARCHITECTURE, PLAN, Scripted
from typer.testing import CliRunner

from paper2code.cli import running
from paper2code.cli.app import app
from paper2code.cli.approval import Approval, NotApprovedError

QUESTION = {"plan": PLAN.model_dump(), "architecture": ARCHITECTURE.model_dump(), "notes": ["a note"]}


@pytest.fixture
def console():
    return a_console()


def answering(console, monkeypatch, *answers):
    return typing_into(Approval, console, monkeypatch, *answers)


def test_the_design_is_shown_whole(console, monkeypatch):
    answering(console, monkeypatch, "y")(QUESTION)
    shown = console.file.getvalue()
    for words in (
        "Plan",
        "3 requirements",
        "R3",
        "Left open by the paper",
        "14 files",
        "evaluate.py",
        "a note",
    ):
        assert words in shown


def test_text_of_the_paper_is_neither_markup_nor_control_code(console, monkeypatch):
    plan = PLAN.model_copy(update={"summary": "[bold]\x1b[2J[/nonsense]"})
    answering(console, monkeypatch, "y")({**QUESTION, "plan": plan.model_dump()})
    assert "[bold] [2J[/nonsense]" in console.file.getvalue()


@pytest.mark.parametrize(
    ("answers", "approve", "remark"),
    [
        (["y"], True, ""),
        (["", " YES "], True, ""),
        (["n", "use JAX"], False, "use JAX"),
        (["one file less"], False, "one file less"),
    ],
)
def test_answers(console, monkeypatch, answers, approve, remark):
    given = answering(console, monkeypatch, *answers)(QUESTION)
    assert (given["approve"], given.get("remark", "")) == (approve, remark)


def test_no_without_a_remark_stops(console, monkeypatch):
    with pytest.raises(NotApprovedError, match="same command"):
        answering(console, monkeypatch, "n", "")(QUESTION)


def test_the_end_of_input_stops(console, monkeypatch):
    def end(prompt=""):
        raise EOFError

    monkeypatch.setattr(console, "input", end)
    with pytest.raises(NotApprovedError):
        Approval(console)(QUESTION)


def test_a_remark_goes_back_to_the_planner_and_the_design_is_shown_again(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(running, "require_a_person", lambda option: None)
    graph = Scripted()
    result = CliRunner().invoke(
        app, ["run", "paper.pdf", "--approve"], obj=graph, input="n\nuse JAX\nmore tests\ny\n"
    )
    assert result.exit_code == 1
    assert graph.remarks == ["use JAX", "more tests"]
    assert result.stdout.count("\n 14 files\n") == 3
    assert "13 accepted" in result.stdout


def test_turned_down_is_exit_code_1(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(running, "require_a_person", lambda option: None)
    result = CliRunner().invoke(app, ["run", "paper.pdf", "--approve"], obj=Scripted(), input="n\n\n")
    assert result.exit_code == 1
    assert "stopped before the first file" in result.stderr


def test_approval_and_json_exclude_each_other(monkeypatch):
    monkeypatch.setattr(running, "require_a_person", lambda option: None)
    result = CliRunner().invoke(app, ["run", "paper.pdf", "--approve", "--json"], obj=Scripted())
    assert (result.exit_code, result.stdout) == (2, "")
