"""Whose run a folder holds: that of one paper, and of one process at a time."""

import os
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel

from paper2code.atomic import DRAFTS, as_json, put_whole, read_model, reason
from paper2code.errors import WorkspaceError

_HARMLESS = {".git", ".DS_Store", "Thumbs.db", "desktop.ini"}  # no generated file can have these names


class _Claim(BaseModel):
    """Whose run a workspace holds."""

    paper2code_run: int = 1
    paper: str
    title: str


class Lease:
    """The right to write into a folder.

    Args:
        root: The folder; created when the lease is taken.
        private: The folder in it that is the run's own.
    """

    def __init__(self, root: Path, private: Path) -> None:
        self._root = root
        self._private = private
        self._lock: FileLock | None = None

    @property
    def is_held(self) -> bool:
        """Whether it is this process's."""
        return self._lock is not None

    def take(self) -> None:
        """Keep other runs out until `release`, and clear away what a killed one left on its way.

        Raises:
            WorkspaceError: The folder is another's, in use, or cannot be written. It is left as it was.
        """
        if self._lock is not None:
            return
        self._refuse_foreign()
        drafts = self._private / DRAFTS
        try:
            drafts.mkdir(parents=True, exist_ok=True)
            # A run may be closed by another thread than the one that opened it.
            lock = FileLock(self._private / "lock", thread_local=False)
            lock.acquire(timeout=0)
            self._lock = lock
            for left in drafts.iterdir():
                left.unlink(missing_ok=True)
        except Timeout:
            raise WorkspaceError(
                f"{self._root} is in use by another run: wait for it to end, or choose another folder with -o"
            ) from None
        except OSError as error:
            raise WorkspaceError(
                f"cannot write to {self._root}: {reason(error)}; choose another -o"
            ) from error

    def release(self) -> None:
        """Let other runs in. Releasing twice does nothing."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()

    def claim(self, paper_sha256: str, title: str) -> None:
        """Take the folder for one paper; the same paper, or one of the same title, may come back.

        Raises:
            WorkspaceError: It holds the run of another paper, and stays as it was.
        """
        claim = _Claim(paper=paper_sha256, title=title)
        place = self._private / "run.json"
        held = read_model(place, _Claim)
        if held is None or held.title == claim.title:
            put_whole(place, as_json(claim), self._private)
        elif held.paper != claim.paper:
            raise WorkspaceError(
                f"{self._root} holds the run of another paper, {held.title!r}: choose another -o"
            )

    def _refuse_foreign(self) -> None:
        """Raise where the folder holds what no run wrote, before anything in it is touched."""
        try:
            names = set(os.listdir(self._root))  # noqa: PTH208 - only the names count
            ours = (self._private / "run.json").is_file()
        except FileNotFoundError:
            return
        except NotADirectoryError:
            raise WorkspaceError(f"{self._root} is a file, not a folder: choose another -o") from None
        except OSError as error:
            raise WorkspaceError(f"cannot use {self._root}: {reason(error)}; choose another -o") from error
        foreign = sorted(names - _HARMLESS - {self._private.name})
        if foreign and not ours:
            raise WorkspaceError(
                f"{self._root} holds files that no run wrote, such as {foreign[0]}: choose another -o"
            )
