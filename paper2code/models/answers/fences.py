"""Fenced blocks of an answer, also where the file itself holds fences.

CommonMark ends a block at the first fence that can close it. An answer that is a file wants the outermost
one: a docstring or a README quotes fences of its own, and models seldom widen theirs. So the last closing
fence is taken that leaves a whole file.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from paper2code.models.answers.fault import AnswerFault
from paper2code.models.answers.kinds import Kind

MAX_FENCES = 1_000

_FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})(?P<info>[^`\n]*)$", re.MULTILINE)
_LONGEST_LINE = 200  # enough of a line to find a path in
_LABEL = re.compile(r"[\w.+/-]*")
_WORK = 8  # times the answer's length that may be parsed in search of closing fences


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block."""

    label: str
    """The language that its opening fence names, in lower case."""
    info: str
    """All that stands on its opening fence."""
    before: str
    """The last line with text before it."""
    text: str


@dataclass(frozen=True, slots=True)
class _Fence:
    start: int
    end: int
    indent: int
    mark: str
    info: str

    def closes(self, other: "_Fence") -> bool:
        same = self.mark[0] == other.mark[0] and len(self.mark) >= len(other.mark)
        return same and not self.info and self.indent <= other.indent + 3

    @property
    def label(self) -> str:
        found = _LABEL.search(self.info.lstrip("{. ").lower())
        return found[0] if found else ""


def has_fence(text: str) -> bool:
    """Whether any line of the text is a fence."""
    return _FENCE.search(text) is not None


def is_balanced(text: str) -> bool:
    """Whether the fences of a text pair up by CommonMark's rule."""
    fences = _fences(text)
    return _Search(text, fences, Kind("")).is_balanced(0, len(fences), bare=True)


def blocks(text: str, kind: Kind) -> list[Block]:
    """The blocks of an answer that should hold one file of a kind.

    Raises:
        AnswerFault: A block has no end.
    """
    search = _Search(text, _fences(text), kind)
    return _paired(search, search.closing)


def plain_blocks(text: str) -> list[Block]:
    """The blocks of an answer by CommonMark's rule: each ends at the first fence that can close it.

    Raises:
        AnswerFault: A block has no end.
    """
    search = _Search(text, _fences(text), Kind(""))
    return _paired(search, lambda number: next(iter(search.candidates(number)), None))


def _fences(text: str) -> "list[_Fence]":
    fences = [
        _Fence(
            m.start(), m.end(), len(m["indent"].expandtabs(4)), m["mark"], m["info"].strip()[:_LONGEST_LINE]
        )
        for m in _FENCE.finditer(text)
    ]
    if len(fences) > MAX_FENCES:
        raise AnswerFault("The answer has too many fenced blocks. Send one block with the whole file.")
    return fences


def _paired(search: "_Search", closing_of: Callable[[int], int | None]) -> list[Block]:
    text, fences = search.text, search.fences
    found: list[Block] = []
    number = 0
    while number < len(fences):
        opening = fences[number]
        closing = closing_of(number)
        if closing is None:
            if text[opening.end :].strip():
                raise AnswerFault(
                    "The answer is cut: a fenced block has no closing fence. Send the whole file in one."
                )
            break
        before = text[: opening.start].rstrip().rpartition("\n")[2][-_LONGEST_LINE:]
        content = search.content(number, closing)
        found.append(Block(opening.label, opening.info, before, content))
        number = closing + 1
    return found


@dataclass(slots=True)
class _Search:
    """Finds the fence that closes another."""

    text: str
    fences: Sequence[_Fence]
    kind: Kind
    work: int = 0

    def closing(self, number: int) -> int | None:
        """The fence that closes the one of that number, or None."""
        opening = self.fences[number]
        candidates = self.candidates(number)
        if not candidates or not self.kind.fits(opening.label):
            return candidates[0] if candidates else None
        if self.kind.has_parser:
            return self._last_parsable(number, candidates)
        return next(
            (
                end
                for end in reversed(candidates)
                if self.is_balanced(number + 1, end, bare=self.kind.suffix == ".md")
            ),
            None,
        )

    def candidates(self, number: int) -> list[int]:
        """All fences that could close the one of that number."""
        opening = self.fences[number]
        return [n for n in range(number + 1, len(self.fences)) if self.fences[n].closes(opening)]

    def content(self, number: int, closing: int) -> str:
        """What stands between two fences, without the indent of the first."""
        opening = self.fences[number]
        content = self.text[opening.end + 1 : self.fences[closing].start]
        if opening.indent:
            content = re.sub(rf"^[ \t]{{1,{opening.indent}}}", "", content, flags=re.MULTILINE)
        return content

    def _last_parsable(self, number: int, candidates: list[int]) -> int:
        for closing in reversed(candidates):
            content = self.content(number, closing)
            self.work += len(content)
            if self.work > _WORK * len(self.text) + 100_000:
                break
            if self.kind.parses(content):
                return closing
        return candidates[0]

    def is_balanced(self, first: int, end: int, *, bare: bool) -> bool:
        """Whether the fences in between are whole blocks by CommonMark's rule.

        Args:
            first: Number of the first fence.
            end: Number behind the last one.
            bare: Whether blocks without a label count as quoted, too. Only Markdown is trusted to quote such;
                elsewhere they part one block from another.
        """
        opening: _Fence | None = None
        for fence in self.fences[first:end]:
            if opening is None:
                if not fence.info and not bare:
                    return False
                opening = fence
            elif fence.closes(opening):
                opening = None
        return opening is None
