"""Where a section's text may be parted: between paragraphs, and only where no sentence runs on.

A sentence runs on over a display equation, or over a float that a PDF has in its midst.
"""

import re

from paper2code.papers.ids import PLACED

_PLACE = re.compile(rf"(?:\[{PLACED}\])?")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]}*_]*(?:\s*\[[\d,;\s–-]+\])?$")
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|al|cf|vs|resp|Figs?|Eqs?|Eqns?|Secs?|Tabs?|Algs?|Apps?|Thm|Dr|Prof)\.$"
)
_FENCE = re.compile(r"^\s*```", re.MULTILINE)


def passages(text: str) -> tuple[str, ...]:
    r"""Part a text into passages of whole paragraphs and whole sentences; joined by blank lines they give it.

    >>> passages("We step.\n\nThe loss is\n\n[eq1]\n\nwhere x is free.\n\nWe stop.")
    ('We step.', 'The loss is\n\n[eq1]\n\nwhere x is free.', 'We stop.')
    """
    paragraphs = text.split("\n\n")
    found: list[str] = []
    begun: list[str] = []
    for paragraph, following in zip(paragraphs, [*paragraphs[1:], ""], strict=True):
        begun.append(paragraph)
        if _is_finished(begun) and not _runs_on(following):
            found.append("\n\n".join(begun))
            begun = []
    return (*found, "\n\n".join(begun)) if begun else tuple(found)


def _is_finished(paragraphs: list[str]) -> bool:
    """Whether some paragraphs end with a sentence; places of equations and floats are no words."""
    if len(_FENCE.findall("\n\n".join(paragraphs))) % 2:
        return False
    words = [paragraph.strip() for paragraph in paragraphs if not _PLACE.fullmatch(paragraph.strip())]
    if not words:
        return True
    return bool(_SENTENCE_END.search(words[-1])) and not _ABBREVIATION.search(words[-1])


def _runs_on(paragraph: str) -> bool:
    """Whether a paragraph begins in the middle of a sentence."""
    return paragraph.lstrip()[:1].islower()
