"""SIGTERM: calls under way come to their end, no other begins, and the process ends within seconds."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from paper2code.cli.stopping import GRACE
from tests.folders import calls_in
from tests.models.server import ChatServer, Reply, Request
from tests.test_over_http import question_of
from tests.torture.killing import PAPER
from tests.torture.stories import REVISED

SLOW = 1.0
"""Seconds that a call takes which is under way when the signal comes."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGTERM")


@pytest.fixture
def server() -> Iterator[ChatServer]:
    asked: list[str] = []

    def answer(request: Request) -> Reply:
        question = question_of(request)
        asked.append(question.role)
        said = REVISED.answer(question)
        text = said if isinstance(said, str) else said.model_dump_json()
        is_slow = question.role == "analyst" and asked.count("analyst") <= 2
        return Reply(text, seconds=SLOW if is_slow else 0.0)

    with ChatServer(answer) as server:
        yield server


def started(folder: Path, server: ChatServer, *options: str) -> "subprocess.Popen[str]":
    paper = folder / "paper.md"
    paper.write_text(PAPER)
    command = [sys.executable, "-m", "paper2code", "run", str(paper), "-o", str(folder / "out")]
    command += ["--model", "openai:toy", "--base-url", server.url, "--no-execute", *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def until_analysts_are_asked(server: ChatServer, number: int) -> None:
    end = time.monotonic() + 60
    while sum(question_of(request).role == "analyst" for request in server.requests) < number:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_is_under_way_is_finished_and_nothing_else_begins(tmp_path: Path, server: ChatServer) -> None:
    with started(tmp_path, server, "--concurrency", "2") as process:
        until_analysts_are_asked(server, 2)
        process.send_signal(signal.SIGTERM)
        start = time.monotonic()
        _, told = process.communicate()
    assert process.returncode == 128 + signal.SIGTERM
    assert time.monotonic() - start < GRACE
    assert told.startswith("paper2code: stopped; the same command goes on where it stopped")
    asked = len(server.requests)
    assert len(calls_in(tmp_path / "out")) == asked, "every call that was made is paid for and kept"
    assert [question_of(request).role for request in server.requests].count("analyst") == 2

    with started(tmp_path, server) as process:
        process.communicate()
    assert process.returncode == 0
    sent = [str(request.messages) for request in server.requests]
    assert len(sent) == len(set(sent)), "nothing is asked twice"
