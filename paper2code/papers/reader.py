"""Reading a paper: find out what form it has and hand it to that form's reader."""

import json
import re
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from paper2code.errors import PaperError
from paper2code.papers.model import Paper, SourceForm
from paper2code.papers.supplements import add_supplement

MAX_BYTES = 300 << 20
_PEEK = 8192
_TEXT_SAMPLE = 200_000

_MODULES: dict[SourceForm, str] = {
    "latex": "paper2code.papers.latex",
    "markdown": "paper2code.papers.markdown",
    "html": "paper2code.papers.html",
    "s2orc": "paper2code.papers.s2orc",
    "text": "paper2code.papers.plain_text",
}
_ARXIV = re.compile(
    r"(?:arxiv:|(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html|e-print|src)/)?"
    r"(?P<id>\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?)(?:\.pdf)?/?",
    re.IGNORECASE,
)
_TEX = re.compile(r"\\documentclass|\\begin\{document\}|\\(?:sub)?section\*?\{")
_MARKDOWN = re.compile(r"^#{1,6} \S", re.MULTILINE)


def read_paper(
    source: str | Path, *, password: str | None = None, supplements: Sequence[str | Path] = ()
) -> Paper:
    """Read a paper, whatever form it has.

    The form is told by the content, not by the suffix. Best to worst, what agents get from each: LaTeX
    source (a `.tex` file, a folder, arXiv's `.tar.gz` or bare `.gz`), Markdown, HTML (ar5iv), PDF, S2ORC
    JSON, plain text.

    Args:
        source: a path, an arXiv id ("1706.03762", "arXiv:1706.03762v2") or an address at arXiv.
        password: opens an encrypted PDF.
        supplements: further sources of the same paper: its appendix, an addendum, notes, a data set's README.

    Raises:
        PaperError: there is no such paper or it cannot be read; the message says which form would work.
    """
    return with_supplements(_read(source, password), supplements, password=password)


def with_supplements(
    paper: Paper, supplements: Sequence[str | Path], *, password: str | None = None
) -> Paper:
    """The paper with the parts of its other sources, each marked by the name of its file.

    Raises:
        PaperError: a supplement cannot be read, or is given twice; the message names it.
    """
    names = [" ".join(Path(source).name.split()) or str(source) for source in supplements]
    for source, name in zip(supplements, names, strict=True):
        try:
            supplement = _read(source, password)
        except PaperError as error:
            raise PaperError(f"The supplement {source} cannot be read: {error}") from error
        paper = add_supplement(paper, name if names.count(name) == 1 else str(source), supplement)
    return paper


def _read(source: str | Path, password: str | None) -> Paper:
    path = locate(source)
    if path.is_dir():
        return _reader_of("latex")(path)
    form = _sniff(path)
    if form == "pdf":
        from paper2code.papers import pdf  # noqa: PLC0415 - pypdf is needed for PDFs only

        return pdf.read(path, password=password)
    return _reader_of(form)(path)


def locate(source: str | Path) -> Path:
    """The file of a paper, or the folder of its LaTeX source; papers at arXiv are fetched, unless they were.

    Raises:
        PaperError: There is no such paper.
    """
    path = Path(source)
    if isinstance(source, str) and not path.exists():
        path = _fetched(source)
    if not path.exists():
        raise PaperError(f"There is no paper at {path}.")
    return _paper_in(path) if path.is_dir() else path


def _reader_of(form: SourceForm) -> Callable[[Path], Paper]:
    """The `read` of a form's module, imported when it is first needed, because some need extra packages."""
    reader: Callable[[Path], Paper] = import_module(_MODULES[form]).read
    return reader


def _fetched(source: str) -> Path:
    """The downloaded source of an arXiv paper; anything else that is no path is refused."""
    if match := _ARXIV.fullmatch(source.strip()):
        from paper2code.papers import arxiv  # noqa: PLC0415 - the network is needed for arXiv only

        return arxiv.fetch(match["id"])
    if re.match(r"https?://", source.strip(), re.IGNORECASE):
        raise PaperError(
            f"Only arXiv addresses are fetched; download {source.strip()} and give the path of the file."
        )
    return Path(source)


def _paper_in(folder: Path) -> Path:
    """The folder itself if it holds LaTeX source, else the one paper in it."""
    if any(folder.rglob("*.tex")):
        return folder
    papers = sorted(path for path in folder.iterdir() if path.suffix.lower() in {".md", ".pdf", ".html"})
    if len(papers) == 1:
        return papers[0]
    found = ", ".join(path.name for path in papers[:5]) or "no paper"
    raise PaperError(f"{folder} holds no LaTeX source ({found} found); give the path of one file.")


def _sniff(path: Path) -> SourceForm:
    """The form of a file by its first bytes."""
    size = path.stat().st_size
    if size == 0:
        raise PaperError(f"{path.name} is empty.")
    if size > MAX_BYTES:
        raise PaperError(
            f"{path.name} has {size >> 20} MB; a paper may have {MAX_BYTES >> 20} MB. Give its LaTeX source."
        )
    try:
        with path.open("rb") as file:
            head = file.read(_TEXT_SAMPLE)
    except OSError as error:
        raise PaperError(f"{path.name} cannot be opened: {error.strerror}.") from error
    if b"%PDF-" in head[:_PEEK]:
        return "pdf"
    if head.startswith(b"\x1f\x8b") or head[257:262] == b"ustar":
        return "latex"
    return _sniff_text(head, path)


def _sniff_text(head: bytes, path: Path) -> SourceForm:
    if b"\0" in head:
        raise PaperError(f"{path.name} {_binary(head)}; give a PDF, LaTeX, Markdown, HTML or text file.")
    text = head.decode("utf-8", errors="replace").lstrip("\ufeff \t\r\n")
    suffix = path.suffix.lower()
    if re.match(r"<(?:!doctype html|html|\?xml)", text, re.IGNORECASE):
        _refuse_page_in_disguise(text, path)
        return "html"
    if suffix == ".pdf":
        raise PaperError(
            f"{path.name} is not a PDF; it begins with {text[:40]!r}. Was the download cut short?"
        )
    if text.startswith("{"):
        return _sniff_json(path)
    if suffix in {".md", ".markdown"}:
        return "markdown"
    if suffix in {".tex", ".ltx", ".latex"} or _TEX.search(text):
        return "latex"
    return "markdown" if _MARKDOWN.search(text) else "text"


def _refuse_page_in_disguise(text: str, path: Path) -> None:
    if path.suffix.lower() not in {".html", ".htm", ".xhtml", ""}:
        title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        named = f' titled "{" ".join(title[1].split())[:80]}"' if title else ""
        raise PaperError(
            f"{path.name} is a web page{named}, not what its name says: the download failed. "
            "Download the paper again, or give its arXiv id."
        )


def _sniff_json(path: Path) -> SourceForm:
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except ValueError as error:
        raise PaperError(f"{path.name} looks like JSON and is none ({error}).") from error
    if isinstance(content, dict) and (
        "pdf_parse" in content or "latex_parse" in content or "body_text" in content
    ):
        return "s2orc"
    raise PaperError(f"{path.name} is JSON, but not S2ORC's; give the PDF or the LaTeX source.")


def _binary(head: bytes) -> str:
    if head.startswith(b"PK\x03\x04"):
        return "is a zip archive or an office document; unpack it or save it as PDF"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")):
        return "is a picture; run OCR over it"
    return "is a binary file of unknown form"
