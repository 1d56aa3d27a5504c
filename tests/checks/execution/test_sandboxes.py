"""Which sandbox is found, and how the others than bubblewrap are driven."""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

import pytest

from paper2code.checks.execution.sandbox.bubblewrap import Bubblewrap
from paper2code.checks.execution.sandbox.confinement import Absent, Confined, Limits
from paper2code.checks.execution.sandbox.container import Container
from paper2code.checks.execution.sandbox.finder import find_sandbox
from paper2code.checks.execution.sandbox.mounts import own_mounts, system_mounts
from paper2code.checks.execution.sandbox.processes import all_processes
from paper2code.checks.execution.sandbox.unconfined import Unconfined
from paper2code.errors import SandboxError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="commands are run on POSIX systems only")

# Notes each call's arguments, and runs a container's command where it stands.
_DOCKER = r"""#!{python}
import os, signal, subprocess, sys, json
arguments = sys.argv[1:]
with open("{notes}/calls", "a") as calls:
    calls.write(json.dumps(arguments) + "\n")
match arguments:
    case ["image", "inspect", _]:
        sys.exit(not os.path.exists("{notes}/image"))
    case ["import", "-", _]:
        open("{notes}/image", "wb").write(sys.stdin.buffer.read())
    case ["inspect", *_]:
        print(open("{notes}/state").read() if os.path.exists("{notes}/state") else "false ")
    case ["kill", _]:
        os.kill(int(open("{notes}/running").read()), signal.SIGKILL)
    case ["run", *options]:
        at = options.index("paper2code-empty:1")
        folder = options[options.index("--workdir") + 1]
        child = subprocess.Popen(options[at + 1 :], cwd=folder, env={"PATH": "/usr/bin:/bin"})
        with open("{notes}/running.new", "w") as running: running.write(str(child.pid))
        os.rename("{notes}/running.new", "{notes}/running")
        code = child.wait()
        sys.exit(code if code >= 0 else 128 - code)
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of the PATH, for programs that stand in for real ones."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """What the stand-in for Docker notes down."""
    folder = tmp_path / "notes"
    folder.mkdir()
    return folder


@pytest.fixture
def docker(programs: Path, notes: Path) -> Path:
    return install(
        programs / "docker", _DOCKER.replace("{python}", sys.executable).replace("{notes}", str(notes))
    )


def install(program: Path, text: str) -> Path:
    program.write_text(text)
    program.chmod(0o755)
    return program


def calls(notes: Path) -> list[list[str]]:
    return [json.loads(line) for line in (notes / "calls").read_text().splitlines()]


class TestFinding:
    @pytest.mark.usefixtures("programs")
    def test_nothing_installed(self) -> None:
        found = find_sandbox()
        assert isinstance(found, Absent)
        assert found.reason == (
            "No sandbox works here: bwrap is not installed; docker is not installed; podman is not installed."
            " Install bubblewrap, on Linux or WSL."
        )

    @pytest.mark.usefixtures("programs")
    def test_unsafe_is_the_last_resort(self) -> None:
        found = find_sandbox(unsafe=True)
        assert isinstance(found, Unconfined)
        assert found.name == "none (unsafe)"

    def test_a_bubblewrap_that_may_not_make_namespaces_counts_as_none(self, programs: Path) -> None:
        install(programs / "bwrap", "#!/bin/sh\necho 'bwrap: No permission'\nexit 1\n")
        found = find_sandbox()
        assert isinstance(found, Absent)
        assert "could not start the command (bwrap: No permission);" in found.reason

    def test_a_program_that_cannot_be_executed(self, programs: Path) -> None:
        install(programs / "bwrap", "#!/no/such/interpreter\n")
        install(programs / "docker", "#!/no/such/interpreter\n")
        assert isinstance(find_sandbox(), Absent)

    def test_a_docker_without_a_daemon_counts_as_none(self, programs: Path) -> None:
        install(programs / "docker", "#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n")
        found = find_sandbox()
        assert isinstance(found, Absent)
        assert "docker does not answer (Cannot connect to the Docker daemon)" in found.reason

    @pytest.mark.usefixtures("docker")
    def test_a_docker_that_works(self) -> None:
        found = find_sandbox(unsafe=True)
        assert isinstance(found, Container)
        assert found.name == "docker"


class TestContainer:
    async def test_a_command_is_run_with_nothing_but_what_it_may_touch(
        self, docker: Path, folder: Path, notes: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SERVICE_API_KEY", "open sesame")
        odd = folder.parent / 'odd, "name"'
        odd.mkdir()
        confined = Confined(
            ["sh", "-c", "echo out; echo err >&2; exit 3"], folder, readable=[odd], variables={"SEED": "1"}
        )
        finished = await Container("docker", str(docker)).run(confined)
        assert (finished.exit_code, finished.stopped_by, finished.output) == (3, "", "out\nerr\n")

        assert [call[0] for call in calls(notes)] == ["image", "import", "run", "inspect", "rm"]
        assert (notes / "image").read_bytes() == bytes(1024)
        run = next(call for call in calls(notes) if call[0] == "run")
        text = " ".join(run)
        named = f'{folder.parent}/odd, ""name""'
        for option in (
            "--pull never",
            "--network none",
            "--cap-drop ALL",
            "--security-opt no-new-privileges",
            "--read-only",
            f"--memory {4 << 30} --memory-swap {4 << 30}",
            "--pids-limit 2048",
            f"--user {os.getuid()}:{os.getgid()}",
            "--env SEED=1",
            f"--mount type=bind,source={folder},target={folder} ",
            "--mount type=bind,source=/usr,target=/usr,readonly ",
            f'--mount type=bind,"source={named}","target={named}",readonly',
        ):
            assert option in text, option
        assert "sesame" not in text
        assert "target=/sys" not in text

    async def test_a_container_that_does_not_end_is_killed_and_removed(
        self, docker: Path, folder: Path, notes: Path
    ) -> None:
        confined = Confined(["sleep", "60"], folder, limits=Limits(seconds=0.3))
        finished = await Container("docker", str(docker)).run(confined)
        assert (finished.exit_code, finished.stopped_by) == (None, "no end after 0.3 s")
        assert finished.seconds < 5
        name = calls(notes)[-1][-1]
        assert name.startswith("paper2code-")
        assert calls(notes)[-1] == ["rm", "--force", "--volumes", name]
        assert ["kill", name] in calls(notes)

    async def test_the_kernel_s_end_for_want_of_memory_is_told(
        self, docker: Path, folder: Path, notes: Path
    ) -> None:
        (notes / "state").write_text("true ")
        finished = await Container("docker", str(docker)).run(Confined(["sh", "-c", "exit 137"], folder))
        assert (finished.exit_code, finished.stopped_by) == (None, "more than 4 GB of memory")

    async def test_a_container_that_does_not_start_is_not_the_command_s_fault(
        self, docker: Path, folder: Path, notes: Path
    ) -> None:
        (notes / "state").write_text("false exec /bin/sh: no such file")
        with pytest.raises(SandboxError, match="docker could not start the command"):
            await Container("docker", str(docker)).run(Confined(["true"], folder))


class TestUnconfined:
    async def test_limits_hold_and_no_variable_passes(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SERVICE_API_KEY", "open sesame")
        finished = await Unconfined().run(Confined(["env"], folder))
        assert finished.exit_code == 0
        assert "sesame" not in finished.output
        home = next(line[5:] for line in finished.output.splitlines() if line.startswith("HOME="))
        assert home != os.environ["HOME"]
        assert not Path(home).exists()  # noqa: ASYNC240 - nothing else runs

    async def test_a_signal_counts_as_in_a_shell(self, folder: Path) -> None:
        assert (await Unconfined().run(Confined(["sh", "-c", "kill -9 $$"], folder))).exit_code == 137

    async def test_disk(self, folder: Path) -> None:
        command = ["sh", "-c", "n=0; while :; do n=$((n + 1)); head -c 100000 /dev/zero > $n; done"]
        finished = await Unconfined().run(Confined(command, folder, limits=Limits(seconds=10, disk=1 << 20)))
        assert finished.stopped_by == "more than 1 MB written"

    @pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
    @pytest.mark.parametrize("limits", [Limits(seconds=0.5), Limits(seconds=10, processes=3)])
    async def test_children_in_sessions_of_their_own_are_found(self, folder: Path, limits: Limits) -> None:
        mark = f"unconfined-{time.monotonic_ns()}"
        program = """if True:
            import os, time
            for _ in range(4):
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() > 0: os._exit(0)
                    time.sleep(60)
            time.sleep(60)
        """
        finished = await Unconfined().run(
            Confined([sys.executable, "-c", program, mark], folder, limits=limits)
        )
        assert finished.exit_code is None
        assert not [p for p in all_processes() if not p.dead and mark.encode() in arguments(p.pid)]

    async def test_a_cancellation_ends_it(self, folder: Path) -> None:
        command = asyncio.create_task(
            Unconfined().run(Confined(["sh", "-c", ": > started; sleep 60"], folder))
        )
        await appearance(folder / "started")
        started = time.monotonic()
        command.cancel()
        with pytest.raises(asyncio.CancelledError):
            await command
        assert time.monotonic() - started < 3


async def appearance(path: Path) -> None:
    while not path.exists():  # noqa: ASYNC110, ASYNC240 - another process makes it
        await asyncio.sleep(0.01)


def arguments(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


class TestMounts:
    def test_an_environment_brings_its_interpreter_s_installation(self, tmp_path: Path) -> None:
        real, alias = tmp_path / "python-3.11.7", tmp_path / "python-3.11"
        for part in ("bin", "lib/python3.11"):
            (real / part).mkdir(parents=True)
        (real / "bin" / "python").touch()
        (real / "lib" / "python3.11" / "os.py").touch()
        alias.symlink_to(real)
        environment = tmp_path / "environment"
        (environment / "bin").mkdir(parents=True)
        (environment / "bin" / "python").symlink_to(alias / "bin" / "python")
        targets = {
            mount.target for mount in own_mounts(Confined(["python"], tmp_path, readable=[environment]))
        }
        assert {real / "bin", real / "lib", alias / "bin", alias / "lib"} <= targets
        assert not {real, alias} & targets

    def test_an_environment_cannot_name_any_folder(self, tmp_path: Path) -> None:
        secrets, environment = tmp_path / "secrets", tmp_path / "environment"
        for folder in (secrets / "bin", secrets / "lib" / "python3.11", environment / "bin"):
            folder.mkdir(parents=True)
        (secrets / "bin" / "python").touch()
        (environment / "bin" / "python").symlink_to(secrets / "bin" / "python")
        (environment / "pyvenv.cfg").write_text(f"home = {secrets}/bin\n")
        mounts = own_mounts(Confined(["python"], environment))
        assert {mount.target for mount in mounts} == {environment}

    def test_a_ring_of_links_and_a_pipe_for_settings(self, tmp_path: Path) -> None:
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "python").symlink_to("python3")
        (tmp_path / "bin" / "python3").symlink_to("python")
        os.mkfifo(tmp_path / "pyvenv.cfg")
        assert {mount.target for mount in own_mounts(Confined(["python"], tmp_path))} == {tmp_path}

    def test_inner_folders_come_after_outer_ones(self, tmp_path: Path) -> None:
        (tmp_path / "a" / "b").mkdir(parents=True)
        confined = Confined(["true"], tmp_path / "a", readable=[tmp_path / "a" / "b", tmp_path])
        assert [(mount.target.name, mount.writable) for mount in own_mounts(confined)] == [
            (tmp_path.name, False),
            ("a", True),
            ("b", False),
        ]

    def test_the_system_is_read_only_and_knows_no_hosts_without_a_network(self) -> None:
        offline, online = (system_mounts(network=network) for network in (False, True))
        assert not any(mount.writable for mount in online)
        assert {mount.target for mount in offline} < {mount.target for mount in online} or not Path(
            "/etc/hosts"
        ).exists()
        assert Path("/etc/resolv.conf") not in {mount.target for mount in offline}


async def test_the_real_bubblewrap_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    found = await asyncio.to_thread(find_sandbox, unsafe=True)
    if isinstance(found, Absent | Unconfined | Container):
        pytest.skip("bubblewrap is not installed, or may not make namespaces here")
    assert isinstance(found, Bubblewrap)
