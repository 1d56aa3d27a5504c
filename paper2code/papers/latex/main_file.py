"""Find the file that a paper is typeset from, among all the `.tex` files of a submission."""

import re
from pathlib import Path

from paper2code.errors import PaperError
from paper2code.papers.files import content_of, decode
from paper2code.papers.latex.flatten import strip_comments
from paper2code.papers.latex.stash import Stash

MOST_CANDIDATES = 500
NEARLY_AS_LONG = 0.8

_TITLE = re.compile(r"\\(?:icml|paper)?title\b", re.IGNORECASE)
_CLASS = re.compile(r"\\document(?:class|style)\b(?!.*\{(?:subfiles|standalone)\})")
_DOCUMENT = re.compile(r"\\begin\s*\{document\}")
_TOP_LEVEL = (
    re.compile(r"^(\S+\.tex)\s+toplevelfile", re.MULTILINE),
    re.compile(r"\"?filename\"?\s*:\s*\"?([^\"\s]+\.tex)\"?\s*,?\s*\"?usage\"?\s*:\s*\"?toplevel"),
)


def find_main(folder: Path, name: str = "") -> Path:
    r"""The file that a paper is typeset from.

    It has `\documentclass` and `\begin{document}` and no other file takes it in. Of several, the one that the
    submission itself names, then one with a title, with its own `.bbl`, nearer to the top; then the longest.

    Raises:
        PaperError: There is none, or two are equally good; `name` is what the message calls the folder.
    """
    texts = {path: _plain_text(path) for path in _tex_files(folder)}
    candidates = [
        path for path, text in texts.items() if _is_document(text) and not _is_taken_in(path, texts)
    ]
    if not candidates and len(texts) == 1:
        return next(iter(texts))
    if not candidates:
        raise PaperError(
            f"No file in {name or folder.name} has \\documentclass and \\begin{{document}}; "
            "pass the main .tex file itself."
        )
    named = _named_by_submission(folder)

    def rank(path: Path) -> tuple[bool, bool, bool, int]:
        depth = len(path.relative_to(folder).parts)
        titled = _TITLE.search(texts[path]) is not None
        return path.name in named, titled, path.with_suffix(".bbl").is_file(), -depth

    best = max(rank(path) for path in candidates)
    equals = sorted(
        (path for path in candidates if rank(path) == best), key=lambda path: (-len(texts[path]), path)
    )
    if (
        len(equals) > 1
        and len(texts[equals[1]]) > NEARLY_AS_LONG * len(texts[equals[0]])
        and texts[equals[0]] != texts[equals[1]]
    ):
        first, second = (path.relative_to(folder).as_posix() for path in equals[:2])
        raise PaperError(
            f"Both {first} and {second} could be the paper's main file; pass the right one itself."
        )
    return equals[0]


def _tex_files(folder: Path) -> list[Path]:
    root = folder.resolve()
    files: list[Path] = []
    for pattern in ("*.tex", "*.ltx"):
        for path in folder.rglob(pattern):
            hidden = any(part.startswith((".", "__MACOSX")) for part in path.relative_to(folder).parts)
            if not hidden and path.is_file() and path.resolve().is_relative_to(root):
                files.append(path)
            if len(files) > MOST_CANDIDATES:
                raise PaperError(
                    f"{folder} holds more than {MOST_CANDIDATES} .tex files; pass the paper's main one."
                )
    return sorted(files)


def _plain_text(path: Path) -> str:
    return strip_comments(decode(content_of(path)), Stash())


def _is_document(text: str) -> bool:
    return _CLASS.search(text) is not None and _DOCUMENT.search(text) is not None


def _is_taken_in(path: Path, texts: dict[Path, str]) -> bool:
    taken = re.compile(rf"\\(?:input|include|subfile)\s*\{{[^{{}}]*\b{re.escape(path.stem)}(?:\.tex)?\s*\}}")
    return any(taken.search(text) for other, text in texts.items() if other != path)


def _named_by_submission(folder: Path) -> set[str]:
    """The top-level files that arXiv's own note (`00README`) lists."""
    notes = [decode(content_of(note)) for note in folder.glob("00README*") if note.is_file()]
    return {Path(name).name for note in notes for pattern in _TOP_LEVEL for name in pattern.findall(note)}
