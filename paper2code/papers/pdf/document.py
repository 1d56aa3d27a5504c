"""A PDF as a `Paper`: the whole way from its bytes, in this process."""

import hashlib
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pypdf import __version__ as pypdf_version

from paper2code.papers.model import Paper
from paper2code.papers.pdf.assembly import Assembly
from paper2code.papers.pdf.blocks import blocks_of
from paper2code.papers.pdf.columns import gutter_to_mind, in_reading_order
from paper2code.papers.pdf.folding import fold
from paper2code.papers.pdf.front import read_front
from paper2code.papers.pdf.furniture import PageLines, without_furniture, without_line_numbers
from paper2code.papers.pdf.headings import heading_rules
from paper2code.papers.pdf.landmarks import Landmarks, read_landmarks
from paper2code.papers.pdf.lines import lines_of
from paper2code.papers.pdf.measures import measure
from paper2code.papers.pdf.pages import open_pdf, read_pages
from paper2code.papers.pdf.spans import Page
from paper2code.papers.pdf.words import Vocabulary

EXTRACTOR = f"pypdf {pypdf_version} / spans 2"
MAX_WARNINGS = 10


def read_document(data: bytes, password: str | None = None) -> Paper:
    """Read a PDF from its bytes, without limits on time and memory.

    What pypdf logs ends up in the paper's warnings, each line once, after `pypdf:`.

    Raises:
        PaperError: it is damaged, encrypted, empty, too long, or holds no text.
    """
    warnings: list[str] = []
    with _log_lines(warnings):
        reader = open_pdf(data, password)
        pages = read_pages(reader, warnings)
        landmarks = read_landmarks(reader)
        title = reader.metadata.title if reader.metadata is not None else None
    return _assembled(pages, landmarks, title or "").paper(
        sha256=hashlib.sha256(data).hexdigest(), extractor=EXTRACTOR, warnings=_summary(warnings)
    )


def _assembled(pages: Sequence[Page], landmarks: Landmarks, metadata_title: str) -> Assembly:
    """From pages to the blocks of a paper."""
    plain = [without_line_numbers(page) for page in pages]
    gutter = next(filter(None, map(gutter_to_mind, plain)), None)
    bare = without_furniture([_lines(page, gutter) for page in plain])
    bare = [in_reading_order(page, gutter) for page in bare]
    front = read_front(bare[0], measure(bare).body_size, metadata_title=metadata_title)
    body = [front.page, *bare[1:]]
    measures = measure(body)
    rules = heading_rules(body, measures.body_size, landmarks)
    assembly = Assembly(front, Vocabulary(line.text for page in bare for line in page.text_lines))
    for block in blocks_of(body, measures, rules):
        assembly.add(block)
    return assembly


def _lines(page: Page, gutter: float | None) -> PageLines:
    lines = lines_of(fold(page.items), page.index, gutter=gutter)
    return PageLines(page.index, page.width, page.height, tuple(lines))


def _summary(warnings: Sequence[str]) -> list[str]:
    """Each warning once, with how often it came."""
    counted = Counter(warnings)
    lines = [text if times == 1 else f"{text} ({times} times)" for text, times in counted.items()]
    return lines[:MAX_WARNINGS]


@contextmanager
def _log_lines(into: list[str]) -> Iterator[None]:
    """Collect what pypdf logs instead of letting it reach the terminal."""

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            into.append(f"pypdf: {record.getMessage()}")

    logger = logging.getLogger("pypdf")
    handler, propagate = Collect(level=logging.WARNING), logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
