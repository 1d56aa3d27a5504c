"""The folder that becomes the repository."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from paper2code.errors import WorkspaceError
from paper2code.paths import PathFault
from paper2code.workspace import PRIVATE, Workspace

PAPER, OTHER = "a" * 64, "b" * 64


class Note(BaseModel):
    text: str


def _tree(root: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(root.rglob("*"))
    }


def _one_line(error: BaseException) -> str:
    text = str(error)
    assert "\n" not in text
    return text


# ------------------------------------------------------------------ opening


def test_it_creates_the_folder_and_its_parents(tmp_path: Path) -> None:
    with Workspace(tmp_path / "a" / "b") as workspace:
        workspace.claim(PAPER, "A Paper")
    assert (tmp_path / "a" / "b" / PRIVATE / "run.json").is_file()


def test_the_same_paper_comes_back_to_its_files(tmp_path: Path) -> None:
    with Workspace(tmp_path) as workspace:
        workspace.claim(PAPER, "A Paper")
        workspace.write("model.py", "a = 1\n")
    with Workspace(tmp_path) as workspace:
        workspace.claim(PAPER, "A Paper")
        assert workspace.read("model.py") == "a = 1\n"


def test_another_paper_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    with Workspace(tmp_path) as workspace:
        workspace.claim(PAPER, "Attention Is All\nYou Need")
        workspace.write("model.py", "a = 1\n")
    before = _tree(tmp_path)
    with Workspace(tmp_path) as workspace, pytest.raises(WorkspaceError) as caught:
        workspace.claim(OTHER, "Another")
    assert "Attention Is All" in _one_line(caught.value)
    assert "-o" in str(caught.value)
    assert _tree(tmp_path) == before


def test_a_foreign_folder_is_refused_and_left_without_a_trace(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    before = _tree(tmp_path)
    with pytest.raises(WorkspaceError, match=r"thesis\.tex") as caught:
        Workspace(tmp_path).open()
    assert "-o" in _one_line(caught.value)
    assert _tree(tmp_path) == before


@pytest.mark.parametrize("name", [".git", ".DS_Store"])
def test_what_no_generated_file_can_touch_is_let_be(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with Workspace(tmp_path) as workspace:
        workspace.claim(PAPER, "A Paper")


def test_a_run_killed_before_its_claim_does_not_block_the_folder(tmp_path: Path) -> None:
    Workspace(tmp_path).open().close()
    with Workspace(tmp_path) as workspace:
        workspace.claim(PAPER, "A Paper")


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "out"
    file.write_text("mine")
    for root in (file, file / "deeper"):
        with pytest.raises(WorkspaceError, match="out") as caught:
            Workspace(root).open()
        _one_line(caught.value)
    assert file.read_text() == "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that refuses even root")
def test_a_folder_that_cannot_be_written_is_refused() -> None:
    with pytest.raises(WorkspaceError, match="cannot") as caught:
        Workspace(Path("/proc/out")).open()
    _one_line(caught.value)


def test_a_damaged_claim_is_told(tmp_path: Path) -> None:
    with Workspace(tmp_path) as workspace:
        workspace.claim(PAPER, "A Paper")
        workspace.private("run.json").write_text("{")
        with pytest.raises(WorkspaceError, match="damaged") as caught:
            workspace.claim(PAPER, "A Paper")
    _one_line(caught.value)


# ------------------------------------------------------------------ the lock


def test_a_second_run_is_kept_out_until_the_first_ends(tmp_path: Path) -> None:
    first, second = Workspace(tmp_path), Workspace(tmp_path)
    with first:
        with pytest.raises(WorkspaceError, match="in use") as caught:
            second.open()
        _one_line(caught.value)
    with second:
        pass


def test_another_process_is_kept_out_too(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from paper2code.workspace import Workspace\n"
        "Workspace(Path(sys.argv[1])).open()"
    )
    with Workspace(tmp_path):
        run = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
        )
    assert "in use" in run.stderr
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)


def test_a_killed_run_leaves_no_lock(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from paper2code.workspace import Workspace\n"
        "w = Workspace(Path(sys.argv[1])).open(); w.claim('p', 't'); w.private('tmp/half').write_text('x')\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    with Workspace(tmp_path) as workspace:
        assert list(workspace.private("tmp").iterdir()) == []


def test_opening_and_closing_twice_does_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert workspace.open().open() is workspace
    workspace.close()
    workspace.close()
    with Workspace(tmp_path):
        pass


# ------------------------------------------------------------------ files


def test_files_are_written_whole_with_line_feeds(tmp_path: Path) -> None:
    with Workspace(tmp_path) as workspace:
        workspace.write("src/model.py", "a = 1\r\nb = 'é'\r")
        assert (tmp_path / "src" / "model.py").read_bytes() == "a = 1\nb = 'é'\n".encode()
        workspace.write("src/model.py", "c = 3\n")
        assert workspace.read("src/model.py") == "c = 3\n"
        assert workspace.exists("src/model.py")
        assert not workspace.exists("src")
        assert not workspace.exists("src/other.py")
        assert not workspace.exists("../model.py")
        assert list(workspace.private("tmp").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="no such mode")
def test_shell_scripts_can_be_run(tmp_path: Path) -> None:
    with Workspace(tmp_path) as workspace:
        workspace.write("reproduce.sh", "#!/bin/sh\n")
        workspace.write("model.py", "")
    assert (tmp_path / "reproduce.sh").stat().st_mode & stat.S_IXUSR
    assert not (tmp_path / "model.py").stat().st_mode & stat.S_IXUSR


@pytest.mark.parametrize("path", ["../x.py", "/x.py", ".paper2code/run.json", "a/../../x.py", "a\\..\\x.py"])
def test_no_path_leaves_the_folder(tmp_path: Path, path: str) -> None:
    with Workspace(tmp_path / "out") as workspace:
        with pytest.raises(PathFault):
            workspace.write(path, "x")
        with pytest.raises(PathFault):
            workspace.read(path)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_no_link_is_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.py").write_text("kept")
    with Workspace(tmp_path / "out") as workspace:
        (workspace.root / "folder").symlink_to(outside)
        (workspace.root / "file.py").symlink_to(outside / "kept.py")
        (workspace.root / "inner").symlink_to(workspace.root / PRIVATE)
        for path in ("folder/kept.py", "folder/new/x.py", "file.py", "inner/run.json"):
            with pytest.raises(WorkspaceError, match="symbolic link") as caught:
                workspace.write(path, "changed")
            _one_line(caught.value)
            with pytest.raises(WorkspaceError, match="symbolic link"):
                workspace.read(path)
            assert not workspace.exists(path)
        assert workspace.files() == ()
    assert _tree(outside) == {"kept.py": b"kept"}


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "disk")
    with Workspace(tmp_path / "out") as workspace:
        workspace.write("a.py", "x = 1\n")
    assert (tmp_path / "disk" / "a.py").is_file()


def test_a_file_where_a_folder_is_needed_is_told(tmp_path: Path) -> None:
    with Workspace(tmp_path) as workspace:
        workspace.write("models", "x")
        with pytest.raises(WorkspaceError, match="cannot write") as caught:
            workspace.write("models/a.py", "x")
        _one_line(caught.value)
        workspace.write("data/a.py", "x")
        with pytest.raises(WorkspaceError, match="cannot write"):
            workspace.write("data", "x")
        assert list(workspace.private("tmp").iterdir()) == []


def test_a_full_disk_leaves_the_old_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    with Workspace(tmp_path) as workspace:
        workspace.write("a.py", "old\n")
        monkeypatch.setattr(Path, "replace", full)
        with pytest.raises(WorkspaceError, match="No space left"):
            workspace.write("a.py", "new\n")
        monkeypatch.undo()
        assert workspace.read("a.py") == "old\n"
        assert list(workspace.private("tmp").iterdir()) == []


def test_a_missing_or_binary_file_cannot_be_read(tmp_path: Path) -> None:
    with Workspace(tmp_path) as workspace:
        (tmp_path / "weights.bin").write_bytes(b"\xff\xfe\x00")
        for path in ("missing.py", "weights.bin"):
            with pytest.raises(WorkspaceError, match="cannot read") as caught:
                workspace.read(path)
            _one_line(caught.value)


def test_files_lists_what_belongs_to_the_repository(tmp_path: Path) -> None:
    with Workspace(tmp_path) as workspace:
        for path in ("b.py", "a/c.py", "README.md"):
            workspace.write(path, "x")
        workspace.save("plan", Note(text="x"))
        (tmp_path / "__pycache__").mkdir()
        (tmp_path / "__pycache__" / "b.pyc").write_bytes(b"x")
        (tmp_path / ".git").mkdir()
        (tmp_path / ".git" / "HEAD").write_text("x")
        assert workspace.files() == ("README.md", "a/c.py", "b.py")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(path=st.text(min_size=1, max_size=20), text=st.text(max_size=50))
def test_what_is_written_can_be_read(tmp_path: Path, path: str, text: str) -> None:
    workspace = Workspace(tmp_path / "out")
    try:
        workspace.write(path, text)
    except (PathFault, WorkspaceError):
        return
    sound = text.encode("utf-8", "replace").decode()
    assert workspace.read(path) == sound.replace("\r\n", "\n").replace("\r", "\n")
    assert workspace.exists(path)


# ------------------------------------------------------------------ artifacts


def test_artifacts_come_back_as_they_were(tmp_path: Path) -> None:
    with Workspace(tmp_path) as workspace:
        workspace.save("plan", Note(text="é"))
        workspace.save("reviews/src/model.py", Note(text="good"))
        assert workspace.load("plan", Note) == Note(text="é")
        assert workspace.load("reviews/src/model.py", Note) == Note(text="good")
        assert workspace.load("architecture", Note) is None
        assert workspace.private("artifacts/plan.json").read_text("utf-8") == '{\n  "text": "é"\n}\n'


def test_a_damaged_artifact_is_told(tmp_path: Path) -> None:
    with Workspace(tmp_path) as workspace:
        workspace.save("plan", Note(text="x"))
        workspace.private("artifacts/plan.json").write_text('{"text": 3}')
        with pytest.raises(WorkspaceError, match="damaged") as caught:
            workspace.load("plan", Note)
    _one_line(caught.value)


@pytest.mark.parametrize("name", ["../plan", "/plan", "a/../../plan", ""])
def test_no_artifact_leaves_the_private_folder(tmp_path: Path, name: str) -> None:
    with Workspace(tmp_path) as workspace, pytest.raises(PathFault):
        workspace.save(name, Note(text="x"))
