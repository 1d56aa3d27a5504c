"""Real papers to read, where they are at hand: they are never part of this project."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("PAPER2CODE_PAPERS") or Path(__file__).parents[3] / "shared" / "papers")


def real_paper(name: str) -> Path:
    """The path of a real paper; the test is skipped where there is none."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"{name} is not at hand")
    return path
