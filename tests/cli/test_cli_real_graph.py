"""The command line with this package's own graph; only the model is scripted."""

import json

import pytest
from typer.testing import CliRunner

from paper2code import build_graph
from paper2code.cli.app import app
from paper2code.executor import GATE
from paper2code.testing import ScriptedModel, ToyProject
from tests.script import Script, ScriptedRuns, a_run, an_open_plan

PAPER = r"""
\documentclass{article}
\title{A Toy}
\begin{document}
\maketitle
\begin{abstract}We return numbers.\end{abstract}
\section{Method}
Each part returns its own number.
\end{document}
"""
FILES = {"part.py": (), "whole.py": ("part.py",)}


class WithScriptedModel:
    """The graph, asked with a scripted model in place of the one that the command line names."""

    def __init__(self, **options):
        self.graph = build_graph(**options)

    def astream(self, *given, context, **options):
        project = ToyProject(FILES)
        model = ScriptedModel(answer=Script(project).says("planner", an_open_plan(project)))
        return self.graph.astream(*given, context=context.model_copy(update={"model": model}), **options)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("paper2code.run.Executor", ScriptedRuns({}))
    (tmp_path / "paper.tex").write_text(PAPER)

    def call(*arguments, **options):
        arguments = ["run", "paper.tex", *arguments]
        return CliRunner(env={"COLUMNS": "80"}).invoke(app, arguments, obj=WithScriptedModel, **options)

    return call


def test_a_run_from_paper_to_repository(run, tmp_path):
    result = run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert "whole.py: accepted" in result.stdout
    assert "2 accepted" in result.stdout
    assert (tmp_path / "out" / "whole.py").is_file()


def test_what_could_not_be_run_is_told(run):
    result = run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert "nothing was run: it is a script" in result.stdout


def test_what_fails_when_it_is_run_is_not_accepted(run, monkeypatch):
    monkeypatch.setattr("paper2code.run.Executor", ScriptedRuns({GATE: [a_run("passed", "failed")]}))
    result = run("--max-mends", "1")
    assert (result.exit_code, result.stderr) == (1, "")
    assert "finished, but not all of it runs" in result.stdout
    assert "1 passed, 1 failed; a script" in result.stdout


def test_the_same_command_again_pays_for_nothing(run):
    first = [json.loads(line) for line in run("--json").stdout.splitlines()]
    again = [json.loads(line) for line in run("--json").stdout.splitlines()]
    assert not any(event["replayed"] for event in first if event["event"] == "call")
    assert all(event["replayed"] for event in again if event["event"] == "call")
    assert (
        first[-1]["file_status"]
        == again[-1]["file_status"]
        == {"part.py": "accepted", "whole.py": "accepted"}
    )


def test_a_remark_is_answered_with_another_design(run, monkeypatch):
    monkeypatch.setattr("paper2code.cli.running.require_a_person", lambda option: None)
    result = run("--approve", input="n\nUse one part more.\ny\n")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.count("Write these files?") == 2


def test_what_was_answered_is_not_asked_again(run, tmp_path, monkeypatch):
    monkeypatch.setattr("paper2code.cli.running.require_a_person", lambda option: None)
    stopped = run("--ask", input="b\nq\n")
    assert (stopped.exit_code, stopped.stderr) == (
        1,
        "paper2code: stopped at the questions; the same command asks them again\n",
    )
    result = run("--ask", input="b\n\n")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "researcher: 1 answer" in result.stdout

    again = run("--ask", input="")
    assert (again.exit_code, again.stderr) == (0, "")
    assert "A1:" not in again.stdout
    assert "after the block" in (tmp_path / "out" / "README.md").read_text()
