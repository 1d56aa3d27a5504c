"""Folders that are thrown away, whatever becomes of their process."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from paper2code.throwaway import clear_leftovers, throwaway_folder

KILLED = """
import os, signal
from paper2code.throwaway import throwaway_folder
with throwaway_folder() as folder:
    (folder / "model.py").write_text("x = 1")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go in these tests."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_is_gone_afterwards(place: Path) -> None:
    with throwaway_folder() as folder:
        (folder / "results").mkdir()
    assert not list(place.iterdir())


def test_what_a_killed_process_left_is_cleared_and_what_is_in_use_stays(place: Path) -> None:
    environment = os.environ | {"TMPDIR": str(place)}
    subprocess.run([sys.executable, "-c", KILLED], env=environment, check=False)
    assert list(place.rglob("model.py"))
    with throwaway_folder() as folder:
        (folder / "train.py").touch()
        clear_leftovers()
        assert not list(place.rglob("model.py"))
        assert (folder / "train.py").exists()
    assert not list(place.iterdir())


def test_what_others_have_there_stays(place: Path) -> None:
    (place / "paper2code-notes-1").mkdir()
    (place / "paper2code-link-2").symlink_to(place / "paper2code-notes-1")
    (place / "paper2code-link.lock").touch()
    (place / "paper2code-text-3").touch()
    (place / "paper2code-text.lock").touch()
    before = sorted(place.iterdir())
    clear_leftovers()
    assert sorted(place.iterdir()) == before
