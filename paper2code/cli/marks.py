"""The few signs of the screen, for terminals that speak UTF-8 and for those that do not."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Marks:
    """One cell each, but for `ellipsis`."""

    done: str
    active: str
    queued: str
    waiting: str
    todo: str
    rejected: str
    failed: str
    dot: str
    ellipsis: str


UNICODE = Marks("✓", "●", "○", "◌", "·", "✗", "!", "·", "…")
ASCII = Marks("+", "*", "o", "~", ".", "x", "!", "-", "...")


def marks_for(encoding: str) -> Marks:
    """The signs that a stream of that encoding can carry.

    >>> marks_for("utf-8") is UNICODE, marks_for("ascii") is ASCII
    (True, True)
    """
    try:
        "".join(vars(UNICODE).values()).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE
