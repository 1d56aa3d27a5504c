"""What runs have written into a folder, so that what somebody else wrote is told from it."""

import hashlib
import threading
from pathlib import Path

_COMES = "  "
_STANDS = " *"
_DIGITS = 64


class Ledger:
    """The SHA-256 of the text that runs last put under each name, in the form of `sha256sum`.

    A text is entered before it is put in place, and once more when it stands there. Between the two both it
    and the one before it count as written by a run, so one that is killed leaves nothing that it would later
    take for somebody else's; after that the one before it doesn't, so that who puts it back is heard. Lines
    are only ever added; one that was torn is passed over.

    Args:
        place: The file that holds it; made with the first entry.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self._lock = threading.Lock()
        self._known: dict[str, set[str]] | None = None
        self._torn = False

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in the order in which they were first entered."""
        with self._lock:
            return tuple(self._entries())

    def knows(self, name: str, data: bytes) -> bool:
        """Whether a run has put this text under this name."""
        digest = _digest(data)
        with self._lock:
            return digest in self._entries().get(name, ())

    def enter(self, name: str, data: bytes) -> None:
        """Note that this text is about to be put under this name.

        Raises:
            OSError: The ledger cannot be written.
        """
        digest = _digest(data)
        with self._lock:
            known = self._entries().setdefault(name, set())
            if digest not in known:
                self._append(digest, _COMES, name)
                known.add(digest)

    def settle(self, name: str, data: bytes) -> None:
        """Note that this text stands there.

        Raises:
            OSError: The ledger cannot be written.
        """
        digest = _digest(data)
        with self._lock:
            known = self._entries()
            if known.get(name) != {digest}:
                self._append(digest, _STANDS, name)
                known[name] = {digest}

    def _append(self, digest: str, mark: str, name: str) -> None:
        line = f"{digest}{mark}{name}\n".encode()
        self._place.parent.mkdir(parents=True, exist_ok=True)
        with self._place.open("ab") as file:
            file.write(b"\n" + line if self._torn else line)
        self._torn = False

    def _entries(self) -> dict[str, set[str]]:
        if self._known is None:
            known: dict[str, set[str]] = {}
            text = self._place.read_text(encoding="utf-8", errors="replace") if self._place.exists() else ""
            *lines, torn = text.split("\n")
            for line in lines:
                digest, mark, name = line[:_DIGITS], line[_DIGITS : _DIGITS + 2], line[_DIGITS + 2 :]
                if mark == _STANDS:
                    known[name] = {digest}
                elif mark == _COMES:
                    known.setdefault(name, set()).add(digest)
            self._torn, self._known = bool(torn), known
        return self._known


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
