"""The command line as a process: signals, terminals, encodings, and what it imports."""

import json
import os
import select
import shlex
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SCRIPT = [sys.executable, str(HERE / "scripted_graph.py")]
DEADLINE = 60

unix_only = pytest.mark.skipif(
    sys.platform == "win32", reason="sends POSIX signals, or opens a pseudo-terminal"
)


def environment(**told):
    quiet = {
        k: v for k, v in os.environ.items() if not k.startswith(("PAPER2CODE", "NO_COLOR", "FORCE_COLOR"))
    }
    return {**quiet, "COLUMNS": "80", "LINES": "24", "TERM": "xterm-256color", **told}


@contextmanager
def started(*arguments, cwd, **told):
    """The process, which a timer kills when a test would wait for ever."""
    process = subprocess.Popen(
        [*SCRIPT, *arguments],
        cwd=cwd,
        env=environment(**told),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    timer = threading.Timer(DEADLINE, process.kill)
    timer.start()
    try:
        with process:
            yield process
    finally:
        timer.cancel()


def ending_unread(*arguments, cwd, **told):
    """Exit code and standard error of a process whose output nobody reads after the first line."""
    with started(*arguments, cwd=cwd, **told) as process:
        process.stdout.readline()
        process.stdout.close()
        stderr = process.stderr.read()
        process.wait()
    return process.returncode, stderr


def wait_for(stream, words):
    for line in stream:
        if words in line:
            return
    raise AssertionError(f"{words!r} never came")


def imported(code):
    answer = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys, json; print(json.dumps(sorted(sys.modules)))"],
        check=True,
        capture_output=True,
        text=True,
        env=environment(),
    )
    return set(json.loads(answer.stdout.splitlines()[-1]))


def test_help_imports_nothing_heavy():
    help_page = "from typer.testing import CliRunner\nfrom paper2code.cli.app import app\n"
    loaded = imported(f"{help_page}assert CliRunner().invoke(app, ['run', '--help']).exit_code == 0")
    assert not loaded & {"langgraph", "langchain_core", "networkx", "pypdf", "openai", "rich.console"}


def test_the_package_can_be_run():
    answer = subprocess.run(
        [sys.executable, "-m", "paper2code", "--version"], check=True, capture_output=True, text=True
    )
    assert answer.stdout.startswith("paper2code ")


@unix_only
@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_with_one_line_that_says_how_to_go_on(tmp_path, signum, code):
    with started(
        "run", "my paper.pdf", "-o", "x", cwd=tmp_path, SCRIPT_HANG="1", SCRIPT_GRACE="1"
    ) as process:
        wait_for(process.stdout, "model/attention.py: revision 1")
        process.send_signal(signum)
        _, stderr = process.communicate()
    assert process.returncode == code
    assert stderr == (
        "paper2code: stopped; the same command goes on where it stopped: paper2code run 'my paper.pdf' -o x\n"
    )


@unix_only
def test_a_second_signal_ends_at_once(tmp_path):
    with started("run", "paper.pdf", cwd=tmp_path, SCRIPT_STUBBORN="1") as process:
        wait_for(process.stdout, "model/attention.py: revision 1")
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1)
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert process.returncode == 130


def test_a_stream_without_unicode_gets_plain_signs(tmp_path):
    with started("run", "paper.pdf", cwd=tmp_path, PYTHONIOENCODING="ascii") as process:
        stdout, _ = process.communicate()
    assert process.returncode == 1
    assert "\n x Attention Is All You Need\n" in stdout


def test_a_closed_pipe_is_no_traceback(tmp_path):
    assert ending_unread("run", "paper.pdf", cwd=tmp_path, SCRIPT_SPEED="300") == (141, "")


@unix_only
def test_a_closed_pipe_ends_a_page_as_it_ends_a_run(tmp_path):
    (tmp_path / "paper.md").write_text("# Title\n\n" + "## Section\n\nWords.\n\n" * 3_000)
    assert ending_unread("read", "paper.md", cwd=tmp_path) == (141, "")


@unix_only
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_from_the_start_is_done_without(tmp_path, closed):
    command = shlex.join([*SCRIPT, "run", "paper.pdf"])
    answer = subprocess.run(
        ["/bin/sh", "-c", f"{command} {closed}"],
        cwd=tmp_path,
        env=environment(SCRIPT_ACCEPT="1"),
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE,
    )
    assert (answer.returncode, answer.stderr) == (0, "")


class Terminal:
    """A process on a pseudo-terminal of 80 by 24."""

    def __init__(self, *arguments, cwd, **told):
        import pty  # noqa: PLC0415 - Windows has no such module

        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.execve(SCRIPT[0], [*SCRIPT, *arguments], environment(**told))  # noqa: S606 - the child of our fork
        self.output = ""

    def read_until(self, words):
        """Read until some words came; None for the end."""
        end = time.monotonic() + DEADLINE
        while words is None or words not in self.output:
            assert time.monotonic() < end, f"{words!r} never came in {self.output!r}"
            if not select.select([self.fd], [], [], 0.5)[0]:
                continue
            try:
                data = os.read(self.fd, 65536)
            except OSError:  # Linux ends a pseudo-terminal so
                data = b""
            if not data:
                assert words is None, f"{words!r} never came in {self.output!r}"
                return
            self.output += data.decode("utf-8", "replace")

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        self.read_until(None)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@unix_only
def test_the_live_screen_heeds_no_color_and_leaves_the_terminal_as_it_was(tmp_path):
    terminal = Terminal("run", "paper.pdf", cwd=tmp_path, SCRIPT_SPEED="900", NO_COLOR="1")
    assert terminal.end() == 1
    before, screen = terminal.output.split("\x1b[?1049h")
    screen, after = screen.split("\x1b[?1049l")
    assert before.strip() == ""
    assert "reviewer" in screen
    assert "13 accepted, 1 rejected" in after
    assert "\x1b[32m" not in terminal.output
    assert terminal.output.rindex("\x1b[?25h") > terminal.output.rindex("\x1b[?25l")


@unix_only
def test_ctrl_c_on_the_live_screen(tmp_path):
    terminal = Terminal("run", "paper.pdf", cwd=tmp_path, SCRIPT_HANG="1")
    terminal.read_until("revision 1")
    terminal.type("\x03")
    assert terminal.end() == 130
    assert "paper2code: stopped" in terminal.output.split("\x1b[?1049l")[1]


@unix_only
def test_a_second_ctrl_c_gives_the_terminal_back(tmp_path):
    terminal = Terminal("run", "paper.pdf", cwd=tmp_path, SCRIPT_STUBBORN="1")
    terminal.read_until("revision 1")
    terminal.type("\x03")
    time.sleep(1)
    terminal.type("\x03")
    assert terminal.end() == 130
    assert terminal.output.endswith("\x1b[?25h\x1b[?1049l")


@unix_only
def test_a_dumb_terminal_gets_lines(tmp_path):
    terminal = Terminal("run", "paper.pdf", cwd=tmp_path, TERM="dumb")
    assert terminal.end() == 1
    assert "\x1b" not in terminal.output
    assert "config.py: accepted" in terminal.output


@unix_only
def test_approval_on_a_terminal(tmp_path):
    terminal = Terminal("run", "paper.pdf", "--approve", cwd=tmp_path)
    terminal.read_until("say what should change:")
    terminal.type("y\n")
    assert terminal.end() == 1
    assert "13 accepted, 1 rejected" in terminal.output


@unix_only
def test_ctrl_c_at_the_question_stops(tmp_path):
    terminal = Terminal("run", "paper.pdf", "--approve", cwd=tmp_path)
    terminal.read_until("say what should change:")
    terminal.type("\x03")
    assert terminal.end() == 130
    assert "goes on where it stopped: paper2code run paper.pdf --approve" in terminal.output.replace(
        "\r\n", ""
    )


@unix_only
def test_the_questions_on_a_terminal(tmp_path):
    terminal = Terminal("run", "paper.pdf", "--ask", cwd=tmp_path)
    terminal.read_until("A1: ")
    terminal.type("a\n")
    assert terminal.end() == 1
    assert "13 accepted, 1 rejected" in terminal.output


@unix_only
@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 1), ("q\n", 1)])
def test_leaving_the_questions_stops(tmp_path, key, code):
    terminal = Terminal("run", "paper.pdf", "--ask", cwd=tmp_path)
    terminal.read_until("A1: ")
    terminal.type(key)
    assert terminal.end() == code
    assert "paper2code: stopped" in terminal.output
    assert "the same command" in terminal.output


def test_without_a_terminal_nobody_can_be_asked(tmp_path):
    with started("run", "paper.pdf", "--ask", cwd=tmp_path) as process:
        _, stderr = process.communicate()
    assert process.returncode == 2
    assert stderr == ("paper2code: --ask asks at a terminal, and standard input is none: leave out --ask\n")
