"""What a sandbox promises, whichever program keeps the promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Limits:
    """How much one command may use before it is stopped."""

    seconds: float = 60.0
    memory: int = 4 << 30
    """Bytes that all its processes may hold together."""
    processes: int = 256
    disk: int = 1 << 30
    """Bytes that it may add to its folder and to the other folders it may write."""
    output: int = 200_000
    """Bytes of output that are kept, the last ones; the rest is read and dropped."""


@dataclass(frozen=True)
class Finished:
    """How a command ended."""

    exit_code: int | None
    """128 and the signal's number if a signal ended it, None if a limit stopped it."""
    stopped_by: str
    """The limit that stopped it, in words: `no end after 60 s`, `more than 4 GB of memory`; empty if none."""
    output: str
    """The tail of both streams, in order, as well-formed text."""
    seconds: float


@dataclass(frozen=True)
class Confined:
    """A command with what it may touch."""

    command: Sequence[str]
    folder: Path
    """Where it starts; it may write here and in private temporary folders, nowhere else."""
    readable: Sequence[Path] = ()
    """Folders beyond the system's that it may read, such as its Python environment."""
    writable: Sequence[Path] = ()
    """Further folders that it may write, such as the environment that an installer fills."""
    network: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)
    """Environment variables; it gets no others but PATH, HOME, TMPDIR and the locale's."""
    limits: Limits = Limits()


class Sandbox(Protocol):
    """A way to run a command that it cannot get out of."""

    name: str
    """As reports call it: `bubblewrap`, `docker`, `podman`, `none (unsafe)`."""

    async def run(self, confined: Confined) -> Finished:
        """Run the command to its end, or until a limit or a cancellation stops it with all its children."""


@dataclass(frozen=True)
class Absent:
    """That nothing on this machine can confine a command."""

    reason: str
    """A sentence for the user: what was looked for, what came of it, what to install."""
