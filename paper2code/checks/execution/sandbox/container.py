"""Confinement by Docker or Podman, in an image with nothing in it.

The container sees this machine's own system read-only, as under bubblewrap: a command's environment is built
for this machine's interpreter and libraries, which no published image would match. So nothing is ever pulled.
"""

import os
import subprocess
import threading
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from paper2code.checks.execution.sandbox.confinement import Confined, Finished
from paper2code.checks.execution.sandbox.launch import TEMPORARY, limited, variables, yielding
from paper2code.checks.execution.sandbox.mounts import Mount, own_mounts, system_mounts
from paper2code.checks.execution.sandbox.processes import Process
from paper2code.checks.execution.sandbox.space import Space
from paper2code.checks.execution.sandbox.supervision import TASKS_PER_PROCESS, Supervisor, in_thread, in_words
from paper2code.errors import SandboxError

_IMAGE = "paper2code-empty:1"
_NO_FILES = bytes(1024)  # a tar archive ends with two blocks of zeros; this one has no more than its end
_ANSWER = 30.0  # seconds within which the program has to answer
_SETTLING = 0.2  # seconds between two attempts to kill a container, which may not have been made yet
_OPTIONS = (
    *("--pull", "never"),
    *("--log-driver", "none"),
    *("--hostname", "sandbox"),
    *("--cap-drop", "ALL"),
    *("--security-opt", "no-new-privileges"),
    *(
        "--security-opt",
        "label=disable",
    ),  # the labels of SELinux would have to be changed on the system's files
    "--read-only",
)


class Container:
    """Runs commands with `docker` or `podman`, which limit memory and tasks by control groups.

    Attributes:
        name: The program's.
    """

    def __init__(self, name: Literal["docker", "podman"], program: str) -> None:
        """Use this program, whose containers must see this machine's files under their own paths.

        Args:
            name: Which of the two it is.
            program: Its path.
        """
        self.name: str = name
        self._program = program

    async def run(self, confined: Confined) -> Finished:
        """Run the command to its end, or until a limit or a cancellation stops it with all its children.

        Raises:
            SandboxError: The program does not answer, or could not start the command.
        """
        return await in_thread(lambda cancelled: self.run_blocking(confined, cancelled))

    def run_blocking(self, confined: Confined, cancelled: threading.Event) -> Finished:
        """As `run`, where no event loop runs; the event cancels."""
        self._make_image()
        space = Space([confined.folder, *confined.writable])
        container = f"paper2code-{uuid.uuid4().hex}"
        output, output_end = os.pipe()
        with os.fdopen(output, "rb", 0):
            try:
                child = subprocess.Popen(  # noqa: S603 - running it is the purpose
                    self._command(confined, container),
                    stdin=subprocess.DEVNULL,
                    stdout=output_end,
                    stderr=output_end,
                    start_new_session=True,
                )
            finally:
                os.close(output_end)
            try:
                group = _Cell(child, [self._program, "kill", container])
                finished = Supervisor(group, space, confined.limits, cancelled).see_to_the_end(child, output)
                return self._explained(finished, confined, container)
            finally:
                _ask([self._program, "rm", "--force", "--volumes", container])

    def _make_image(self) -> None:
        if _ask([self._program, "image", "inspect", _IMAGE]).returncode == 0:
            return
        made = _ask([self._program, "import", "-", _IMAGE], given=_NO_FILES)
        if made.returncode != 0:
            raise SandboxError(f"{self.name} does not answer ({_said(made.stderr)})")

    def _command(self, confined: Confined, container: str) -> list[str]:
        limits = confined.limits
        half = limits.memory // 2
        command = [self._program, "run", "--name", container, *_OPTIONS]
        command += ["--memory", str(limits.memory), "--memory-swap", str(limits.memory)]
        command += ["--pids-limit", str(TASKS_PER_PROCESS * limits.processes)]
        command += ["--shm-size", str(half)]
        command += ["--tmpfs", f"{TEMPORARY}:rw,exec,mode=1777,size={min(half, limits.disk)}"]
        command += ["--user", f"{os.getuid()}:{os.getgid()}", "--workdir", str(confined.folder.resolve())]
        if self.name == "podman" and os.getuid() != 0:
            command += ["--userns", "keep-id"]
        if not confined.network:
            command += ["--network", "none"]
        for name, value in variables(confined).items():
            command += ["--env", f"{name}={value}"]
        # The program brings the settings of a network and the description of the hardware itself.
        system = (mount for mount in system_mounts(network=False) if mount.target.parts[1] != "sys")
        for mount in (*system, *own_mounts(confined)):
            command += ["--mount", _in_option(mount)]
        return [*command, _IMAGE, *yielding(limited(confined.command, limits, apart=False))]

    def _explained(self, finished: Finished, confined: Confined, container: str) -> Finished:
        """What the client cannot tell: whether the kernel ended the command, or nothing was started."""
        if finished.stopped_by:
            return finished
        state = _ask(
            [self._program, "inspect", "--format", "{{.State.OOMKilled}} {{.State.Error}}", container]
        )
        killed, _, error = state.stdout.decode("utf-8", "replace").strip().partition(" ")
        if state.returncode != 0 or error:
            raise SandboxError(f"{self.name} could not start the command ({_said(finished.output.encode())})")
        if killed == "true":
            stopped_by = f"more than {in_words(confined.limits.memory)} of memory"
            return replace(finished, exit_code=None, stopped_by=stopped_by)
        return finished


class _Cell:
    """The processes of one container, of which only the program's daemon knows."""

    def __init__(self, child: "subprocess.Popen[bytes]", kill: Sequence[str]) -> None:
        self._child = child
        self._kill = kill

    def members(self) -> list[Process]:
        return []

    def kill(self) -> None:
        while self._child.poll() is None:
            _ask(self._kill)
            try:
                self._child.wait(_SETTLING)
            except subprocess.TimeoutExpired:
                continue


def _in_option(mount: Mount) -> str:
    fields = ["type=bind", f"source={mount.source}", f"target={mount.target}"]
    if not mount.writable:
        fields.append("readonly")
    return ",".join(
        '"' + field.replace('"', '""') + '"' if {",", '"'} & set(field) else field for field in fields
    )


def _ask(command: Sequence[str], given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(command, input=given, capture_output=True, timeout=_ANSWER, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 124, b"", f"no answer within {_ANSWER:g} s".encode())
    except OSError as error:  # it is no program, or was removed
        return subprocess.CompletedProcess(command, 126, b"", str(error).encode())


def _said(words: bytes) -> str:
    return " ".join(words.decode("utf-8", "replace").split())[:300] or "it does not say why"
