"""Find the formulas of a LaTeX text, set them aside untouched, and read off the numbers of its displays."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from paper2code.papers.latex.parts import Display, Row
from paper2code.papers.latex.stash import Stash
from paper2code.papers.latex.syntax import Tex, environments

_DISPLAY = (
    "equation", "align", "gather", "multline", "eqnarray", "alignat", "flalign", "xalignat", "displaymath",
    "dmath", "IEEEeqnarray", "empheq",
)  # fmt: skip
DISPLAY_ENVIRONMENTS = frozenset(name + star for name in _DISPLAY for star in ("", "*"))
MANY_ROWS = frozenset(
    ["align", "gather", "eqnarray", "alignat", "flalign", "xalignat", "IEEEeqnarray", "empheq"]
)

LONGEST_TAG = 20

_TOKEN = re.compile(
    r"\\(?P<edge>begin|end)[ \t]*\{(?P<name>[A-Za-z]+\*?)\}|\\ensuremath(?![A-Za-z])|\\."
    r"|\$\$?|[{}]|\n[ \t]*\n",
    re.DOTALL,
)
_LABEL = re.compile(r"\s*\\label\s*\{([^{}]*)\}")
_TAG = re.compile(r"\\tag\*?\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_NUMBERED_BY_HAND = re.compile(
    r"\s*(?:\\(?:addtocounter\s*\{equation\}\s*\{1\}|(?:ref)?stepcounter\s*\{equation\})\s*)?"
    r"\\tag\s*\{\s*\\theequation\s*\}"
)
r"""The `\numberthis` that many papers define, to number one row of a display that has no numbers."""

_UNNUMBERED = re.compile(r"\\(?:nonumber|notag|IEEEnonumber)(?![A-Za-z])")
_ENSURED = re.compile(r"\\ensuremath\s*(?=\{)")
_ROW_END = re.compile(r"\\\\")
_PLAIN_WRAPPER = re.compile(
    r"\A(?:\\begin\s*\{(?:equation|displaymath)\*?\}|\\\[|\$\$)|(?:\\end\{(?:equation|displaymath)\*?\}|\\\]|\$\$)\Z"
)


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    display: bool


def set_aside(text: str, stash: Stash) -> tuple[str, dict[int, Display]]:
    """Put marks in place of all mathematics. The displays come back by the number of their mark."""
    pieces: list[str] = []
    displays: dict[int, Display] = {}
    at = 0
    for span in _spans(text):
        pieces.append(text[at : span.start])
        latex = _bare(text[span.start : span.end])
        mark = stash.keep("equation" if span.display else "maths", latex)
        if span.display:
            displays[len(stash.pieces) - 1] = _display(latex)
        pieces.append(mark)
        at = span.end
    return "".join([*pieces, text[at:]]), displays


def _bare(latex: str) -> str:
    r"""A formula without `\ensuremath`, which does nothing within one; between dollars where it is inline."""
    if latex.startswith("\\ensuremath"):
        latex = f"${latex[latex.index('{') + 1 : -1]}$"
    if latex.startswith("\\("):
        latex = f"${latex[2:-2].strip()}$"
    return _ENSURED.sub("", latex)


def _display(latex: str) -> Display:
    opening = re.match(r"\\begin\s*\{([A-Za-z]+)(\*?)\}", latex)
    name, starred = (opening[1], bool(opening[2])) if opening else ("displaymath", True)
    body = latex[opening.end() :] if opening else latex
    sources = list(_split_rows(body)) if name in MANY_ROWS else [body]
    rows = tuple(
        Row(
            labels=tuple(_LABEL.findall(source)),
            tag=_tag(source),
            counts=_NUMBERED_BY_HAND.search(source) is not None
            or not (starred or name == "displaymath" or _UNNUMBERED.search(source)),
        )
        for source in sources
    )
    shown = _NUMBERED_BY_HAND.sub("", _LABEL.sub("", latex))
    if name in {"equation", "displaymath"}:
        shown = _PLAIN_WRAPPER.sub("", shown)
    return Display(shown.strip(), rows)


def _tag(source: str) -> str | None:
    r"""The number that a row sets itself by `\tag`, without the marks around it."""
    tag = _TAG.search(_NUMBERED_BY_HAND.sub("", source))
    return re.sub(r"\\[A-Za-z]+|[{}$\\\s\x02\x03]", "", tag[1])[:LONGEST_TAG] or None if tag else None


def _split_rows(body: str) -> Iterator[str]:
    r"""The lines between those `\\` that stand outside inner environments."""
    inner = [(environment.start, environment.end) for environment in environments(body)]
    inside_until, next_inner, start = 0, 0, 0
    for row_end in _ROW_END.finditer(body):
        while next_inner < len(inner) and inner[next_inner][0] < row_end.start():
            inside_until = max(inside_until, inner[next_inner][1])
            next_inner += 1
        if row_end.start() >= inside_until:
            yield body[start : row_end.start()]
            start = row_end.end()
    yield body[start:]


def _spans(text: str) -> list[_Span]:
    r"""All formulas in order; one inside another (as in `\text{if $x$}`) belongs to the outer one."""
    outer: list[_Span] = []
    for span in sorted(_Scanner(text).scan(), key=lambda span: (span.start, -span.end)):
        if not outer or span.start >= outer[-1].end:
            outer.append(span)
    return outer


class _Scanner:
    r"""Walks once over a text and notes where mathematics begins and ends.

    A dollar is matched by the next one in the same brace group. A formula in dollars that would run past
    its paragraph or group is none, and its dollar is taken for text. `dollars` holds, for each open
    group, the place, the width and the paragraph of the dollar that is open in it.
    """

    def __init__(self, text: str) -> None:
        self.text, self.tex = text, Tex(text)
        self.found: list[_Span] = []
        self.dollars: list[tuple[int, int, int] | None] = [None]
        self.paragraph = 0
        self.exhausted: set[str] = set()

    def scan(self) -> list[_Span]:
        at = 0
        while token := _TOKEN.search(self.text, at):
            at = self._step(token)
        return self.found

    def _step(self, token: re.Match[str]) -> int:
        """Take in one token and return where the next one is looked for."""
        mark = token[0]
        if token["edge"] == "begin" and token["name"] in DISPLAY_ENVIRONMENTS:
            return self._until(token, f"\\end{{{token['name']}}}", display=True)
        if mark == r"\[":
            return self._until(token, r"\]", display=True)
        if mark == r"\(":
            return self._until(token, r"\)", display=False)
        if mark == "\\ensuremath":
            if group := self.tex.group(token.end()):
                self.found.append(_Span(token.start(), group.after, display=False))
        elif mark == "{":
            self.dollars.append(None)
        elif mark == "}":
            self.dollars.pop()
            self.dollars = self.dollars or [None]
        elif mark.startswith("\n"):
            self.paragraph += 1
        elif mark.startswith("$"):
            return self._dollar(token.start(), len(mark))
        return token.end()

    def _until(self, token: re.Match[str], closing: str, *, display: bool) -> int:
        end = -1 if closing in self.exhausted else self._find(closing, token.end())
        if end < 0:
            self.exhausted.add(closing)
            return token.end()
        self.found.append(_Span(token.start(), end + len(closing), display))
        return end + len(closing)

    def _find(self, closing: str, at: int) -> int:
        r"""The place of the next closing mark that is not the second half of `\\`."""
        while (end := self.text.find(closing, at)) >= 0:
            backslashes = end
            while backslashes > at and self.text[backslashes - 1] == "\\":
                backslashes -= 1
            if (end - backslashes) % 2 == 0:
                return end
            at = end + 1
        return -1

    def _dollar(self, place: int, width: int) -> int:
        opened = self.dollars[-1]
        if opened is None or opened[2] != self.paragraph:
            self.dollars[-1] = (place, width, self.paragraph)
            return place + width
        start, opened_width, _ = opened
        if opened_width > width:
            return place + width
        self.found.append(_Span(start, place + opened_width, display=opened_width == 2))
        self.dollars[-1] = None
        return place + opened_width
