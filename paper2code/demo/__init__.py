"""A paper that ships with the package, and the journal of its run: the whole machine without a key."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from paper2code.errors import InputError

_PAPER = "paper.pdf"
_JOURNALS = ("journal.jsonl", "journal.jsonl.gz")


@contextmanager
def packaged_demo() -> Iterator[tuple[Path, Path]]:
    """The demo's paper and journal as files, for as long as they are needed.

    Raises:
        InputError: This installation lacks them.
    """
    folder = files("paper2code") / "demo"
    journal = next((name for name in _JOURNALS if (folder / name).is_file()), None)
    if journal is None or not (folder / _PAPER).is_file():
        raise InputError("this installation lacks the demo's paper or journal: install paper2code anew")
    with as_file(folder / _PAPER) as paper, as_file(folder / journal) as recorded:
        yield paper, recorded
