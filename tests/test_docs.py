"""What the documentation says, held against the code."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from paper2code import Context, Limits, Price, build_file_graph, build_graph
from paper2code.checks.execution.environments.installer import INSTALL_LIMITS
from paper2code.checks.execution.gate import GATE_LIMITS
from paper2code.checks.execution.unit_tests import TEST_LIMITS
from paper2code.cli.app import app
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
    (block,) = (b for b in blocks(ROOT / "docs" / "embedding.md", "python") if "__interrupt__" in b)
    monkeypatch.chdir(tmp_path)
    Path("paper.md").write_text(PAPER.to_markdown())
    model = ScriptedModel(answer=Script(PAIR).says("planner", an_open_plan(PAIR)))
    names: dict[str, Any] = {"context": Context(model=model, ask=True)}
    exec(compile(block.replace("paper.pdf", "paper.md"), "embedding.md", "exec"), names)  # noqa: S102 - our own text

    choices = [ambiguity.choice for ambiguity in names["result"]["plan"].ambiguities]
    assert choices == ["after the block", "five, and their standard deviation"]
    assert "A1 Where is the norm?" in capsys.readouterr().out


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
