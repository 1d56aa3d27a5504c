"""Figures cut out of the pages of a PDF with PDFium."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from paper2code.papers.figures.layout import Box, Layout
from paper2code.papers.figures.pictures import LONGEST_SIDE, trimmed

_WORDS = ("Figure", "Fig.", "FIGURE", "FIG.", "Table", "TABLE", "Algorithm", "ALGORITHM", "Listing")
_NUMBER = re.compile(r"\s*(?P<number>[A-Z]?\.?\d+(?:\.\d+)?|[IVX]+)\s*(?P<mark>[.:|—–]|\s|$)")
_LONGEST_LINE = 400
_FINEST = 3.0
"""Pixels a point at most."""


@dataclass(frozen=True, slots=True)
class _Caption:
    is_figure: bool
    number: str
    line: Box


def crop(document: pypdfium2.PdfDocument, page_number: int, number: str) -> Image.Image | None:
    """The picture of one figure.

    Args:
        document: The PDF.
        page_number: The page of its caption, from 1.
        number: Its number as printed.

    Returns:
        The picture, or None where nothing is drawn by a caption of this number.
    """
    page = document[page_number - 1]
    if page.get_rotation():
        return None
    captions = _captions(page.get_textpage())
    own = next((one for one in captions if one.is_figure and one.number == number), None)
    if own is None:
        return None
    layout = _layout(page, [one.line for one in captions])
    place = layout.figure_at(own.line)
    return trimmed(_rendered(page, layout.page, place)) if place else None


def whole_page(document: pypdfium2.PdfDocument) -> Image.Image | None:
    """The first page, for graphics that are PDFs of their own."""
    page = document[0]
    box = Box(0, 0, *page.get_size())
    return trimmed(_rendered(page, box, box))


def _rendered(page: pypdfium2.PdfPage, whole: Box, place: Box) -> Image.Image:
    scale = min(_FINEST, LONGEST_SIDE / max(place.width, place.height, 1))
    margins = (
        place.left - whole.left,
        place.bottom - whole.bottom,
        whole.right - place.right,
        whole.top - place.top,
    )
    bitmap = page.render(scale=scale, crop=margins)
    picture: Image.Image = bitmap.to_pil().convert("RGB")
    return picture


def _layout(page: pypdfium2.PdfPage, captions: list[Box]) -> Layout:
    whole = Box(*page.get_cropbox())
    sorts: Mapping[int, list[Box]] = {
        sort: [] for sort in (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH)
    }
    pictures: list[Box] = []
    for item in page.get_objects(max_depth=1):
        box = Box(*item.get_bounds()).within(whole)
        if box is None:
            # Rules have no height, and what is off the page has no place.
            continue
        sorts.get(item.type, pictures).append(box)
    return Layout(
        page=whole,
        texts=sorts[pdfium.FPDF_PAGEOBJ_TEXT],
        captions=captions,
        pictures=pictures,
        paths=[path for path in sorts[pdfium.FPDF_PAGEOBJ_PATH] if not _covers(path, whole)],
    )


def _covers(path: Box, page: Box) -> bool:
    """Whether a path is the ground of the whole page."""
    return path.width > 0.95 * page.width and path.height > 0.5 * page.height


def _captions(text: pypdfium2.PdfTextPage) -> list[_Caption]:
    found = []
    for word in _WORDS:
        search = text.search(word, match_case=True)
        while hit := search.get_next():
            index, length = hit
            before = text.get_text_range(index - 1, 1) if index else "\n"
            label = _NUMBER.match(text.get_text_range(index + length, 12))
            if before in "\r\n" and label:
                caption = _Caption(word.lower().startswith("fig"), label["number"], _line(text, index))
                # Sentences that begin a line with "Figure 2 shows" are no captions, unless nothing else is.
                found.append((not label["mark"].strip(), caption))
    marked = [caption for is_bare, caption in found if not is_bare]
    known = {(caption.is_figure, caption.number) for caption in marked}
    bare = [
        caption for is_bare, caption in found if is_bare and (caption.is_figure, caption.number) not in known
    ]
    return [*marked, *bare]


def _line(text: pypdfium2.PdfTextPage, start: int) -> Box:
    """The place of the line that begins at a character."""
    box = Box(*text.get_charbox(start))
    for index in range(start + 1, min(start + _LONGEST_LINE, text.count_chars())):
        if text.get_text_range(index, 1) in "\r\n":
            break
        box = box.around(Box(*text.get_charbox(index)))
    return box
