"""Papers from arXiv: the LaTeX source if there is one, else the HTML, else the PDF; fetched once and kept.

arXiv asks programs for one request in three seconds and for their name (https://info.arxiv.org/help/robots.html).
The time of the last request is kept in the cache folder, so that all processes of a machine take turns.
"""

import gzip
import importlib.util
import io
import os
import re
import tarfile
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from paper2code._version import __version__
from paper2code.errors import PaperError
from paper2code.papers.download import LARGEST_BODY, Fetched, download

ADDRESS = "https://arxiv.org"
SECONDS_BETWEEN_REQUESTS = 3.0
USER_AGENT = f"paper2code/{__version__} (+https://github.com/paper2code/paper2code)"
HEAD = 1 << 20
SHORTEST_SOURCE = 4_000

Form = Literal["source", "html", "pdf"]

_PATHS: dict[Form, str] = {"source": "e-print", "html": "html", "pdf": "pdf"}
_ID = re.compile(
    r"(?:(?:https?://)?(?:[a-z0-9-]+\.)*arxiv\.org/(?:abs|pdf|html|e-print|src|format)/|arxiv:\s*)?"
    r"(?P<name>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?P<version>v\d{1,3})?(?:\.pdf|\.html)?/?(?:[?#].*)?",
    re.IGNORECASE,
)
_GZIP = b"\x1f\x8b"
_WITHDRAWN = re.compile(rb"%auto-ignore|\bwithdrawn\b", re.IGNORECASE)


@dataclass(frozen=True)
class ArxivId:
    """An identifier, new style (`1706.03762`) or old (`hep-th/9901001`), with a version or the latest."""

    name: str
    version: str = ""

    @classmethod
    def parse(cls, text: str) -> "ArxivId | None":
        """The identifier in an id, an `arXiv:` name or an address at arXiv; None if the text is none of them.

        >>> str(ArxivId.parse("https://arxiv.org/pdf/1706.03762v5"))
        '1706.03762v5'
        """
        match = _ID.fullmatch(text.strip())
        return cls(match["name"], (match["version"] or "").lower()) if match else None

    def __str__(self) -> str:
        return self.name + self.version


def fetch(
    identifier: str,
    *,
    cache: Path | None = None,
    address: str = ADDRESS,
    pause: float = SECONDS_BETWEEN_REQUESTS,
    timeout: float = 120.0,
) -> Path:
    """Download a paper, or find it in the cache, and return its file.

    Without a version the latest is fetched, once; name a version to be sure of it.

    Args:
        identifier: an id or an address at arXiv.
        cache: where downloads are kept; by default `$PAPER2CODE_CACHE`, else the user's cache folder.
        address: the server, for mirrors and tests.
        pause: seconds between two requests of this machine.
        timeout: seconds that one download may take.

    Raises:
        PaperError: no such paper, it is withdrawn, or arXiv cannot be reached or refuses.
    """
    paper = ArxivId.parse(identifier)
    if paper is None:
        raise PaperError(f"{identifier!r} is no arXiv id; write 1706.03762, 1706.03762v5 or hep-th/9901001.")
    folder = (cache or cache_folder()) / "arxiv"
    if kept := _kept(folder, paper):
        return kept
    answers: list[str] = []
    for form in _forms():
        fetched = download(
            f"{address.rstrip('/')}/{_PATHS[form]}/{paper}",
            user_agent=USER_AGENT,
            stamp=folder / "last-request",
            pause=pause,
            timeout=timeout,
        )
        if fetched.status == 200 and (suffix := _suffix(fetched, form, paper)):
            return _keep(folder, paper, suffix, fetched.body)
        answers.append(f"{form}: {_answer(fetched, form)}")
    raise PaperError(
        f"arXiv has no readable form of {paper} ({'; '.join(answers)}); check the id: it may be withdrawn."
    )


def cache_folder() -> Path:
    """Where downloads are kept."""
    if set_by_user := os.environ.get("PAPER2CODE_CACHE"):
        return Path(set_by_user)
    import platformdirs  # noqa: PLC0415 - needed only where the user chose no folder

    return platformdirs.user_cache_path("paper2code")


def _forms() -> list[Form]:
    """The forms to ask for, best first; HTML only if it could be read."""
    has_html = all(importlib.util.find_spec(package) for package in ("bs4", "lxml"))
    return ["source", "html", "pdf"] if has_html else ["source", "pdf"]


def _suffix(fetched: Fetched, form: Form, paper: ArxivId) -> str:
    """The suffix that fits what was sent, told by its content; empty if it is not what was asked for.

    Raises:
        PaperError: the authors withdrew the paper.
    """
    head = _unzipped(fetched.body, HEAD)
    if b"%PDF-" in head[:1024]:
        return ".pdf" if form != "html" else ""
    if form == "pdf":
        return ""
    if form == "html":
        return ".html" if b"ltx_document" in head or b"<article" in head else ""
    if len(head) < SHORTEST_SOURCE and _WITHDRAWN.search(head):
        raise PaperError(f"arXiv:{paper} was withdrawn; name an earlier version, such as {paper.name}v1.")
    if _is_page(head):
        return ""
    if head[257:262] == b"ustar" and _has_source(fetched.body):
        return ".tar.gz" if fetched.body.startswith(_GZIP) else ".tar"
    is_text = b"\0" not in head and b"\\" in head
    return ".tex" if is_text else ""


def _has_source(archive: bytes) -> bool:
    """Whether an archive holds LaTeX or a PDF: some authors sent Word or HTML. A damaged one may."""
    try:
        with tarfile.open(fileobj=io.BytesIO(_unzipped(archive, LARGEST_BODY))) as tar:
            return any(name.lower().endswith((".tex", ".ltx", ".pdf")) for name in tar.getnames())
    except tarfile.TarError:
        return True


def _answer(fetched: Fetched, form: Form) -> str:
    if fetched.status != 200:
        return f"status {fetched.status}"
    head = _unzipped(fetched.body, HEAD)
    if _is_page(head):
        title = re.search(rb"<title[^>]*>(.*?)</title>", head, re.IGNORECASE | re.DOTALL)
        named = " ".join(title[1].decode("utf-8", "replace").split())[:60] if title else ""
        return f"a web page {named!r}" if form != "html" else f"a page without the paper, {named!r}"
    return "something else"


def _is_page(body: bytes) -> bool:
    return re.match(rb"\s*<(?:!doctype html|html)", body[:200], re.IGNORECASE) is not None


def _unzipped(body: bytes, most: int) -> bytes:
    """The start of a body, out of the gzip it may have come in; empty if that is damaged."""
    if not body.startswith(_GZIP):
        return body[:most]
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(body)).read(most)
    except (OSError, EOFError, zlib.error):
        return b""


def _kept(folder: Path, paper: ArxivId) -> Path | None:
    found = sorted(folder.glob(f"{_file_name(paper)}.*"))
    return next((path for path in found if path.suffix != ".part"), None)


def _keep(folder: Path, paper: ArxivId, suffix: str, body: bytes) -> Path:
    """Write a download whole or not at all."""
    target = folder / f"{_file_name(paper)}{suffix}"
    partial = folder / f"{_file_name(paper)}.{os.getpid()}-{time.monotonic_ns()}.part"
    try:
        partial.write_bytes(body if suffix == ".tar.gz" else _unzipped(body, LARGEST_BODY))
        partial.replace(target)
    except OSError as error:
        reason = error.strerror or error
        raise PaperError(f"{folder} cannot be written ({reason}); set PAPER2CODE_CACHE.") from error
    return target


def _file_name(paper: ArxivId) -> str:
    return str(paper).replace("/", "_")
