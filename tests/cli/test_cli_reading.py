import io
import json
import sys

import pytest
from rich.console import Console
from typer.testing import CliRunner

from paper2code.cli import reading
from paper2code.cli.app import app
from paper2code.cli.paper_page import show_paper
from paper2code.errors import PaperError
from paper2code.papers.model import Equation, Float, Image, Paper, Section
from tests.papers.sheets import as_form, paper_with_figure, pdf, two_column_paper

PAPER = Paper(
    title="On [bold]Brackets\x1b[2J",
    authors=("A. Author", "B. Author"),
    abstract="Short.",
    sections=(
        Section(id="s1", number="1", title="Introduction", level=1, text="Word " * 100),
        Section(id="s1.1", number="1.1", title="A title " * 12, level=2, text="[eq1]\n\n[fig1]"),
        Section(id="sA", number="A", title="Proofs", level=1, kind="appendix", text="By [eq2]."),
    ),
    equations=(
        Equation(id="eq1", number="1", latex="y = \\frac{a}{b}\n + c", exact=True),
        Equation(id="eq2", number="2", text="a ∕ b"),
    ),
    floats=(
        Float(
            id="fig1", kind="figure", number="1", caption="A picture.", image=Image(sha256="0", data=b"png")
        ),
        Float(id="tab1", kind="table", number="1"),
    ),
    references=("One.", "Two."),
    source="pdf",
    sha256="0" * 64,
    extractor="test",
    warnings=("Page 3 could not be read.",),
)


@pytest.fixture
def invoke(monkeypatch):
    monkeypatch.setattr(reading, "read_paper", lambda source, password, supplements: PAPER)
    return lambda *arguments: CliRunner(env={"COLUMNS": "80"}).invoke(app, ["read", "paper.pdf", *arguments])


def test_the_page(invoke, snapshot):
    result = invoke()
    assert result.exit_code == 0
    assert result.stdout == snapshot


@pytest.mark.parametrize("width", [30, 80, 200])
def test_the_page_keeps_to_its_width(width):
    console = Console(file=io.StringIO(), width=width, highlight=False, markup=False)
    show_paper(console, PAPER)
    lines = console.file.getvalue().splitlines()
    assert all(len(line) <= width for line in lines)
    assert all(line.isprintable() for line in lines)
    assert "Warnings" in lines[-3]


def test_a_page_without_warnings_says_so():
    console = Console(file=io.StringIO(), width=80, highlight=False, markup=False)
    show_paper(console, PAPER.model_copy(update={"warnings": ()}))
    assert console.file.getvalue().split("\n")[-3:] == [" No warnings", "", ""]


def test_markdown_is_utf8_and_what_the_agents_see(invoke):
    result = invoke("--markdown")
    assert result.stdout_bytes.decode("utf-8") == PAPER.to_markdown()


def test_json_is_the_paper(invoke):
    result = invoke("--json")
    assert json.loads(result.stdout)["sections"][0]["id"] == "s1"
    assert result.stdout.isascii()
    pictureless = PAPER.floats[0].model_copy(update={"image": Image(sha256="0")})
    assert Paper.model_validate_json(result.stdout).floats[0] == pictureless


def test_figures_are_saved(invoke, tmp_path):
    result = invoke("--figures", str(tmp_path / "figures"))
    assert result.stdout.startswith("1 picture saved")
    assert result.stdout.splitlines()[1:] == ["  fig1.png         0 x 0"]
    assert [place.name for place in (tmp_path / "figures").iterdir()] == ["fig1.png"]


def test_a_folder_that_cannot_be_made_is_one_line(invoke, tmp_path):
    (tmp_path / "file").touch()
    result = invoke("--figures", str(tmp_path / "file" / "figures"))
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_a_paper_without_pictures_says_so(invoke, monkeypatch, tmp_path):
    monkeypatch.setattr(
        reading, "read_paper", lambda source, password, supplements: PAPER.model_copy(update={"floats": ()})
    )
    result = invoke("--figures", str(tmp_path))
    assert (result.exit_code, result.stdout) == (2, "")


def test_figures_of_a_pdf_are_cut_out_and_listed(tmp_path):
    pytest.importorskip("pypdfium2")
    (tmp_path / "paper.pdf").write_bytes(pdf([paper_with_figure(as_form())]))
    arguments = ["read", str(tmp_path / "paper.pdf"), "--figures", str(tmp_path / "figures")]
    result = CliRunner(env={"COLUMNS": "80"}).invoke(app, arguments)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1].split()[0] == "fig1.png"
    assert (tmp_path / "figures" / "fig1.png").read_bytes().startswith(b"\x89PNG")


def test_without_the_extra_one_line_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "paper.pdf").write_bytes(pdf([paper_with_figure(as_form())]))
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    result = CliRunner().invoke(
        app, ["read", str(tmp_path / "paper.pdf"), "--figures", str(tmp_path / "out")]
    )
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "pip install 'paper2code[figures]'" in result.stderr
    assert not (tmp_path / "out").exists()


def test_one_form_at_a_time(invoke):
    assert invoke("--markdown", "--json").exit_code == 2


def test_an_unreadable_paper_is_one_line(invoke, monkeypatch):
    def read_paper(source, password, supplements):
        raise PaperError("There is no paper at paper.pdf.")

    monkeypatch.setattr(reading, "read_paper", read_paper)
    result = invoke()
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "paper2code: There is no paper at paper.pdf.\n"


@pytest.fixture
def sources(tmp_path):
    """A paper and its addendum."""
    paper, addendum = tmp_path / "paper.md", tmp_path / "addendum.md"
    paper.write_text("# Steps\n\n## 1 Method\n\nWe step.\n")
    addendum.write_text("# Addendum\n\nThe rate in Section 1 is 0.1.\n\n## Seeds\n\nFive.\n")
    return paper, addendum


def test_supplements_are_read_with_the_paper(sources):
    paper, addendum = map(str, sources)
    result = CliRunner(env={"COLUMNS": "80"}).invoke(app, ["read", paper, "--supplement", addendum])
    assert result.exit_code == 0
    _, shown = result.stdout.split("Supplement: addendum.md")
    assert [line.split()[0] for line in shown.splitlines()[1:3]] == ["b.front", "b.s1"]


def test_a_supplement_that_is_not_there_is_one_line_that_names_it(sources):
    paper, _ = map(str, sources)
    result = CliRunner().invoke(app, ["read", paper, "--supplement", "missing.md"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("paper2code: The supplement missing.md cannot be read: ")
    assert result.stderr.count("\n") == 1


def test_a_password_opens_the_paper(tmp_path):
    locked = tmp_path / "locked.pdf"
    locked.write_bytes(pdf(two_column_paper(), password="open sesame"))
    refused = CliRunner().invoke(app, ["read", str(locked)])
    opened = CliRunner().invoke(app, ["read", str(locked), "--password", "open sesame"])
    assert (refused.exit_code, opened.exit_code) == (2, 0)
    assert "give its password: --password" in refused.stderr
