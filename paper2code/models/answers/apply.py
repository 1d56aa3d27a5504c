"""Changes applied to the files that they are about."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from paper2code.models.answers.changes import Change, Whole
from paper2code.models.answers.edits import Edit, Reading, markers
from paper2code.models.answers.fault import AnswerFault
from paper2code.models.answers.kinds import Kind, python_problem
from paper2code.models.answers.matching import find, place_of
from paper2code.models.answers.placeholders import find_placeholder

_MAX_FAULTS = 4


def apply(changes: Iterable[Change], texts: Mapping[str, str]) -> dict[str, str]:
    """The files as they are after the changes.

    Args:
        changes: The changes, in order: an edit meets the file as those before it left it.
        texts: The files as they are; a path without a text is a new file.

    Returns:
        The files that differ. Lines that no change is about keep every byte.

    Raises:
        AnswerFault: An edit has no place or more than one, changes nothing, or leaves a file that cannot be.
            Told are the first few faults, since each answer is paid for.
    """
    result: dict[str, str] = {}
    counts: Counter[str] = Counter()
    faults: list[str] = []
    for change in changes:
        path = change.path
        counts[path] += 1
        try:
            result[path] = _changed(result.get(path, texts.get(path, "")), change)
        except AnswerFault as fault:
            faults.append(f"{path}, edit {counts[path]}: {fault}{_elsewhere(change, texts)}")
        if len(faults) == _MAX_FAULTS:
            break
    # What is wrong with a result may only come of an edit that is missing in it.
    faults = faults or [fault for path in result for fault in _faults(path, texts.get(path), result[path])]
    if faults:
        raise AnswerFault("\n\n".join(faults[:_MAX_FAULTS]))
    differing = {path: text for path, text in result.items() if not _is_same(texts.get(path), text)}
    if not differing:
        raise AnswerFault("The answer changes nothing: every file would stay as it is.")
    return differing


def _changed(text: str, change: Change) -> str:
    if isinstance(change, Whole):
        return change.text
    if not any(line.strip() for reading in change.readings for line in reading.search):
        return _filled(text, change)
    lines = text.removesuffix("\n").split("\n")
    start, reading = place_of(change, lines)
    if reading.search == reading.replace:
        raise AnswerFault("it changes nothing: SEARCH and REPLACE are the same.")
    _refuse_placeholder(reading, change.path)
    # The lines that a block begins and ends with only to name its place stay as the file has them.
    head = _common(reading.search, reading.replace)
    tail = _common(reading.search[head:][::-1], reading.replace[head:][::-1])
    end = "\r" if text.count("\r\n") * 2 > text.count("\n") else ""
    new = [line + end for line in reading.replace[head : len(reading.replace) - tail]]
    lines[start + head : start + len(reading.search) - tail] = new
    if not text.endswith("\n"):
        return "\n".join(lines).removesuffix("\r")
    return "\n".join(lines) + "\n" if lines else ""


def _filled(text: str, edit: Edit) -> str:
    """The text of a file that an edit without SEARCH lines begins."""
    if text.strip():
        raise AnswerFault(
            "its SEARCH text is empty, but the file exists: quote the lines that the new ones join."
        )
    return "\n".join(edit.readings[0].replace).strip("\n").rstrip() + "\n"


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines both begin with."""
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def _refuse_placeholder(reading: Reading, path: str) -> None:
    left_out = find_placeholder("\n".join(reading.replace), Kind(path).suffix)
    if left_out and not any(left_out in line for line in reading.search):
        raise AnswerFault(
            f"its REPLACE text leaves something out: {left_out!r}. Write every line that is to be."
        )


def _elsewhere(change: Change, texts: Mapping[str, str]) -> str:
    """Where else the lines of an edit stand, if it was put under the wrong path."""
    if isinstance(change, Whole):
        return ""
    paths = [
        path
        for path, text in texts.items()
        if path != change.path and any(find(text.split("\n"), reading.search) for reading in change.readings)
    ]
    return f" (It stands in {', '.join(paths)}: put the path above its block.)" if paths else ""


def _faults(path: str, old: str | None, new: str) -> Iterator[str]:
    """Why a text cannot be the file's."""
    added = Counter(markers(new)) - Counter(markers(old or ""))
    if added:
        yield (
            f"{path} would hold the marker {next(iter(added))!r}. A block is one line <<<<<<< SEARCH, one "
            "======= and one >>>>>>> REPLACE, in this order."
        )
    kind = Kind(path)
    if kind.suffix == ".py" and (problem := python_problem(new)):
        yield f"{path} would be no valid Python any more, {problem}:\n\n{_context(new, problem)}"
    elif kind.suffix != ".py" and old is not None and kind.parses(old) and not kind.parses(new):
        yield f"{path} could not be parsed any more as {kind.suffix[1:]}."


def _context(text: str, problem: str) -> str:
    """The lines around the one that a problem names, as they would be."""
    named = re.match(r"line (\d+)", problem)
    number = int(named[1]) if named else 1
    lines = text.split("\n")
    first = max(number - 4, 0)
    return "\n".join(f"{at + 1:>5} | {lines[at]}" for at in range(first, min(number + 2, len(lines))))


def _is_same(old: str | None, new: str) -> bool:
    return old is not None and old.replace("\r\n", "\n").strip() == new.replace("\r\n", "\n").strip()
