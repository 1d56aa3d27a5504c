"""The little of TeX's syntax that reading a paper needs: groups, optional arguments, environments.

Everything here runs in time linear in the text, whatever the text: braces and environments are matched once,
with a stack, so that no rule has to search for an end that may not exist.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_OPTION = 2_000

_BRACKET = re.compile(r"\\.|[{}\[\]]", re.DOTALL)
_SPACE = re.compile(r"[ \t]*\n?[ \t]*")
_ENVIRONMENT_MARK = re.compile(
    r"\\(?:(?P<edge>begin|end)[ \t]*\{(?P<name>[A-Za-z0-9@ -]+\*?)\}|.)", re.DOTALL
)


@dataclass(frozen=True)
class Argument:
    """What stands between two brackets: `text[start:end]`; `after` is the place past the closing one."""

    text: str
    start: int
    end: int
    after: int


@dataclass(frozen=True)
class Environment:
    r"""The places of `\begin{name}`, of the inside, and of the end past `\end{name}`."""

    name: str
    start: int
    inner: int
    inner_end: int
    end: int


class Tex:
    """A text with its brackets matched once, so that each argument is found in constant time."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._closing = _match_brackets(text)

    def group(self, at: int) -> Argument | None:
        """The braced argument at `at`, spaces and one line end before it allowed."""
        start = self.skip_space(at)
        closing = self._closing.get(start) if self.text.startswith("{", start) else None
        if closing is None:
            return None
        return Argument(self.text[start + 1 : closing], start + 1, closing, closing + 1)

    def groups(self, at: int, wanted: int) -> tuple[list[Argument], int]:
        """Up to `wanted` braced arguments from `at` on, and the place after the last of them."""
        found: list[Argument] = []
        while len(found) < wanted and (argument := self.group(at)):
            found.append(argument)
            at = argument.after
        return found, at

    def option(self, at: int) -> Argument | None:
        """The argument in square brackets at `at`; brackets inside braces do not end it."""
        start = self.skip_space(at)
        closing = self._closing.get(start) if self.text.startswith("[", start) else None
        if closing is None or closing - start > LONGEST_OPTION:
            return None
        return Argument(self.text[start + 1 : closing], start + 1, closing, closing + 1)

    def past_options(self, at: int) -> int:
        """The place after any arguments in square brackets."""
        while option := self.option(at):
            at = option.after
        return at

    def skip_space(self, at: int) -> int:
        """The place after blanks and at most one line end: a blank line ends the search for an argument."""
        match = _SPACE.match(self.text, at)
        return match.end() if match else at


def environments(text: str) -> Iterator[Environment]:
    r"""All environments of a text, outer ones before those in them; a `\begin` without its `\end` is none."""
    open_marks: list[re.Match[str]] = []
    open_names: Counter[str] = Counter()
    found: list[Environment] = []
    for mark in _ENVIRONMENT_MARK.finditer(text):
        name = mark["name"]
        if mark["edge"] == "begin":
            open_marks.append(mark)
            open_names[name] += 1
        elif mark["edge"] == "end" and open_names[name]:
            while True:
                begin = open_marks.pop()
                open_names[begin["name"]] -= 1
                if begin["name"] == name:
                    break
            found.append(Environment(name, begin.start(), begin.end(), mark.start(), mark.end()))
    return iter(sorted(found, key=lambda environment: environment.start))


def _match_brackets(text: str) -> dict[int, int]:
    """Each opening bracket's place, to that of its closing one; what has no partner is left out."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    braces = 0
    for mark in _BRACKET.finditer(text):
        if mark[0] in "{[":
            opened.append(mark.start())
            braces += mark[0] == "{"
        elif mark[0] == "}" and braces:
            while text[opened[-1]] == "[":
                opened.pop()
            closing[opened.pop()] = mark.start()
            braces -= 1
        elif mark[0] == "]" and opened and text[opened[-1]] == "[":
            closing[opened.pop()] = mark.start()
    return closing
