import io
import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from paper2code.cli import estimating
from paper2code.cli.app import app
from paper2code.cli.estimating import show_estimate
from paper2code.context import Context
from paper2code.estimate import Estimate, RoleEstimate, Spread, estimate
from paper2code.models.usage import Usage
from tests.benchmarks.simulation import a_paper

PAPER = a_paper(60_000).model_copy(update={"title": "On [bold]Brackets\x1b[2J"})
PRICE = ("--price", "1.10,0.55,4.40")


@pytest.fixture
def invoke(monkeypatch):
    """Without a key, since none is needed; priced by hand, since tables change."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setattr(estimating, "read_paper", lambda source, **_: PAPER)
    return lambda *arguments: CliRunner(env={"COLUMNS": "80"}).invoke(
        app, ["estimate", "paper.pdf", *arguments]
    )


def amounts(factor, *, usd=True):
    def spread(likely):
        return Spread(low=likely * factor / 2, likely=likely * factor, high=likely * factor * 3)

    return {
        "calls": spread(70),
        "input_tokens": spread(1_615_050),
        "cached_tokens": spread(821_439),
        "output_tokens": spread(180_000),
        "usd": spread(0.58) if usd else None,
    }


EXPECTED = Estimate(
    title=PAPER.title,
    basis="plan",
    requirements=Spread(low=33, likely=33, high=33),
    files=Spread(low=8.2, likely=13.9, high=21.4),
    parts=1,
    roles=tuple(
        RoleEstimate(
            role=role, model="openai:mine" if role == "coder" else "openai:gpt-5-mini", **amounts(f, usd=u)
        )
        for role, f, u in (("planner", 0.01, True), ("coder", 0.54, False), ("debugger", 0.45, True))
    ),
    paid=Usage(calls=3, usd=0.031),
    **amounts(1, usd=False),
)


def test_the_page(invoke, monkeypatch, snapshot):
    monkeypatch.setattr(estimating, "estimate", lambda *_: EXPECTED)
    result = invoke()
    assert result.exit_code == 0
    assert result.stdout == snapshot


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_page_keeps_to_its_width(width):
    console = Console(file=io.StringIO(), width=width, highlight=False, markup=False)
    show_estimate(console, estimate(PAPER, Context(model="openai:gpt-4.1", agent_models={"coder": "x:y"})))
    lines = console.file.getvalue().splitlines()
    assert all(len(line) <= width for line in lines)
    assert all("…" not in line for line in lines)


def test_a_price_that_is_not_known_is_said(invoke):
    page = invoke("--model", "openai:mine").stdout
    assert "Price unknown: openai:mine. Give it with --price" in " ".join(page.split())
    assert "$" not in page


def test_another_model_for_a_role_is_named(invoke):
    page = invoke("--model", "openai:gpt-4.1", "--agent-model", "coder=openai:gpt-5").stdout
    assert "coder: openai:gpt-5" in page


def test_as_json(invoke):
    found = json.loads(invoke("--json", *PRICE).stdout)
    assert found["basis"] == "paper"
    assert found["usd"]["low"] < found["usd"]["likely"] < found["usd"]["high"]
    assert [role["role"] for role in found["roles"]][:2] == ["planner", "architect"]


def test_the_price_is_null_in_json_where_it_is_not_known(invoke):
    assert json.loads(invoke("--json", "--model", "openai:mine").stdout)["usd"] is None


@pytest.mark.parametrize("text", ["1,2", "1,2,3,4", "a,b,c", "-1,0,0", "inf,1,1", "nan,1,1", ""])
def test_a_price_that_is_none_is_one_line(invoke, text):
    result = invoke("--price", text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "write it as IN,CACHED,OUT" in result.stderr
    assert result.stderr.count("\n") == 1


def test_the_amount_that_is_wrong_is_named(invoke):
    stderr = invoke("--price", "1,-1,2").stderr
    assert stderr.startswith("paper2code: --price 1,-1,2: -1: Input should be greater than or equal to 0; ")


def test_a_paper_that_is_longer_than_the_given_context_is_planned_in_parts(invoke):
    assert json.loads(invoke("--json", "--model", "openai:mine").stdout)["parts"] == 1
    assert json.loads(invoke("--json", "--model", "openai:mine", "--context", "16000").stdout)["parts"] > 1


def test_a_folder_that_holds_no_run_is_one_line(invoke, tmp_path):
    result = invoke("-o", str(tmp_path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "holds no run" in result.stderr
