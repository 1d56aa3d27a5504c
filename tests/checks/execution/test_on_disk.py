"""A repository on disk is what users get, and what programs do to it is seen without following them."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.checks.execution.on_disk import altered, laid_out
from paper2code.paths import PathFault, path_faults

FILES = {"models/mlp.py": "x = 'ä'\r\n", "run.sh": "#!/bin/sh\n"}


async def test_files_are_written_as_a_workspace_writes_them_and_go_away() -> None:
    async with laid_out(FILES) as root:
        assert (root / "models/mlp.py").read_bytes() == "x = 'ä'\n".encode()
        assert os.access(root / "run.sh", os.X_OK)
        assert altered(root, FILES) is None
    assert not root.parent.exists()


@pytest.mark.parametrize(
    "path", ["../x.py", "/x.py", "a/../../x.py", "models", "MODELS/mlp.py", ".git/config"]
)
async def test_a_path_that_no_repository_holds_is_refused(path: str) -> None:
    with pytest.raises(PathFault):
        async with laid_out({**FILES, path: ""}):
            pass


async def test_whatever_takes_the_place_of_a_file_is_seen(tmp_path: Path) -> None:
    (tmp_path / "mlp.py").write_text("x = 'ä'\n")

    def change(place: Path) -> None:
        place.write_text("x = 'b'\n")

    def remove(place: Path) -> None:
        place.unlink()

    def pipe(place: Path) -> None:
        place.unlink()
        os.mkfifo(place)

    def link(place: Path) -> None:
        place.unlink()
        place.symlink_to(tmp_path / "mlp.py")

    def link_folder(place: Path) -> None:
        place.unlink()
        place.parent.rmdir()
        place.parent.symlink_to(tmp_path)

    for deed in (change, remove, pipe, link, link_folder):
        async with laid_out(FILES) as root:
            deed(root / "models/mlp.py")
            assert altered(root, FILES) == "models/mlp.py", deed
    assert (tmp_path / "mlp.py").read_text() == "x = 'ä'\n"


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=20), max_size=4))
async def test_any_files_are_laid_out_or_refused(files: dict[str, str]) -> None:
    if path_faults(files):
        with pytest.raises(PathFault):
            async with laid_out(files):
                pass
    else:
        async with laid_out(files) as root:
            assert altered(root, files) is None
