"""Folders that are thrown away; those of a process that was killed, by the next run.

Beside each folder lies a lock that its process holds and that the system frees however the process ends: a
folder whose lock is free is nobody's any more. Process ids would not tell that from one container to another.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

_PREFIX = "paper2code-"


@contextmanager
def throwaway_folder() -> Iterator[Path]:
    """A fresh folder under its real name, gone afterwards."""
    name = f"{_PREFIX}{uuid4().hex}"
    with (
        # The lock comes first, so that no folder that has just been made is taken for a leftover.
        _locked(Path(tempfile.gettempdir(), name)),
        # A program may leave folders that cannot be listed, and the sandbox files of another user.
        tempfile.TemporaryDirectory(prefix=f"{name}-", ignore_cleanup_errors=True) as folder,
    ):
        yield Path(folder).resolve()


def clear_leftovers() -> None:
    """Remove the folders that killed processes have left; those of other users, and in use, stay."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        name = folder.name.rpartition("-")[0]
        try:
            if _is_ours(folder) and _lock_of(folder.with_name(name)).is_file():
                with _locked(folder.with_name(name)):
                    shutil.rmtree(folder, ignore_errors=True)
        except (Timeout, OSError):  # its process is alive, or has just removed it
            continue


@contextmanager
def _locked(place: Path) -> Iterator[None]:
    """Hold the lock of a place, which is gone afterwards."""
    path = _lock_of(place)
    with FileLock(path, timeout=0, thread_local=False):
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _lock_of(place: Path) -> Path:
    return place.with_name(f"{place.name}.lock")


def _is_ours(folder: Path) -> bool:
    """Whether it is a folder of this user's, and no link that another may have put there."""
    return folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == _user()


def _user() -> int:
    """The user as files have it; 0 on Windows, where no file says and each user has a folder for these."""
    return os.getuid() if sys.platform != "win32" else 0
