"""Running what is written: what the caller may say of it, and what the end tells of it."""

import json
import sys

import pytest
import scenario
from scripted_graph import Scripted
from typer.testing import CliRunner

from paper2code.artifacts import RunResult, Step
from paper2code.checks.execution.sandbox.confinement import Absent
from paper2code.cli import execution, running
from paper2code.cli.app import app

NO_SANDBOX = Absent("No sandbox works here: bwrap is not installed. Install bubblewrap, on Linux or WSL.")


@pytest.fixture
def invoke(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def call(*arguments, graph=None):
        return CliRunner(env={"COLUMNS": "80"}).invoke(app, ["run", *arguments], obj=graph or Scripted())

    return call


@pytest.fixture
def given(monkeypatch):
    """The papers and contexts that would be run."""
    seen = []

    def run(paper, context, build_graph, *, as_json):
        seen.append((paper, context))
        return 0

    monkeypatch.setattr(running, "run", run)
    return seen


@pytest.fixture
def look(monkeypatch):
    """Decides what is found on this machine, and notes who looks."""

    class Look:
        found = object()
        looks = 0

        def __call__(self, *, unsafe=False):
            self.looks += 1
            return object() if unsafe else self.found

    found = Look()
    monkeypatch.setattr(execution, "find_sandbox", found)
    return found


@pytest.mark.parametrize(
    ("arguments", "execute"),
    [
        (["paper.pdf"], True),
        (["paper.pdf", "--execute"], True),
        (["--execute", "paper.pdf"], True),
        (["paper.pdf", "--execute", "-o", "there"], True),
        (["--execute=unsafe", "paper.pdf"], "unsafe"),
        (["paper.pdf", "--no-execute"], False),
        (["--execute", "--no-execute", "paper.pdf"], False),
    ],
)
def test_whether_code_is_run(invoke, given, look, arguments, execute):
    assert invoke(*arguments).exit_code == 0
    assert [(paper, context.execute) for paper, context in given] == [("paper.pdf", execute)]


def test_behind_two_dashes_stands_a_paper(invoke, given, look):
    assert invoke("--", "--execute").exit_code == 0
    assert [(paper, context.execute) for paper, context in given] == [("--execute", True)]


@pytest.mark.parametrize("asked", [[], ["--execute=unsafe"], ["--no-execute"]])
def test_without_a_sandbox_a_run_goes_on(invoke, given, look, asked):
    look.found = NO_SANDBOX
    assert invoke("paper.pdf", *asked).exit_code == 0


def test_nobody_looks_for_a_sandbox_before_it_is_needed(invoke, given, look):
    invoke("paper.pdf")
    invoke("paper.pdf", "--no-execute")
    assert look.looks == 0


def test_without_a_sandbox_one_that_is_asked_for_is_missed_at_once(invoke, look):
    look.found = NO_SANDBOX
    result = invoke("paper.pdf", "--execute")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "bubblewrap" in result.stderr
    assert "--execute=unsafe" in result.stderr


@pytest.mark.parametrize("asked", ["--execute", "--execute=unsafe"])
def test_a_replay_executes_nothing(invoke, look, asked):
    result = invoke("paper.pdf", asked, "--replay", "journal.jsonl")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "leave out --execute or --replay" in result.stderr


def test_an_environment_that_is_none_is_told_at_once(invoke, look, tmp_path):
    result = invoke("paper.pdf", "--environment", str(tmp_path))
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "no Python environment" in result.stderr


def test_an_environment_of_ones_own(invoke, given, look):
    assert invoke("paper.pdf", "--environment", sys.prefix).exit_code == 0
    assert [str(context.environment) for _, context in given] == [sys.prefix]


def told(invoke, result, **options):
    ended = invoke("paper.pdf", graph=Scripted(reject=False, ran=result, **options))
    return ended.exit_code, ended.stdout


def not_run(*reasons):
    return tuple(
        Step(kind="smoke", command=f"python {number}.py --smoke", ending="not run", reason=reason)
        for number, reason in enumerate(reasons)
    )


def test_what_ran_is_told_with_its_place(invoke):
    code, shown = told(invoke, scenario.PASSED)
    assert code == 0
    assert "   run            5 passed; bubblewrap, Python 3.12.4\n" in shown
    assert "   tests          of 4 files: 4 passed\n" in shown
    assert "Failed when it was run" not in shown


def test_what_failed_is_told_with_its_reason_and_is_exit_code_1(invoke, snapshot):
    code, shown = told(invoke, scenario.FAILED)
    assert code == 1
    assert shown[shown.index("\n ✗") :].replace(" 0:01", " 0:00") == snapshot


def test_what_was_not_run_is_never_called_passed(invoke):
    result = RunResult(steps=not_run(NO_SANDBOX.reason))
    code, shown = told(invoke, result)
    assert code == 0
    assert "   run            nothing was run: No sandbox works here: bwrap is not\n" in shown
    assert "passed;" not in shown
    assert "Could not be run" not in shown


def test_steps_that_could_not_be_run_are_told_by_their_reasons(invoke):
    steps = (*scenario.PASSED.steps, *not_run("no GPU", "no data", "no GPU"))
    code, shown = told(invoke, scenario.PASSED.model_copy(update={"steps": steps}))
    assert code == 0
    assert "5 passed, 3 not run; bubblewrap" in shown
    listed = shown[shown.index("Could not be run") : shown.index(" Next")].splitlines()[1:]
    assert [" ".join(line.split()) for line in listed if line] == [
        "2 steps no GPU",
        "python 1.py --smoke no data",
    ]


def test_results_of_another_run_are_called_so(invoke):
    _, shown = told(invoke, scenario.PASSED.model_copy(update={"replayed": True}))
    assert "5 passed; bubblewrap, Python 3.12.4, replayed from another run" in shown


def test_nothing_that_a_program_wrote_reaches_the_terminal_as_a_control_code(invoke):
    reason = "exit code 1: \x1b[2J\x1b]0;gone\x07\u202eevil"
    step = Step(kind="smoke", command="python \x1b[31m.py", ending="failed", reason=reason)
    _, shown = told(invoke, scenario.PASSED.model_copy(update={"steps": (step,)}))
    assert all(char.isprintable() or char == "\n" for char in shown)
    assert "exit code 1: [2J ]0;gone evil" in shown


def test_json_tells_each_step_without_its_output(invoke):
    step = scenario.PASSED.steps[0].model_copy(update={"output": "much"})
    result = scenario.PASSED.model_copy(update={"steps": (step,)})
    ended = invoke("paper.pdf", "--json", graph=Scripted(reject=False, ran=result))
    last = json.loads(ended.stdout.splitlines()[-1])
    assert last["run"] == {
        "steps": [
            {
                "kind": "install",
                "target": "",
                "command": "pip install -r requirements.txt",
                "ending": "passed",
                "reason": "",
                "seconds": 14.2,
            }
        ],
        "sandbox": "bubblewrap",
        "python": "3.12.4",
        "replayed": False,
    }
