"""What hyperref leaves in a PDF: named destinations for sections, floats and equations, with their places."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.errors import PyPdfError

_SECTION = re.compile(r"(?:sub)*section\*?\.|appendix\.|chapter\.|paragraph\.|section\*")
_NEAR = 40.0


@dataclass(frozen=True, slots=True)
class Landmark:
    """A destination: its name ("section.3", "appendix.A"), the index of its page, its height there."""

    name: str
    page: int
    y: float


@dataclass(frozen=True, slots=True)
class Landmarks:
    """The destinations of a PDF, empty for one not made with hyperref."""

    sections: tuple[Landmark, ...] = ()

    def deny(self, page: int, y: float, number: str | None) -> bool:
        """Whether the document names its sections, and none of them starts here."""
        if len(self.sections) < 3:
            return False
        return not any(
            (mark.page == page and -_NEAR / 4 < mark.y - y < _NEAR)
            or (number is not None and mark.name.endswith(f".{number}"))
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
