"""A PostgreSQL server of a test's own: in a folder that is thrown away, reached by a socket in it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_USER = "postgres"


class NoServerError(Exception):
    """There can be no server here; its text says why."""


@contextmanager
def server() -> Iterator[str]:
    """A running server, by the connection string that leads to it.

    Raises:
        NoServerError: PostgreSQL is not installed, or cannot be started.
    """
    programs = _programs()
    # The path of a socket may have some hundred characters, which those of pytest's folders exceed.
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, _USER)
        data = folder / "data"
        _run(programs / "initdb", "-D", data, "-A", "trust", "-U", _USER, "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        control = (programs / "pg_ctl", "-D", data, "-w")
        _run(*control, "-l", folder / "log", "-o", options, "start")
        try:
            yield f"host={folder} user={_USER} dbname=postgres"
        finally:
            _run(*control, "-m", "immediate", "stop")


def is_installed() -> bool:
    """Whether there can be a server here, as far as it can be told without one."""
    try:
        return bool(_programs())
    except NoServerError:
        return False


def _programs() -> Path:
    """The folder of the server's programs, which Debian keeps off the search path."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not places:
        raise NoServerError("PostgreSQL is not installed")
    return places[-1]


def _run(*command: str | Path) -> None:
    """Run one of the programs, which refuse to run as root."""
    as_user = ["runuser", "-u", _USER, "--"] if os.geteuid() == 0 else []
    try:
        subprocess.run(
            [*as_user, *map(str, command)],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NoServerError(f"PostgreSQL cannot be started: {error}") from error
