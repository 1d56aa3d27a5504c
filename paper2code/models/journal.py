"""The record of every model call of a run, on disk before its answer is used.

It is only ever added to, one whole line at a time, so a killed run loses at most the line that was being
written.
"""

import gzip
import os
import threading
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Self

from pydantic import BaseModel

from paper2code.errors import ReplayError, WorkspaceError
from paper2code.models.journal_lines import DamageError, Entry, Header, Place, parse
from paper2code.models.usage import Usage

__all__ = ["Entry", "Journal", "Recording"]


class Journal:
    """The journal of a run under way. `append` may be called from any thread."""

    def __init__(self, path: Path, file: int, entries: Sequence[Entry], notes: tuple[str, ...]) -> None:
        self.path = path
        self.notes = notes
        """What was mended on opening, for the user to read."""
        self._file: int | None = file
        self._lock = threading.Lock()
        self._entries = list(entries)
        self._by_request = {entry.request: entry for entry in entries}
        self._places = Counter(entry.place for entry in entries)
        self._by_basis = {entry.basis: entry for entry in entries if entry.basis}
        self._usage = sum((entry.usage for entry in entries), Usage())

    @classmethod
    def open(
        cls, path: Path, paper_sha256: str, title: str, loops: Mapping[str, int] = MappingProxyType({})
    ) -> Self:
        """Open a paper's journal to go on with, or start it.

        A paper of the same title is the same one, changed.

        Args:
            path: The file.
            paper_sha256: The paper's, in hex.
            title: The paper's.
            loops: How often each loop may go round, for who replays it.

        Raises:
            WorkspaceError: It is damaged, belongs to another paper, or cannot be written.
        """
        try:
            data = path.read_bytes() if path.exists() else b""
            header, entries, whole = parse(data)
            if header is not None and header.paper != paper_sha256 and header.title != title:
                raise WorkspaceError(f"{path} belongs to another paper, {header.title!r}: choose another -o")
            path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
            os.ftruncate(file, whole)
        except DamageError as damage:
            raise WorkspaceError(f"{path} {damage}: mend or delete it, or choose another -o") from None
        except OSError as error:
            raise WorkspaceError(
                f"cannot use {path}: {error.strerror or error}; choose another -o"
            ) from error
        torn = len(data) - whole
        notes = (f"the last line of {path} was torn and is dropped ({torn} bytes)",) if torn else ()
        journal = cls(path, file, entries, notes)
        if header is not None and not data[:whole].endswith(b"\n"):
            journal._write(b"\n")
        wanted = Header(paper=paper_sha256, title=title, loops=dict(loops))
        if header is None or (header.paper, header.loops) != (wanted.paper, wanted.loops):
            journal._write(_line(wanted))
        return journal

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All calls, in the order in which they finished."""
        return tuple(self._entries)

    def find(self, request: str) -> Entry | None:
        """The latest call with that request, or None."""
        return self._by_request.get(request)

    def find_alike(self, basis: str) -> Entry | None:
        """The latest call whose answer hangs on the same, or None."""
        return self._by_basis.get(basis)

    def count(self, place: Place) -> int:
        """How many calls there are at that place of the run."""
        return self._places[place]

    def append(self, entry: Entry) -> None:
        """Record a call; once this returns, a killed process no longer loses it.

        Raises:
            WorkspaceError: The disk is full or gone; the journal is as it was.
        """
        with self._lock:
            self._write(_line(entry))
            self._entries.append(entry)
            self._by_request[entry.request] = entry
            self._places[entry.place] += 1
            if entry.basis:
                self._by_basis[entry.basis] = entry
            self._usage += entry.usage

    def usage(self) -> Usage:
        """What all calls used together."""
        return self._usage

    def close(self) -> None:
        """Close the file. Closing twice does nothing."""
        with self._lock:
            file, self._file = self._file, None
            if file is not None:
                os.close(file)

    def _write(self, data: bytes) -> None:
        if self._file is None:
            raise ValueError(f"{self.path} is closed")
        size = os.fstat(self._file).st_size
        try:
            written = os.write(self._file, data)
            while written < len(data):
                written += os.write(self._file, data[written:])
        except OSError as error:
            with suppress(OSError):  # a line that stays torn is dropped when the journal is opened again
                os.ftruncate(self._file, size)
            raise WorkspaceError(
                f"cannot write {self.path}: {error.strerror or error}; mend that and run the same command "
                "again: finished calls are not paid again"
            ) from error


class Recording:
    """A journal whose answers are served instead of asking a model."""

    def __init__(self, header: Header, entries: Sequence[Entry]) -> None:
        self.paper_sha256 = header.paper
        self.title = header.title
        self.loops = header.loops
        """How often each loop might go round; empty where that is not known."""
        self.entries = tuple(entries)
        self._by_place: dict[Place, list[Entry]] = {}
        for entry in entries:
            self._by_place.setdefault(entry.place, []).append(entry)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a journal, plain or compressed (`.gz`, `.xz`). A torn last line is passed over.

        Raises:
            ReplayError: The file is missing, damaged, or no journal.
        """
        try:
            header, entries, _ = parse(_unpacked(path))
        except FileNotFoundError:
            raise ReplayError(f"there is no journal at {path}: give the journal.jsonl of a run") from None
        except DamageError as damage:
            raise ReplayError(f"{path} {damage}: give the journal.jsonl of a run") from None
        except OSError as error:
            raise ReplayError(f"cannot read {path}: {error.strerror or error}") from error
        if header is None:
            raise ReplayError(f"{path} is empty: give the journal.jsonl of a run")
        return cls(header, entries)

    @property
    def rooms(self) -> dict[str, int]:
        """The tokens that a prompt of each role could have at last, where there was a limit.

        They decide how many calls there are for a long paper and a large repository.
        """
        return {entry.role: entry.room for entry in self.entries if entry.room}

    def sent_back(self, path: str, revision: int) -> bool | None:
        """Whether checks sent a draft back to its coder in the recorded run; None if it does not tell."""
        if self.find(("reviewer", path, revision, 0)):
            return False
        return True if self.find(("coder", path, revision + 1, 0)) else None

    def find(self, place: Place, number: int = 0) -> Entry | None:
        """The answer that was given at this place of the run when it was reached for that time, or None.

        A place is reached more than once where a file is judged again because one that it imports has
        changed. Beyond the last time, what was said then is said again.
        """
        answers = self._by_place.get(place)
        return answers[min(number, len(answers) - 1)] if answers else None


def _line(content: BaseModel) -> bytes:
    return content.model_dump_json().encode() + b"\n"


def _unpacked(path: Path) -> bytes:
    data = path.read_bytes()
    if path.suffix == ".gz":
        try:
            return gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise DamageError(f"cannot be unpacked ({error})") from None
    if path.suffix == ".xz":
        import lzma  # noqa: PLC0415 - some builds of Python lack it

        try:
            return lzma.decompress(data)
        except (EOFError, lzma.LZMAError) as error:
            raise DamageError(f"cannot be unpacked ({error})") from None
    return data
