import pytest
from forms import a_console, typing_into
from scripted_graph import PLAN, Scripted
from typer.testing import CliRunner

from paper2code.artifacts import Ambiguity
from paper2code.cli import running
from paper2code.cli.app import app
from paper2code.cli.question_form import QuestionForm, UnansweredError
from paper2code.open_questions import put

NORM = PLAN.ambiguities[0].model_copy(update={"requirements": ("R1", "R2", "R3")})
SEEDS = Ambiguity(
    id="A2",
    question="How many seeds?",
    options=("3", "5", "10"),
    choice="five, as in the tables",
    reason="Each table gives a deviation.",
)
FORM = put("A Paper", PLAN, (NORM, SEEDS))


@pytest.fixture
def console():
    return a_console()


def answering(console, monkeypatch, *answers):
    return typing_into(QuestionForm, console, monkeypatch, *answers)


def test_each_question_is_shown_with_its_options_and_what_depends_on_it(console, monkeypatch):
    answering(console, monkeypatch, "", "")(FORM)
    shown = console.file.getvalue()
    for words in (
        "2 questions about what the paper leaves open",
        "1/2  Is the layer norm before or after each block?",
        "  a  before\n",
        "> b  after\n",
        "The text says LayerNorm(x + Sublayer(x)).",
        "R2  Mask the decoder's self-attention",
        ">    five, as in the tables\n",
        "  c  10\n",
    ):
        assert words in "\n".join(line.rstrip() for line in shown.splitlines()) + "\n"
    assert all(len(line) <= 80 for line in shown.splitlines())


def test_text_of_the_paper_is_neither_markup_nor_control_code(console, monkeypatch):
    question = NORM.model_copy(
        update={"question": "[bold]\x1b[2J[/nonsense]?", "options": ("\x07a", "[red]b")}
    )
    answering(console, monkeypatch, "")(put("A Paper", PLAN, (question,)))
    assert "[bold] [2J[/nonsense]?" in console.file.getvalue()
    assert "[red]b" in console.file.getvalue()


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        (["", ""], {"A1": "", "A2": ""}),
        (["a", "C"], {"A1": 1, "A2": 3}),
        (["b", "77"], {"A1": 2, "A2": "77"}),
        (["before, but only in the decoder", ""], {"A1": "before, but only in the decoder", "A2": ""}),
    ],
)
def test_answers(console, monkeypatch, typed, answers):
    assert answering(console, monkeypatch, *typed, "")(FORM) == answers


@pytest.mark.parametrize("slip", ["c", "7", "x", "\x1b[A"])
def test_a_slip_is_asked_about_again(console, monkeypatch, slip):
    assert answering(console, monkeypatch, slip, "a", "")(FORM) == {"A1": 1, "A2": ""}
    assert "a, b" in console.file.getvalue()


@pytest.mark.parametrize("typed", [["q"], ["a", "Q"]])
def test_leaving_the_form_stops(console, monkeypatch, typed):
    with pytest.raises(UnansweredError, match="the same command asks them again"):
        answering(console, monkeypatch, *typed)(FORM)


def test_the_end_of_input_stops(console, monkeypatch):
    def end(prompt=""):
        raise EOFError

    monkeypatch.setattr(console, "input", end)
    with pytest.raises(UnansweredError):
        QuestionForm(console)(FORM)


def test_the_answers_reach_the_graph(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(running, "require_a_person", lambda option: None)
    graph = Scripted()
    result = CliRunner().invoke(app, ["run", "paper.pdf", "--ask", "--approve"], obj=graph, input="a\ny\n")
    assert result.exit_code == 1
    assert graph.answers == {"A1": 1}
    assert "13 accepted" in result.stdout


def test_keeping_all_that_the_planner_chose_goes_on(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(running, "require_a_person", lambda option: None)
    graph = Scripted()
    result = CliRunner().invoke(app, ["run", "paper.pdf", "--ask"], obj=graph, input="\n")
    assert graph.answers == {"A1": ""}
    assert "13 accepted" in result.stdout


@pytest.mark.parametrize("other", [["--json"], ["--replay", "journal.jsonl"]])
def test_what_goes_not_together_with_questions(monkeypatch, other):
    monkeypatch.setattr(running, "require_a_person", lambda option: None)
    result = CliRunner().invoke(app, ["run", "paper.pdf", "--ask", *other], obj=Scripted())
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"leave out {'--json' if '--json' in other else '--ask or --replay'}" in result.stderr
