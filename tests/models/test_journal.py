"""The record of model calls."""

import gzip
import json
import lzma
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paper2code.errors import ReplayError, WorkspaceError
from paper2code.models.journal import Entry, Journal, Recording
from paper2code.models.usage import Usage

PAPER, TITLE = "a" * 64, "A Paper"


def an_entry(request: str = "r0", answer: str = "hello", target: str = "model.py", attempt: int = 0) -> Entry:
    return Entry(
        role="coder",
        target=target,
        revision=0,
        attempt=attempt,
        request=request,
        model="openai:gpt-5-mini",
        answer=answer,
        finish_reason="stop",
        usage=Usage(calls=1, input_tokens=3, usd=0.5),
        seconds=1.5,
    )


def a_journal(path: Path, *entries: Entry) -> Path:
    journal = Journal.open(path, PAPER, TITLE)
    for entry in entries:
        journal.append(entry)
    journal.close()
    return path


def test_a_new_journal_names_its_paper(tmp_path: Path) -> None:
    path = a_journal(tmp_path / "deep" / "journal.jsonl")
    assert json.loads(path.read_text()) == {
        "paper2code_journal": 1,
        "paper": PAPER,
        "title": TITLE,
        "loops": {},
    }


def test_another_version_of_the_paper_and_other_loops_begin_with_a_header_of_their_own(
    tmp_path: Path,
) -> None:
    path = a_journal(tmp_path / "j.jsonl", an_entry("r0"))
    for _ in range(2):
        Journal.open(path, "b" * 64, TITLE, {"max_fixes": 1}).close()
    assert len(path.read_text().splitlines()) == 3
    recording = Recording.read(path)
    assert (recording.paper_sha256, recording.loops) == ("b" * 64, {"max_fixes": 1})
    assert recording.entries == (an_entry("r0"),)


def test_what_was_appended_is_there_after_reopening(tmp_path: Path) -> None:
    path = a_journal(tmp_path / "j.jsonl", an_entry("r0"), an_entry("r1", "two\nlines \u2028 é"))
    journal = Journal.open(path, PAPER, TITLE)
    assert journal.entries == (an_entry("r0"), an_entry("r1", "two\nlines \u2028 é"))
    assert journal.find("r1") == journal.entries[1]
    assert journal.find("r2") is None
    assert journal.usage() == Usage(calls=2, input_tokens=6, usd=1.0)
    assert journal.notes == ()
    journal.close()
    assert path.read_bytes().count(b"\n") == 3


def test_the_latest_answer_to_a_request_counts(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "j.jsonl", PAPER, TITLE)
    journal.append(an_entry("r", "bad"))
    journal.append(an_entry("r", "good", attempt=1))
    found = journal.find("r")
    journal.close()
    assert found is not None
    assert found.answer == "good"


def test_an_entry_is_on_disk_when_append_returns(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from tests.models.test_journal import *\n"
        "journal = Journal.open(Path(sys.argv[1]), PAPER, TITLE); journal.append(an_entry())\n"
        "os.kill(os.getpid(), 9)"
    )
    path = tmp_path / "j.jsonl"
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code, str(path)], cwd=root, check=False)
    assert Recording.read(path).entries == (an_entry(),)


def test_a_journal_cut_anywhere_loses_at_most_its_last_call(tmp_path: Path) -> None:
    whole = a_journal(tmp_path / "whole.jsonl", an_entry("r0"), an_entry("r1")).read_bytes()
    path = tmp_path / "j.jsonl"
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        lines = whole[:cut].count(b"\n")
        lacks_only_its_end = whole[cut : cut + 1] == b"\n"
        journal = Journal.open(path, PAPER, TITLE)
        assert len(journal.entries) == max(0, lines - 1 + lacks_only_its_end)
        assert bool(journal.notes) == (cut > 0 and whole[cut - 1 : cut] != b"\n" and not lacks_only_its_end)
        journal.append(an_entry("r9"))
        journal.close()
        again = Journal.open(path, PAPER, TITLE)
        assert again.entries == (*journal.entries[:-1], an_entry("r9"))
        assert again.notes == ()
        again.close()


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = a_journal(tmp_path / "j.jsonl", an_entry("r0"), an_entry("r1"))
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([lines[0], lines[1][:20], *lines[2:]]))
    before = path.read_bytes()
    with pytest.raises(WorkspaceError, match="line 2") as caught:
        Journal.open(path, PAPER, TITLE)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "foreign", [b"hello", b"hello\n", b"{}\n", b'{"role": "coder"}\n', b"\xff\xfe\n", b"\n"]
)
def test_another_file_is_no_journal_and_stays_as_it_is(tmp_path: Path, foreign: bytes) -> None:
    path = tmp_path / "j.jsonl"
    path.write_bytes(foreign)
    with pytest.raises(WorkspaceError, match="no journal"):
        Journal.open(path, PAPER, TITLE)
    with pytest.raises(ReplayError, match="no journal"):
        Recording.read(path)
    assert path.read_bytes() == foreign


def test_the_journal_of_another_paper_is_refused(tmp_path: Path) -> None:
    path = a_journal(tmp_path / "j.jsonl", an_entry())
    before = path.read_bytes()
    with pytest.raises(WorkspaceError, match="A Paper"):
        Journal.open(path, "b" * 64, "Another")
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file" / "j.jsonl", tmp_path):
        with pytest.raises(WorkspaceError, match="cannot use") as caught:
            Journal.open(path, PAPER, TITLE)
        assert "\n" not in str(caught.value)


def test_a_full_disk_leaves_the_journal_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "j.jsonl"
    journal = Journal.open(path, PAPER, TITLE)
    journal.append(an_entry("r0"))
    write, calls = os.write, []

    def full(file: int, data: bytes) -> int:
        calls.append(data)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        return write(file, data[:10])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(WorkspaceError, match="No space left"):
        journal.append(an_entry("r1"))
    monkeypatch.undo()
    journal.append(an_entry("r2"))
    journal.close()
    assert [entry.request for entry in Recording.read(path).entries] == ["r0", "r2"]


def test_threads_do_not_mix_their_lines(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "j.jsonl", PAPER, TITLE)

    def work(name: int) -> None:
        for number in range(20):
            journal.append(an_entry(f"{name}-{number}", "x" * 5_000))

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()
    assert len(Recording.read(tmp_path / "j.jsonl").entries) == 160
    assert journal.usage().calls == 160


def test_a_closed_journal_takes_nothing(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "j.jsonl", PAPER, TITLE)
    journal.close()
    journal.close()
    with pytest.raises(ValueError, match="closed"):
        journal.append(an_entry())


def test_an_answer_with_half_a_character_can_be_stored(tmp_path: Path) -> None:
    path = a_journal(tmp_path / "j.jsonl", an_entry(answer="a\ud83db"))
    assert Recording.read(path).entries[0].answer == "a\ufffdb"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.text(), max_size=5))
def test_any_answer_comes_back(tmp_path: Path, answers: list[str]) -> None:
    path = tmp_path / "any.jsonl"
    path.unlink(missing_ok=True)
    entries = [an_entry(f"r{number}", answer) for number, answer in enumerate(answers)]
    assert Recording.read(a_journal(path, *entries)).entries == tuple(entries)


# ------------------------------------------------------------------ recordings


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress)],
    ids=["plain", "gz", "xz"],
)
def test_a_recording_serves_answers_by_their_place(tmp_path: Path, suffix: str, pack: "type[bytes]") -> None:
    data = a_journal(
        tmp_path / "j.jsonl", an_entry("r0", "a"), an_entry("r1", "b", attempt=1), an_entry("r2", "c", "x.py")
    ).read_bytes()
    path = tmp_path / f"packed.jsonl{suffix}"
    path.write_bytes(pack(data))
    recording = Recording.read(path)
    assert (recording.paper_sha256, recording.title) == (PAPER, TITLE)
    found = [recording.find(("coder", "model.py", 0, attempt)) for attempt in range(3)]
    assert [entry and entry.answer for entry in found] == ["a", "b", None]
    assert recording.find(("reviewer", "model.py", 0, 0)) is None


def test_a_recording_of_a_killed_run_is_read_and_left_as_it_is(tmp_path: Path) -> None:
    path = a_journal(tmp_path / "j.jsonl", an_entry("r0"), an_entry("r1"))
    torn = path.read_bytes()[:-30]
    path.write_bytes(torn)
    assert [entry.request for entry in Recording.read(path).entries] == ["r0"]
    assert path.read_bytes() == torn


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("j.jsonl", b""),
        ("j.jsonl.gz", b"no gzip"),
        ("j.jsonl.gz", gzip.compress(b"x" * 10_000)[:-12]),
        ("j.jsonl.xz", b"no xz"),
        ("j.jsonl.xz", lzma.compress(b"x" * 10_000)[:-12]),
        ("j.jsonl.xz", b""),
        ("j.jsonl", b"%PDF-1.7\n%\xe2\xe3\n"),
        ("j.jsonl", b'{"paper2code_journal": 1, "paper": "p", "title": "t"}\n{"role": 1}\n'),
    ],
    ids=["empty", "no gzip", "cut gzip", "no xz", "cut xz", "empty xz", "a PDF", "other lines"],
)
def test_what_is_no_recording_is_told_in_a_line(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReplayError, match=r"j\.jsonl") as caught:
        Recording.read(path)
    assert "\n" not in str(caught.value)


def test_a_missing_recording_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(ReplayError) as caught:
            Recording.read(path)
        assert "\n" not in str(caught.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.bin"
    path.write_bytes(data)
    with pytest.raises(ReplayError):
        Recording.read(path)


def test_a_place_that_is_reached_again_has_the_next_answer(tmp_path: Path) -> None:
    recording = Recording.read(a_journal(tmp_path / "j.jsonl", an_entry("r0", "a"), an_entry("r1", "b")))
    found = [recording.find(an_entry("r0").place, number) for number in range(3)]
    assert [entry and entry.answer for entry in found] == ["a", "b", "b"]
