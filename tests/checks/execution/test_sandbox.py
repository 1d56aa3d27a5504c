"""What a command can do in the sandbox, and what stops it where it tries more."""

import asyncio
import os
import socket
import sys
import textwrap
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from paper2code.checks.execution.sandbox import supervision
from paper2code.checks.execution.sandbox.bubblewrap import Bubblewrap
from paper2code.checks.execution.sandbox.confinement import Confined, Finished, Limits, Sandbox
from paper2code.checks.execution.sandbox.finder import find_sandbox
from paper2code.checks.execution.sandbox.processes import all_processes, find_process, waited_for_a_core
from paper2code.errors import SandboxError

RunProgram = Callable[..., Awaitable[Finished]]


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    found = find_sandbox()
    if not isinstance(found, Bubblewrap):
        pytest.skip("bubblewrap is not installed, or may not make namespaces here")
    return found


@pytest.fixture
def run(sandbox: Sandbox, folder: Path) -> RunProgram:
    """Runs the text of a Python program in the sandbox, within tight limits."""

    async def run_program(
        program: str, *arguments: object, network: bool = False, **limits: object
    ) -> Finished:
        tight = {"seconds": 10.0, "memory": 1 << 29, "processes": 32, "disk": 8 << 20, "output": 20_000}
        return await sandbox.run(
            Confined(
                [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)],
                folder,
                readable=[Path(sys.prefix)],
                network=network,
                limits=Limits(**{**tight, **limits}),
            )
        )

    return run_program


def assert_ended(finished: Finished, *words: str) -> None:
    """That the program came to its own end and printed these words."""
    assert (finished.exit_code, finished.stopped_by) == (0, ""), finished
    assert finished.output.split() == list(words)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def commands_with(mark: str) -> list[int]:
    """The processes of this machine that have `mark` among their arguments."""
    found = []
    for process in all_processes():
        try:
            arguments = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        except OSError:
            continue
        if mark.encode() in arguments and not process.dead:
            found.append(process.pid)
    return found


class TestOrdinaryPrograms:
    async def test_packages_of_the_environment_are_there_and_the_folder_is_writable(
        self, run: RunProgram, folder: Path
    ) -> None:
        assert_ended(
            await run("""
                import os, pathlib, tempfile, pydantic
                pathlib.Path("made").write_text("here")
                with tempfile.NamedTemporaryFile() as file:
                    print(os.path.dirname(file.name), os.environ["HOME"], os.getcwd() == os.path.abspath("."))
            """),
            "/tmp",
            "/tmp",
            "True",
        )
        assert (folder / "made").read_text() == "here"

    async def test_forked_workers_share_memory_and_semaphores(self, run: RunProgram) -> None:
        finished = await run("""
            import multiprocessing
            from multiprocessing import shared_memory
            def double(x): return 2 * x
            block = shared_memory.SharedMemory(create=True, size=1 << 20)
            with multiprocessing.Pool(2) as pool: print(*pool.map(double, [1, 2]))
            block.close(); block.unlink()
        """)
        assert_ended(finished, "2", "4")

    @pytest.mark.parametrize(("end", "code"), [("sys.exit(3)", 3), ("os.kill(os.getpid(), 9)", 137)])
    async def test_exit_codes_and_signals_come_through(self, run: RunProgram, end: str, code: int) -> None:
        finished = await run(f"import os, sys; {end}")
        assert (finished.exit_code, finished.stopped_by) == (code, "")

    async def test_both_streams_are_read_in_order(self, run: RunProgram) -> None:
        finished = await run("""
            import sys
            for n in range(4): print(n, file=(sys.stdout, sys.stderr)[n % 2], flush=True)
        """)
        assert finished.output == "0\n1\n2\n3\n"

    async def test_variables_are_those_given_and_no_others(self, sandbox: Sandbox, folder: Path) -> None:
        command = Confined(["env"], folder, variables={"PYTHONHASHSEED": "0", "HOME": "/nowhere"})
        lines = (await sandbox.run(command)).output.splitlines()
        assert {line.partition("=")[0] for line in lines} == {
            "HOME", "LANG", "LC_ALL", "PATH", "PWD", "PYTHONHASHSEED", "TMPDIR"
        }  # fmt: skip
        assert "HOME=/nowhere" in lines

    async def test_a_command_that_does_not_exist_fails_as_in_a_shell(
        self, sandbox: Sandbox, folder: Path
    ) -> None:
        finished = await sandbox.run(Confined(["no-such-program"], folder))
        assert finished.exit_code == 127
        assert "no-such-program" in finished.output

    async def test_a_mount_that_fails_is_not_the_command_s_fault(
        self, sandbox: Sandbox, folder: Path, tmp_path: Path
    ) -> None:
        with pytest.raises(SandboxError, match=r"could not start the command .*absent"):
            await sandbox.run(Confined(["true"], folder, readable=[tmp_path / "absent"]))

    async def test_starting_a_command_takes_no_time_to_speak_of(self, sandbox: Sandbox, folder: Path) -> None:
        async def seconds() -> float:
            return (await sandbox.run(Confined(["true"], folder))).seconds

        assert min([await seconds() for _ in range(5)]) < 0.15

    async def test_the_event_loop_runs_on(self, run: RunProgram) -> None:
        command = asyncio.create_task(run("import time; time.sleep(0.5); print('x' * 1000)"))
        gaps, last = [], time.monotonic()
        while not command.done():
            await asyncio.sleep(0.01)
            now = time.monotonic()
            gaps.append(now - last)
            last = now
        assert len(gaps) > 15
        assert (await command).exit_code == 0


class TestFiles:
    async def test_what_is_written_beside_the_folder_is_not(
        self, run: RunProgram, folder: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "theirs").mkdir()
        (tmp_path / "theirs" / "kept").write_text("kept")
        (folder / "link").symlink_to(tmp_path / "theirs")
        finished = await run(
            """
            import os, pathlib, shutil, sys
            beside = pathlib.Path(sys.argv[1])
            os.symlink(beside / "theirs", "made")
            for path in [beside / "absolute", pathlib.Path("../relative"), pathlib.Path("made/through"),
                         pathlib.Path("link/through"), beside / "theirs" / "kept"]:
                try: path.write_text("out")
                except OSError: pass
            print(*sorted(os.listdir()))
            """,
            tmp_path,
        )
        # Its folder's parents are empty folders, read-only or of the private /tmp.
        assert_ended(finished, "link", "made")
        assert names(tmp_path) == {"repository", "theirs"}
        assert names(tmp_path / "theirs") == {"kept"}
        assert (tmp_path / "theirs" / "kept").read_text() == "kept"

    async def test_the_system_and_the_environment_are_read_only(self, run: RunProgram) -> None:
        finished = await run("""
            import pathlib, sys
            for folder in ["/usr/lib", "/etc", "/", "/dev", "/bin", sys.prefix, sys.base_prefix + "/lib"]:
                try: pathlib.Path(folder, "paper2code-was-here").write_text("out")
                except OSError as error: print(error.errno)
        """)
        assert_ended(finished, *["30"] * 7)

    async def test_no_setting_of_the_kernel_can_be_written(self, run: RunProgram) -> None:
        # They are opened and not written, so that a fault of the sandbox harms nobody.
        finished = await run("""
            import os
            for root in ("/proc", "/sys"):
                for base, folders, files in os.walk(root):
                    folders[:] = [name for name in folders if not name.isdecimal() or base != "/proc"]
                    for path in (os.path.join(base, name) for name in files):
                        try: os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
                        except OSError: continue
                        print("opened", path)
        """)
        assert_ended(finished)

    async def test_files_and_variables_of_the_user_cannot_be_read(
        self, run: RunProgram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home = tmp_path / "home"
        home.mkdir()
        (home / "key").write_text("open sesame")
        monkeypatch.setenv("SERVICE_API_KEY", "open sesame")
        finished = await run(
            """
            import glob, os, pathlib, sys
            for path in sys.argv[1:]:
                print(os.path.exists(path))
            environments = [pathlib.Path(path).read_bytes() for path in glob.glob("/proc/*/environ")]
            print(any(b"sesame" in text for text in environments), "SERVICE_API_KEY" in os.environ)
            """,
            home / "key",
            Path(__file__),
            "/etc/shadow",
            "/var",
            "/run",
        )
        assert_ended(finished, *["False"] * 7)

    async def test_an_environment_within_the_folder_stays_read_only(
        self, sandbox: Sandbox, folder: Path
    ) -> None:
        (folder / "environment").mkdir()
        command = ["sh", "-c", "touch a; touch environment/b"]
        finished = await sandbox.run(Confined(command, folder, readable=[folder / "environment"]))
        assert "Read-only file system" in finished.output
        assert (folder / "a").exists()

    async def test_writable_folders_beyond_its_own(
        self, sandbox: Sandbox, folder: Path, tmp_path: Path
    ) -> None:
        environment = tmp_path / "environment"
        environment.mkdir()
        finished = await sandbox.run(
            Confined(
                ["touch", str(environment / "new")], folder, readable=[environment], writable=[environment]
            )
        )
        assert finished.exit_code == 0
        assert (environment / "new").exists()


class TestNetwork:
    @pytest.fixture
    def server(self) -> Iterator[socket.socket]:
        with socket.create_server(("127.0.0.1", 0)) as server:
            yield server

    @pytest.mark.parametrize(("network", "outcome"), [(False, "ConnectionRefusedError"), (True, "connected")])
    async def test_it_is_there_only_if_asked_for(
        self, run: RunProgram, server: socket.socket, network: bool, outcome: str
    ) -> None:
        finished = await run(
            """
            import socket, sys
            try:
                socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2)
                print("connected")
            except OSError as error:
                print(type(error).__name__)
            """,
            server.getsockname()[1],
            network=network,
        )
        assert_ended(finished, outcome)

    async def test_no_route_leads_out(self, run: RunProgram) -> None:
        finished = await run("""
            import socket
            try: socket.create_connection(("192.0.2.1", 80), 2)
            except OSError as error: print(error.errno)
            print(*(name for _, name in socket.if_nameindex()))
        """)
        assert_ended(finished, "101", "lo")

    async def test_abstract_sockets_of_the_machine_are_out_of_reach(self, run: RunProgram) -> None:
        with socket.socket(socket.AF_UNIX) as server:
            name = f"paper2code-{os.getpid()}-{time.monotonic_ns()}"
            server.bind(f"\0{name}")
            server.listen()
            finished = await run(
                """
                import socket, sys
                try: socket.socket(socket.AF_UNIX).connect(chr(0) + sys.argv[1])
                except OSError as error: print(type(error).__name__)
                """,
                name,
            )
        assert_ended(finished, "ConnectionRefusedError")


class TestProcesses:
    async def test_those_of_the_machine_cannot_be_seen_or_signalled(self, run: RunProgram) -> None:
        finished = await run(
            """
            import os, signal, sys
            print(len([name for name in os.listdir("/proc") if name.isdecimal()]) < 5)
            for pid in (int(sys.argv[1]), 1):
                try: os.kill(pid, signal.SIGKILL)
                except ProcessLookupError: print("none")
                else: print("sent")
            """,
            os.getpid(),
        )
        # The namespace's first process takes no signal from those within.
        assert_ended(finished, "True", "none", "sent")

    async def test_its_parent_is_of_the_sandbox(self, run: RunProgram) -> None:
        finished = await run(
            "import os, signal; os.kill(os.getppid(), signal.SIGTERM); print('alive', os.getppid())"
        )
        assert_ended(finished, "alive", "1")

    async def test_time_spent_waiting_for_a_core_does_not_count(
        self, run: RunProgram, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(supervision, "waited_for_a_core", lambda _: 100.0)
        finished = await run("import time; time.sleep(1); print('done')", seconds=0.6)
        assert finished.stopped_by == ""
        assert "done" in finished.output

    async def test_but_not_for_ever(self, run: RunProgram, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(supervision, "waited_for_a_core", lambda _: 100.0)
        finished = await run("import time; time.sleep(60)", seconds=0.3)
        assert finished.stopped_by == "no end after 0.3 s"
        assert finished.seconds < 3

    async def test_nothing_survives_a_command_that_ignores_every_signal(self, run: RunProgram) -> None:
        mark = f"survivor-{time.monotonic_ns()}"
        finished = await run(
            """
            import os, signal, time
            for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
                signal.signal(number, signal.SIG_IGN)
            for _ in range(3):
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() > 0: os._exit(0)
            print("running", flush=True)
            time.sleep(60)
            """,
            mark,
            seconds=0.7,
        )
        assert finished.stopped_by == "no end after 0.7 s"
        assert finished.exit_code is None
        assert "running" in finished.output
        assert finished.seconds < 3
        assert commands_with(mark) == []

    async def test_a_daemon_ends_with_the_command(self, run: RunProgram) -> None:
        mark = f"daemon-{time.monotonic_ns()}"
        finished = await run(
            """
            import os, time
            if os.fork() == 0:
                os.setsid()
                time.sleep(60)
            """,
            mark,
        )
        assert (finished.exit_code, finished.seconds < 3) == (0, True)
        assert commands_with(mark) == []

    async def test_a_cancellation_returns_when_all_are_gone(self, run: RunProgram, folder: Path) -> None:
        mark = f"cancelled-{time.monotonic_ns()}"
        program = "import os, time; os.fork(); open('started', 'w').close(); time.sleep(60)"
        command = asyncio.create_task(run(program, mark))
        while not (folder / "started").exists():  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.01)
        command.cancel()
        with pytest.raises(asyncio.CancelledError):
            await command
        assert commands_with(mark) == []
        assert [thread.name for thread in threading.enumerate() if thread.name.startswith("sandbox")] == []

    async def test_no_capability_and_no_new_namespace(self, run: RunProgram) -> None:
        finished = await run("""
            import ctypes, os, re
            libc = ctypes.CDLL(None, use_errno=True)
            print(libc.mount(b"none", b"/tmp", b"tmpfs", 0, None), os.strerror(ctypes.get_errno()).split()[0])
            for flag in (0x10000000, 0x00020000): print(libc.unshare(flag))
            status = open("/proc/self/status").read()
            print(*set(re.findall("Cap(?:Prm|Eff|Inh|Bnd|Amb):\\\\s*(\\\\w+)", status)))
        """)
        # Neither may a mount be made, nor a user or mount namespace in which it might.
        assert finished.output.split() == ["-1", "Operation", "-1", "-1", "0" * 16], finished


class TestLimits:
    async def test_a_fork_bomb(self, run: RunProgram) -> None:
        mark = f"bomb-{time.monotonic_ns()}"
        finished = await run(
            """
            import os, time
            while True:
                try: os.fork()
                except OSError: time.sleep(0.01)
            """,
            mark,
        )
        assert finished.stopped_by == "more than 32 processes"
        assert commands_with(mark) == []

    async def test_threads(self, run: RunProgram) -> None:
        finished = await run(
            """
            import threading, time
            for _ in range(100):
                threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
            time.sleep(5)
            """,
            processes=4,
        )
        assert finished.stopped_by == "more than 32 threads" or "can't start new thread" in finished.output

    async def test_memory_of_all_processes_together(self, run: RunProgram) -> None:
        finished = await run(
            """
            import os, time
            os.fork(); os.fork()
            kept = []
            while True:
                kept.append(b"x" * (4 << 20)); time.sleep(0.01)
            """,
            memory=300 << 20,
        )
        assert finished.stopped_by == "more than 300 MB of memory"

    async def test_memory_that_is_shared_counts_once(self, run: RunProgram) -> None:
        finished = await run(
            """
            import os, time
            block = bytearray(60 << 20); block[::4096] = b"x" * len(block[::4096])
            for _ in range(5):
                if os.fork() == 0:
                    time.sleep(0.5); os._exit(0)
            for _ in range(5): os.wait()
            print("done")
            """,
            memory=200 << 20,
        )
        assert_ended(finished, "done")

    @pytest.mark.parametrize("kind", ["many files", "empty files", "removed but open", "unlistable"])
    async def test_disk(self, run: RunProgram, folder: Path, kind: str) -> None:
        finished = await run(
            """
            import itertools, os, sys, time
            kind = sys.argv[1]
            if kind == "unlistable":
                os.mkdir("hidden"); os.chmod("hidden", 0o300); os.chdir("hidden")
            kept = []
            for n in itertools.count():
                file = open(f"file{n}", "wb")
                if kind != "empty files":
                    file.write(bytes(1 << 20)); file.flush(); time.sleep(0.01)
                if kind == "removed but open":
                    os.remove(f"file{n}"); kept.append(file)
            """,
            kind,
            disk=4 << 20,
        )
        assert finished.stopped_by == "more than 4 MB written"
        if kind == "unlistable":
            (folder / "hidden").chmod(0o700)

    @pytest.mark.parametrize("place", ["/tmp", "/dev/shm"])
    async def test_temporary_folders(self, run: RunProgram, place: str) -> None:
        finished = await run(
            """
            import errno, itertools, pathlib, sys
            written = 0
            try:
                for n in itertools.count():
                    written += pathlib.Path(sys.argv[1], str(n)).write_bytes(bytes(1 << 20))
            except OSError as error:
                print(errno.errorcode[error.errno], written >> 20 in (7, 8, 31, 32))
            """,
            place,
            memory=64 << 20,
        )
        assert_ended(finished, "ENOSPC", "True")

    async def test_one_huge_file_without_content(self, run: RunProgram, folder: Path) -> None:
        finished = await run("""
            import errno
            try: open("sparse", "wb").truncate(1 << 40)
            except OSError as error: print(errno.errorcode[error.errno])
        """)
        assert_ended(finished, "EFBIG")
        assert (folder / "sparse").stat().st_size == 0

    async def test_a_gigabyte_of_output_is_read_and_dropped(self, run: RunProgram) -> None:
        finished = await run(
            """
            import os
            line = b"x" * 63 + b"\\n"
            for _ in range(1 << 10): os.write(1, line * (1 << 14))
            """,
            output=2_000_000,
        )
        assert finished.exit_code == 0, finished.stopped_by
        assert len(finished.output) == 2_000_000

    async def test_output_without_end_is_stopped(self, sandbox: Sandbox, folder: Path) -> None:
        finished = await sandbox.run(Confined(["yes"], folder, limits=Limits(output=10_000)))
        assert finished.stopped_by == "more than 9.54 MB of output"
        assert finished.output == "y\n" * 5_000

    async def test_output_that_is_not_text(self, run: RunProgram) -> None:
        finished = await run("import os; os.write(1, b'caf\\xc3\\xa9 \\xff\\xfe \\xed\\xa0\\x80.')")
        assert finished.output.startswith("café ��")
        assert finished.output.encode().decode() == finished.output


def test_how_long_a_process_waited_for_a_core_is_told_by_the_kernel() -> None:
    own = find_process(os.getpid())
    assert own is not None
    assert 0 <= waited_for_a_core([own]) < 3_600
    assert waited_for_a_core([]) == 0.0
