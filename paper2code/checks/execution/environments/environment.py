"""The Python environment that generated code runs in."""

import asyncio
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name
from pydantic import BaseModel

from paper2code.errors import InterpreterError

SECONDS_TO_ANSWER = 60.0

_QUESTION = """
import importlib.metadata, json, os, platform, sys
print(json.dumps({
    "version": platform.python_version(),
    "folders": [sys.prefix, sys.base_prefix, os.path.dirname(os.path.realpath(sys.executable))],
    "packages": [name for found in importlib.metadata.distributions() if (name := found.metadata["Name"])],
}))
"""


class _Answer(BaseModel):
    version: str
    folders: tuple[Path, ...]
    packages: tuple[str, ...]


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Environment:
    """An interpreter with its packages."""

    python: Path
    version: str
    readable: tuple[Path, ...]
    """Folders that the interpreter needs: its own, its packages', and those of the one it is made from."""


async def environment_at(path: Path, requirements: Sequence[str] = ()) -> Environment:
    """An environment of the user's, as it is: a virtual or conda environment, or a Python interpreter.

    Args:
        path: Its folder, or the interpreter.
        requirements: Lines of a requirements.txt, whose packages it should have, in whatever version.

    Raises:
        InterpreterError: There is no interpreter, it does not run, or packages are missing.
    """
    python = _interpreter(path)
    answer = await _ask(python)
    missing = _missing(requirements, {canonicalize_name(name) for name in answer.packages})
    if missing:
        raise InterpreterError(
            f"the environment {path} has no {', '.join(missing)}: install it there, or name no environment"
        )
    return Environment(python=python, version=answer.version, readable=tuple(dict.fromkeys(answer.folders)))


def requirement_name(line: str) -> str:
    """The name of the package that a line asks for, in its normal form; empty if it names none.

    >>> requirement_name("Scikit_Learn[all]>=1.3  # trees"), requirement_name("# nothing")
    ('scikit-learn', '')
    """
    match = _NAME.match(line.strip())
    return canonicalize_name(match[0]) if match else ""


def _missing(requirements: Sequence[str], present: Collection[str]) -> list[str]:
    names = map(requirement_name, requirements)
    return [name for name in names if name and name not in present]


def _interpreter(path: Path) -> Path:
    path = path.expanduser().absolute()
    places = [path / "bin" / "python", path / "Scripts" / "python.exe", path / "python.exe", path]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise InterpreterError(
            f"{path} is no Python environment: name a folder that has bin/python, or an interpreter"
        )
    return found


async def _ask(python: Path) -> _Answer:
    """What the interpreter says of itself; `-I` keeps the caller's own settings out."""
    try:
        process = await asyncio.create_subprocess_exec(
            python, "-I", "-c", _QUESTION,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    except OSError as error:
        raise InterpreterError(f"{python} cannot be started: {error.strerror or error}") from error
    try:
        output, _ = await asyncio.wait_for(process.communicate(), SECONDS_TO_ANSWER)
        return _Answer.model_validate_json(output)
    except (TimeoutError, ValueError):
        raise InterpreterError(
            f"{python} does not say which Python it is: name another environment"
        ) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
