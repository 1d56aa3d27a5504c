"""A PDF file as a `Paper`: the whole way from its pages, in this process and without limits."""

import hashlib
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

from pypdf import PasswordType, PdfReader
from pypdf import __version__ as pypdf_version
from pypdf.errors import DependencyError, EmptyFileError, PyPdfError

from paper2code.errors import PaperError
from paper2code.papers.model import Paper
from paper2code.papers.pdf.assembly import Assembly
from paper2code.papers.pdf.blocks import blocks_of, measure, texts
from paper2code.papers.pdf.columns import in_reading_order
from paper2code.papers.pdf.folding import fold
from paper2code.papers.pdf.furniture import PageLines, without_furniture, without_line_numbers
from paper2code.papers.pdf.landmarks import read_landmarks
from paper2code.papers.pdf.lines import lines_of
from paper2code.papers.pdf.spans import Page, read_page
from paper2code.papers.pdf.words import Vocabulary

EXTRACTOR = f"pypdf {pypdf_version} / spans 1"
MAX_PAGES = 300
MAX_UNREADABLE_PAGES = 5
MIN_CHARACTERS_PER_PAGE = 200

_LATEX_HINT = "give its LaTeX source or a Markdown conversion instead"


def read_document(data: bytes, password: str | None = None) -> Paper:
    """Read a PDF from its bytes.

    Raises:
        PaperError: it is damaged, encrypted, empty, too long, or holds no text.
    """
    warnings: list[str] = []
    with _log_lines(warnings):
        reader = _open(data, password)
        pages = _pages(reader, warnings)
        landmarks = read_landmarks(reader)
    shown = [_lines(page) for page in pages]
    bare = [in_reading_order(page) for page in without_furniture(shown)]
    vocabulary = Vocabulary(texts(bare))
    assembly = Assembly(vocabulary)
    for block in blocks_of(bare, measure(bare), landmarks):
        assembly.add(block)
    return assembly.paper(
        bare[0] if bare else None,
        sha256=hashlib.sha256(data).hexdigest(),
        extractor=EXTRACTOR,
        warnings=_summary(warnings),
    )


def _open(data: bytes, password: str | None) -> PdfReader:
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and reader.decrypt(password or "") is PasswordType.NOT_DECRYPTED:
            raise PaperError(
                "The PDF is encrypted and the password does not open it."
                if password
                else "The PDF is encrypted; give its password: read_paper(path, password=...)."
            )
        pages = len(reader.pages)
    except DependencyError as error:
        raise PaperError(
            "The PDF is encrypted with AES, which needs the package cryptography: pip install 'paper2code[crypto]'."
        ) from error
    except EmptyFileError as error:
        raise PaperError("The PDF is an empty file.") from error
    except (PyPdfError, RecursionError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise PaperError(f"The PDF is damaged or cut short ({_reason(error)}); {_LATEX_HINT}.") from error
    if pages == 0:
        raise PaperError("The PDF has no pages.")
    if pages > MAX_PAGES:
        raise PaperError(f"The PDF has {pages} pages; at most {MAX_PAGES} are read. Cut the paper out of it.")
    return reader


def _pages(reader: PdfReader, warnings: list[str]) -> list[Page]:
    pages = _read_pages(reader, warnings, forms=False)
    needed = MIN_CHARACTERS_PER_PAGE * min(len(pages), 3)
    if sum(page.characters for page in pages) < 2.5 * needed:
        # Some tools put whole pages into forms.
        with_forms = _read_pages(reader, [], forms=True)
        if sum(page.characters for page in with_forms) > 2 * sum(page.characters for page in pages):
            pages = with_forms
    if sum(page.characters for page in pages) < needed:
        raise PaperError(
            f"The PDF has no text layer, so it is probably a scan; {_LATEX_HINT}, or run OCR over it."
        )
    return pages


def _read_pages(reader: PdfReader, warnings: list[str], *, forms: bool) -> list[Page]:
    pages = []
    unreadable = 0
    for index in range(len(reader.pages)):
        try:
            page = read_page(reader, index, forms=forms)
        except MemoryError:
            raise
        except Exception as error:  # pypdf lets errors of many kinds through on damaged pages
            unreadable += 1
            warnings.append(f"page {index + 1} could not be read ({_reason(error)})")
            if unreadable > MAX_UNREADABLE_PAGES or len(reader.pages) <= unreadable:
                raise PaperError(
                    f"The PDF is damaged: {unreadable} of its {len(reader.pages)} pages cannot be read "
                    f"({_reason(error)}); {_LATEX_HINT}."
                ) from error
            continue
        pages.append(without_line_numbers(page))
    return pages


def _lines(page: Page) -> PageLines:
    return PageLines(page.index, page.width, page.height, tuple(lines_of(fold(page.items), page.index)))


def _reason(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return (text[:100] or type(error).__name__).rstrip(".")


def _summary(warnings: Sequence[str]) -> list[str]:
    """Each warning once, with how often it came; at most ten."""
    counted = Counter(warnings)
    lines = [text if times == 1 else f"{text} ({times} times)" for text, times in counted.items()]
    return lines[:10]


@contextmanager
def _log_lines(into: list[str]) -> Iterator[None]:
    """Collect what pypdf logs instead of letting it reach the terminal."""

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            into.append(record.getMessage())

    logger = logging.getLogger("pypdf")
    handler, propagate = Collect(level=logging.WARNING), logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
