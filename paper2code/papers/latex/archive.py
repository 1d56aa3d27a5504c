"""Open a LaTeX source in whatever wrapping it comes, and find its main file.

arXiv serves a gzipped tar, a bare gzipped `.tex`, or, where the authors sent no source, a PDF in either.
What an archive holds is untrusted: only text and PDF files are unpacked, into a folder of our own, within
limits on their number and size; one with links, devices or names that lead out of the folder is refused
whole.
"""

import gzip
import re
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from paper2code.errors import PaperError
from paper2code.papers.files import content_of, decode
from paper2code.papers.latex.flatten import strip_comments
from paper2code.papers.latex.stash import Stash

MOST_MEMBERS = 2_000
LARGEST_MEMBER = 20_000_000
LARGEST_ARCHIVE = 200_000_000
MOST_CANDIDATES = 500

_UNPACKED = frozenset([".tex", ".ltx", ".bbl", ".txt", ".pdf", ".md", ""])
_CHUNK = 1 << 20


@contextmanager
def unpacked(source: Path) -> Iterator[Path]:
    """The folder, the `.tex` file or the PDF that a source comes down to; gone again after the block.

    Raises:
        PaperError: The source is damaged, too large, unsafe, or of no such kind.
    """
    if source.is_dir():
        yield source
        return
    head = _head(source)
    if not head.startswith(b"\x1f\x8b") and head[257:262] != b"ustar":
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="paper2code-") as folder:
        root = Path(folder)
        plain = _decompressed(source, root / "archive") if head.startswith(b"\x1f\x8b") else source
        content = _head(plain)
        if content[257:262] == b"ustar" or tarfile.is_tarfile(plain):
            inside = root / "source"
            _extract(plain, inside, source.name)
            pdfs = sorted(inside.rglob("*.pdf"))
            has_source = any(inside.rglob("*.tex")) or any(inside.rglob("*.ltx"))
            yield pdfs[0] if len(pdfs) == 1 and not has_source else inside
        else:
            name = source.name.removesuffix(".gz").removesuffix(".tex")
            named = plain.with_name(name + (".pdf" if is_pdf(content) else ".tex"))
            yield plain.rename(named)


def is_pdf(head: bytes) -> bool:
    """Whether bytes begin as a PDF does."""
    return b"%PDF-" in head[:1024]


def find_main(folder: Path) -> Path:
    r"""The file that a paper is typeset from.

    It has `\documentclass` and `\begin{document}` and no other file takes it in. Of several, the one that the
    submission itself names, then one with a title, with its own `.bbl`, nearer to the top; then the longest.

    Raises:
        PaperError: There is none, or two are equally good.
    """
    texts = {path: _plain_text(path) for path in _tex_files(folder)}
    candidates = [
        path for path, text in texts.items() if _is_document(text) and not _is_taken_in(path, texts)
    ]
    if not candidates and len(texts) == 1:
        return next(iter(texts))
    if not candidates:
        raise PaperError(
            f"No file in {folder.name} has \\documentclass and \\begin{{document}}; "
            "pass the main .tex file itself."
        )
    named = _named_by_submission(folder)

    def rank(path: Path) -> tuple[bool, bool, bool, int]:
        depth = len(path.relative_to(folder).parts)
        titled = re.search(r"\\(?:icml|paper)?title\b", texts[path], re.IGNORECASE) is not None
        return path.name in named, titled, path.with_suffix(".bbl").is_file(), -depth

    best = max(rank(path) for path in candidates)
    equals = sorted(
        (path for path in candidates if rank(path) == best), key=lambda path: (-len(texts[path]), path)
    )
    if (
        len(equals) > 1
        and len(texts[equals[1]]) > 0.8 * len(texts[equals[0]])
        and texts[equals[0]] != texts[equals[1]]
    ):
        first, second = (path.relative_to(folder).as_posix() for path in equals[:2])
        raise PaperError(
            f"Both {first} and {second} could be the paper's main file; pass the right one itself."
        )
    return equals[0]


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(1024)
    except OSError as error:
        raise PaperError(f"{path} cannot be read: {error.strerror or error}.") from error


def _decompressed(source: Path, target: Path) -> Path:
    size = 0
    try:
        with gzip.open(source) as packed, target.open("wb") as plain:
            while chunk := packed.read(_CHUNK):
                size += len(chunk)
                if size > LARGEST_ARCHIVE:
                    raise PaperError(
                        f"{source.name} unpacks to more than 200 MB; unpack it and pass its folder."
                    )
                plain.write(chunk)
    except (OSError, EOFError, zlib.error) as error:
        raise PaperError(f"{source.name} is damaged ({error}); download it again.") from error
    return target


def _extract(archive: Path, target: Path, name: str) -> None:
    target.mkdir()
    try:
        with tarfile.open(archive, "r:") as tar:
            wanted = [
                member
                for member in _checked(tar, target, name)
                if Path(member.name).suffix.lower() in _UNPACKED
            ]
            for member in wanted:
                tar.extract(member, target, filter="data")
    except (tarfile.TarError, EOFError) as error:
        raise PaperError(
            f"{name} is damaged or unsafe ({error}); download it again, or unpack it and pass its folder."
        ) from error
    except OSError as error:
        raise PaperError(f"{name} cannot be unpacked: {error.strerror or error}.") from error


def _checked(tar: tarfile.TarFile, target: Path, name: str) -> Iterator[tarfile.TarInfo]:
    """The regular files of an archive.

    Raises:
        PaperError: It holds what no paper's source has.
    """
    for count, member in enumerate(tar, start=1):
        if count > MOST_MEMBERS:
            raise PaperError(f"{name} holds more than {MOST_MEMBERS:,} files; unpack it and pass its folder.")
        if not (member.isreg() or member.isdir()):
            raise PaperError(
                f"{name} holds {member.name!r}, which is a link or a device; unpack it and pass its folder."
            )
        try:
            tarfile.data_filter(member, str(target))
        except tarfile.FilterError as error:
            raise PaperError(
                f"{name} holds {member.name!r}, which leads out of its folder; it is not opened."
            ) from error
        if member.isreg():
            if Path(member.name).suffix.lower() in _UNPACKED and member.size > LARGEST_MEMBER:
                raise PaperError(
                    f"{name} holds {member.name!r} of more than 20 MB; unpack it and pass its folder."
                )
            yield member


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
    return re.search(r"\\document(?:class|style)\b(?!.*\{(?:subfiles|standalone)\})", text) is not None and (
        re.search(r"\\begin\s*\{document\}", text) is not None
    )


def _is_taken_in(path: Path, texts: dict[Path, str]) -> bool:
    taken = re.compile(rf"\\(?:input|include|subfile)\s*\{{[^{{}}]*\b{re.escape(path.stem)}(?:\.tex)?\s*\}}")
    return any(taken.search(text) for other, text in texts.items() if other != path)


def _named_by_submission(folder: Path) -> set[str]:
    """The top-level files that arXiv's own note (`00README`) lists."""
    names: set[str] = set()
    for note in folder.glob("00README*"):
        if note.is_file():
            text = decode(content_of(note))
            names.update(re.findall(r"^(\S+\.tex)\s+toplevelfile", text, re.MULTILINE))
            names.update(
                re.findall(r'"?filename"?\s*:\s*"?([^"\s]+\.tex)"?\s*,?\s*"?usage"?\s*:\s*"?toplevel', text)
            )
    return {Path(name).name for name in names}
