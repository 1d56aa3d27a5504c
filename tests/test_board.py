"""The board of published files."""

import asyncio
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


def published(path: str, round_: int = 0) -> Published:
    return Published(path=path, round=round_, revision=0, status="accepted", review=None)


async def test_who_waits_is_told_when_all_are_there(workspace: Workspace) -> None:
    board = Board(workspace)
    waiting = asyncio.create_task(board.wait(["a.py", "b.py"], 0))
    await board.publish(published("a.py"))
    await asyncio.sleep(0)
    assert not waiting.done()
    await board.publish(published("b.py"))
    await asyncio.wait_for(waiting, timeout=5)


async def test_a_round_of_repairs_waits_for_its_own_files(workspace: Workspace) -> None:
    board = Board(workspace)
    await board.publish(published("a.py"))
    waiting = asyncio.create_task(board.wait(["a.py"], 1))
    await asyncio.sleep(0)
    assert not waiting.done()
    await board.publish(published("a.py", round_=1))
    await asyncio.wait_for(waiting, timeout=5)


async def test_who_imports_nothing_does_not_wait(workspace: Workspace) -> None:
    await asyncio.wait_for(Board(workspace).wait([], 0), timeout=5)


async def test_what_was_published_before_a_crash_is_there_after_it(workspace: Workspace) -> None:
    await Board(workspace).publish(published("a.py"))
    later = Board(workspace)
    await asyncio.wait_for(later.wait(["a.py"], 0), timeout=5)
    assert later.record("a.py") == published("a.py")


async def test_another_design_forgets_what_was_published(workspace: Workspace) -> None:
    board = Board(workspace)
    await board.publish(published("a.py"))
    board.keep(SourceFile(path="a.py", text="A = 1\n", revision=0))
    board.clear(["a.py"])
    assert board.record("a.py") is None
    assert board.draft("a.py") is None


@pytest.mark.parametrize("path", [DEEPEST, LONGEST], ids=["deepest", "longest"])
async def test_every_path_that_a_repository_may_hold_can_be_published(
    path: str, workspace: Workspace
) -> None:
    assert len(LONGEST) > MAX_PATH * 0.75
    board, draft = Board(workspace), SourceFile(path=path, text="A = 1\n", revision=0)
    board.keep(draft)
    await board.publish(published(path))
    assert Board(workspace).record(path) == published(path)
    assert Board(workspace).draft(path) == draft
