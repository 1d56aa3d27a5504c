"""Papers from their LaTeX source: exact equations, headings, tables and captions, in no time."""

import hashlib
import re
from pathlib import Path

from paper2code.errors import PaperError
from paper2code.papers.files import content_of
from paper2code.papers.latex.archive import is_pdf, unpacked
from paper2code.papers.latex.assemble import Assembly
from paper2code.papers.latex.flatten import Flat
from paper2code.papers.latex.labels import References
from paper2code.papers.latex.main_file import find_main
from paper2code.papers.latex.source import load
from paper2code.papers.latex.structure import read_structure
from paper2code.papers.model import Paper

__all__ = ["read"]

_BEGIN = re.compile(r"\\begin\s*\{document\}")
_NO_PREAMBLE = (
    "The file has no preamble, so macros of the paper's own stay as they are; "
    "its whole source (folder or archive) would give more."
)


def read(source: Path) -> Paper:
    r"""Read a `.tex` file, a folder, or a tar or gzipped archive as arXiv serves them.

    An archive that holds nothing but a PDF is read as that PDF. What a `.tex` file takes in is looked for
    in its own folder and below.

    Raises:
        PaperError: the source is missing, damaged, unsafe, or holds no paper.
    """
    if not source.exists():
        raise PaperError(
            f"There is no file {source}; pass a .tex file, its folder, or an arXiv source archive."
        )
    with unpacked(source) as opened:
        if opened.is_dir():
            return _read(find_main(opened, source.name), opened, _digest(source))
        with opened.open("rb") as stream:
            head = stream.read(1024)
        if is_pdf(head):
            from paper2code.papers import pdf  # noqa: PLC0415 - pypdf is imported only when there is a PDF

            return pdf.read(opened)
        if b"\x00" in head:
            raise PaperError(
                f"{source.name} is no LaTeX but some binary file; pass the .tex file or the PDF."
            )
        return _read(opened, opened.parent, _digest(source) if opened != source else None)


def _digest(source: Path) -> str | None:
    """The digest of an archive; a folder has none of its own."""
    if source.is_dir():
        return None
    with source.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read(main: Path, root: Path, sha256: str | None) -> Paper:
    """Read the paper whose main file is `main`. Without a digest given, it is that of the files taken in."""
    text = load(main, root)
    flat = text.flat
    assembly = Assembly(read_structure(text.preamble, text.body, flat.stash), flat.stash)
    paper = assembly.paper(text.preamble, text.body, sha256 or _digest_of(flat))
    if not paper.abstract and not any(section.text for section in paper.sections):
        raise PaperError(f"{main.name} holds no text of a paper; pass the paper's main .tex file or its PDF.")
    warnings = [] if _BEGIN.search(flat.text) else [_NO_PREAMBLE]
    warnings += _warnings(flat, assembly.references, complete=text.complete)
    return paper.model_copy(update={"warnings": tuple(warnings)})


def _digest_of(flat: Flat) -> str:
    digest = hashlib.sha256()
    for path in flat.files:
        digest.update(content_of(path))
    return digest.hexdigest()


def _warnings(flat: Flat, references: References, *, complete: bool) -> list[str]:
    warnings = []
    if flat.missing:
        warnings.append(f"Files that the source takes in but that are not there: {_some(flat.missing)}.")
    if flat.cyclic:
        warnings.append(f"Files that take themselves in, read once: {_some(flat.cyclic)}.")
    if references.unknown:
        warnings.append(f"References to labels that are nowhere: {_some(sorted(references.unknown))}.")
    if not complete:
        warnings.append("Some macros expand without end and were left as they stand.")
    return warnings


def _some(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
