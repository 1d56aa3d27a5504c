"""What a run left in its folder."""

from pathlib import Path

from paper2code.models.journal import Entry, Recording


def repository_in(folder: Path) -> dict[str, bytes]:
    """The bytes of every file of the repository; what the run keeps for itself is left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".paper2code" not in path.parts
    }


def journal_of(folder: Path) -> Path:
    """The journal of a run."""
    return folder / ".paper2code" / "journal.jsonl"


def calls_in(folder: Path) -> tuple[Entry, ...]:
    """The finished calls of a run, in the order in which they finished; none if it has not begun."""
    journal = journal_of(folder)
    return Recording.read(journal).entries if journal.exists() else ()
