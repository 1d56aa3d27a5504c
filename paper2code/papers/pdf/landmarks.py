"""What hyperref leaves in a PDF: named destinations for sections, floats and equations, with their places."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.errors import PyPdfError

_SECTION = re.compile(r"(?:sub)*section\*?\.|appendix\.|chapter\.|paragraph\.|section\*")
_NEAR = 40.0  # points from a destination down to the baseline of its heading
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Landmark:
    """A destination: its name ("section.3", "appendix.A"), the index of its page, its height there."""

    name: str
    page: int
    y: float

    @property
    def number(self) -> str:
        """The number of the section it stands for, empty where it has none."""
        kind, _, number = self.name.partition(".")
        return "" if kind.endswith("*") else number


@dataclass(frozen=True, slots=True)
class Landmarks:
    """The destinations of a PDF, empty for one not made with hyperref."""

    sections: tuple[Landmark, ...] = ()

    def deny(self, page: int, y: float, number: str | None) -> bool:
        """Whether the document names its sections, and none of them starts here or bears this number."""
        if len(self.sections) < _ENOUGH:
            return False
        return not any(
            (mark.page == page and -_NEAR / 4 < mark.y - y < _NEAR) or mark.number == number
            for mark in self.sections
        )

    def confirm(self, page: int, y: float, number: str | None) -> bool:
        """Whether a section of this number starts right here."""
        return number is not None and any(
            mark.page == page and mark.number == number and -_NEAR / 4 < mark.y - y < _NEAR
            for mark in self.sections
        )


def read_landmarks(reader: PdfReader) -> Landmarks:
    """Read the section destinations; a damaged name tree counts as none."""
    try:
        destinations: Mapping[str, object] = reader.named_destinations
    except (PyPdfError, RecursionError, KeyError, TypeError, ValueError, AttributeError):
        return Landmarks()
    found = []
    for name, destination in destinations.items():
        if not _SECTION.match(name):
            continue
        try:
            page = reader.get_destination_page_number(destination)  # type: ignore[arg-type]
            top = destination.top  # type: ignore[attr-defined]
        except (PyPdfError, KeyError, TypeError, ValueError, AttributeError):
            continue
        if page is not None and page >= 0 and isinstance(top, int | float):
            found.append(Landmark(name, page, float(top)))
    return Landmarks(tuple(found))
