"""The numbers of headings as they come, and where the appendix starts."""

import re

from paper2code.papers import ids
from paper2code.papers.model import SectionKind

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


class Numbering:
    """Reads the headings of one document in order.

    Three things depend on what came before: a letter without a mark ("A Proofs") is a number only as the
    next of the appendix; under Roman numerals a letter numbers a subsection ("II", then "A." is II.A); and
    everything after the references is appendix.
    """

    def __init__(self) -> None:
        self._roman = 0  # how many Roman numerals came so far
        self._letter = 0  # how many sections with a letter came so far
        self._numbered = False
        self._in_appendix = False

    def read(self, heading: str) -> tuple[str | None, str, SectionKind]:
        """Number, title and kind of the next heading."""
        number, title = ids.split_number(self._marked(heading))
        if number is not None and number == _ROMAN[self._roman % len(_ROMAN)]:
            self._roman += 1
        elif number is not None and self._roman and not self._in_appendix and re.fullmatch("[A-Z]", number):
            number = f"{_ROMAN[self._roman - 1]}.{number}"
        self._numbered = self._numbered or number is not None
        lettered = number is not None and number[0] not in "IVX0123456789"
        if number is not None and lettered:
            self._letter = ord(number[0]) - ord("A") + 1
        kind = ids.kind_of(title, in_appendix=self._in_appendix or lettered)
        self._in_appendix = self._in_appendix or kind in {"references", "appendix"}
        return number, title.rstrip(".:"), kind

    def _marked(self, heading: str) -> str:
        """A heading with a mark after its letter, where the letter is the next of the appendix."""
        following = chr(ord("A") + self._letter)
        return re.sub(rf"^{following}\s+(?=[A-Z])", f"{following}. ", heading) if self._numbered else heading
