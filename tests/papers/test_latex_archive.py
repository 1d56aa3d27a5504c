"""The wrappings LaTeX sources come in, and what is refused."""

import gzip
import io
import os
import sys
import tarfile
import types
from pathlib import Path

import pytest

from paper2code.errors import PaperError
from paper2code.papers import latex
from paper2code.papers.model import Paper

MAIN = "\\documentclass{article}\n\\title{T}\n\\begin{document}\n\\section{S} Some text.\n\\end{document}\n"
PDF = b"%PDF-1.5\n%%EOF\n"


def tar(path: Path, files: dict[str, bytes], *, mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def special(path: Path, member: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        main = tarfile.TarInfo("main.tex")
        main.size = len(MAIN)
        archive.addfile(main, io.BytesIO(MAIN.encode()))
        archive.addfile(member)
    return path


@pytest.fixture
def read_pdfs(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Stand in for the PDF reader; what it is given is noted."""
    given: list[bytes] = []

    def read(path: Path) -> Paper:
        given.append(path.read_bytes())
        return Paper(title="PDF", sections=(), source="pdf", sha256="", extractor="")

    stand_in = types.ModuleType("paper2code.papers.pdf")
    stand_in.read = read  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "paper2code.papers.pdf", stand_in)
    monkeypatch.setattr("paper2code.papers.pdf", stand_in, raising=False)
    return given


@pytest.mark.parametrize("mode", ["w:gz", "w"])
def test_a_tar_with_figures(tmp_path: Path, mode: str) -> None:
    path = tar(
        tmp_path / "paper.tar", {"main.tex": MAIN.encode(), "fig.pdf": PDF, "a/b.png": b"x"}, mode=mode
    )
    assert latex.read(path).title == "T"


def test_a_bare_gzipped_tex(tmp_path: Path) -> None:
    path = tmp_path / "1706.03762.gz"
    path.write_bytes(gzip.compress(MAIN.encode()))
    assert latex.read(path).sections[0].text == "Some text."


def test_a_submission_of_a_pdf_only_is_handed_over(tmp_path: Path, read_pdfs: list[bytes]) -> None:
    packed = tmp_path / "a.gz"
    packed.write_bytes(gzip.compress(PDF))
    bare = tmp_path / "b.tar.gz"
    bare.write_bytes(PDF)
    for path in (packed, bare, tar(tmp_path / "c.tar.gz", {"paper.pdf": PDF, "00README.XXX": b"nohypertex"})):
        assert latex.read(path).title == "PDF"
    assert read_pdfs == [PDF] * 3


def test_the_digest_is_that_of_the_archive(tmp_path: Path) -> None:
    first = latex.read(tar(tmp_path / "a.tar", {"main.tex": MAIN.encode()}, mode="w"))
    second = latex.read(tar(tmp_path / "b.tar", {"main.tex": MAIN.encode(), "x.txt": b"1"}, mode="w"))
    assert first.sha256 != second.sha256
    assert first.sections == second.sections


@pytest.mark.parametrize("name", ["../out.tex", "a/../../out.tex"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PaperError, match="leads out"):
        latex.read(tar(tmp_path / "paper.tar.gz", {"main.tex": MAIN.encode(), name: b"x"}))
    assert not (tmp_path / "out.tex").exists()


@pytest.mark.parametrize("sort", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(tmp_path: Path, sort: bytes) -> None:
    member = tarfile.TarInfo("b.tex")
    member.type, member.linkname = sort, "main.tex"
    with pytest.raises(PaperError, match="link or a device"):
        latex.read(special(tmp_path / "paper.tar.gz", member))


def test_many_and_large_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tar(tmp_path / "paper.tar.gz", {f"f{number}.tex": b"x" for number in range(20)})
    monkeypatch.setattr("paper2code.papers.latex.archive.MOST_MEMBERS", 10)
    with pytest.raises(PaperError, match="more than 10 files"):
        latex.read(path)
    monkeypatch.setattr("paper2code.papers.latex.archive.LARGEST_ARCHIVE", 5_000)
    with pytest.raises(PaperError, match="unpack it"):
        latex.read(path)
    large = tar(tmp_path / "large.tar", {"main.tex": MAIN.encode() * 10}, mode="w")
    monkeypatch.setattr("paper2code.papers.latex.archive.LARGEST_MEMBER", 500)
    with pytest.raises(PaperError, match="more than 20 MB"):
        latex.read(large)


def test_a_gzip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paper2code.papers.latex.archive.LARGEST_ARCHIVE", 1 << 20)
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"x" * (1 << 24)))
    with pytest.raises(PaperError, match="more than 200 MB"):
        latex.read(path)


def test_damaged_archives_are_named(tmp_path: Path) -> None:
    whole = tar(tmp_path / "whole.tar.gz", {"main.tex": MAIN.encode() * 50}).read_bytes()
    for name, content in {
        "cut.tar.gz": whole[:-20],
        "flipped.tar.gz": whole[:60] + b"\xff" * 9 + whole[69:],
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(PaperError, match=f"{name} is damaged"):
            latex.read(tmp_path / name)


def test_binary_and_missing_files(tmp_path: Path) -> None:
    (tmp_path / "a.tex").write_bytes(b"\x00\x01\x02")
    with pytest.raises(PaperError, match="binary"):
        latex.read(tmp_path / "a.tex")
    with pytest.raises(PaperError, match="There is no file"):
        latex.read(tmp_path / "b.tex")
    (tmp_path / "c.tex").write_text("% nothing")
    with pytest.raises(PaperError, match="holds no text"):
        latex.read(tmp_path / "c.tex")


def test_the_main_file_is_the_one_with_a_title_near_the_top(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "main.tex").write_text(MAIN * 20)
    (tmp_path / "note.tex").write_text(MAIN.replace("\\title{T}", "") * 20)
    (tmp_path / "paper.tex").write_text(MAIN.replace("{T}", "{Right}"))
    assert latex.read(tmp_path).title == "Right"


def test_a_file_that_another_takes_in_is_not_the_main_one(tmp_path: Path) -> None:
    (tmp_path / "a.tex").write_text(MAIN.replace("Some text.", "\\input{b}").replace("{T}", "{Right}"))
    (tmp_path / "b.tex").write_text(MAIN)
    assert latex.read(tmp_path).title == "Right"


def test_two_equally_good_main_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "one.tex").write_text(MAIN)
    (tmp_path / "two.tex").write_text(MAIN.replace("Some", "Same"))
    with pytest.raises(PaperError, match=r"Both one\.tex and two\.tex"):
        latex.read(tmp_path)
    (tmp_path / "00README.XXX").write_text("two.tex toplevelfile\n")
    assert latex.read(tmp_path).sections[0].text == "Same text."


def test_a_folder_without_a_document_says_what_to_pass(tmp_path: Path) -> None:
    (tmp_path / "a.tex").write_text("x")
    (tmp_path / "b.tex").write_text("y")
    with pytest.raises(PaperError, match=r"pass the main \.tex file itself"):
        latex.read(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.tex"
    path.write_text(MAIN)
    path.chmod(0)
    with pytest.raises(PaperError, match="cannot be read"):
        latex.read(path)


def test_files_that_take_themselves_in_are_read_once_and_named(tmp_path: Path) -> None:
    (tmp_path / "main.tex").write_text(
        r"\documentclass{article}\begin{document}\section{S} One \input{a}\end{document}"
    )
    (tmp_path / "a.tex").write_text(r"two \input{b}")
    (tmp_path / "b.tex").write_text(r"three \input{a}")
    paper = latex.read(tmp_path)
    assert paper.sections[0].text == "One two three"
    assert paper.warnings == ("Files that take themselves in, read once: a.",)


def test_an_archive_without_latex_is_named(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "paper.tar.gz", "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("README"))
    with pytest.raises(PaperError, match=r"No file in paper\.tar\.gz has"):
        latex.read(tmp_path / "paper.tar.gz")
