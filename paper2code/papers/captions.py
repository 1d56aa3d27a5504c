"""Captions: which line of a text is one, and of what."""

import re
from typing import NamedTuple

from paper2code.papers.model import FloatKind

_WORDS: dict[str, FloatKind] = {"f": "figure", "t": "table", "a": "algorithm", "l": "listing"}
_CAPTION = re.compile(
    r"[*_#\s]*(?P<word>Figure|Fig\.?|Table|Tab\.?|Algorithm|Alg\.|Listing)\s*"
    r"(?P<number>[A-Z]?\.?\d{1,3}(?:\.\d{1,3})?[a-z]?)(?![\w%])[*_]*(?P<mark>\s*[.:|—–]+)?[*_]*\s*",
    re.IGNORECASE,
)


class Caption(NamedTuple):
    """A caption without its "Figure 3:"."""

    kind: FloatKind
    number: str
    text: str
    marked: bool


def split_caption(text: str) -> Caption | None:
    """Take a caption apart; None where a text does not begin as one.

    `marked` says whether a stop or colon follows the number. Where none does and the text goes on in small
    letters, it is a sentence ("Figure 1 shows") and no caption.

    >>> split_caption("**Table 2:** Results.")
    Caption(kind='table', number='2', text='Results.', marked=True)
    """
    match = _CAPTION.match(text)
    if match is None:
        return None
    rest = " ".join(text[match.end() :].split())
    if match["mark"] is None and not rest[:1].isupper() and rest:
        return None
    return Caption(_WORDS[match["word"][0].lower()], match["number"], rest, match["mark"] is not None)
