"""Real papers, where the machine has them."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def papers() -> Path:
    """The folder of real papers: `PAPER2CODE_PAPERS`, or `shared/papers` beside the repository."""
    beside = Path(__file__).parents[3] / "shared" / "papers"
    folder = Path(os.environ.get("PAPER2CODE_PAPERS", beside))
    if not folder.is_dir():
        pytest.skip(f"no papers at {folder}")
    return folder
