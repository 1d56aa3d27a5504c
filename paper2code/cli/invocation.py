"""The command that started this process, as it can be typed again."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_NAME = "paper2code"
_CREDENTIALS = re.compile(r"(?<=://)[^/?#\s]*@")
_HIDDEN = "***"


def program() -> tuple[str, ...]:
    """The words that start this program: its name where a shell finds it by that, else how it was called."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return _shortest("python", sys.executable), "-m", _NAME
    return (_shortest(_NAME, sys.argv[0]) if called.stem == _NAME else _NAME,)


def typed(words: Iterable[str]) -> str:
    """Words as a line for the shell of this system."""
    words = list(words)
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def same_command() -> str:
    """This process's command. It may end up in a log, so passwords are left out."""
    return typed((*program(), *_without_secrets(sys.argv[1:])))


def _shortest(name: str, path: str) -> str:
    found = shutil.which(name)
    is_it = found is not None and Path(found).absolute() == Path(path).absolute()
    return name if is_it else path


def _without_secrets(arguments: Iterable[str]) -> Iterator[str]:
    hides = False
    for argument in arguments:
        if hides:
            yield _HIDDEN
        elif argument.startswith("--password="):
            yield f"--password={_HIDDEN}"
        else:
            yield _CREDENTIALS.sub("", argument)
        hides = argument == "--password" and not hides
