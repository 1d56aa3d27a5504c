"""The form of a file, told by its first bytes; what no reader takes is refused, with what would be taken."""

import json
import re
from pathlib import Path

from paper2code.errors import PaperError
from paper2code.papers.model import SourceForm

MAX_BYTES = 300 << 20

_PEEK = 8192
_TEXT_SAMPLE = 200_000
_TEX = re.compile(r"\\documentclass|\\begin\{document\}|\\(?:sub)?section\*?\{")
_MARKDOWN = re.compile(r"^#{1,6} \S", re.MULTILINE)
_ARCHIVES = (".gz", ".tgz", ".tar")
_OFFICE = re.compile(rb"\[Content_Types\]|word/|mimetypeapplication/vnd\.|ppt/")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"RIFF")
_PACKED = (b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ", b"Rar!", b"\x28\xb5\x2f\xfd")
_FOREIGN: tuple[tuple[tuple[bytes, ...], str], ...] = (
    (_PICTURES, "a picture; run OCR over it and give the text"),
    ((b"\xd0\xcf\x11\xe0", b"{\\rtf"), "an office document; save it as PDF and give that"),
    ((b"%!PS",), "PostScript; make a PDF of it (ps2pdf) and give that"),
    ((b"AT&TFORM",), "a DjVu scan; save it as PDF, run OCR over that, and give it"),
    (_PACKED, "an archive; unpack it and give its folder"),
    ((b"\xff\xfe", b"\xfe\xff"), "text in UTF-16; save it as UTF-8"),
)  # fmt: skip
"""What is no paper's form, by how it begins, and what to do with it."""


def form_of(path: Path) -> SourceForm:
    """The form of a file.

    Raises:
        PaperError: it is empty, too large, unreadable, or of a form that no reader takes.
    """
    size = path.stat().st_size
    if size == 0:
        raise PaperError(f"{path.name} is empty; download it again, or give another form of the paper.")
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
    _refuse_foreign(head, path)
    return _form_of_text(head.decode("utf-8", errors="replace").lstrip("\ufeff \t\r\n"), path)


def _refuse_foreign(head: bytes, path: Path) -> None:
    """Refuse what is known by its first bytes, and all else that is binary."""
    if head.startswith(b"PK\x03\x04"):
        raise PaperError(f"{path.name} is {_sort_of_zip(head)}.")
    for beginnings, what in _FOREIGN:
        if head.startswith(beginnings):
            raise PaperError(f"{path.name} is {what}.")
    if b"\0" in head:
        raise PaperError(
            f"{path.name} is a binary file of unknown form; give a PDF, LaTeX, Markdown, HTML or text file."
        )


def _sort_of_zip(head: bytes) -> str:
    if b"application/epub+zip" in head[:100]:
        return "an EPUB book; make HTML or Markdown of it (pandoc) and give that"
    if _OFFICE.search(head[:_PEEK]):
        return "an office document; save it as PDF and give that"
    return "a zip archive; unpack it and give its folder, or the paper in it"


def _form_of_text(text: str, path: Path) -> SourceForm:
    suffix = path.suffix.lower()
    if re.match(r"<(?:!doctype html|html|\?xml)", text, re.IGNORECASE):
        _refuse_page_in_disguise(text, path)
        return "html"
    if suffix == ".pdf" or suffix in _ARCHIVES:
        what = "not a PDF" if suffix == ".pdf" else "no archive"
        raise PaperError(f"{path.name} is {what}; it begins with {text[:40]!r}. Was the download cut short?")
    if text.startswith("{") or suffix == ".json":
        return _form_of_json(path)
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


def _form_of_json(path: Path) -> SourceForm:
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise PaperError(
            f"{path.name} looks like JSON and is none ({error}); give the PDF or the LaTeX source."
        ) from error
    if isinstance(content, dict) and (
        "pdf_parse" in content or "latex_parse" in content or "body_text" in content
    ):
        return "s2orc"
    raise PaperError(
        f"{path.name} is JSON of another tool than S2ORC; "
        "give the Markdown that the tool makes too, the PDF, or the LaTeX source."
    )
