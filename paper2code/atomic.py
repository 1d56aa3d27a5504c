"""Files that are put in place whole, so that a killed run leaves the old text or the new one."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from pydantic import BaseModel, ValidationError

from paper2code.errors import WorkspaceError

DRAFTS = "tmp"
"""The folder, in that of the run's own, for files on their way."""

T = TypeVar("T", bound=BaseModel)


def put_whole(place: Path, data: bytes, private: Path) -> None:
    """Put a file in place, executable if it is a shell script.

    Args:
        place: Where it is to stand; folders that are missing are made.
        data: All of it.
        private: The run's own folder, on the same file system, in which it is written first.

    Raises:
        WorkspaceError: It cannot be written; what stood there stands.
    """
    draft = private / DRAFTS / uuid4().hex
    mode = 0o777 if place.suffix == ".sh" else 0o666  # the umask takes from it
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:  # noqa: PTH123 - pathlib cannot set the mode
            file.write(data)
        draft.replace(place)
    except OSError as error:
        with suppress(OSError):  # the next run clears away what is left
            draft.unlink(missing_ok=True)
        raise cannot_write(place, error) from error


def read_model(place: Path, kind: type[T]) -> T | None:
    """The model that a file holds as JSON, or None where there is no file.

    Raises:
        WorkspaceError: It cannot be read, or holds something else.
    """
    try:
        return kind.model_validate_json(place.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WorkspaceError(f"cannot read {place}: {reason(error)}") from error
    except ValidationError as error:
        raise WorkspaceError(
            f"{place} is damaged ({_first_fault(error)}): mend or delete it, or choose another -o"
        ) from None


def as_json(content: BaseModel) -> bytes:
    """A model as the text of a file."""
    return as_utf8(content.model_dump_json(indent=2) + "\n")


def as_utf8(text: str) -> bytes:
    """A text as every file holds it: with line feeds alone, and what UTF-8 cannot say replaced."""
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")


def cannot_write(place: Path, error: OSError) -> WorkspaceError:
    """The error of a file that could not be put in place."""
    return WorkspaceError(
        f"cannot write {place}: {reason(error)}; mend that and run the same command again: finished "
        "calls are not paid again"
    )


def reason(error: OSError | UnicodeDecodeError) -> str:
    """What the system says, on one line."""
    return (error.strerror if isinstance(error, OSError) else None) or " ".join(str(error).split())


def _first_fault(error: ValidationError) -> str:
    """What is wrong first, and where, on one line."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return " ".join(f"{where}: {first['msg']}".split()) if where else " ".join(first["msg"].split())
