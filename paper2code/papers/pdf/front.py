"""A paper's front matter: its title and its authors."""

import re
from collections.abc import Sequence

from paper2code.papers.pdf.furniture import PageLines
from paper2code.papers.pdf.lines import Line

_AFFILIATION = re.compile(
    r"@|\b(?:universit|institut|department|college|school|laborator|research|google|microsoft|meta|facebook|deepmind"
    r"|openai|nvidia|amazon|apple|inc\b|corp|academy|faculty|centre|center|hospital|correspondence|equal contribution"
    r"|abstract|https?:|anonymous|usa\b|china\b|germany\b|france\b|ltd\b|labs?\b|\.(?:com|edu|org)\b)",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][\w.'’\-]*(?: [^\W\d_][\w.'’\-]*){1,4}")


def title_lines(page: PageLines) -> list[Line]:
    """The lines of the title: the largest text on the upper part of the first page."""
    upper = [
        line
        for line in page.text_lines
        if line.y > 0.45 * page.height and re.search(r"[^\W\d_]{2}", line.text)
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


def authors_of(lines: Sequence[Line]) -> tuple[str, ...]:
    """The names among the lines between the title and the abstract; affiliations and addresses are passed over."""
    names: dict[str, None] = {}
    for line in lines:
        text = re.sub(r"\^\{[^}]*\}|[∗†‡§¶*]|\d+", "\0", line.text)
        if _AFFILIATION.search(text):
            continue
        for part in re.split(r"\0|,|;|·|&|\band\b|\s{3,}", text):
            name = " ".join(part.split())
            if _NAME.fullmatch(name) and name[0].isupper():
                names[name] = None
    return tuple(names)
