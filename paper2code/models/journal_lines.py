"""The lines of a journal: a header that names the paper, then one finished call a line, as JSON.

Where the paper or these settings change, another header stands before the calls that follow.
"""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from paper2code.models.answers.text import well_formed
from paper2code.models.usage import Usage

Place = tuple[str, str, int, int]
"""Where in a run a call is made: role, target, revision, attempt."""

_FIRST_BYTES = b'{"paper2code_journal"'


def _sound(text: object) -> object:
    return well_formed(text) if isinstance(text, str) else text


class Header(BaseModel):
    """The first line."""

    paper2code_journal: int = 1
    paper: str
    """SHA-256 of the paper, in hex."""
    title: Annotated[str, BeforeValidator(_sound)]
    loops: dict[str, int] = Field(default_factory=dict)
    """How often each loop of the graph might go round, by the settings' names: they decide what is asked."""


class Entry(BaseModel):
    """One finished model call."""

    model_config = ConfigDict(frozen=True)

    role: str
    target: str
    """What the call was about: a path, or empty for the whole paper."""
    revision: int = Field(ge=0)
    attempt: int = Field(ge=0)
    request: str
    """SHA-256 of all that was sent, in hex."""
    basis: str = ""
    """SHA-256 of what of it the answer hangs on, in hex; empty where that is all of it."""
    model: str
    answer: Annotated[str, BeforeValidator(_sound)]
    finish_reason: str | None = None
    usage: Usage = Usage()
    started: float = 0.0
    """When it was sent, in seconds since 1970 by the clock of that machine; 0 where that is not known."""
    seconds: float = 0.0
    replayed: bool = False
    left_out: tuple[str, ...] = ()
    """What the prompt did not show for want of room, a line each."""
    room: int | None = None
    """The tokens that a prompt to this model could have; None is no limit."""

    @property
    def place(self) -> Place:
        """Where in the run it was made."""
        return self.role, self.target, self.revision, self.attempt


class DamageError(Exception):
    """Bytes that are no journal. Its text goes on after the name of the file."""


def parse(data: bytes) -> tuple[Header | None, list[Entry], int]:
    """Read the bytes of a journal.

    A last line that was torn while it was written is left out; one that lacks only its line feed counts.

    Returns:
        The last header, or None where there is none yet; the calls; and how many bytes are whole lines.

    Raises:
        DamageError: A line other than the last is no line of a journal.
    """
    *lines, tail = data.split(b"\n")
    if not lines and not tail.startswith(_FIRST_BYTES) and not _FIRST_BYTES.startswith(tail):
        raise DamageError("is no journal of a run")
    header: Header | None = None
    entries: list[Entry] = []
    for number, line in enumerate([*lines, tail], start=1):
        try:
            if number == 1 or line.startswith(_FIRST_BYTES):
                header = Header.model_validate_json(line)
            else:
                entries.append(Entry.model_validate_json(line))
        except ValidationError:
            if number > len(lines):
                return header, entries, len(data) - len(tail)
            what = "is no journal of a run" if number == 1 else f"is damaged in line {number}"
            raise DamageError(what) from None
    return header, entries, len(data)
