"""The command that is told to be typed again."""

import sys

import pytest

from paper2code.cli import invocation

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="quotes as a POSIX shell does")


@pytest.fixture
def called(monkeypatch, tmp_path):
    """Pretend that the process was started so, and that a shell would find what is in `tmp_path / "bin"`."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.chdir(tmp_path)

    def call(*words):
        monkeypatch.setattr(sys, "argv", list(words))
        return invocation.same_command()

    return call


def program_at(place):
    place.parent.mkdir(parents=True)
    place.write_text("#!/bin/sh\n")
    place.chmod(0o755)
    return place


@unix_only
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--password", "s3cret", "-o", "x"), "--password '***' -o x"),
        (("--password=s3cret",), "'--password=***'"),
        (("--password", "--password", "-o"), "--password '***' -o"),
        (("--base-url", "http://user:pa55@host:8000/v1"), "--base-url http://host:8000/v1"),
        (("--base-url=https://user:p@55@host/v1",), "--base-url=https://host/v1"),
        (("https://arxiv.org/abs/1706.03762", "--agent-model", "coder=a:b@c"),) * 2,
        (("my paper.pdf",), "'my paper.pdf'"),
    ],
)
def test_it_can_be_typed_again_and_holds_no_secret(called, words, told):
    told = " ".join(told) if isinstance(told, tuple) else told
    assert called("paper2code", "run", *words) == f"paper2code run {told}"


@unix_only
def test_the_name_is_enough_where_a_shell_finds_it(called, tmp_path):
    found = program_at(tmp_path / "bin" / "paper2code")
    assert called(str(found), "demo") == "paper2code demo"


@unix_only
def test_another_program_is_named_as_it_was_called(called, tmp_path):
    program_at(tmp_path / "bin" / "paper2code")
    program_at(tmp_path / ".venv" / "bin" / "paper2code")
    assert called(".venv/bin/paper2code", "demo") == ".venv/bin/paper2code demo"


@unix_only
def test_a_module_is_run_by_its_interpreter(called):
    assert called("/x/paper2code/__main__.py", "demo") == f"{sys.executable} -m paper2code demo"


def test_who_embeds_the_command_line_gets_its_usual_name(called):
    assert called("/x/tests/scripted_graph.py", "demo") == "paper2code demo"
