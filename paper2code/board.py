"""Which files are published, and in which edition: what a file waits on until its imports are there.

An edition is one round in which files are written: all of them at first, then those that a ruling, an audit
or the debugger sends back. What an edition holds of a file is never changed by a later one, and the state
names for each file its edition. So a run that goes on from a checkpoint, be it the last one or one of long
ago, has every file as it was then.

The record of a file is on disk before anyone is told, because LangGraph doesn't run a finished `Send` again
on resume: a board in memory alone would then stay empty, and its dependants would wait for ever.

Editions stay when a run has ended. Any of them may be named by a checkpoint, and which checkpointers have
written ones for this folder it cannot know. They cost little: an edition holds the files of its round alone.
"""

import asyncio
from collections.abc import Iterable, Mapping

from paper2code.artifacts import Artifact, FileAnalysis, FileReview, FileStatus, SourceFile, Step
from paper2code.blocking import to_its_end
from paper2code.workspace import Workspace

_AT_A_TIME = 8
"""Files that begin in one turn of the event loop, each some milliseconds of work."""


class Published(Artifact):
    """A file as it was published, with all that a later edition takes up of it."""

    file: SourceFile
    tests: SourceFile | None = None
    status: FileStatus
    analysis: FileAnalysis | None = None
    review: FileReview | None = None
    tried: Step | None = None
    """How its tests ended."""

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.file.path


class Board:
    """The published files of one run."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._records: dict[tuple[str, str], Published] = {}
        self._versions: dict[str, str] = {}
        self._begun: set[str] = set()
        self._published: dict[tuple[str, str], asyncio.Event] = {}
        self._door = asyncio.Semaphore(_AT_A_TIME)
        self.paused = False
        """Set while a node of some file asks a human; others then give way, so that the run can stop."""

    @property
    def versions(self) -> dict[str, str]:
        """The edition that holds each file as it stands, by path."""
        return dict(self._versions)

    def record(self, path: str, edition: str | None = None) -> Published | None:
        """What an edition holds of a file, by default the one in which it was last published; or None."""
        edition = self._versions.get(path) if edition is None else edition
        if not edition:
            return None
        known = self._records.get((edition, path))
        # Of an edition that is being written all is known that there is: it need not be looked for on disk.
        if known is None and edition not in self._begun:
            known = self._load(edition, path)
        return known

    def _load(self, edition: str, path: str) -> Published | None:
        found = self._workspace.load(_name(edition, path), Published)
        if found:
            self._records[edition, path] = found
        return found

    def keep(self, edition: str, draft: SourceFile) -> None:
        """Keep a draft, in case no better one comes."""
        self._workspace.save(_draft(edition, draft.path), draft)

    def draft(self, edition: str, path: str) -> SourceFile | None:
        """The last draft kept of a file in that edition, or as it was published; None where there is none."""
        kept = self._workspace.load(_draft(edition, path), SourceFile)
        if kept is None and (record := self.record(path, edition)):
            return record.file
        return kept

    async def step_in(self) -> None:
        """Let files begin a few at a time: a thousand in one turn of the event loop would hold it up."""
        async with self._door:
            await asyncio.sleep(0)

    async def publish(self, edition: str, record: Published) -> None:
        """Put a file and its tests in place, record them, and wake those who wait; its draft has served."""
        await to_its_end(self._keep_published, edition, record)
        self._records[edition, record.path] = record
        self._versions[record.path] = edition
        self._news_of(edition, record.path).set()

    async def wait(self, edition: str, paths: Iterable[str]) -> None:
        """Return once every path was published in this edition."""
        for path in paths:
            if self.record(path, edition) is None:
                await self._news_of(edition, path).wait()

    def _news_of(self, edition: str, path: str) -> asyncio.Event:
        return self._published.setdefault((edition, path), asyncio.Event())

    def begin(self, edition: str, paths: Iterable[str]) -> None:
        """Begin an edition of these files: what an earlier session left of the same one is forgotten."""
        for path in paths:
            self._records.pop((edition, path), None)
            self._published.pop((edition, path), None)
            self._workspace.discard(_name(edition, path))
            self._workspace.discard(_draft(edition, path))
        self._begun.add(edition)

    def go_on(self, edition: str, paths: Iterable[str]) -> None:
        """Take up what a session that broke off had published in an edition, unless this one began it."""
        if edition in self._begun:
            return
        self.bring_back({path: edition for path in paths if self._load(edition, path)})
        self._begun.add(edition)

    def bring_back(self, versions: Mapping[str, str]) -> None:
        """Put these files in place as their editions hold them."""
        for path, edition in versions.items():
            if record := self.record(path, edition):
                self._put(record)
                self._versions[path] = edition

    def clear(self) -> None:
        """Take nothing for published: the design is another one, or the run begins anew."""
        self._versions.clear()

    def _keep_published(self, edition: str, record: Published) -> None:
        self._put(record)
        self._workspace.save(_name(edition, record.path), record)
        self._workspace.discard(_draft(edition, record.path))

    def _put(self, record: Published) -> None:
        self._workspace.write(record.path, record.file.text)
        if record.tests:
            self._workspace.write(record.tests.path, record.tests.text)


def _name(edition: str, path: str) -> str:
    return f"published-{edition}/{path}"


def _draft(edition: str, path: str) -> str:
    return f"drafts-{edition}/{path}"
