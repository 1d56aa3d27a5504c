"""Recorded runs through the whole graph, for free: the demonstration, and a real paper of 33 pages."""

import ast
import os
import re
from pathlib import Path

import pytest

from paper2code import Context, build_graph
from paper2code.artifacts import Audit
from paper2code.demo import packaged_demo
from paper2code.models.journal import Recording
from paper2code.state import Output

PINN_JOURNAL = Path(__file__).parent / "journals" / "pinn.jsonl.xz"
MENDED_JOURNAL = Path(__file__).parent / "journals" / "mended_demo.jsonl.xz"
"""The demonstration with a fault put into `aff.py` by hand, and what a model made of the failures."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Output:
    with packaged_demo() as (paper, journal):
        context = Context(output_dir=tmp_path_factory.mktemp("demo") / "out", replay=journal)
        return build_graph().invoke({"paper": str(paper)}, context=context)


@pytest.fixture(scope="module")
def pinn(tmp_path_factory: pytest.TempPathFactory) -> Output:
    beside = Path(__file__).parents[2] / "shared" / "papers"
    paper = Path(os.environ.get("PAPER2CODE_PAPERS", beside)) / "pinn.pdf"
    if not paper.exists():
        pytest.skip(f"no paper at {paper}")
    context = Context(output_dir=tmp_path_factory.mktemp("pinn") / "out", replay=PINN_JOURNAL)
    return build_graph().invoke({"paper": str(paper)}, context=context)


@pytest.fixture(params=["demo", "pinn"])
def result(request: pytest.FixtureRequest) -> Output:
    output: Output = request.getfixturevalue(request.param)
    return output


def test_no_model_is_asked(result: Output) -> None:
    assert result["usage"]["calls"] == 0
    assert result["usage"]["replayed"] > 20


def test_every_planned_file_is_written_and_marked(result: Output) -> None:
    planned = {file.path for file in result["architecture"].files}
    assert set(result["file_status"]) == planned
    assert planned <= set(result["files"])


def test_every_python_file_parses(result: Output) -> None:
    for path, text in result["files"].items():
        if path.endswith(".py"):
            ast.parse(text, path)


def test_every_requirement_is_traced_to_a_file_and_a_symbol(result: Output) -> None:
    assert len(result["requirements"]) == len(result["plan"].requirements)
    untraced = [row.requirement.id for row in result["requirements"] if not (row.path and row.symbol)]
    assert not untraced
    rows = re.findall(r"^\| (R\d+) \|", result["files"]["TRACEABILITY.md"], re.MULTILINE)
    assert rows == [row.requirement.id for row in result["requirements"]]


def test_the_demonstration_is_accepted(demo: Output) -> None:
    assert demo["status"] == "accepted"
    assert 6 <= len(demo["architecture"].files) <= 12


def test_a_fault_that_the_gate_found_was_mended_where_it_stood(tmp_path: Path) -> None:
    recorded = {(e.role, e.target, e.revision): e.answer for e in Recording.read(MENDED_JOURNAL).entries}
    assert "17 failed" in recorded["runner", "(repository)", 0]
    with packaged_demo() as (paper, _):
        context = Context(output_dir=tmp_path / "out", replay=MENDED_JOURNAL)
        mended = build_graph().invoke({"paper": str(paper)}, context=context)

    assert "@ L  #" in recorded["coder", "aff.py", 0]
    assert "@ L.T  #" in mended["files"]["aff.py"]
    assert {step.ending for step in mended["run"].steps} == {"passed"}
    # Its tests had failed for the same fault, and were not run again for it.
    assert mended["file_status"]["theory.py"] == "accepted"
    assert mended["status"] == "accepted"


def test_the_audit_of_a_real_paper_had_its_files_repaired(pinn: Output) -> None:
    assert pinn["status"] == "accepted"
    assert {row.verdict for row in pinn["requirements"]} == {"met"}
    assert pinn["run"].steps
    assert {step.ending for step in pinn["run"].steps} == {"passed"}
    recorded = Recording.read(PINN_JOURNAL)
    audits = [e for e in recorded.entries if (e.role, e.target) == ("reviewer", "(repository)")]
    tickets = [{t.path for t in Audit.model_validate_json(audit.answer).tickets} for audit in audits]
    assert tickets == [{"optimizers/lbfgs.py", "training/finetune.py"}, {"analysis/line_search.py"}, set()]
    repaired = {e.target for e in recorded.entries if e.role == "coder" and e.revision == 1}
    assert repaired == tickets[0] | tickets[1]


def test_a_review_of_the_demonstration_asked_for_a_revision() -> None:
    with packaged_demo() as (_, journal):
        entries = Recording.read(journal).entries
    assert any(entry.role == "coder" and entry.revision > 0 for entry in entries)
