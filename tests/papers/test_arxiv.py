"""arXiv, played by a server on this machine: what it sends, and how it sends it."""

import gzip
import io
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from paper2code.errors import PaperError
from paper2code.papers import arxiv, latex
from paper2code.papers.arxiv import ArxivId, fetch

TEX = b"\\documentclass{article}\\title{T}\\begin{document}\\section{S} Text.\\end{document}"
PDF = b"%PDF-1.5\n%%EOF\n"
PAGE = b"<!DOCTYPE html><html><head><title>No paper here</title></head><body></body></html>"
HTML = b'<!DOCTYPE html><html><article class="ltx_document"><h1>T</h1></article></html>'

Answer = Callable[[BaseHTTPRequestHandler], None]


def send(
    body: bytes = b"", status: int = 200, headers: dict[str, str] | None = None, *, length: int | None = None
) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {
            "Content-Length": str(len(body) if length is None else length),
            **(headers or {}),
        }.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then, without an end."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def tar_gz(name: str = "main.tex") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(TEX)
        archive.addfile(member, io.BytesIO(TEX))
    return stream.getvalue()


class Server:
    """Answers each path with the answers given for it, the last of them again and again; 404 for the rest."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.times: list[float] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                outer.agents.add(self.headers["User-Agent"])
                outer.times.append(time.monotonic())
                answers = outer.answers.get(self.path, [send(PAGE, 404)])
                try:
                    (answers.pop(0) if len(answers) > 1 else answers[0])(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *args: object) -> None:
                """Keep quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.http.server_port}"

    def on(self, path: str, *answers: Answer) -> None:
        self.answers[path] = list(answers)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.http.shutdown()
    server.http.server_close()
    thread.join()


@pytest.fixture
def get(server: Server, tmp_path: Path) -> Callable[..., Path]:
    def get(identifier: str = "1706.03762", **more: float) -> Path:
        return fetch(
            identifier, cache=tmp_path, address=server.address, **{"pause": 0.0, "timeout": 5.0, **more}
        )

    return get


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1706.03762", "1706.03762"),
        (" arXiv:1706.03762v5 ", "1706.03762v5"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("math.GT/0309136v2", "math.GT/0309136v2"),
        ("https://arxiv.org/abs/1706.03762v1", "1706.03762v1"),
        ("http://www.arxiv.org/pdf/1706.03762.pdf", "1706.03762"),
        ("https://arxiv.org/html/2401.01967v1#S2", "2401.01967v1"),
        ("export.arxiv.org/e-print/hep-th/9901001", "hep-th/9901001"),
        ("https://ar5iv.org/abs/1706.03762", None),
        ("https://evil.org/arxiv.org/abs/1706.03762", None),
        ("1706.037", None),
        ("paper.pdf", None),
        ("", None),
    ],
)
def test_identifiers(text: str, found: str | None) -> None:
    parsed = ArxivId.parse(text)
    assert (None if parsed is None else str(parsed)) == found


def test_what_is_no_id_is_named(get: Callable[..., Path]) -> None:
    with pytest.raises(PaperError, match="no arXiv id"):
        get("paper.pdf")


def test_the_source_is_preferred_and_kept(server: Server, get: Callable[..., Path]) -> None:
    server.on("/e-print/1706.03762", send(tar_gz(), headers={"Content-Type": "application/gzip"}))
    path = get()
    assert path.name == "1706.03762.tar.gz"
    assert latex.read(path).title == "T"
    assert get() == path
    assert server.asked == ["/e-print/1706.03762"]
    assert all(agent.startswith("paper2code/") for agent in server.agents)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (gzip.compress(TEX, mtime=0), "1706.03762.tex"),
        (gzip.compress(PDF, mtime=0), "1706.03762.pdf"),
        (PDF, "1706.03762.pdf"),
    ],
    ids=["a gzipped .tex", "a gzipped PDF", "a PDF"],
)
def test_other_sources(server: Server, get: Callable[..., Path], body: bytes, name: str) -> None:
    server.on("/e-print/1706.03762", send(body, headers={"Content-Encoding": "x-gzip"}))
    assert get().name == name


def test_old_ids_and_versions_have_files_of_their_own(server: Server, get: Callable[..., Path]) -> None:
    server.on("/e-print/hep-th/9901001v2", send(gzip.compress(TEX)))
    assert get("hep-th/9901001v2").name == "hep-th_9901001v2.tex"
    server.on("/e-print/hep-th/9901001", send(gzip.compress(TEX)))
    assert get("hep-th/9901001").name == "hep-th_9901001.tex"


def test_html_and_pdf_follow_where_there_is_no_source(server: Server, get: Callable[..., Path]) -> None:
    server.on("/html/1706.03762", send(gzip.compress(HTML), headers={"Content-Encoding": "gzip"}))
    path = get()
    assert (path.name, path.read_bytes()) == ("1706.03762.html", HTML)
    server.on("/html/1706.03763", send(PAGE))
    server.on("/pdf/1706.03763", send(PDF))
    assert get("1706.03763").name == "1706.03763.pdf"
    assert server.asked[-3:] == ["/e-print/1706.03763", "/html/1706.03763", "/pdf/1706.03763"]


def test_an_archive_without_latex_is_no_source(server: Server, get: Callable[..., Path]) -> None:
    server.on("/e-print/1706.03762", send(tar_gz("paper.docx")))
    server.on("/pdf/1706.03762", send(PDF))
    assert get().name == "1706.03762.pdf"


def test_without_the_packages_for_html_it_is_not_asked_for(
    server: Server, get: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    server.on("/pdf/1706.03762", send(PDF))
    get()
    assert "/html/1706.03762" not in server.asked


def test_a_page_in_place_of_the_pdf_is_named(
    server: Server, get: Callable[..., Path], tmp_path: Path
) -> None:
    for form in ("e-print", "html", "pdf"):
        server.on(f"/{form}/1706.03762", send(PAGE))
    with pytest.raises(PaperError, match="pdf: a web page 'No paper here'"):
        get()
    assert not list((tmp_path / "arxiv").glob("1706*"))


def test_an_unknown_paper(get: Callable[..., Path]) -> None:
    with pytest.raises(PaperError, match=r"no readable form of 1706\.03762"):
        get()


def test_a_withdrawn_paper(server: Server, get: Callable[..., Path]) -> None:
    server.on("/e-print/1706.03762", send(gzip.compress(b"%auto-ignore\nThis paper has been withdrawn.")))
    with pytest.raises(PaperError, match=r"withdrawn; name an earlier version, such as 1706\.03762v1"):
        get()


def test_redirects_within_the_site_are_followed(server: Server, get: Callable[..., Path]) -> None:
    server.on("/e-print/1706.03762", send(status=301, headers={"Location": "/src/1706.03762v7"}))
    server.on("/src/1706.03762v7", send(gzip.compress(TEX)))
    assert get().name == "1706.03762.tex"


@pytest.mark.parametrize("target", ["http://localhost:1/x", "ftp://127.0.0.1/x", "file:///etc/passwd"])
def test_redirects_elsewhere_are_refused(server: Server, get: Callable[..., Path], target: str) -> None:
    server.on("/e-print/1706.03762", send(status=302, headers={"Location": target}))
    with pytest.raises(PaperError, match=r"sends us on to|refuses"):
        get()


def test_redirects_in_a_ring_end(server: Server, get: Callable[..., Path]) -> None:
    server.on("/e-print/1706.03762", send(status=302, headers={"Location": "/e-print/1706.03762"}))
    with pytest.raises(PaperError):
        get()


def test_a_refusal_is_named(server: Server, get: Callable[..., Path]) -> None:
    server.on("/e-print/1706.03762", send(status=403))
    with pytest.raises(PaperError, match="status 403"):
        get()


def test_a_busy_server_is_asked_again_after_its_time(server: Server, get: Callable[..., Path]) -> None:
    server.on("/e-print/1706.03762", send(status=429, headers={"Retry-After": "0"}), send(gzip.compress(TEX)))
    assert get().name == "1706.03762.tex"
    assert len(server.asked) == 2


@pytest.mark.parametrize("wait", ["0", "3600", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_a_server_that_stays_busy_is_left_alone(server: Server, get: Callable[..., Path], wait: str) -> None:
    server.on("/e-print/1706.03762", send(status=429, headers={"Retry-After": wait}))
    with pytest.raises(PaperError, match="busy"):
        get()
    assert len(server.asked) == (3 if wait == "0" else 1)


def test_slow_answers_are_cut_off(server: Server, get: Callable[..., Path]) -> None:
    server.on("/e-print/1706.03762", drip)
    start = time.monotonic()
    with pytest.raises(PaperError, match="took longer"):
        get(timeout=0.3)
    assert time.monotonic() - start < 30


def test_an_answer_that_breaks_off_is_not_kept(
    server: Server, get: Callable[..., Path], tmp_path: Path
) -> None:
    server.on("/e-print/1706.03762", send(PDF, length=9_999))
    with pytest.raises(PaperError, match=r"broke off|cannot be reached"):
        get()
    assert not list((tmp_path / "arxiv").glob("1706*"))


def test_a_server_out_of_reach(tmp_path: Path) -> None:
    with pytest.raises(PaperError, match=r"127\.0\.0\.1 cannot be reached"):
        fetch("1706.03762", cache=tmp_path, address="http://127.0.0.1:9", pause=0.0)


def test_requests_keep_their_distance(server: Server, get: Callable[..., Path]) -> None:
    server.on("/pdf/1706.03762", send(PDF))
    get(pause=0.2)
    assert all(
        later - earlier >= 0.18 for earlier, later in zip(server.times, server.times[1:], strict=False)
    )


def test_the_cache_folder_is_chosen_when_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPER2CODE_CACHE", str(tmp_path / "there"))
    assert arxiv.cache_folder() == tmp_path / "there"
    monkeypatch.delenv("PAPER2CODE_CACHE")
    assert arxiv.cache_folder().name == "paper2code"


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path, server: Server) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PaperError, match="PAPER2CODE_CACHE"):
        fetch("1706.03762", cache=tmp_path / "file", address=server.address, pause=0.0)
