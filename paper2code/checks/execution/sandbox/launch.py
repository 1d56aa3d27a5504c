"""What a command starts with: its environment variables, and the limits that the kernel itself keeps."""

from collections.abc import Sequence

from paper2code.checks.execution.sandbox.confinement import Confined, Limits
from paper2code.checks.execution.sandbox.supervision import TASKS_PER_PROCESS

TEMPORARY = "/tmp"  # noqa: S108 - inside a sandbox it is the command's own

_PATH = "/usr/local/bin:/usr/bin:/bin"
_BLOCK = 512  # bytes: the unit of `ulimit -f`

# The number of tasks is `-u` to the `ulimit` of bash, and `-p` to that of dash and busybox. One stream keeps
# the order of both, which a client that carries them apart would lose.
_LIMITED = """\
ulimit -c 0
ulimit -f {blocks}
{tasks}
exec "$@" 2>&1
"""
_TASKS = "ulimit -u {tasks} 2> /dev/null || ulimit -p {tasks}"
_YIELDING = """\
if [ -w /proc/self/oom_score_adj ]; then echo 1000 > /proc/self/oom_score_adj; fi
exec nice -n 10 "$@"
"""


def variables(confined: Confined, temporary: str = TEMPORARY) -> dict[str, str]:
    """All environment variables of the command, whose home is its folder for temporary files."""
    own = {"PATH": _PATH, "HOME": temporary, "TMPDIR": temporary, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    return own | dict(confined.variables)


def limited(command: Sequence[str], limits: Limits, *, apart: bool) -> list[str]:
    """The command, started by a shell that first sets limits which nothing after it can raise.

    Args:
        command: A program and its arguments.
        limits: The size of one file is held to `disk`.
        apart: Whether the kernel counts the command's tasks apart from the user's other ones, as in a user
            namespace; otherwise their number cannot be limited here.
    """
    tasks = _TASKS.format(tasks=TASKS_PER_PROCESS * limits.processes) if apart else ""
    script = _LIMITED.format(blocks=max(1, limits.disk // _BLOCK), tasks=tasks)
    return ["/bin/sh", "-c", script, "sh", *command]


def yielding(command: Sequence[str]) -> list[str]:
    """The command, behind everything else on the machine.

    The processor goes first to what watches it, and where memory runs out the kernel ends it first.
    """
    return ["/bin/sh", "-c", _YIELDING, "sh", *command]
