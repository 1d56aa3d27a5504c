"""Where the SEARCH lines of an edit stand in a file.

They must stand there exactly once, as whole lines. What is forgiven can neither move the place nor change
what the code means: whitespace at the ends of lines, line ends, and blank lines at the edges of a block. An
indent that is off is not forgiven, not even by the same amount in all lines: models often lose it on the
first line alone, and new lines shifted by what one line lacks are Python of another meaning.
"""

from collections.abc import Sequence
from typing import NamedTuple

from paper2code.models.answers.edits import DIVIDER, Edit, Reading
from paper2code.models.answers.fault import AnswerFault
from paper2code.models.answers.nearest import nearest

_MAX_PLACES = 5
_MAX_QUOTED = 24
_LONGEST_QUOTE = 80


class Place(NamedTuple):
    """Lines of a file that an edit is about."""

    start: int
    """Number of the first one, from 0."""
    reading: Reading


def place_of(edit: Edit, lines: Sequence[str]) -> Place:
    """Find the one place of an edit.

    Of several readings, one counts only where the file does not go on with a divider as the block does: so no
    two can be right, and a slip in the longer one never lets the shorter pass. Blank lines count there, too.

    Args:
        edit: The edit; not all of its readings search for nothing.
        lines: The file's lines, without line feeds.

    Raises:
        AnswerFault: There is no such place, or more than one.
    """
    exact = [line.removesuffix("\r") for line in lines]
    bare = [line.rstrip() for line in lines]
    several: list[int] = []
    is_clear = len(edit.readings) == 1
    for reading in edit.readings:
        forms = [(exact, reading), (bare, _bare(reading))]
        for have, tried in [*forms, (bare, _trimmed(reading))] if is_clear else forms:
            places = find(have, tried.search)
            if len(places) == 1 and (is_clear or not _goes_on(bare, places[0], tried)):
                return Place(places[0], tried)
            several = several or (places if len(places) > 1 else [])
    if several:
        told = ", ".join(str(number + 1) for number in several)
        raise AnswerFault(
            f"its SEARCH text stands more than once in the file, at lines {told}. Add the lines above or "
            "below, until it can only mean one place."
        )
    raise AnswerFault(_not_found(edit, exact))


def find(lines: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Numbers of the lines where a run of lines begins, at most the first five; none for blank lines."""
    if not any(map(str.strip, wanted)):
        return []
    text, sought = _framed(lines), _framed(wanted)
    found: list[int] = []
    at = text.find(sought)
    while at >= 0 and len(found) < _MAX_PLACES:
        found.append(text.count("\n", 0, at))
        at = text.find(sought, at + 1)
    return found


def _framed(lines: Sequence[str]) -> str:
    return "\n" + "\n".join(lines) + "\n"


def _goes_on(lines: Sequence[str], start: int, reading: Reading) -> bool:
    end = start + len(reading.search)
    return end < len(lines) and lines[end] == DIVIDER


def _bare(reading: Reading) -> Reading:
    """The reading without whitespace at the ends of its SEARCH lines, and of the same lines in REPLACE."""
    known = {line: line.rstrip() for line in reading.search}
    return Reading(
        tuple(known[line] for line in reading.search),
        tuple(known.get(line, line) for line in reading.replace),
    )


def _trimmed(reading: Reading) -> Reading:
    """The same without blank lines at the edges of SEARCH, and without as many of REPLACE."""
    search, replace = _bare(reading)
    while search and not search[0]:
        search, replace = search[1:], replace[1:] if replace and not replace[0].strip() else replace
    while search and not search[-1]:
        search, replace = search[:-1], replace[:-1] if replace and not replace[-1].strip() else replace
    return Reading(search, replace)


def _not_found(edit: Edit, lines: Sequence[str]) -> str:
    """What to say of an edit without a place: where the file comes nearest, as it stands there."""
    search = next(reading.search for reading in edit.readings if any(map(str.strip, reading.search)))
    first = next(line.strip() for line in search if line.strip())[:_LONGEST_QUOTE]
    told = f"its SEARCH text, which begins with `{first}`, is not in the file"
    if len(edit.readings) > 1:
        told += (
            f", or it is unclear which of the lines {DIVIDER} parts old from new. Choose SEARCH and REPLACE "
            "texts without such lines, or send the whole file"
        )
    span = nearest(lines, search)
    if span is None:
        return f"{told}, nor anything like it. Earlier edits of the same answer count as made."
    quoted = "\n".join(lines[span.start : span.stop][:_MAX_QUOTED])
    fence = "`" * max(4, *(1 + len(run) for run in quoted.split() if set(run) == {"`"}), 0)
    indent = ", which differ in indentation only," if _is_shifted(lines, span, search) else ""
    return (
        f"{told}. The nearest lines{indent} are {span.start + 1} to {span.stop} of the file as it stands:\n\n"
        f"{fence}\n{quoted}\n{fence}\n\n"
        "Copy SEARCH texts letter by letter, as whole lines with their indentation."
    )


def _is_shifted(lines: Sequence[str], span: range, search: Sequence[str]) -> bool:
    return [lines[number].strip() for number in span] == [line.strip() for line in search]
