"""Files of text as papers come in them."""

import re
from pathlib import Path

from paper2code.errors import PaperError

LARGEST_FILE = 20_000_000

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def content_of(path: Path) -> bytes:
    """A file's bytes, as long as a paper may have so many.

    Raises:
        PaperError: the file is missing, unreadable, or larger than 20 MB.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise PaperError(
                f"{path.name} is larger than 20 MB, which no paper's text is; pass the paper's PDF instead."
            )
        return path.read_bytes()
    except OSError as error:
        raise PaperError(f"{path} cannot be read: {error.strerror or error}.") from error


def decode(content: bytes) -> str:
    """Text out of bytes: UTF-8 or, in older papers, Latin-1, which fits any bytes.

    Line ends come out plain and control characters go, so that readers may use those as marks.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return _CONTROL_CHARACTERS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))


def text_of(path: Path) -> tuple[str, bytes]:
    """A text file's text, and its bytes for the digest.

    Raises:
        PaperError: the file cannot be read, is binary, or holds nothing.
    """
    content = content_of(path)
    if content.startswith((b"%PDF-", b"\x1f\x8b", b"PK\x03\x04")) or b"\x00" in content[:4096]:
        raise PaperError(
            f"{path.name} is not text; name it by what it is (.pdf, .tar.gz) or pass the paper's PDF."
        )
    text = decode(content)
    if not text.strip():
        raise PaperError(f"{path.name} is empty; pass a file that holds the paper.")
    return text, content
