"""The entries of a reference list in running text."""

import re
from collections.abc import Iterable

_LABEL = re.compile(r"\s*(?:[-*+]\s+)?(?:\[[\w+., -]{1,40}\]|\d{1,3}\.\s|[-*+]\s)")
_BULLET = re.compile(r"\s*[-*+]\s+")


def split_entries(paragraphs: Iterable[str]) -> list[str]:
    r"""The entries, a paragraph or a labelled line each; those that a page parted are joined again.

    >>> split_entries(["[1] A. Uthor. Title,", "of the work. 2020.\n[2] B. Eta. 2021."])
    ['[1] A. Uthor. Title, of the work. 2020.', '[2] B. Eta. 2021.']
    """
    entries: list[str] = []
    for paragraph in paragraphs:
        lines = paragraph.split("\n")
        is_labelled = any(_LABEL.match(line) for line in lines)
        for index, line in enumerate(lines):
            shown = " ".join(_BULLET.sub("", line, count=1).split())
            begins = _LABEL.match(line) if is_labelled else index == 0 and not _goes_on(shown, entries)
            if begins or not entries:
                entries.append(shown)
            else:
                entries[-1] = f"{entries[-1]} {shown}".strip()
    return [entry for entry in entries if entry]


def _goes_on(text: str, entries: list[str]) -> bool:
    """Whether a paragraph goes on with the last entry: in small letters, or that has no year and no stop."""
    last = entries[-1] if entries else "."
    return text[:1].islower() or not (last.endswith((".", ")", "]", "/")) or re.search(r"\d{4}", last))
