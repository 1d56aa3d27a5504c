"""Which sandbox works on this machine."""

import os
import shutil
import threading
from collections.abc import Callable
from functools import partial

from paper2code.checks.execution.sandbox.bubblewrap import Bubblewrap
from paper2code.checks.execution.sandbox.confinement import Absent, Confined, Limits, Sandbox
from paper2code.checks.execution.sandbox.container import Container
from paper2code.checks.execution.sandbox.unconfined import Unconfined
from paper2code.errors import SandboxError
from paper2code.throwaway import throwaway_folder

_MAKERS: tuple[tuple[str, Callable[[str], Bubblewrap | Container]], ...] = (
    ("bwrap", Bubblewrap),
    ("bwrap", partial(Bubblewrap, nesting=True)),
    ("docker", partial(Container, "docker")),
    ("podman", partial(Container, "podman")),
)
_TRIAL = Limits(seconds=30, memory=64 << 20, processes=8, disk=1 << 20, output=1000)


def find_sandbox(*, unsafe: bool = False) -> Sandbox | Absent:
    """The first of bubblewrap, Docker and Podman that can run a command here, as a trial shows.

    The trial takes some milliseconds with bubblewrap and may take seconds with the others: keep what is
    found, and look for it in a thread where an event loop runs.

    Args:
        unsafe: Whether to run commands without confinement where none of the three works. They can then do
            whatever the user can.
    """
    if os.name != "posix":
        return Absent("Commands cannot be confined on this system: use Linux, or WSL on Windows.")
    reasons: dict[str, str] = {}
    for program, make in _MAKERS:
        path = shutil.which(program)
        if path is None:
            reasons[program] = f"{program} is not installed"
            continue
        sandbox = make(path)
        try:
            _try(sandbox)
        except SandboxError as error:
            reasons[program] = str(error)
        else:
            return sandbox
    if unsafe:
        return Unconfined()
    return Absent(
        f"No sandbox works here: {'; '.join(reasons.values())}. Install bubblewrap, on Linux or WSL."
    )


def _try(sandbox: Bubblewrap | Container) -> None:
    with throwaway_folder() as folder:
        trial = Confined(["sh", "-c", ": > written"], folder, limits=_TRIAL)
        finished = sandbox.run_blocking(trial, threading.Event())
        if not (folder / "written").exists():
            words = finished.stopped_by or " ".join(finished.output.split())
            raise SandboxError(f"{sandbox.name} cannot write into a folder of this machine ({words})")
