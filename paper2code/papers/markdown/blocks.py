"""Markdown cut into blocks, in one pass over its lines: headings, displays, tables, pictures, code, text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Sort = Literal["heading", "formula", "table", "picture", "code", "text"]

LONGEST_FORMULA = 100

_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})(?:[ \t]+(?P<title>.*?))?[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(?P<mark>=+|-{3,})[ \t]*$")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})")
_PICTURE = re.compile(
    r"\s*(?:(?:!\[[^\]]*\]\((?:<[^<>\n]*>|[^)\s]*)(?:\s[^)]*)?\)|<img\b[^>]*>|<!--\s*image\s*-->)\s*)+$",
    re.IGNORECASE,
)
_PIPE_ROW = re.compile(r"\s*\|.*\|\s*$")
_OPENING = re.compile(
    r"\s*(?P<mark>\$\$|\\\[|\\begin\{(?P<name>equation|align|gather|multline|eqnarray)\*?\})"
)
_CLOSING = {"$$": "$$", r"\[": r"\]"}


@dataclass(frozen=True)
class Block:
    """One block. `level` counts a heading's marks; `after` is what follows a formula on its last line."""

    sort: Sort
    text: str
    level: int = 0
    after: str = ""


def split_blocks(text: str) -> Iterator[Block]:
    """The blocks of a Markdown text in order."""
    return _Blocks(text.split("\n")).read()


class _Blocks:
    """Reads line after line; each method takes the lines of its block and leaves `at` behind them."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0
        self.last = dict.fromkeys(["</table>", "```", "~~~", "$$", r"\]"], -1)
        for index, line in enumerate(lines):
            for mark in self.last:
                if mark in line:
                    self.last[mark] = index

    def read(self) -> Iterator[Block]:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip():
                self.at += 1
            elif fence := _FENCE.match(line):
                yield self._code(fence["fence"])
            elif heading := _HEADING.match(line):
                self.at += 1
                yield Block("heading", (heading["title"] or "").strip(), len(heading["marks"]))
            elif block := self._formula() or self._table() or self._picture():
                yield block
            else:
                yield self._text()

    def _code(self, fence: str) -> Block:
        start = self.at
        self.at += 1
        if self.last[fence[:3]] >= self.at:
            while self.at < len(self.lines) and not self.lines[self.at].strip().startswith(fence):
                self.at += 1
            self.at += 1
        return Block("code", "\n".join(self.lines[start : self.at]))

    def _formula(self) -> Block | None:
        """A display; one that meets a blank line or a heading before its end is text with stray dollars."""
        opening = _OPENING.match(self.lines[self.at])
        if opening is None:
            return None
        mark = opening["mark"]
        closing = _CLOSING.get(mark) or mark.replace("begin", "end")
        if self.last.get(closing, self.at) < self.at:
            return None
        inner = [self.lines[self.at][opening.end() :]]
        place = self.at
        while closing not in inner[-1]:
            place += 1
            line = self.lines[place] if place < len(self.lines) else ""
            if not line.strip() or _HEADING.match(line) or len(inner) > LONGEST_FORMULA:
                return None
            inner.append(line)
        inner[-1], _, after = inner[-1].partition(closing)
        self.at = place + 1
        latex = "\n".join(inner).strip()
        return Block(
            "formula", f"{mark}\n{latex}\n{closing}" if opening["name"] else latex, after=after.strip()
        )

    def _table(self) -> Block | None:
        line = self.lines[self.at].lstrip()
        if line[:6].lower() == "<table" and self.last["</table>"] >= self.at:
            start = self.at
            while "</table>" not in self.lines[self.at]:
                self.at += 1
            self.at += 1
            return Block("table", "\n".join(self.lines[start : self.at]).strip())
        rows = []
        while self.at < len(self.lines) and _PIPE_ROW.match(self.lines[self.at]):
            rows.append(self.lines[self.at].strip())
            self.at += 1
        if len(rows) == 1:
            return Block("text", rows[0])
        return Block("table", "\n".join(rows)) if rows else None

    def _picture(self) -> Block | None:
        if not _PICTURE.match(self.lines[self.at]):
            return None
        self.at += 1
        return Block("picture", self.lines[self.at - 1].strip())

    def _text(self) -> Block:
        """Lines up to a blank one or the start of another block; underlined, a single line is a heading."""
        lines = [self.lines[self.at]]
        self.at += 1
        while self.at < len(self.lines) and (line := self.lines[self.at]).strip():
            underline = _UNDERLINE.match(line)
            if underline and len(lines) == 1:
                self.at += 1
                return Block("heading", lines[0].strip(), 1 if underline["mark"].startswith("=") else 2)
            if _starts_block(line):
                break
            lines.append(line)
            self.at += 1
        return Block("text", "\n".join(line.rstrip() for line in lines))


def _starts_block(line: str) -> bool:
    patterns = (_HEADING, _FENCE, _PICTURE)
    return (
        any(pattern.match(line) for pattern in patterns)
        or line.lstrip()[:6].lower() == "<table"
        or line.lstrip().startswith(("$$", r"\["))
    )
