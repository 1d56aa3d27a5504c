"""One polite download: our name, a pause between requests, limits on time and size, one site only."""

import email.utils
import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from paper2code.errors import PaperError

LARGEST_BODY = 200_000_000
LONGEST_WAIT = 60.0
RETRIES = 2

_CHUNK = 1 << 16
_OTHERWISE = "check the network and try again, or download the paper and pass its path"


@dataclass(frozen=True)
class Fetched:
    """A server's answer."""

    status: int
    body: bytes


def download(url: str, *, user_agent: str, stamp: Path, pause: float, timeout: float) -> Fetched:
    """Fetch an address. A busy server (429, 503) is asked again after the time it names, twice at most.

    Args:
        url: what to fetch.
        user_agent: who asks.
        stamp: a file whose time is that of the last request; it is shared by all processes.
        pause: seconds between two requests.
        timeout: seconds that the whole answer may take.

    Raises:
        PaperError: the server cannot be reached, stays busy, forbids, fails, or sends too much or too slowly.
    """
    host = urllib.parse.urlsplit(url).hostname or url
    opener = urllib.request.build_opener(_SameSite(host))
    request = urllib.request.Request(url, headers={"User-Agent": user_agent})  # noqa: S310 - made by our callers
    for attempt in range(RETRIES + 1):
        wait = 0.0
        with _Turn(stamp, pause):
            try:
                with opener.open(request, timeout=min(30.0, timeout)) as answer:
                    return Fetched(answer.status, _body(answer, host, timeout))
            except urllib.error.HTTPError as error:
                with error:
                    wait = _wait(error, host, is_last=attempt == RETRIES)
                    if not wait:
                        return Fetched(error.code, b"")
            except (OSError, http.client.HTTPException) as error:
                reason = getattr(error, "reason", None) or str(error) or type(error).__name__
                raise PaperError(f"{host} cannot be reached ({reason}); {_OTHERWISE}.") from error
        time.sleep(wait)
    raise AssertionError("the last attempt returns or raises")


def _wait(error: urllib.error.HTTPError, host: str, *, is_last: bool) -> float:
    """How long a busy server wants to be left alone; 0 for an answer that stands.

    Raises:
        PaperError: it refuses, fails, or wants more patience than we have.
    """
    if error.code in {404, 410}:
        return 0.0
    if error.code in {429, 503}:
        wait = _retry_after(error)
        if is_last or wait > LONGEST_WAIT:
            raise PaperError(f"{host} is busy (status {error.code}, wait {wait:.0f} s); try again later.")
        return max(wait, 0.001)
    raise PaperError(f"{host} refuses {error.url} (status {error.code}); {_OTHERWISE}.")


def _retry_after(error: urllib.error.HTTPError) -> float:
    """The header's seconds, or the seconds to the date in it; 10 where it says neither."""
    value = (error.headers.get("Retry-After") or "").strip()
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return 10.0


def _body(answer: http.client.HTTPResponse, host: str, timeout: float) -> bytes:
    deadline = time.monotonic() + timeout
    chunks: list[bytes] = []
    size = 0
    while chunk := answer.read1(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > LARGEST_BODY:
            raise PaperError(f"{host} sends more than 200 MB, which no paper has; {_OTHERWISE}.")
        if time.monotonic() > deadline:
            raise PaperError(f"{host} took longer than {timeout:.0f} s; {_OTHERWISE}.")
    expected = answer.headers.get("Content-Length")
    if expected and expected.isdecimal() and size < int(expected):
        raise PaperError(f"{host} broke off after {size} of {expected} bytes; try again.")
    return b"".join(chunks)


class _SameSite(urllib.request.HTTPRedirectHandler):
    """Follows redirects within a site: to the host itself, or another name under its domain."""

    def __init__(self, host: str) -> None:
        is_address = host.replace(".", "").isdecimal() or ":" in host
        self.site = host if is_address else ".".join(host.split(".")[-2:])

    def redirect_request(  # noqa: PLR0917 - urllib calls it so
        self,
        req: urllib.request.Request,
        fp: object,
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """The next request; an address outside the site is refused."""
        parts = urllib.parse.urlsplit(newurl)
        host = parts.hostname or ""
        is_weaker = parts.scheme not in {"https", req.type}
        if is_weaker or not (host == self.site or host.endswith(f".{self.site}")):
            raise PaperError(f"{self.site} sends us on to {host}, which is no part of it; {_OTHERWISE}.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


class _Turn:
    """Waits until `pause` seconds have passed since any process's last request, and notes the new one."""

    def __init__(self, stamp: Path, pause: float) -> None:
        self.stamp, self.pause = stamp, pause

    def __enter__(self) -> None:
        try:
            self.stamp.parent.mkdir(parents=True, exist_ok=True)
            self.lock = FileLock(f"{self.stamp}.lock")
            self.lock.acquire()
        except OSError as error:
            raise PaperError(f"{self.stamp.parent} cannot be written; set PAPER2CODE_CACHE.") from error
        if self.stamp.exists():
            since = time.time() - self.stamp.stat().st_mtime
            time.sleep(max(0.0, min(self.pause, self.pause - since)))

    def __exit__(self, *_: object) -> None:
        self.stamp.touch()
        self.lock.release()
