"""A result of the graph, written to a folder."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import cast

from paper2code.errors import InputError, WorkspaceError
from paper2code.paths import path_faults
from paper2code.workspace import Workspace


def write_repository(result: Mapping[str, object], folder: Path | str) -> tuple[Path, ...]:
    """Write the files of a result to a folder, each one whole; what else the folder holds stays.

    Args:
        result: What `graph.invoke` gives back, or anything with such `files`: path to text.
        folder: Created if missing.

    Returns:
        The files written, in the order of the result.

    Raises:
        InputError: The result has no files.
        WorkspaceError: A path would leave the folder or cannot be stored everywhere, or the folder cannot be
            written. A faulty path is found before anything is written.
    """
    files = result.get("files")
    if not isinstance(files, Mapping) or not files:
        raise InputError("this result holds no files: give what graph.invoke() returned at the end of a run")
    texts = cast("Mapping[str, str]", files)
    for path, reason in path_faults(texts).items():
        raise WorkspaceError(f"cannot write {path!r}: it {reason}")
    workspace = Workspace(Path(folder))
    for path, text in texts.items():
        workspace.write(path, text)
    _remove_if_empty(workspace.private("tmp"))
    return tuple(workspace.root / path for path in texts)


def _remove_if_empty(folder: Path) -> None:
    """Leave no trace of the drafts in a folder that holds no run."""
    with suppress(OSError):
        folder.rmdir()
        folder.parent.rmdir()
