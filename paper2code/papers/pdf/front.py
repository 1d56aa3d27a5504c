"""A paper's front matter: its title and its authors."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from paper2code.papers.ids import split_number
from paper2code.papers.pdf.furniture import PageLines
from paper2code.papers.pdf.lines import Line

_AFFILIATION = re.compile(
    r"@|\b(?:universit|institut|department|college|school|laborator|research|google|microsoft|meta|facebook|deepmind"
    r"|openai|nvidia|amazon|apple|inc\b|corp|academy|faculty|centre|center|hospital|correspondence"
    r"|equal contribution"
    r"|abstract|https?:|anonymous|usa\b|china\b|germany\b|france\b|ltd\b|labs?\b|\.(?:com|edu|org)\b)",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][\w.'’\-]*(?: [^\W\d_][\w.'’\-]*){1,4}")
_MARKS = re.compile(r"\^\{[^}]*\}|[∗†‡§¶*]|\d+(?![a-z])")
_BODY_STARTS = re.compile(r"abstract\b|(?:[1I]\.?\s+)?introduction\b", re.IGNORECASE)
_LINES_OF_AUTHORS = 60
_LARGER = 1.08
_BOLD = 0.6  # of the characters of a heading


@dataclass(frozen=True, slots=True)
class Front:
    """The title, the authors, and the first page without them."""

    title: str
    authors: tuple[str, ...]
    page: PageLines


def read_front(page: PageLines, body_size: float, *, metadata_title: str = "") -> Front:
    """Part the first page into its front matter and the rest.

    Where no line stands out as a title, the title that the file's metadata gives is taken.
    """
    title = _title(page, body_size)
    lines = page.text_lines
    start = lines.index(title[-1]) + 1 if title else 0
    after = lines[start : start + _LINES_OF_AUTHORS]
    body = next((index for index, line in enumerate(after) if _BODY_STARTS.match(line.text)), None)
    between = after[:body] if body is not None else _large(after, body_size)
    taken = {*title, *between}
    rest = tuple(line for line in page.lines if line not in taken)
    named = " ".join(line.text for line in title) or metadata_title
    return Front(named, _authors(between or after[:8]), replace(page, lines=rest))


def _large(lines: Sequence[Line], body_size: float) -> list[Line]:
    """The lines under a title that are larger than the text: authors and a date, without an abstract."""
    body = (
        index
        for index, line in enumerate(lines)
        if line.size <= _LARGER * body_size or line.bold > _BOLD or split_number(line.text)[0] is not None
    )
    return list(lines[: next(body, 0)])


def _title(page: PageLines, body_size: float) -> list[Line]:
    """The largest text on the upper part of the page, unless it is a section's heading."""
    upper = [
        line
        for line in page.text_lines
        if line.y > 0.45 * page.height and line.size > _LARGER * body_size and _is_title(line.text)
    ]
    if not upper:
        return []
    largest = max(line.size for line in upper)
    first = next(index for index, line in enumerate(upper) if line.size > 0.97 * largest)
    lines = [upper[first]]
    for line in upper[first + 1 :]:
        above = lines[-1]
        if abs(line.size - above.size) > 0.6 or not 0 < above.y - line.y < 2 * line.size or len(lines) == 4:
            break
        lines.append(line)
    return lines


def _is_title(text: str) -> bool:
    numbered = split_number(text)[0] is not None and not re.match(r"[A-Z]\s", text)
    return not numbered and not _BODY_STARTS.match(text) and re.search(r"[^\W\d_]{2}", text) is not None


def _authors(lines: Sequence[Line]) -> tuple[str, ...]:
    """The names among lines; those with affiliations and addresses are passed over."""
    names: dict[str, None] = {}
    for line in lines:
        text = _MARKS.sub("\0", line.text)
        if _AFFILIATION.search(text):
            continue
        for part in re.split(r"\0|,|;|·|&|\band\b", text):
            name = " ".join(part.split())
            if _NAME.fullmatch(name) and name[0].isupper():
                names[name] = None
    return tuple(names)
