"""One pass over JSON as models write it, to see whether it is whole and what JSON has no place for."""

import re
from dataclasses import dataclass

MAX_DEPTH = 60

_LONGEST_REMARK = 200
_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]++|\\.)*+")"""
    r"""|(?P<comment>//[^\n]*|\#[^\n]*|/\*(?:[^*]++|\*(?!/))*+\*/)"""
    r"""|(?P<broken>"|/\*)|(?P<open>[{\[])|(?P<close>[}\]])|(?P<comma>,)|(?P<gap>\.\.\.|…)""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"""\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?""")
_LEAVES_OUT = re.compile(
    r"(?:\.\.\.|…)\W*(?:and|the|rest|more|remaining|other|same|similar|omitted|continue|etc)"
    r"|\b(?:rest|more|remaining|others?|same|similar|so on|omitted|continued?)\b[^.…]*(?:\.\.\.|…)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Scan:
    """What a pass found."""

    end: int
    """Behind the bracket that closes the first one; 0 if there is none."""
    is_too_deep: bool
    """Whether more brackets were open at once than any artifact needs."""
    has_gap: bool
    """Whether the writer left something out with three dots."""
    cleaned: str
    """The text without comments and trailing commas, its invalid escapes taken for backslashes."""


def scan(text: str, start: int) -> Scan:
    """Follow the brackets from the one at `start`, past strings and comments, to the one that closes it."""
    pieces: list[str] = []
    position, depth, end = start, 0, 0
    comma = -1  # the piece that is a comma with nothing behind it yet
    has_gap = False
    while not end and depth <= MAX_DEPTH and (token := _TOKEN.search(text, position)):
        between = text[position : token.start()]
        position = token.end()
        pieces.append(between)
        if between.strip():
            comma = -1
        match token.lastgroup:
            case "broken":
                break
            case "comment":
                has_gap = has_gap or bool(_LEAVES_OUT.search(token[0][:_LONGEST_REMARK]))
                continue
            case "gap":
                has_gap = True
            case "open":
                depth += 1
            case "close":
                depth -= 1
                end = position if depth == 0 else 0
                if comma >= 0:
                    pieces[comma] = ""
            case _:
                pass
        comma = len(pieces) if token.lastgroup == "comma" else -1
        pieces.append(_escaped(token[0]) if token.lastgroup == "string" else token[0])
    return Scan(end, depth > MAX_DEPTH, has_gap, "".join(pieces))


def _escaped(string: str) -> str:
    r"""The string with `\alpha` as `\\alpha`: models quote LaTeX and forget to escape it."""
    if "\\" not in string:
        return string
    return _ESCAPE.sub(lambda escape: escape[0] if escape[1] else "\\\\", string.replace("\\'", "'"))
