"""What the documentation says, held against the code."""

import ast
import asyncio
import re
import tomllib
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from paper2code import Context, Limits, Price, build_file_graph, build_graph
from paper2code.checks.execution.environments.installer import INSTALL_LIMITS
from paper2code.checks.execution.gate import GATE_LIMITS
from paper2code.checks.execution.unit_tests import TEST_LIMITS
from paper2code.cli.app import app
from paper2code.events import Event
from paper2code.testing import ScriptedModel
from tests.example import PAPER
from tests.script import PAIR, Script, an_open_plan

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
RUNS_ALONE = {"embedding.md": (0, 1, 2)}
"""Blocks that need no paper and no model, by page."""


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_in_it_compiles_and_imports_what_exists(page: Path) -> None:
    for block in blocks(page, "python"):
        compile(block, page.name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        imports = [node for node in ast.walk(ast.parse(block)) if isinstance(node, ast.ImportFrom)]
        exec(compile(ast.Module(list(imports), []), page.name, "exec"), {})  # noqa: S102 - our own text


@pytest.mark.parametrize(
    ("page", "number"), [(page, number) for page, numbers in RUNS_ALONE.items() for number in numbers]
)
def test_what_needs_no_model_runs(page: str, number: int) -> None:
    exec(compile(blocks(ROOT / "docs" / page, "python")[number], page, "exec"), {})  # noqa: S102 - our own text


def test_the_form_that_it_fills_in_is_the_one_that_is_asked_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = (b for b in blocks(ROOT / "docs" / "embedding.md", "python") if 'form["answers"]' in b)
    monkeypatch.chdir(tmp_path)
    Path("paper.md").write_text(PAPER.to_markdown())
    model = ScriptedModel(answer=Script(PAIR).says("planner", an_open_plan(PAIR)))
    names: dict[str, Any] = {"context": Context(model=model, ask=True)}
    exec(compile(block.replace("paper.pdf", "paper.md"), "embedding.md", "exec"), names)  # noqa: S102 - our own text

    choices = [ambiguity.choice for ambiguity in names["result"]["plan"].ambiguities]
    assert choices == ["after the block", "five, and their standard deviation"]
    assert "A1 Where is the norm?" in capsys.readouterr().out


def test_a_design_is_approved_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = (b for b in blocks(ROOT / "docs" / "embedding.md", "python") if '"approve"' in b)
    monkeypatch.chdir(tmp_path)
    Path("paper.md").write_text(PAPER.to_markdown())
    model = ScriptedModel(answer=Script(PAIR))
    names: dict[str, Any] = {"context": Context(model=model, approve=True)}
    exec(compile(block.replace("paper.pdf", "paper.md"), "embedding.md", "exec"), names)  # noqa: S102 - our own text

    assert names["result"]["status"] == "accepted"
    assert any("Leave the ablation out." in question.prompt for question in model.asked)
    assert "asked again: True" in capsys.readouterr().out


def test_a_run_is_watched_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (page,) = (page for page in PAGES if page.name == "embedding.md")
    (block,) = (b for b in blocks(page, "python") if "async for" in b)
    (table,) = re.findall(r"^\| event \|.*\n\|---.*\n((?:\|.*\n)+)", page.read_text(), re.MULTILINE)
    told = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert set(told) == {get_args(get_type_hints(kind)["event"])[0] for kind in get_args(Event)}

    monkeypatch.chdir(tmp_path)
    Path("paper.md").write_text(PAPER.to_markdown())
    context = Context(model=ScriptedModel(answer=Script(PAIR)))
    names: dict[str, Any] = {"graph": build_graph(), "context": context}
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code = compile(block.replace("paper.pdf", "paper.md"), page.name, "exec", flags=flags)
    asyncio.run(eval(code, names))  # noqa: S307 - our own text
    printed = {line.split()[0] for line in capsys.readouterr().out.splitlines()}
    assert {"stage", "design", "file", "call"} <= printed <= set(told)


def test_every_extra_is_documented() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    page = (ROOT / "docs" / "configuration.md").read_text()
    assert set(re.findall(r"^\| `\[(\w+)\]` \|", page, re.MULTILINE)) == set(declared)


def test_every_exit_code_is_documented() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    (table,) = re.findall(r"^\| code \|.*\n\|---.*\n((?:\|.*\n)+)", page, re.MULTILINE)
    told = {code for row in table.splitlines() for code in re.findall(r"\d+", row.split("|")[1])}
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).stdout
    assert told == set(re.findall(r"\b\d+\b", shown[shown.index("Exit codes") :]))


def test_a_plan_is_edited_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = (b for b in blocks(ROOT / "docs" / "embedding.md", "python") if "update_state" in b)
    monkeypatch.chdir(tmp_path)
    Path("paper.md").write_text(PAPER.to_markdown())
    names: dict[str, Any] = {"context": Context(model=ScriptedModel(answer=Script(PAIR)))}
    exec(compile(block.replace("paper.pdf", "paper.md"), "embedding.md", "exec"), names)  # noqa: S102 - our own text
    assert "Only the method, without the baselines." in Path("out/README.md").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text())
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing


def test_readme_shows_the_graph_as_it_is() -> None:
    drawings = blocks(ROOT / "README.md", "mermaid")
    graphs = (build_graph(), build_file_graph())
    assert [drawing.strip() for drawing in drawings] == [
        graph.get_graph().draw_mermaid().strip() for graph in graphs
    ]


def test_readme_shows_what_the_demonstration_prints(tmp_path: Path) -> None:
    (shown,) = blocks(ROOT / "README.md", "text")
    printed = CliRunner().invoke(app, ["demo", "-o", str(tmp_path / "out")]).stdout
    lines = {re.sub(r"^ *\d+:\d+", "", line) for line in printed.splitlines()}
    missing = [line for line in shown.splitlines() if re.sub(r"^ *\d+:\d+", "", line) not in lines]
    assert not missing


def test_every_setting_is_documented_with_its_default() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    rows = {
        row[0]: row[1] for row in re.findall(r"^\| `(\w+)` \|[^|]*\| *`?([^|`]*?)`? *\|", page, re.MULTILINE)
    }
    assert set(rows) == set(Context.model_fields)
    for name, field in Context.model_fields.items():
        default = field.get_default(call_default_factory=True)
        told = (
            {None: "", False: "no", (): "", Limits(): ""}.get(default, str(default))
            if not isinstance(default, dict)
            else ""
        )
        assert rows[name] == told, name


@pytest.mark.parametrize("model", [Context, Price, Limits])
def test_the_schema_that_studio_shows_says_what_each_setting_is(model: type[BaseModel]) -> None:
    fields = model.model_json_schema()["properties"].values()
    assert all(field["description"].endswith(".") for field in fields)


def test_the_seconds_that_code_may_take_are_documented() -> None:
    page = (ROOT / "docs" / "execution.md").read_text()
    told = [
        float(row.replace(",", ""))
        for row in re.findall(r"^\|[^|]*\|[^|]+\| ([\d,]+) \|", page, re.MULTILINE)
    ]
    of_gate = [limits.seconds for limits in GATE_LIMITS.values()]
    assert told == [TEST_LIMITS.seconds, INSTALL_LIMITS.seconds, *of_gate]


def test_every_option_of_run_is_documented() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    shown = CliRunner().invoke(app, ["run", "--help"], env={"COLUMNS": "200"}).stdout
    options = set(re.findall(r"--[a-z][a-z-]+", shown)) - {"--help", "--no-approve"}
    assert options <= set(re.findall(r"--[a-z][a-z-]+", page))
