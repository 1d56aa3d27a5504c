"""Opening a PDF and reading its pages, with a clear word on every way this fails."""

from io import BytesIO

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

from paper2code.errors import PaperError
from paper2code.papers.pdf.collector import read_page
from paper2code.papers.pdf.spans import Page

MAX_PAGES = 300
MAX_UNREADABLE_PAGES = 5
MIN_CHARACTERS_PER_PAGE = 200

_HINT = "give its LaTeX source or a Markdown conversion instead"
_DAMAGE = (PyPdfError, RecursionError, ValueError, TypeError, KeyError, AttributeError, IndexError)


def open_pdf(data: bytes, password: str | None) -> PdfReader:
    """Open a PDF of at least one page and at most `MAX_PAGES`.

    Raises:
        PaperError: it is damaged, encrypted, empty or too long.
    """
    try:
        reader = _opened(data, password)
    except _DAMAGE as error:
        reader = _reopened(data, password, error)
    if len(reader.pages) == 0:
        raise PaperError(f"the PDF has no pages; {_HINT}.")
    if len(reader.pages) > MAX_PAGES:
        raise PaperError(
            f"the PDF has {len(reader.pages)} pages; at most {MAX_PAGES} are read. Cut the paper out of it."
        )
    return reader


def read_pages(reader: PdfReader, warnings: list[str]) -> list[Page]:
    """The pages with their text; what is lost on the way is added to `warnings`.

    Raises:
        PaperError: too many pages cannot be read, or there is next to no text.
    """
    pages = _read(reader, warnings, forms=False)
    needed = MIN_CHARACTERS_PER_PAGE * min(len(reader.pages), 3)
    if _characters(pages) < 3 * needed:
        # Some tools put whole pages into forms, which are else the figures.
        with_forms = _read(reader, [], forms=True)
        pages = with_forms if _characters(with_forms) > 2 * _characters(pages) else pages
    if _characters(pages) < needed:
        raise PaperError(
            f"the PDF has next to no text, so it is probably a scan; {_HINT}, or run OCR over it."
        )
    return pages


def _opened(data: bytes, password: str | None) -> PdfReader:
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and reader.decrypt(password or "") is PasswordType.NOT_DECRYPTED:
            if password:
                raise PaperError("the PDF is encrypted, and the password does not open it.")
            raise PaperError(
                "the PDF is encrypted; give its password: --password, or read_paper(path, password=...)."
            )
        len(reader.pages)  # the page tree is where damage shows
    except DependencyError as error:
        raise PaperError(
            "the PDF is encrypted with AES, for which a package is missing: pip install 'paper2code[crypto]'."
        ) from error
    return reader


def _reopened(data: bytes, password: str | None, damage: Exception) -> PdfReader:
    """A damaged file, mended."""
    try:
        if mended := _mended(data):
            return _opened(mended, password)
    except _DAMAGE as error:
        damage = error
    raise PaperError(f"the PDF is damaged or cut short ({_reason(damage)}); {_HINT}.") from damage


def _mended(data: bytes) -> bytes | None:
    """The file as PDFium saves it, its table of objects rebuilt; None where that is not to be had."""
    try:
        import pypdfium2  # noqa: PLC0415 - comes with an extra
    except ImportError:
        return None
    saved = BytesIO()
    try:
        document = pypdfium2.PdfDocument(data)
        document.save(saved)
        document.close()
    except pypdfium2.PdfiumError:
        return None
    return saved.getvalue()


def _read(reader: PdfReader, warnings: list[str], *, forms: bool) -> list[Page]:
    pages = []
    unreadable = 0
    for index in range(len(reader.pages)):
        try:
            pages.append(read_page(reader, index, forms=forms))
        except LimitReachedError as error:
            raise PaperError(
                f"page {index + 1} of the PDF unpacks to more than a page of a paper can hold; {_HINT}."
            ) from error
        except MemoryError:
            raise
        except Exception as error:  # on damaged pages pypdf lets errors of many kinds through
            unreadable += 1
            warnings.append(f"page {index + 1} could not be read ({_reason(error)})")
            if unreadable > MAX_UNREADABLE_PAGES or unreadable == len(reader.pages):
                raise PaperError(
                    f"the PDF is damaged: {unreadable} of its {len(reader.pages)} pages cannot be read "
                    f"({_reason(error)}); {_HINT}."
                ) from error
    return pages


def _characters(pages: list[Page]) -> int:
    return sum(page.characters for page in pages)


def _reason(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return (text[:100] or type(error).__name__).rstrip(".")
