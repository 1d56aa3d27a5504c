"""The board of published files."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from paper2code.artifacts import SourceFile
from paper2code.board import Board, Published
from paper2code.paths import MAX_PATH, safe_path
from paper2code.workspace import Workspace

DEEPEST = safe_path("a/b/c/d/e/f/g/model.py")
LONGEST = safe_path(f"{'package/' * 7}{'m' * 97}.py")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path) as workspace:
        yield workspace


def published(path: str, text: str = "A = 1\n") -> Published:
    tests = SourceFile(path=f"tests/test_{path}", text=f"# of {text}", revision=0) if path == "a.py" else None
    return Published(file=SourceFile(path=path, text=text, revision=0), tests=tests, status="accepted")


async def test_who_waits_is_told_when_all_are_there(workspace: Workspace) -> None:
    board = Board(workspace)
    waiting = asyncio.create_task(board.wait("1", ["a.py", "b.py"]))
    await board.publish("1", published("a.py"))
    await asyncio.sleep(0)
    assert not waiting.done()
    await board.publish("1", published("b.py"))
    await asyncio.wait_for(waiting, timeout=5)


async def test_an_edition_waits_for_its_own_files(workspace: Workspace) -> None:
    board = Board(workspace)
    await board.publish("1", published("a.py"))
    waiting = asyncio.create_task(board.wait("2", ["a.py"]))
    await asyncio.sleep(0)
    assert not waiting.done()
    await board.publish("2", published("a.py"))
    await asyncio.wait_for(waiting, timeout=5)


async def test_who_imports_nothing_does_not_wait(workspace: Workspace) -> None:
    await asyncio.wait_for(Board(workspace).wait("1", []), timeout=5)


async def test_a_file_and_its_tests_are_in_place(workspace: Workspace) -> None:
    await Board(workspace).publish("1", published("a.py"))
    assert workspace.read("a.py") == "A = 1\n"
    assert workspace.read("tests/test_a.py") == "# of A = 1\n"


async def test_who_is_cancelled_leaves_no_file_on_its_way(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a thread would write it after the workspace is closed, and the next run take it for another's."""
    begun, write = threading.Event(), Workspace.write

    def slowly(self: Workspace, path: str, text: str) -> None:
        begun.set()
        threading.Event().wait(0.2)
        write(self, path, text)

    workspace.claim("sha", "A paper")
    monkeypatch.setattr(Workspace, "write", slowly)
    publishing = asyncio.create_task(Board(workspace).publish("1", published("b.py")))
    await asyncio.to_thread(begun.wait)
    publishing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await publishing
    workspace.close()
    with workspace:
        assert workspace.read("b.py") == "A = 1\n"
        assert not workspace.is_changed("b.py")


async def test_what_was_published_before_a_crash_is_there_after_it(workspace: Workspace) -> None:
    await Board(workspace).publish("1", published("a.py"))
    later = Board(workspace)
    later.go_on("1", ["a.py", "b.py"])
    await asyncio.wait_for(later.wait("1", ["a.py"]), timeout=5)
    assert later.record("a.py") == published("a.py")
    assert later.versions == {"a.py": "1"}


async def test_an_edition_that_begins_anew_has_nothing_of_an_earlier_session(workspace: Workspace) -> None:
    earlier = Board(workspace)
    earlier.keep("1", SourceFile(path="a.py", text="A = 1\n", revision=0))
    await earlier.publish("1", published("a.py"))
    board = Board(workspace)
    board.begin("1", ["a.py"])
    board.go_on("1", ["a.py"])
    assert board.record("a.py", "1") is None
    assert board.draft("1", "a.py") is None


async def test_every_edition_can_be_brought_back(workspace: Workspace) -> None:
    board = Board(workspace)
    await board.publish("1", published("a.py", "A = 1\n"))
    before = board.versions
    await board.publish("2", published("a.py", "A = 2\n"))
    assert workspace.read("a.py") == "A = 2\n"

    later = Board(workspace)
    later.bring_back(before)
    assert workspace.read("a.py") == "A = 1\n"
    assert workspace.read("tests/test_a.py") == "# of A = 1\n"
    assert later.record("a.py") == published("a.py", "A = 1\n")


async def test_another_design_has_nothing_published(workspace: Workspace) -> None:
    board = Board(workspace)
    await board.publish("1", published("a.py"))
    board.clear()
    assert board.record("a.py") is None


@pytest.mark.parametrize("path", [DEEPEST, LONGEST], ids=["deepest", "longest"])
async def test_every_path_that_a_repository_may_hold_can_be_published(
    path: str, workspace: Workspace
) -> None:
    assert len(LONGEST) > MAX_PATH * 0.75
    board, draft = Board(workspace), SourceFile(path=path, text="A = 1\n", revision=0)
    board.keep("1", draft)
    await board.publish("1", published(path))
    assert Board(workspace).record(path, "1") == published(path)
    assert Board(workspace).draft("1", path) == draft


async def test_a_draft_is_kept_until_its_file_is_published(workspace: Workspace) -> None:
    board = Board(workspace)
    board.keep("1", SourceFile(path="a.py", text="A = 0\n", revision=0))
    assert board.draft("1", "a.py") == SourceFile(path="a.py", text="A = 0\n", revision=0)
    await board.publish("1", published("a.py"))
    assert board.draft("1", "a.py") == published("a.py").file
    assert not list(workspace.private("artifacts").glob("drafts-*/*.json"))
