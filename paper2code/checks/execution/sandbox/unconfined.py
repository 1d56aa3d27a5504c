"""No confinement: limits and an environment without secrets, and nothing that stops a harmful command."""

import os
import signal
import subprocess
import threading
import time
import uuid
from contextlib import suppress
from pathlib import Path

from paper2code.checks.execution.sandbox.confinement import Confined, Finished
from paper2code.checks.execution.sandbox.launch import limited, variables, yielding
from paper2code.checks.execution.sandbox.processes import Process, all_processes, descendants, kill
from paper2code.checks.execution.sandbox.space import Space
from paper2code.checks.execution.sandbox.supervision import Supervisor, in_thread
from paper2code.throwaway import throwaway_folder

_MARK = "PAPER2CODE_COMMAND"
"""The variable by which a child is found whose parents are gone."""


class Unconfined:
    """Runs commands with all the rights of the user: they may read, write and send whatever the user may.

    Time, output, disk and the size of a file are limited everywhere, memory and processes where there is
    `/proc`. Needs a POSIX system.
    """

    name = "none (unsafe)"

    async def run(self, confined: Confined) -> Finished:
        """Run the command to its end, or until a limit or a cancellation stops it with its children."""
        return await in_thread(lambda cancelled: self.run_blocking(confined, cancelled))

    def run_blocking(self, confined: Confined, cancelled: threading.Event) -> Finished:
        """As `run`, where no event loop runs; the event cancels."""
        with throwaway_folder() as temporary:
            space = Space([confined.folder, *confined.writable, temporary])
            mark = uuid.uuid4().hex
            output, output_end = os.pipe()
            with os.fdopen(output, "rb", 0):
                try:
                    child = subprocess.Popen(  # noqa: S603 - the user has asked for it
                        yielding(limited(confined.command, confined.limits, apart=False)),
                        stdin=subprocess.DEVNULL,
                        stdout=output_end,
                        stderr=output_end,
                        cwd=confined.folder,
                        env=variables(confined, str(temporary)) | {_MARK: mark},
                        start_new_session=True,
                    )
                finally:
                    os.close(output_end)
                supervisor = Supervisor(_Session(child, mark), space, confined.limits, cancelled)
                return supervisor.see_to_the_end(child, output)


class _Session:
    """A process group, the children of its first process, and what else carries the mark."""

    def __init__(self, child: "subprocess.Popen[bytes]", mark: str) -> None:
        self._child = child
        self._mark = f"{_MARK}={mark}".encode()

    def members(self) -> list[Process]:
        marked = {process.pid: process for process in all_processes() if self._is_marked(process)}
        children = {process.pid: process for process in descendants(self._child.pid)}
        return list((marked | children).values())

    def kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        while members := self.members():
            kill(members)
            time.sleep(0.001)

    def _is_marked(self, process: Process) -> bool:
        if process.dead:
            return False
        try:
            variables = Path("/proc", str(process.pid), "environ").read_bytes()
        except OSError:
            return False  # another user's, or ended
        return self._mark in variables.split(b"\0")
