import errno
import inspect
import json
import os
import sys
from pathlib import Path

import pytest
import scenario
from scripted_graph import Scripted
from typer.testing import CliRunner

from paper2code.cli import options, running
from paper2code.cli.app import app
from paper2code.cli.app import run as run_command
from paper2code.context import Context, Price
from paper2code.errors import BudgetError, ModelSpecError, ProviderError
from paper2code.limits import Limits


@pytest.fixture
def invoke(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PAPER2CODE_MODEL", raising=False)
    monkeypatch.setattr("sys.argv", ["paper2code", "run", "paper.pdf"])

    def call(*arguments, graph=None):
        return CliRunner(env={"COLUMNS": "80"}).invoke(app, arguments, obj=graph or Scripted())

    return call


@pytest.fixture
def context_given(monkeypatch):
    """What context the command line builds, without running anything."""
    seen = []

    def run(paper, context, build_graph, *, as_json):
        seen.append(context)
        return 0

    monkeypatch.setattr(running, "run", run)
    return seen


@pytest.mark.parametrize("command", [(), ("run",), ("demo",), ("read",), ("estimate",), ("graph",)])
def test_help(command, invoke, snapshot):
    result = invoke(*command, "--help")
    assert result.exit_code == 0
    assert result.output == snapshot


def test_plain_lines(invoke, snapshot):
    result = invoke("run", "paper.pdf")
    assert result.exit_code == 1
    assert result.stderr == ""
    assert result.stdout.replace(" 0:01", " 0:00") == snapshot


@pytest.mark.parametrize(
    ("number", "last"), [(1, "w1"), (3, "w3"), (4, "and 1 more, which `paper2code read` shows")]
)
def test_warnings_about_the_paper_are_told_before_the_plan(invoke, number, last):
    warned = Scripted(warnings=tuple(f"w{n}" for n in range(1, number + 1)))
    before, _, _ = invoke("run", "paper.pdf", graph=warned).stdout.partition("plan:")
    told = [line.partition("warning: ")[2] for line in before.splitlines() if "warning: " in line]
    assert (len(told), told[0], told[-1]) == (number, "w1", last)


def test_plain_output_holds_no_control_characters(invoke, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = invoke("run", "paper.pdf")
    assert all(char.isprintable() or char == "\n" for char in result.stdout)


def test_everything_accepted_is_exit_code_0(invoke):
    result = invoke("run", "paper.pdf", graph=Scripted(reject=False))
    assert result.exit_code == 0
    assert "Not accepted" not in result.stdout


def test_json_lines_hold_every_event_and_then_the_result(invoke):
    result = invoke("run", "paper.pdf", "-o", "there", "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    *events, last = [json.loads(line) for line in result.stdout.splitlines()]
    assert events[:2] == [scenario.paper(), scenario.stage("reader", "started")]
    assert {event["event"] for event in events} == {"paper", "call", "file", "stage", "design", "step"}
    assert last["event"] == "result"
    assert (last["status"], last["output_dir"]) == ("incomplete", "there")
    assert last["file_status"]["training/schedule.py"] == "rejected"
    assert last["usage"]["calls"] == 54
    assert last["run"]["sandbox"] == "bubblewrap"
    assert [step["kind"] for step in last["run"]["steps"]] == ["install", "imports", "tests", "help", "smoke"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (BudgetError("stopped before a call of about 9,000 tokens"), 3),
        (ModelSpecError("no key for openai"), 2),
        (ProviderError("the provider refused:\n  twice\x1b[31m"), 2),
    ],
)
def test_our_errors_are_one_line_and_their_own_exit_code(invoke, fault, code):
    result = invoke("run", "paper.pdf", graph=Scripted(fault=fault))
    assert result.exit_code == code
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("paper2code: ")
    assert result.stderr.strip().isprintable()


def test_json_keeps_standard_output_clean_of_errors(invoke):
    result = invoke("run", "paper.pdf", "--json", graph=Scripted(fault=BudgetError("spent")))
    assert result.exit_code == 3
    assert all(json.loads(line) for line in result.stdout.splitlines())
    assert result.stderr == "paper2code: spent\n"


def test_a_fault_of_ours_is_one_line_that_names_debug(invoke):
    result = invoke("run", "paper.pdf", graph=Scripted(fault=KeyError("lost")))
    assert result.exit_code == 70
    assert result.stderr == (
        "paper2code: unexpected KeyError: 'lost' (run again with --debug to see where)\n"
    )


@pytest.mark.parametrize(
    ("fault", "lack"),
    [
        (MemoryError(), "out of memory"),
        (OSError(errno.ENOSPC, "full", "out/x"), f"{os.strerror(errno.ENOSPC)} (out/x)"),
        (OSError(errno.EMFILE, "files"), os.strerror(errno.EMFILE)),
    ],
)
def test_what_the_machine_lacks_is_no_fault_of_ours(invoke, fault, lack):
    result = invoke("run", "paper.pdf", graph=Scripted(fault=fault))
    assert result.exit_code == 2
    assert result.stderr == (
        f"paper2code: {lack}: mend that and run the same command again: finished calls are not paid again\n"
    )


def test_debug_shows_the_traceback(invoke):
    result = invoke("run", "paper.pdf", "--debug", graph=Scripted(fault=KeyError("lost")))
    assert result.exit_code == 70
    assert "Traceback" in result.stderr
    assert "scripted_graph.py" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--agent-model", "coder"),
        ("--agent-model", "baker=openai:gpt-5"),
        ("--concurrency", "0"),
        ("--budget-usd", "-1"),
        ("--budget-usd", "inf"),
        ("--requests-per-minute", "0"),
        ("--tokens-per-minute", "0"),
        ("--max-revisions", "99"),
        ("--max-mends", "-1"),
        ("--execute=maybe",),
        ("--approve",),
        ("--no-such-option",),
    ],
)
def test_bad_usage_is_exit_code_2_and_names_the_option(invoke, arguments):
    result = invoke("run", "paper.pdf", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert arguments[0].partition("=")[0] in result.stderr


def test_the_defaults_are_those_of_the_context(invoke, context_given):
    assert invoke("run", "paper.pdf").exit_code == 0
    assert context_given == [Context(execute=True)]


def test_every_choice_reaches_the_context(invoke, context_given, tmp_path):
    options_given = {
        "output_dir": tmp_path,
        "model": "a:b",
        "base_url": "http://localhost:1/v1",
        "replay": tmp_path / "journal.jsonl",
        "max_revisions": 3,
        "max_replans": 4,
        "max_redesigns": 5,
        "max_repairs": 6,
        "max_rulings": 9,
        "max_mends": 10,
        "environment": Path(sys.prefix),
        "budget_usd": 1.5,
        "budget_tokens": 1000,
        "concurrency": 7,
        "timeout": 8.0,
    }
    limits_given = {"requests_per_minute": 50, "tokens_per_minute": 90_000}
    every = options_given | limits_given
    names = {name: "--" + name.replace("_", "-") for name in every} | {"output_dir": "--output"}
    arguments = [text for name, value in every.items() for text in (names[name], str(value))]
    arguments += ["--supplement", "a.md", "--supplement", "b.pdf", "--price", "1.1,0.55,4.4"]
    invoke("run", "paper.pdf", *arguments, "--agent-model", "coder=c:d", "--agent-model", "analyst=e:f")
    agents = {"coder": "c:d", "analyst": "e:f"}
    assert context_given == [
        Context(
            agent_models=agents,
            supplements=("a.md", "b.pdf"),
            price=Price(input=1.1, cached=0.55, output=4.4),
            execute=True,
            limits=Limits(**limits_given),
            **options_given,
        )
    ]


def test_every_option_has_words_that_explain_it():
    parameters = inspect.signature(run_command).parameters.values()
    explained = [
        p.annotation.__metadata__[0].help for p in parameters if hasattr(p.annotation, "__metadata__")
    ]
    assert len(explained) == len(parameters) - 1
    assert all(explained)
    assert options.Model in [p.annotation for p in parameters]


def test_a_flag_wins_over_the_environment(invoke, context_given, monkeypatch):
    monkeypatch.setenv("PAPER2CODE_MODEL", "from:environment")
    invoke("run", "paper.pdf")
    invoke("run", "paper.pdf", "--model", "from:flag")
    assert [context.model for context in context_given] == ["from:environment", "from:flag"]


def test_the_graph_is_drawn_as_mermaid(invoke):
    result = invoke("graph", "--xray")
    assert result.exit_code == 0
    assert result.stdout.startswith("---\nconfig:")
    assert "planner" in result.stdout


def test_version(invoke):
    assert invoke("--version").stdout.startswith("paper2code ")


def test_the_demo_says_first_and_last_that_it_is_replayed(invoke, monkeypatch, tmp_path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "paper.pdf").write_bytes(b"%PDF")
    (tmp_path / "demo" / "journal.jsonl.gz").write_bytes(b"")
    monkeypatch.setattr("paper2code.demo.files", lambda package: tmp_path)
    result = invoke("demo", graph=Scripted(reject=False))
    assert result.exit_code == 0
    first, *_ = result.stdout.splitlines()
    assert "replays recorded answers" in first
    assert "nothing was paid" in result.stdout
    assert "cd out-demo" in result.stdout
    assert "OPENAI_API_KEY" in result.stdout


def test_a_demo_that_is_not_there_is_one_line(invoke, monkeypatch, tmp_path):
    monkeypatch.setattr("paper2code.demo.files", lambda package: tmp_path)
    result = invoke("demo")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "install paper2code anew" in result.stderr
