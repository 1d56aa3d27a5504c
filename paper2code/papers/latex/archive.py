"""Open a LaTeX source in whatever wrapping it comes.

arXiv serves a gzipped tar, a bare gzipped `.tex`, or, where the authors sent no source, a PDF in either.
What an archive holds is untrusted: only text and PDF files are unpacked, into a folder of our own, within
limits on their number and size; one with links, devices or names that lead out of the folder is refused
whole.
"""

import gzip
import tarfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from paper2code.errors import PaperError
from paper2code.throwaway import throwaway_folder

MOST_MEMBERS = 2_000
LARGEST_MEMBER = 20_000_000
LARGEST_ARCHIVE = 200_000_000

_UNPACKED = frozenset([".tex", ".ltx", ".sty", ".bbl", ".txt", ".pdf", ".md", ".py", ""])
_CHUNK = 1 << 20


@contextmanager
def unpacked(source: Path, *, also: Collection[str] = ()) -> Iterator[Path]:
    """The folder, the `.tex` file or the PDF that a source comes down to; gone again after the block.

    Args:
        source: A file or folder.
        also: Endings of files to unpack beside those that hold text, unless they are too large.

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
    with throwaway_folder() as root:
        plain = _decompressed(source, root / "archive") if head.startswith(b"\x1f\x8b") else source
        content = _head(plain)
        if content[257:262] == b"ustar" or tarfile.is_tarfile(plain):
            inside = root / "source"
            _extract(plain, inside, source.name, also)
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


def _extract(archive: Path, target: Path, name: str, also: Collection[str]) -> None:
    target.mkdir()
    try:
        with tarfile.open(archive, "r:") as tar:
            wanted = [
                member
                for member in _checked(tar, target, name)
                if (ending := Path(member.name).suffix.lower()) in _UNPACKED
                or (ending in also and member.size <= LARGEST_MEMBER)
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
