"""Reading a paper: find out what form it has and hand it to that form's reader."""

import re
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from paper2code.errors import PaperError
from paper2code.papers.folder import paper_in
from paper2code.papers.forms import form_of
from paper2code.papers.model import Paper, SourceForm
from paper2code.papers.supplements import add_supplement

_MODULES: dict[SourceForm, str] = {
    "latex": "paper2code.papers.latex",
    "markdown": "paper2code.papers.markdown",
    "html": "paper2code.papers.html",
    "s2orc": "paper2code.papers.s2orc",
    "text": "paper2code.papers.plain_text",
}

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|file:", re.IGNORECASE)


def read_paper(
    source: str | Path, *, password: str | None = None, supplements: Sequence[str | Path] = ()
) -> Paper:
    """Read a paper, whatever form it has.

    The form is told by the content, not by the suffix. Best to worst, what agents get from each: LaTeX
    source (a `.tex` file, a folder, arXiv's `.tar.gz` or bare `.gz`), Markdown, HTML (ar5iv), PDF, S2ORC
    JSON, plain text.

    Args:
        source: the path of a file, or of a folder that holds one paper; an arXiv id ("1706.03762",
            "arXiv:1706.03762v2") or an address at arXiv.
        password: opens an encrypted PDF; a warning of the paper says so where none was read.
        supplements: further sources of the same paper: its appendix, an addendum, notes, a data set's README.

    Raises:
        PaperError: there is no such paper or it cannot be read; the message says which form would work.
    """
    paper = _read(source, password)
    added = _read_supplements(supplements, password)
    whole = _joined(paper, added)
    if password and "pdf" not in {paper.source, *(supplement.source for _, supplement in added)}:
        unused = f"password: not used, since only a PDF has one and the paper was read from {paper.source}."
        return whole.model_copy(update={"warnings": (*whole.warnings, unused)})
    return whole


def with_supplements(
    paper: Paper, supplements: Sequence[str | Path], *, password: str | None = None
) -> Paper:
    """The paper with the parts of its other sources, each marked by the name of its file.

    Raises:
        PaperError: a supplement cannot be read, or is given twice; the message names it.
    """
    return _joined(paper, _read_supplements(supplements, password))


def _read_supplements(sources: Sequence[str | Path], password: str | None) -> list[tuple[str, Paper]]:
    """Each further source under the name that marks its parts."""
    names = [" ".join(Path(source).name.split()) or str(source) for source in sources]
    read: list[tuple[str, Paper]] = []
    for source, name in zip(sources, names, strict=True):
        try:
            supplement = _read(source, password)
        except PaperError as error:
            raise PaperError(f"The supplement {source} cannot be read: {error}") from error
        read.append((name if names.count(name) == 1 else str(source), supplement))
    return read


def _joined(paper: Paper, supplements: Sequence[tuple[str, Paper]]) -> Paper:
    for name, supplement in supplements:
        paper = add_supplement(paper, name, supplement)
    return paper


def _read(source: str | Path, password: str | None) -> Paper:
    path = locate(source)
    if path.is_dir():
        return _reader_of("latex")(path)
    form = form_of(path)
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
    if not str(source).strip():
        raise PaperError("No paper is named; give a file, a folder, or an arXiv id such as 1706.03762.")
    if isinstance(source, str) and not path.exists():
        path = _fetched(source)
    if not path.exists():
        raise PaperError(
            f"There is no paper at {path}; give a file, a folder, or an arXiv id such as 1706.03762."
        )
    return paper_in(path) if path.is_dir() else path


def _reader_of(form: SourceForm) -> Callable[[Path], Paper]:
    """The `read` of a form's module, imported when it is first needed, because some need extra packages."""
    reader: Callable[[Path], Paper] = import_module(_MODULES[form]).read
    return reader


def _fetched(source: str) -> Path:
    """The downloaded source of an arXiv paper; anything else that is no path is refused."""
    from paper2code.papers import arxiv  # noqa: PLC0415 - the network is needed for arXiv only

    if arxiv.ArxivId.parse(source):
        return arxiv.fetch(source)
    typed = source.strip()
    if re.match(r"https?://", typed, re.IGNORECASE):
        raise PaperError(f"Only arXiv addresses are fetched; download {typed} and give the path of the file.")
    if _ADDRESS.match(typed):
        raise PaperError(
            f"Only paths, arXiv ids and arXiv addresses are read, and {typed} is none; give the file's path."
        )
    return Path(source)
