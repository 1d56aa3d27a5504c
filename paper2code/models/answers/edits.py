"""Search/replace blocks, as aider has made models write them.

```
<<<<<<< SEARCH
lines of the file as it stands
=======
the lines to have instead
>>>>>>> REPLACE
```

The markers bind stronger than fences, so that the lines may hold fences of their own. Where they hold lines
of seven equals signs (a heading in reStructuredText, a conflict), only the file tells which of these parts
the block: such an edit has more than one reading.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from paper2code.models.answers.fault import AnswerFault
from paper2code.models.answers.fences import has_fence
from paper2code.models.answers.naming import Files

MAX_EDITS = 300
MAX_READINGS = 12

STUB = "\0"
"""What stands in an answer for an edit that was cut out of it; `plain` leaves no such character."""

DIVIDER = "======="

_SEARCH = re.compile(r"[ \t]*<{5,9} ?SEARCH>?:?[ \t]*")
_REPLACE = re.compile(r"[ \t]*>{5,9} ?REPLACE:?[ \t]*")
_ANY_DIVIDER = re.compile(r"[ \t]*={5,9}[ \t]*")
_FENCE = re.compile(r"(?P<indent>[ \t]*)(?:`{3,}|~{3,})(?P<info>[^`]*)")
_MARKER = re.compile(r"^[ \t]*(?:<{5,}|>{5,}|-{5,}|\+{5,})[ \t]*(?:SEARCH|REPLACE)\b.*", re.MULTILINE)
_LOOK_BACK = 3  # a path inside the fence, the fence, and a line of prose between the path and the fence


class Reading(NamedTuple):
    """The lines to search for, and those to put in their place."""

    search: tuple[str, ...]
    replace: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines of a file that change."""

    path: str
    readings: tuple[Reading, ...]
    """What the block may mean: one reading for each of its lines that could part it."""


def markers(text: str) -> list[str]:
    """The lines of a text that look like markers of an edit."""
    return _MARKER.findall(text)


def cut_edits(answer: str, files: Files) -> tuple[list[Edit], str]:
    """Take the edits out of an answer.

    Args:
        answer: The answer, plain.
        files: What it may change.

    Returns:
        The edits in order, and the answer with a line `STUB` for each. There are none where the first marker
        stands in the middle of a file's text, which then is about such markers.

    Raises:
        AnswerFault: A block is cut or has no divider, or is about a file that may not change.
    """
    lines = answer.split("\n")
    starts = [number for number, line in enumerate(lines) if _SEARCH.fullmatch(line)]
    if not starts or not _is_at_start("\n".join(lines[: starts[0]]), files):
        return [], answer
    if len(starts) > MAX_EDITS:
        raise AnswerFault(f"The answer has more than {MAX_EDITS} edits. Send whole files instead.")
    edits: list[Edit] = []
    rest: list[str] = []
    position, path, indent = 0, files.default, ""
    for start, limit in zip(starts, [*starts[1:], len(lines)], strict=True):
        end = next((number for number in range(start, limit) if _REPLACE.fullmatch(lines[number])), None)
        if end is None:
            raise AnswerFault(
                "The answer is cut: a block <<<<<<< SEARCH has no line >>>>>>> REPLACE before "
                + ("the next one begins." if limit < len(lines) else "the end of the answer.")
            )
        lead = lines[position:start]
        path = _path(lead, files) or path
        if not path:
            raise AnswerFault(
                "An edit has no path. Put the file's path on a line of its own above its fence."
            )
        indent = _indent(lead, lines[start], indent)
        edits.append(Edit(path, _readings(lines[start], lines[start + 1 : end], indent)))
        rest += [*lead, STUB]
        position = end + 1
    return edits, "\n".join([*rest, *lines[position:]])


def _is_at_start(lead: str, files: Files) -> bool:
    """Whether an edit may begin behind this text: behind a path or a fence, or where no fence was yet."""
    last = lead.rstrip().rpartition("\n")[2]
    at_start = not has_fence(lead) or _FENCE.fullmatch(last) or files.named(last)
    return bool(at_start or files.mentioned(last))


def _path(lead: list[str], files: Files) -> str:
    """The path that the lines before an edit give to it, the nearest first; empty if they give none."""
    near = [line for line in lead if line.strip()][-_LOOK_BACK:]
    for line in reversed(near):
        fence = _FENCE.fullmatch(line)
        if path := files.mentioned(fence["info"] if fence else line):
            return path
    return ""


def _indent(lead: list[str], marker: str, before: str) -> str:
    """The indent that is not the file's: that of the fence, or of the marker where no fence is.

    A block that follows another in the same fence has the indent of the one `before`.
    """
    for line in reversed(lead):
        if fence := _FENCE.fullmatch(line):
            return fence["indent"]
    if before or not any(line.strip() for line in lead):
        return before
    return marker[: len(marker) - len(marker.lstrip())]


def _readings(marker: str, body: list[str], indent: str) -> tuple[Reading, ...]:
    if indent:
        outer = re.compile(rf"[ \t]{{1,{len(indent)}}}")
        marker, body = outer.sub("", marker, count=1), [_dedented(line, outer) for line in body]
    own = marker[: len(marker) - len(marker.lstrip())]
    dividers = [number for number, line in enumerate(body) if line.rstrip() == own + DIVIDER]
    dividers = dividers or [number for number, line in enumerate(body) if _ANY_DIVIDER.fullmatch(line)]
    if not dividers:
        raise AnswerFault("A block <<<<<<< SEARCH has no line ======= between the old and the new lines.")
    if len(dividers) > MAX_READINGS:
        raise AnswerFault(
            "An edit holds too many lines ======= to tell its parts. Send the whole file instead."
        )
    return tuple(Reading(tuple(body[:at]), tuple(body[at + 1 :])) for at in dividers)


def _dedented(line: str, outer: re.Pattern[str]) -> str:
    found = outer.match(line)
    return line[found.end() :] if found else line
