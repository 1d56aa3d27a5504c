"""Papers in HTML as LaTeXML makes it (arXiv's HTML and ar5iv), and in plain HTML with headings.

LaTeXML keeps each formula's LaTeX in its `alttext`, so the equations are exact.
"""

import hashlib
from pathlib import Path

from paper2code.errors import PaperError
from paper2code.papers.files import text_of
from paper2code.papers.model import Paper

EXTRACTOR = "paper2code html 1"
SHORTEST_PAPER = 200

_NEEDS_PACKAGES = 'HTML needs two more packages; install them with: pip install "paper2code[html]"'


def read(source: Path) -> Paper:
    """Read an HTML file.

    Raises:
        PaperError: the packages for HTML are not installed, or the page holds no paper.
    """
    try:
        import lxml  # noqa: F401, PLC0415 - an extra, which BeautifulSoup parses with
        from bs4 import BeautifulSoup, ParserRejectedMarkup  # noqa: PLC0415 - an extra

        from paper2code.papers.html.page import read_page  # noqa: PLC0415 - needs the extra
    except ImportError as error:
        raise PaperError(_NEEDS_PACKAGES) from error
    text, content = text_of(source)
    try:
        page = BeautifulSoup(text, "lxml")
        draft = read_page(page)
    except (ParserRejectedMarkup, RecursionError) as error:
        raise PaperError(
            f"{source.name} is no HTML that can be read; pass the paper's PDF instead."
        ) from error
    size = sum(len(part) for section in draft.sections for part in section.parts) + len(draft.abstract)
    if size < SHORTEST_PAPER:
        title = " ".join((page.title.get_text() if page.title else "").split())
        about = f" but a page titled {title[:60]!r}" if title else ""
        raise PaperError(f"{source.name} holds no paper{about}; download the paper again, or pass its PDF.")
    return draft.paper(source="html", sha256=hashlib.sha256(content).hexdigest(), extractor=EXTRACTOR)
