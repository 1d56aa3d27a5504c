"""Confinement by bubblewrap: fresh Linux namespaces with little in them, without a daemon."""

import json
import os
import subprocess
import threading
import time
from typing import BinaryIO

from paper2code.checks.execution.sandbox.confinement import Confined, Finished
from paper2code.checks.execution.sandbox.launch import TEMPORARY, limited, variables, yielding
from paper2code.checks.execution.sandbox.mounts import own_mounts, system_mounts
from paper2code.checks.execution.sandbox.processes import Process, descendants, find_process, kill
from paper2code.checks.execution.sandbox.space import Space
from paper2code.checks.execution.sandbox.supervision import Supervisor, in_thread
from paper2code.errors import SandboxError

_OPTIONS = (
    *("--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try"),
    *("--cap-drop", "ALL"),
    *("--hostname", "sandbox"),
    "--new-session",
    "--die-with-parent",
)


class Bubblewrap:
    """Runs commands in namespaces that `bwrap` makes.

    Their temporary folders are held in memory and hold no more than half of what the limits allow it: `/tmp`,
    which is no larger than the limit of the disk either, and `/dev/shm`.
    """

    name = "bubblewrap"

    def __init__(self, program: str, *, nesting: bool = False) -> None:
        """Use this `bwrap`, of version 0.7 or newer.

        Args:
            program: Its path.
            nesting: Whether commands may make user namespaces of their own, which needs no version 0.8.
        """
        self._program = program
        self._options = _OPTIONS if nesting else (*_OPTIONS, "--disable-userns")

    async def run(self, confined: Confined) -> Finished:
        """Run the command to its end, or until a limit or a cancellation stops it with all its children.

        Raises:
            SandboxError: bubblewrap could not start it.
        """
        return await in_thread(lambda cancelled: self.run_blocking(confined, cancelled))

    def run_blocking(self, confined: Confined, cancelled: threading.Event) -> Finished:
        """As `run`, where no event loop runs; the event cancels."""
        space = Space([confined.folder, *confined.writable])
        output, output_end = os.pipe()
        status, status_end = os.pipe()
        with os.fdopen(output, "rb", 0), os.fdopen(status, "rb") as reports:
            try:
                child = subprocess.Popen(  # noqa: S603 - running it is the purpose
                    self._command(confined, status_end),
                    stdin=subprocess.DEVNULL,
                    stdout=output_end,
                    stderr=output_end,
                    env=variables(confined),
                    pass_fds=[status_end],
                    start_new_session=True,
                )
            finally:
                os.close(output_end)
                os.close(status_end)
            supervisor = Supervisor(
                _Namespace(child, reports, confined.limits.processes), space, confined.limits, cancelled
            )
            finished = supervisor.see_to_the_end(child, output)
            # bubblewrap reports an exit code only of a command that it has started.
            if not finished.stopped_by and not any("exit-code" in json.loads(report) for report in reports):
                words = " ".join(finished.output.split())
                raise SandboxError(
                    f"bubblewrap could not start the command ({words or 'it does not say why'})"
                )
            return finished

    def _command(self, confined: Confined, status: int) -> list[str]:
        """The command line. The variables are no part of it, for every user of the machine can read it."""
        half = confined.limits.memory // 2
        command = [*yielding([self._program]), *self._options, "--json-status-fd", str(status)]
        if not confined.network:
            command.append("--unshare-net")
        # Run by root, the command could otherwise write to the kernel's settings in /proc, which go by the
        # number of the user alone.
        command += ["--proc", "/proc", "--remount-ro", "/proc", "--dev", "/dev"]
        command += ["--size", str(half), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]  # noqa: S108
        command += ["--size", str(min(half, confined.limits.disk)), "--tmpfs", TEMPORARY]
        for mount in (*system_mounts(network=confined.network), *own_mounts(confined)):
            command += ["--bind" if mount.writable else "--ro-bind", str(mount.source), str(mount.target)]
        command += ["--remount-ro", "/", "--chdir", os.path.abspath(confined.folder), "--"]  # noqa: PTH100
        return command + limited(confined.command, confined.limits, apart=True)


class _Namespace:
    """The processes of one namespace. They end with its first, before the kernel lets that one go.

    Those of root are as many as they like until a look at them ends that, for the kernel keeps root to no
    number. So a look goes no further than the limit; the groups of those it finds take the signal at once,
    while the first, which takes all others with it, may have to wait for a core.
    """

    def __init__(self, child: "subprocess.Popen[bytes]", reports: BinaryIO, most: int) -> None:
        self._child = child
        self._most = most
        first = reports.readline()
        self._first = find_process(json.loads(first)["child-pid"]) if first else None

    def members(self) -> list[Process]:
        return descendants(self._first.pid, self._most) if self._first else []

    def kill(self) -> None:
        if self._first is None:
            self._child.kill()
            return
        if self._lives(self._first):
            kill([self._first, *self.members()])
        while self._lives(self._first):
            time.sleep(0.001)

    @staticmethod
    def _lives(process: Process) -> bool:
        now = find_process(process.pid)
        return now is not None and not now.dead and now.started == process.started
