"""Which paper a folder holds: LaTeX source, or the one file at its top. Between several nobody chooses."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from paper2code.errors import PaperError
from paper2code.papers.files import content_of, decode

_PAPERS = frozenset([".md", ".pdf", ".html"])
_SOURCES = frozenset([".tex", ".ltx"])
_ABOUT_THE_FOLDER = frozenset(
    ["readme", "changelog", "contributing", "license", "code_of_conduct", "security"]
)
_MOST_NAMED = 5

# The classes left out are those of a paper's parts, such as its figures.
_DOCUMENT = re.compile(r"^[^%\n]*\\document(?:class|style)\b(?!.*\{(?:subfiles|standalone)\})", re.MULTILINE)
_NAMED = re.compile(r"([^{}/\\,=\"\s][^{}/\\,=\"]*?)(?:\.pdf)?\"?\s*\}")


def paper_in(folder: Path) -> Path:
    """The folder itself if it is LaTeX source, else the one paper at its top.

    It is LaTeX source if `.tex` files lie at its top and no other paper beside them, or one level down and no
    paper above them. A PDF that the source includes, or that is typeset from a file beside it, is no other
    paper; what tells of the folder, such as a README, is none at all.

    Raises:
        PaperError: It holds no paper, or more than one.
    """
    papers = [path for path in _files(folder, _PAPERS) if path.stem.lower() not in _ABOUT_THE_FOLDER]
    top = _files(folder, _SOURCES)
    below = [path for inner in _visible(folder) if inner.is_dir() for path in _files(inner, _SOURCES)]
    if top:
        others = _not_of(papers, [*top, *below])
        if not others:
            return folder
        raise _several(folder, [*top, *others])
    if len(papers) == 1:
        return papers[0]
    if papers:
        raise _several(folder, papers)
    if not below:
        raise PaperError(
            f"The folder {folder} holds no paper (.tex, .md, .html, .pdf) at its top; give the file's path."
        )
    documents = [path for path in below if _DOCUMENT.search(_text_of(path))]
    if len({path.parent for path in documents}) > 1:
        raise _several(folder, documents)
    return folder


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "__MACOSX")))


def _files(folder: Path, suffixes: frozenset[str]) -> list[Path]:
    return [path for path in _visible(folder) if path.suffix.lower() in suffixes and path.is_file()]


def _not_of(papers: Sequence[Path], sources: Iterable[Path]) -> list[Path]:
    """The papers that are no part of LaTeX source and not made from it."""
    own: set[str] = set()
    for source in sources:
        own |= {source.stem, *_NAMED.findall(_text_of(source))}
    return [path for path in papers if path.suffix.lower() != ".pdf" or path.stem not in own]


def _text_of(path: Path) -> str:
    return decode(content_of(path))


def _several(folder: Path, found: Sequence[Path]) -> PaperError:
    names = ", ".join(path.relative_to(folder).as_posix() for path in found[:_MOST_NAMED])
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    return PaperError(f"The folder {folder} could mean several papers ({names}{more}); give the path of one.")
