"""Which files are published, and in which round: what a file waits on until its imports are there.

The record of each file is on disk before anyone is told, because LangGraph doesn't run a finished `Send`
again on resume: a board in memory alone would then stay empty, and its dependants would wait for ever.
"""

import asyncio
from collections.abc import Iterable

from paper2code.artifacts import Artifact, FileReview, FileStatus, SourceFile
from paper2code.workspace import Workspace


class Published(Artifact):
    """A file as it was last published."""

    path: str
    round: int
    revision: int
    status: FileStatus
    review: FileReview | None


class Refusal(Artifact):
    """Why a mended file was not taken; the one before it stands."""

    mend: int
    """The number of the mend, from 1."""
    review: FileReview


class Board:
    """The published files of one run."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._records: dict[str, Published] = {}
        self._news = asyncio.Condition()
        self.paused = False
        """Set while a node of some file asks a human; others then give way, so that the run can stop."""

    def record(self, path: str) -> Published | None:
        """What was last published of a file, or None."""
        if path not in self._records:
            found = self._workspace.load(_name(path), Published)
            if found is None:
                return None
            self._records[path] = found
        return self._records[path]

    def keep(self, draft: SourceFile) -> None:
        """Keep a draft, in case no better one comes."""
        self._workspace.save(f"drafts/{draft.path}", draft)

    def draft(self, path: str) -> SourceFile | None:
        """The last draft kept of a file, or None."""
        return self._workspace.load(f"drafts/{path}", SourceFile)

    def refuse(self, path: str, refusal: Refusal) -> None:
        """Keep why a mended file was not taken."""
        self._workspace.save(f"refusals/{path}", refusal)

    def refusal(self, path: str, mend: int) -> FileReview | None:
        """The review that refused a file in that mend, or None."""
        refusal = self._workspace.load(f"refusals/{path}", Refusal)
        return refusal.review if refusal and refusal.mend == mend else None

    async def publish(self, record: Published) -> None:
        """Record a file whose text is in the workspace, and wake those who wait for it."""
        self._workspace.save(_name(record.path), record)
        async with self._news:
            self._records[record.path] = record
            self._news.notify_all()

    async def wait(self, paths: Iterable[str], round_: int) -> None:
        """Return once every path was published in this round or a later one."""
        missing = set(paths)
        async with self._news:
            await self._news.wait_for(lambda: all(self._is_there(path, round_) for path in missing))

    def clear(self, paths: Iterable[str]) -> None:
        """Forget earlier records of these paths: they belong to another design, or an unfinished run."""
        for path in paths:
            self._workspace.discard(_name(path))
            self._workspace.discard(f"drafts/{path}")
            self._workspace.discard(f"refusals/{path}")
        self._records.clear()

    def _is_there(self, path: str, round_: int) -> bool:
        record = self.record(path)
        return record is not None and record.round >= round_


def _name(path: str) -> str:
    return f"reviews/{path}"
