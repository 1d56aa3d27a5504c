"""README.md and TRACEABILITY.md."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from paper2code.artifacts import ExperimentConfig, RunResult, Step
from paper2code.checks.repository import Inconsistency
from paper2code.report import markdown, readme, report_html, traceability
from tests.designs import a_file, an_architecture
from tests.report.outcomes import NASTY, an_eventful_outcome, an_outcome, text_of


def html(text: str) -> str:
    return MarkdownIt("gfm-like", {"linkify": False}).render(text)


@pytest.mark.parametrize(
    "text", ["d_model", "_x_ and __y__", "a*b*c", "`f(x)`", "[a](b)", "<b>x</b>", "a | b", "~~no~~",
             "# x", "- x", "1. x", "1) x", "+ x", "> x", "== ", "&lt;", "\\*", "![a](b)", "a\n\nb",
             "$x_i$", "<https://x.y>"]
)  # fmt: skip
def test_a_literal_is_shown_as_it_is(text: str) -> None:
    shown = text_of(html(markdown.literal(text)))
    assert shown.strip() == " ".join(text.split())


@given(st.text(max_size=60))
@settings(deadline=None)
def test_a_literal_keeps_a_table_whole(text: str) -> None:
    table = f"| A | B |\n|---|---|\n| {markdown.literal(text)} | {markdown.code(text)} |\n"
    page = html(table)
    assert page.count("<td>") == 2
    assert page.count("<tr>") == 2


def test_the_readme_tells_all_a_reader_needs() -> None:
    text = readme(an_outcome())
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings == [
        "# words", "## Install", "## Run", "## Layout", "## What is assumed", "## What was run",
        "## What is not met",
    ]  # fmt: skip
    assert "pip install -r requirements.txt" in text
    assert "words (about 90 minutes):\n\n```bash\npython train.py words\n```" in text
    assert "| `model.py` | words |" in text
    assert "The paper leaves 1 question open. This is how the code settles it." in text
    assert "| A1: words | words | words | `lr` |" in text
    assert "| `seed` | words |" in text
    assert "Nothing was run: whether the code works is open." in text
    assert "Met: 1 of 3 requirements." in text
    assert "| R3: words | contradicts | Because. |" in text
    assert "| `train.py` | rejected | words |" in text
    assert "[TRACEABILITY.md](TRACEABILITY.md)" in text
    assert "\n\n\n" not in text


def test_a_readme_without_losses_says_so() -> None:
    outcome = an_outcome()
    plan = outcome.plan.model_copy(update={"ambiguities": ()})
    text = readme(
        replace(
            outcome,
            plan=plan,
            config=ExperimentConfig(yaml="", values=()),
            trace=tuple(row.model_copy(update={"verdict": "met"}) for row in outcome.trace),
            file_status={"model.py": "accepted", "train.py": "accepted"},
            notes=(),
        )
    )
    assert "Nothing: the paper states all that the code needs." in text
    assert "all 3 requirements are met, and every file is accepted" in text
    assert "\n\n\n" not in text


def test_all_pages_count_the_same_open_questions() -> None:
    outcome = an_outcome()
    (first,) = outcome.plan.ambiguities
    later = tuple(first.model_copy(update={"id": name}) for name in ("A2", "A3"))
    outcome = replace(outcome, architecture=outcome.architecture.model_copy(update={"ambiguities": later}))
    told = "The paper leaves 3 questions open: 1 came up when it was read, 2 more when the code was designed."
    for page in (readme(outcome), traceability(outcome), report_html(outcome)):
        assert told in page
    alone = replace(outcome, plan=outcome.plan.model_copy(update={"ambiguities": ()}))
    assert "open; they came up when the code was designed. How the code settles them" in traceability(alone)


def test_a_script_in_a_folder_needs_the_search_path() -> None:
    architecture = an_architecture(a_file("run/go.py"), commands=["python run/go.py"])
    assert 'export PYTHONPATH="$PWD"' in readme(an_outcome(architecture=architecture))
    assert "PYTHONPATH" not in readme(an_outcome())


def test_the_trace_links_to_the_lines() -> None:
    text = traceability(an_outcome())
    assert "[`model.py:Model.forward:5-6`](model.py#L5-L6)" in text
    assert "1 met, 1 missing, 1 contradicts." in text
    assert html(text).count("<tr>") == 4


@pytest.mark.parametrize("write", [readme, traceability])
def test_what_a_model_wrote_staystext_of(write: object) -> None:
    page = html(write(an_eventful_outcome(NASTY)))  # type: ignore[operator]
    for tag in ("<script", "<img", 'javascript:1"', "<em>b"):
        assert tag not in page
    assert page.count("<h1>") == 1


def test_the_readme_tells_what_was_run_and_how_it_ended() -> None:
    steps = (
        Step(kind="imports", ending="passed", seconds=1),
        Step(kind="tests", command="python -m pytest", ending="failed", reason="exit code 1",
             output="".join(f"line {i}\n" for i in range(90)) + "```\n# E  a | b"),
        Step(kind="smoke", command="python train.py", ending="not run", reason="no sandbox here"),
    )  # fmt: skip
    run = RunResult(steps=steps, sandbox="bubblewrap", python="3.12.1", replayed=True)
    text = readme(an_outcome(run=run, test_results={"model.py": steps[0]}))
    assert "1 of 3 steps passed, 1 failed, 1 could not be run, on Python 3.12.1" in text
    assert "recorded results of another machine" in text
    assert "| `python -m pytest` | failed | exit code 1 |" in text
    assert "| `python train.py` | not run | no sandbox here |" in text
    assert "| `model.py` | passed |  |" in text
    assert "line 89\n```\n# E  a | b\n````" in text
    assert "line 20\n" not in text
    assert html(text).count("<h1>") == 1


def test_the_readme_admits_commands_that_do_not_fit_the_code() -> None:
    found = Inconsistency("train.py", "`python train.py --lr` gives it --lr.", "It defines --help.")
    text = readme(an_outcome(inconsistencies=(found,)))
    assert "do not fit the code:\n\n- `train.py`:" in text
    assert "do not fit the code" not in readme(an_outcome())
