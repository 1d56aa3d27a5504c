"""How much disk a command has taken since it started."""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from paper2code.checks.execution.sandbox.processes import Process

_LEAST = 4096  # bytes: what a name and its inode cost, so that a million empty files count too


class Space:
    """The growth of the folders that a command may write."""

    def __init__(self, folders: Sequence[Path]) -> None:
        resolved = {folder.resolve() for folder in folders}
        self._folders = [folder for folder in resolved if resolved.isdisjoint(folder.parents)]
        self._devices = {folder.stat().st_dev for folder in self._folders}
        self._free = self._bytes_free()
        self._at_start, _ = self._measure()

    def taken(self, processes: Sequence[Process], enough: int) -> int:
        """Bytes that the folders have grown by, with the files that `processes` hold open but have removed.

        Counting ends a little above `enough`, however much there is. Folders that cannot be listed could hide
        any amount; then all that the file systems have lost since the start is taken for the command's,
        whoever wrote it.
        """
        size, complete = self._measure(self._at_start + enough)
        grown = size - self._at_start + self._removed_but_open(processes)
        return grown if complete else max(grown, self._free - self._bytes_free())

    def _measure(self, enough: float = float("inf")) -> tuple[int, bool]:
        size, complete = 0, True
        left = [str(folder) for folder in self._folders]
        while left and size <= enough:
            try:
                with os.scandir(left.pop()) as entries:
                    for about, path in _looked_at(entries):
                        size += max(about.st_blocks * 512, _LEAST)
                        if stat.S_ISDIR(about.st_mode):
                            left.append(path)
            except (FileNotFoundError, NotADirectoryError):
                continue  # removed since it was listed
            except OSError:
                complete = False
        return size, complete

    def _removed_but_open(self, processes: Sequence[Process]) -> int:
        held: dict[tuple[int, int], int] = {}
        for process in processes:
            with suppress(OSError), os.scandir(f"/proc/{process.pid}/fd") as entries:
                for about, _ in _looked_at(entries, follow=True):
                    if about.st_nlink == 0 and about.st_dev in self._devices:
                        held[about.st_dev, about.st_ino] = about.st_blocks * 512
        return sum(held.values())

    def _bytes_free(self) -> int:
        systems = {folder.stat().st_dev: os.statvfs(folder) for folder in self._folders}
        return sum(system.f_bavail * system.f_frsize for system in systems.values())


def _looked_at(
    entries: Iterator[os.DirEntry[str]], *, follow: bool = False
) -> Iterator[tuple[os.stat_result, str]]:
    for entry in entries:
        with suppress(FileNotFoundError):
            yield entry.stat(follow_symlinks=follow), entry.path
