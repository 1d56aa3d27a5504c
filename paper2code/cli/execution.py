"""Whether generated code can be run as the caller wishes, found out before anything is paid for."""

import asyncio
from pathlib import Path
from typing import Literal

from paper2code.checks.execution.environments.environment import environment_at
from paper2code.checks.execution.sandbox.confinement import Absent
from paper2code.checks.execution.sandbox.finder import find_sandbox
from paper2code.cli.execute_option import Execution
from paper2code.errors import InputError


def execution(
    wish: Execution | None, environment: Path | None, *, replayed: bool
) -> bool | Literal["unsafe"]:
    """What `Context.execute` is to be. Without a wish, code is run where a sandbox works.

    Args:
        wish: What the caller says of it.
        environment: The Python environment that the code is to be run in.
        replayed: Whether a journal is replayed, which executes nothing.

    Raises:
        InputError: The code cannot be run in the way that was asked for.
    """
    if wish == "no":
        return False
    if wish and replayed:
        raise InputError("--execute: a replay executes nothing: leave out --execute or --replay")
    if wish:
        _require_a_sandbox(wish)
    if environment and not replayed:
        asyncio.run(environment_at(environment))
    return "unsafe" if wish == "unsafe" else True


def _require_a_sandbox(wish: Execution) -> None:
    found = find_sandbox(unsafe=wish == "unsafe")
    if isinstance(found, Absent):
        otherwise = " Or run without one, with all your rights: --execute=unsafe" if wish == "sandbox" else ""
        raise InputError(f"--execute: {found.reason}{otherwise}")
