"""What a run leaves in its folder."""

import json
from pathlib import Path

import pytest

from paper2code import Paper, build_graph
from paper2code.errors import InputError, WorkspaceError
from paper2code.models.journal import Recording
from paper2code.report import write_repository
from paper2code.testing import ScriptedModel
from tests.conftest import ContextFor
from tests.report.outcomes import FILES, MODEL
from tests.script import PAIR, Script


async def test_a_run_leaves_its_reports(paper: Paper, context_for: ContextFor, tmp_path: Path) -> None:
    context = context_for(ScriptedModel(answer=Script(PAIR)))
    result = await build_graph().ainvoke({"paper": paper}, context=context)

    for path in (
        "README.md",
        "TRACEABILITY.md",
        "requirements.txt",
        "config.yaml",
        "reproduce.sh",
        "model.py",
    ):
        assert (tmp_path / "out" / path).read_text() == result["files"][path]
    assert json.loads((tmp_path / "out" / ".paper2code" / "usage.json").read_text()) == result["usage"]
    assert sum(role["calls"] for role in result["usage"]["roles"].values()) == result["usage"]["calls"]
    record = json.loads((tmp_path / "out" / ".paper2code" / "trace.json").read_text())
    assert [row["id"] for row in record["requirements"]] == [r.id for r in result["plan"].requirements]
    for row, traced in zip(record["requirements"], result["requirements"], strict=True):
        assert (row["verdict"], row["path"], row["symbol"]) == (traced.verdict, traced.path, traced.symbol)
        assert bool(row["lines"]) == bool(traced.lines)
    page = (tmp_path / "out" / ".paper2code" / "report.html").read_text()
    assert result["title"] in page
    journal = Recording.read(tmp_path / "out" / ".paper2code" / "journal.jsonl")
    assert all(entry.started > 1.7e9 for entry in journal.entries if entry.role != "runner")
    assert 'class="gantt"' in page
    assert [row.requirement for row in result["requirements"]] == list(result["plan"].requirements)
    assert all(row.lines for row in result["requirements"] if row.verdict == "met" and row.symbol)


class TestRepository:
    def test_the_files_of_a_result_are_written(self, tmp_path: Path) -> None:
        folder = tmp_path / "new" / "repository"
        written = write_repository({"files": {**FILES, "pkg/a.py": "x = 1\n"}, "status": "accepted"}, folder)
        assert written == (folder / "model.py", folder / "train.py", folder / "pkg" / "a.py")
        assert (folder / "pkg" / "a.py").read_text() == "x = 1\n"
        assert sorted(p.name for p in folder.iterdir()) == ["model.py", "pkg", "train.py"]

    def test_other_files_of_the_folder_stay(self, tmp_path: Path) -> None:
        (tmp_path / "mine.txt").write_text("mine")
        (tmp_path / "model.py").write_text("old")
        write_repository({"files": FILES}, tmp_path)
        assert (tmp_path / "mine.txt").read_text() == "mine"
        assert (tmp_path / "model.py").read_text() == MODEL

    @pytest.mark.parametrize("path", ["../evil.py", "/tmp/evil.py", ".ssh/key", "a/../../b"])
    def test_no_path_leaves_the_folder_and_nothing_is_written_then(self, tmp_path: Path, path: str) -> None:
        with pytest.raises(WorkspaceError, match="cannot write"):
            write_repository({"files": {"model.py": MODEL, path: "x"}}, tmp_path / "out")
        assert list(tmp_path.iterdir()) == []

    def test_a_symbolic_link_is_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "pkg").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(WorkspaceError, match="symbolic link"):
            write_repository({"files": {"pkg/a.py": "x"}}, tmp_path / "out")
        assert list((tmp_path / "elsewhere").iterdir()) == []

    @pytest.mark.parametrize("result", [{}, {"files": {}}, {"files": None}])
    def test_a_result_without_files_is_the_callers_mistake(
        self, result: dict[str, object], tmp_path: Path
    ) -> None:
        with pytest.raises(InputError, match="holds no files"):
            write_repository(result, tmp_path)
