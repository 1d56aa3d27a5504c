"""Which reader a source goes to, and what is said of sources that no reader takes."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.errors import PaperError
from paper2code.papers import arxiv, forms, reader
from paper2code.papers.reader import read_paper
from tests.papers.sheets import pdf, two_column_paper


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Form and name of what `read_paper` hands on; nothing is read."""
    seen: list[tuple[str, str]] = []

    def reader_of(form: str) -> object:
        return lambda path: seen.append((form, path.name))

    monkeypatch.setattr(reader, "_reader_of", reader_of)
    return seen


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.tex", b"plain words", "latex"),
        ("a", b"% a comment\n\\documentclass{article}", "latex"),
        ("a.txt", b"\\section{One}", "latex"),
        ("a.gz", gzip.compress(b"\\documentclass{article}", mtime=0), "latex"),
        ("a.tar", b"name".ljust(257, b"\0") + b"ustar", "latex"),
        ("a.md", b"words", "markdown"),
        ("a.txt", b"words\n\n# One\n\nmore", "markdown"),
        ("a.html", b"<!DOCTYPE html><title>One</title>", "html"),
        ("a", b"\n <html lang='en'>", "html"),
        ("a.json", b'{"pdf_parse": {}}', "s2orc"),
        ("a.txt", b"nothing but words", "text"),
    ],
)
def test_the_content_tells_the_form(
    tmp_path: Path, sent: list[tuple[str, str]], name: str, content: bytes, form: str
) -> None:
    (tmp_path / name).write_bytes(content)
    read_paper(tmp_path / name)
    assert sent == [(form, name)]


def test_a_pdf_is_one_by_content(tmp_path: Path) -> None:
    (tmp_path / "paper.txt").write_bytes(pdf(two_column_paper()))
    paper = read_paper(str(tmp_path / "paper.txt"))
    assert (paper.source, paper.title) == ("pdf", "Small Steps for Large Networks")


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.pdf", b"", "a.pdf is empty"),
        ("a.pdf", b"<html><title>404  Not\nFound</title>", 'a.pdf is a web page titled "404 Not Found"'),
        ("a.pdf", b"not at all", "is not a PDF; it begins with 'not at all'"),
        ("a.docx", b"PK\x03\x04\0\0", "is a zip archive; unpack it and give its folder"),
        ("a.png", b"\x89PNG\r\n\0", "is a picture; run OCR"),
        ("a.bin", b"\0\1\2", "binary file of unknown form"),
        ("a.docx", b"PK\x03\x04\0[Content_Types].xml", "is an office document; save it as PDF"),
        ("a.epub", b"PK\x03\x04\0mimetypeapplication/epub+zip", "is an EPUB book; make HTML or Markdown"),
        ("a.rtf", b"{\\rtf1 words}", "is an office document; save it as PDF"),
        ("a.ps", b"%!PS-Adobe-2.0", "is PostScript; make a PDF"),
        ("a.tar.xz", b"\xfd7zXZ\0", "is an archive; unpack it"),
        ("a.tex", "\\section{S}".encode("utf-16"), "is text in UTF-16; save it as UTF-8"),
        ("a.tar.gz", b"words", "is no archive; it begins with 'words'"),
        ("a.json", b"{}", "is JSON of another tool than S2ORC; give the Markdown"),
        ("a.json", b'[{"type": "text"}]', "is JSON of another tool than S2ORC"),
        ("a.json", b"[" * 100_000, "looks like JSON and is none"),
        ("a.json", b"{", "looks like JSON and is none"),
    ],
)
def test_what_is_no_paper_is_told_so(tmp_path: Path, name: str, content: bytes, complaint: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PaperError, match=complaint) as raised:
        read_paper(tmp_path / name)
    assert "\n" not in str(raised.value)


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.pdf").open("wb") as file:
        file.truncate(forms.MAX_BYTES + (1 << 20))
    with pytest.raises(PaperError, match=r"a\.pdf has 301 MB; a paper may have 300 MB"):
        read_paper(tmp_path / "a.pdf")


def test_a_missing_file_and_a_foreign_address() -> None:
    with pytest.raises(PaperError, match=r"no paper at nowhere/a\.pdf"):
        read_paper("nowhere/a.pdf")
    with pytest.raises(PaperError, match="No paper is named"):
        read_paper(" ")
    with pytest.raises(PaperError, match="Only arXiv addresses are fetched; download"):
        read_paper("https://example.org/a.pdf")
    for address in ("file:///home/me/a.pdf", "file:/home/me/a.pdf", "ftp://x/y", "s3://x//y"):
        with pytest.raises(PaperError, match=f"arXiv addresses are read, and {address} is none"):
            read_paper(address)


def test_a_folder_is_read_as_the_paper_in_it(tmp_path: Path, sent: list[tuple[str, str]]) -> None:
    (tmp_path / "README.md").write_text("# Read me")
    (tmp_path / "a.md").write_text("# One")
    read_paper(tmp_path)
    (tmp_path / "a.md").rename(tmp_path / "main.tex")
    read_paper(tmp_path)
    assert sent == [("markdown", "a.md"), ("latex", tmp_path.name)]


def test_a_password_without_a_pdf_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# One\n\nWords of a paper.\n")
    (tmp_path / "b.pdf").write_bytes(pdf(two_column_paper()))
    unused = "password: not used, since only a PDF has one and the paper was read from markdown."
    assert unused in read_paper(tmp_path / "a.md", password="x").warnings
    assert unused not in read_paper(tmp_path / "a.md").warnings
    with_a_pdf = read_paper(tmp_path / "a.md", password="x", supplements=[tmp_path / "b.pdf"])
    assert unused not in with_a_pdf.warnings


@pytest.mark.parametrize(
    "source", ["1706.03762", "arXiv:1706.03762v2", "https://arxiv.org/html/1706.03762v7#S2", "hep-th/9901001"]
)
def test_what_names_a_paper_at_arxiv_is_fetched(
    tmp_path: Path, sent: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    (tmp_path / "kept.tex").write_text("\\section{One}")
    asked: list[str] = []
    monkeypatch.setattr(arxiv, "fetch", lambda name: asked.append(name) or tmp_path / "kept.tex")
    read_paper(source)
    assert (asked, sent) == ([source], [("latex", "kept.tex")])


@given(st.binary(max_size=300))
def test_any_bytes_are_sniffed_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.mktemp("sniff") / "a"
    file.write_bytes(content)
    try:
        form = forms.form_of(file)
    except PaperError as error:
        form = str(error)
    assert form in {"pdf", "latex", "markdown", "html", "s2orc", "text"} or form.startswith("a ")
    assert "\n" not in form
