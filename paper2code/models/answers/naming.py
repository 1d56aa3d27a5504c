"""How an answer names the file that a block is about."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from paper2code.models.answers.fault import AnswerFault
from paper2code.models.answers.kinds import is_file

_LONGEST_LINE = 200  # enough of a line to find a path in
_MAX_LISTED = 40
_WORD = re.compile(r"[\w.+/-]*[A-Za-z_][\w.+/-]*")
_FILLER = frozenset((
    "a", "below", "code", "complete", "content", "contents", "corrected", "file", "filename", "final",
    "fixed", "for", "full", "here", "is", "module", "name", "new", "of", "path", "python", "revised", "s",
    "script", "source", "the", "updated", "whole",
))  # fmt: skip
_COMMAND = re.compile(r"\W*python\d?\s")
_PATH = re.compile(r"[\w/+-][\w./+-]*\.[A-Za-z]\w{0,9}")


def paths_in(info: str) -> list[str]:
    """The paths that an opening fence holds."""
    found: list[str] = _PATH.findall(info)
    return found


def named_alone(line: str, known: Collection[str] = ()) -> str:
    """The path that a line gives, however decorated, and says nothing else about; empty if there is none.

    >>> named_alone("### 2. **`src/model.py`** (revised):")
    'src/model.py'

    Args:
        line: The line.
        known: Paths that are recognised even without a suffix, such as `Makefile`.
    """
    words = [word for word in _words(line) if word.lower() not in _FILLER]
    if len(words) == 1 and (_PATH.fullmatch(words[0]) or words[0] in known):
        return words[0]
    return ""


@dataclass(frozen=True, slots=True)
class Files:
    """The files that an answer may change."""

    allowed: Collection[str]
    default: str
    """The one that is meant where no path is given; empty if there is none."""

    def resolved(self, name: str) -> str:
        """The allowed path that a name stands for: the path itself, or its end if only one path has it.

        Raises:
            AnswerFault: It stands for none, or for several.
        """
        name = name.removeprefix("./")
        if name in self.allowed:
            return name
        ends = [path for path in self.allowed if path.endswith("/" + name)]
        if len(ends) == 1:
            return ends[0]
        if ends:
            raise AnswerFault(f"{name} may be any of {', '.join(sorted(ends))}. Give the whole path.")
        listed = ", ".join(sorted(self.allowed)[:_MAX_LISTED])
        raise AnswerFault(f"{name} is not among the files that may change: {listed}.")

    def named(self, line: str) -> str:
        """The path that a line gives and says nothing else about; a command with a path gives none."""
        return "" if _COMMAND.match(line) else named_alone(line, self.allowed)

    def mentioned(self, line: str) -> str:
        """The path that a line is about: given alone, or the only allowed one among other words; or nothing.

        Raises:
            AnswerFault: The line gives a path alone that is not allowed.
        """
        alone = self.named(line)
        if alone in self.allowed or is_file(alone):
            return self.resolved(alone)
        found = {word for word in _words(line) if word in self.allowed}
        return found.pop() if len(found) == 1 else ""


def _words(line: str) -> list[str]:
    return [word.rstrip(".").removeprefix("./") for word in _WORD.findall(line[-_LONGEST_LINE:])]
