"""Papers in HTML as LaTeXML makes it (arXiv's HTML and ar5iv), and in plain HTML with headings.

LaTeXML keeps each formula's LaTeX in its `alttext`, so the equations are exact.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from paper2code.errors import PaperError
from paper2code.papers.draft import Draft
from paper2code.papers.files import text_of
from paper2code.papers.model import Paper

EXTRACTOR = "paper2code html 2"
SHORTEST_PAPER = 200

_NEEDS_PACKAGES = 'HTML needs two more packages; install them with: pip install "paper2code[html]"'


def read(source: Path) -> Paper:
    """Read an HTML file.

    Raises:
        PaperError: the packages for HTML are not installed, or the page holds no paper.
    """
    text, content = text_of(source)
    draft, page_title = _draft(text, source.name)
    size = sum(len(part) for section in draft.sections for part in section.parts) + len(draft.abstract)
    if size < SHORTEST_PAPER:
        about = f" but a page titled {page_title[:60]!r}" if page_title else ""
        raise PaperError(f"{source.name} holds no paper{about}; download the paper again, or pass its PDF.")
    return draft.paper(source="html", sha256=hashlib.sha256(content).hexdigest(), extractor=EXTRACTOR)


def pictures_in(source: Path) -> Mapping[str, tuple[str, ...]]:
    """The links to pictures in an HTML file, by the ids that `read` gives the figures.

    Raises:
        PaperError: as `read` does.
    """
    text, _ = text_of(source)
    draft, _ = _draft(text, source.name)
    return draft.linked_pictures()


def _draft(text: str, name: str) -> tuple[Draft, str]:
    """What a page holds, and the page's own title."""
    try:
        import lxml  # noqa: F401, PLC0415 - an extra, which BeautifulSoup parses with
        from bs4 import BeautifulSoup, ParserRejectedMarkup  # noqa: PLC0415 - an extra

        from paper2code.papers.html.page import read_page  # noqa: PLC0415 - needs the extra
    except ImportError as error:
        raise PaperError(_NEEDS_PACKAGES) from error
    try:
        page = BeautifulSoup(text, "lxml")
        draft = read_page(page)
    except (ParserRejectedMarkup, RecursionError) as error:
        raise PaperError(f"{name} is no HTML that can be read; pass the paper's PDF instead.") from error
    return draft, " ".join((page.title.get_text() if page.title else "").split())
