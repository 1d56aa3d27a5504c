"""The numbers of display equations in Markdown, wherever a tool put them."""

import re

_NUMBER = r"(?:[A-Z]\s*\.?\s*)?\d+(?:\s*\.\s*\d+)*\s*[a-z]?"
_TAG = re.compile(rf"\\(?:tag\*?|eqno)\s*\{{?\s*\(?\s*({_NUMBER})\s*\)?\s*\}}?")
_AT_END = re.compile(
    rf"(?:\\q?quad|\\hfill|\\;|\\,|~|\s{{3,}})\s*\(\s*(?:\\mathrm\s*)?\{{?({_NUMBER})\}}?\s*\)\s*[.,]?\s*\Z"
)
_AFTER = re.compile(rf"\s*\(({_NUMBER})\)\s*[.,]?\s*")


def tag_of(latex: str) -> str | None:
    r"""The number in a formula itself: `\tag{3}`, or `(3)` set apart at its end."""
    return _plain(_TAG.search(latex) or _AT_END.search(latex[-200:]))


def number_after(text: str) -> str | None:
    """The number that a text is, in brackets and alone: `(3)`."""
    return _plain(_AFTER.fullmatch(text[:50]))


def _plain(match: re.Match[str] | None) -> str | None:
    return re.sub(r"\s", "", match[1]) if match else None
