"""Papers from their LaTeX source: exact equations, headings, tables and captions, in hundredths of a second."""

import hashlib
from pathlib import Path

from paper2code.errors import PaperError
from paper2code.papers.latex.archive import find_main, is_pdf, unpacked
from paper2code.papers.latex.assemble import read_source
from paper2code.papers.model import Paper

__all__ = ["read"]


def read(source: Path) -> Paper:
    r"""Read a `.tex` file, a folder, a tar or gzipped archive as arXiv serves them.

    An archive that holds nothing but a PDF is read as that PDF. Of a `.tex` file, what it takes in is looked for
    in its own folder and below.

    Raises:
        PaperError: the source is missing, damaged, unsafe, or holds no paper; the message says what would work.
    """
    if not source.exists():
        raise PaperError(
            f"There is no file {source}; pass a .tex file, its folder, or an arXiv source archive."
        )
    with unpacked(source) as opened:
        if opened.is_dir():
            return read_source(find_main(opened), opened, _digest(source))
        with opened.open("rb") as stream:
            head = stream.read(1024)
        if is_pdf(head):
            from paper2code.papers import pdf  # noqa: PLC0415 - pypdf is imported only when there is a PDF

            return pdf.read(opened)
        if b"\x00" in head:
            raise PaperError(
                f"{source.name} is no LaTeX source but some binary file; pass the paper's .tex file or PDF."
            )
        return read_source(opened, opened.parent, _digest(source) if opened != source else None)


def _digest(source: Path) -> str | None:
    """The digest of an archive; a folder has none of its own."""
    if source.is_dir():
        return None
    with source.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
