"""The folder that becomes the repository, and what a run keeps in it for itself.

A workspace belongs to one paper, and to one process at a time: see `lease`. Files on their way stay in the
private folder, so that a killed run leaves none in the repository.
"""

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import BaseModel

from paper2code.atomic import T, as_json, as_utf8, cannot_write, put_whole, read_model, reason
from paper2code.errors import WorkspaceError
from paper2code.lease import Lease
from paper2code.ledger import Ledger
from paper2code.paths import PathFault, safe_path

RESERVED = ("README.md", "requirements.txt", "config.yaml", "TRACEABILITY.md", "reproduce.sh")
"""Files of the repository that the run writes itself; no agent may plan them."""

PRIVATE = ".paper2code"
"""The folder in the workspace that is the run's own: journal, artifacts, checkpoints, reports."""


class Workspace:
    """A repository being written. Use it as a context manager, or between `open` and `close`.

    What somebody else wrote or changed in the folder stays as it is, wherever a run would write too.

    Args:
        root: The folder; created if missing.
        overwrite: Whether to write over what others have changed.
    """

    def __init__(self, root: Path, *, overwrite: bool = False) -> None:
        self.root = root.expanduser().absolute()
        self._overwrite = overwrite
        self._private = self.root / PRIVATE
        self._lease = Lease(self.root, self._private)
        self._ledger = Ledger(self.private("written.sha256"))

    def open(self) -> Self:
        """Create the folder if missing, and keep other runs out of it until `close`.

        Raises:
            WorkspaceError: The folder is another's, in use, or cannot be written. It is left as it was.
        """
        self._lease.take()
        return self

    def close(self) -> None:
        """Let other runs in. Closing twice does nothing."""
        self._lease.release()

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def claim(self, paper_sha256: str, title: str) -> None:
        """Take the workspace for one paper; the same paper may come back to go on, changed or not.

        A paper of the same title counts as the same.

        Raises:
            WorkspaceError: It holds the run of another paper, and stays as it was.
        """
        self._lease.claim(paper_sha256, title)

    def write(self, path: str, text: str) -> None:
        """Put a file of the repository in place: UTF-8, line feeds, executable if it is a shell script.

        In a run one that somebody else has changed stays as it is.

        Raises:
            PathFault: The path may not stand in a repository.
            WorkspaceError: The file cannot be written, or a symbolic link stands in its way.
        """
        place, data = self._place(path), as_utf8(text)
        if self._lease.is_held:
            if self.is_changed(path):
                return
            self._put_as_ours(path, place, data)
        else:
            put_whole(place, data, self._private)

    def is_changed(self, path: str) -> bool:
        """Whether somebody else than a run wrote the file at this path, or changed it since.

        Never, where this run may overwrite such files.
        """
        if self._overwrite or not self.exists(path):
            return False
        try:
            return not self._ledger.knows(path, self._place(path).read_bytes())
        except OSError as error:
            raise WorkspaceError(f"cannot read {path} in {self.root}: {reason(error)}") from error

    def adopt(self, path: str) -> None:
        """Take a file as it stands for one that this run wrote."""
        data = self._place(path).read_bytes()
        self._put_as_ours(path, self._place(path), data)

    def retain(self, paths: Collection[str]) -> None:
        """Remove all files that runs have written here but these; what others put here stays."""
        for path in self._ledger.names:
            if path not in paths and self.exists(path) and not self.is_changed(path):
                self._remove(self._place(path))

    def read(self, path: str) -> str:
        """The text of a file of the repository.

        Raises:
            PathFault: The path may not stand in a repository.
            WorkspaceError: The file is missing or no UTF-8 text.
        """
        try:
            return self._place(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise WorkspaceError(f"cannot read {path} in {self.root}: {reason(error)}") from error

    def exists(self, path: str) -> bool:
        """Whether the repository has a file at that path."""
        try:
            return self._place(path).is_file()
        except (PathFault, WorkspaceError):
            return False

    def files(self) -> tuple[str, ...]:
        """The paths of all files in the repository, sorted; hidden files, links and bytecode left out."""
        return tuple(sorted(self._walk()))

    def save(self, name: str, artifact: BaseModel) -> None:
        """Keep an artifact, named by its kind, or by a kind and a path such as `reviews/model.py`."""
        put_whole(self._kept(name), as_json(artifact), self._private)

    def offer(self, name: str, artifact: BaseModel) -> None:
        """Keep an artifact that a researcher may change: `changed_by_hand` tells whether somebody has."""
        self._put_as_ours(f"{PRIVATE}/{name}", self._kept(name), as_json(artifact))

    def changed_by_hand(self, name: str, kind: type[T]) -> T | None:
        """An artifact that was offered and then changed, or None.

        Raises:
            WorkspaceError: It was changed into something else.
        """
        place = self._kept(name)
        if not place.exists() or self._ledger.knows(f"{PRIVATE}/{name}", place.read_bytes()):
            return None
        return self.load(name, kind)

    def load(self, name: str, kind: type[T]) -> T | None:
        """The artifact that was kept under a name, or None.

        Raises:
            WorkspaceError: It was changed into something else.
        """
        return read_model(self._kept(name), kind)

    def keep(self, name: str, data: bytes) -> None:
        """Keep a file of the run's own, named as for `private`."""
        put_whole(self.private(name), data, self._private)

    def discard(self, name: str) -> None:
        """Forget an artifact, if there is one of that name."""
        self._kept(name).unlink(missing_ok=True)

    def private(self, name: str) -> Path:
        """Where the run keeps a file of its own."""
        return self._private / safe_path(name)

    def _put_as_ours(self, name: str, place: Path, data: bytes) -> None:
        """Put a file in place so that it is known for a run's own, whenever this one is killed."""
        try:
            self._ledger.enter(name, data)
            put_whole(place, data, self._private)
            self._ledger.settle(name, data)
        except OSError as error:
            raise cannot_write(place, error) from error

    def _kept(self, name: str) -> Path:
        """Where an artifact is kept. Kind and path are judged apart, so that every path has room for one."""
        kind, _, path = name.partition("/")
        place = self.private("artifacts") / safe_path(kind)
        place = place / safe_path(path) if path else place
        return place.with_name(f"{place.name}.json")

    def _place(self, path: str) -> Path:
        """The file of a repository path, once no symbolic link can lead elsewhere."""
        place = self.root
        for part in safe_path(path).split("/"):
            place /= part
            if place.is_symlink():
                raise WorkspaceError(f"{place} is a symbolic link: remove it, so that {path} has one place")
        return place

    def _remove(self, place: Path) -> None:
        """Remove a file, and the folders that are then empty."""
        place.unlink()
        for folder in place.relative_to(self.root).parents[:-1]:
            with suppress(OSError):  # it holds something else
                (self.root / folder).rmdir()

    def _walk(self) -> Iterator[str]:
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if name != "__pycache__" and not name.startswith(".")]
            for name in names:
                place = Path(folder, name)
                path = place.relative_to(self.root).as_posix()
                if not place.is_symlink() and _is_safe(path):
                    yield path


def _is_safe(path: str) -> bool:
    try:
        return safe_path(path) == path
    except PathFault:
        return False
