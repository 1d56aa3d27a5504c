"""The child process: every file ends soon, with a paper or with one clear line."""

import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from paper2code.errors import PaperError
from paper2code.papers import pdf as reader
from tests.papers.sheets import pdf, two_column_paper

PAGE = b"BT /F1 12 Tf 72 700 Td (Hello world) Tj ET\n"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
RESOURCES = b"<</Font<</F1 5 0 R>>>>"


def raw(objects: dict[int, bytes]) -> bytes:
    """A PDF of these objects, with a table that finds them."""
    data, places = b"%PDF-1.5\n", {}
    for number, content in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    count, start = max(objects) + 1, len(data)
    rows = b"".join(b"%010d 00000 n \n" % places.get(number, 0) for number in range(1, count))
    data += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, rows)
    return data + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, start)


def stream(content: bytes, extra: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>\nstream\n%s\nendstream" % (len(packed), extra, packed)


def page(resources: bytes = RESOURCES) -> bytes:
    return b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources%s>>" % resources


def document(content: bytes, *, kids: bytes = b"3 0 R", count: int = 1, **more: bytes) -> bytes:
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: tree,
        3: page(more.get("resources", RESOURCES)),
        4: content,
    }
    return raw({**objects, 5: FONT, **({6: more["form"]} if "form" in more else {})})


def bomb(mebibytes: int) -> bytes:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(mebibytes)) + packer.flush()
    return b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(packed), packed)


WITH_FORM = b"<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>"
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources" + WITH_FORM
MALFORMED = {
    "not a PDF": (b"%PDF-1.5 and no more", "damaged or cut short"),
    "no pages": (document(stream(PAGE), kids=b"", count=0), "no pages"),
    "a page tree in a circle": (document(stream(PAGE), kids=b"3 0 R 2 0 R", count=2), "damaged or cut short"),
    "two billion pages": (document(stream(PAGE), count=2_000_000_000), "next to no text"),
    "a bomb": (document(bomb(200)), "unpacks to more"),
    "many small bombs": (document(bomb(70), kids=b"3 0 R " * 40, count=40), "unpacks to more"),
    "half a million operators": (document(stream(PAGE * 150_000)), "unpacks to more"),
    "brackets without end": (document(stream(b"[" * 200_000 + PAGE)), "cannot be read"),
    "a form that draws itself": (
        document(stream(PAGE + b"/X Do"), resources=WITH_FORM, form=stream(PAGE + b"/X Do", FORM)),
        "next to no text",
    ),
    "an outline in a circle": (
        raw({1: b"<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
             3: page(), 4: stream(PAGE), 5: FONT, 6: b"<</First 6 0 R/Last 6 0 R/Next 6 0 R/Count 2>>"}),
        "next to no text",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", MALFORMED)
def test_a_malformed_file_ends_with_one_clear_line(tmp_path: Path, fault: str) -> None:
    data, reason = MALFORMED[fault]
    file = tmp_path / "paper.pdf"
    file.write_bytes(data)
    with pytest.raises(PaperError, match=reason) as raised:
        reader.read(file)
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith("paper.pdf: ")


def test_too_many_pages_are_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "book.pdf"
    file.write_bytes(pdf(two_column_paper() * 151))
    with pytest.raises(PaperError, match="302 pages; at most 300"):
        reader.read(file)


def test_an_encrypted_paper_needs_its_password(tmp_path: Path) -> None:
    file = tmp_path / "locked.pdf"
    file.write_bytes(pdf(two_column_paper(), password="open sesame"))
    with pytest.raises(PaperError, match=r"give its password: --password, or read_paper\(path, password="):
        reader.read(file)
    with pytest.raises(PaperError, match="the password does not open it"):
        reader.read(file, password="guess")
    assert reader.read(file, password="open sesame").title == "Small Steps for Large Networks"


def test_a_file_cut_short_is_mended_or_refused(tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    data = pdf(two_column_paper())
    file = tmp_path / "short.pdf"
    file.write_bytes(data[: data.rindex(b"xref")])
    assert [section.title for section in reader.read(file).sections][:2] == ["Introduction", "Method"]
    file.write_bytes(data[: len(data) // 3])
    with pytest.raises(PaperError, match=r"short\.pdf: "):
        reader.read(file)


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    file = tmp_path / "slow.pdf"
    file.write_bytes(pdf(two_column_paper()))
    with pytest.raises(PaperError, match=r"Reading slow\.pdf took over 0 seconds; give its LaTeX source"):
        reader.read(file, timeout=0.01)


def test_threads_may_read_at_once_and_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('a module of the working folder was imported')")
    (tmp_path / "paper.pdf").write_bytes(pdf(two_column_paper()))
    monkeypatch.chdir(tmp_path)
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(reader.read, [Path("paper.pdf")] * 2)
    assert first == second


def test_what_the_library_logs_becomes_a_warning(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(b"\n\n" + pdf(two_column_paper()))
    assert any(warning.startswith("pypdf: ") for warning in reader.read(file).warnings)
    assert capfd.readouterr() == ("", "")
