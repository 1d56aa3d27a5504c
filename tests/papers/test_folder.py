"""Which paper a folder holds."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from paper2code.errors import PaperError
from paper2code.papers.folder import paper_in

MAIN = "\\documentclass{article}\\begin{document}\\includegraphics[width=1cm]{fig}\\end{document}"
FIGURE = "\\documentclass[tikz]{standalone}\\begin{document}\\end{document}"


def a_folder(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize(
    "files",
    [
        {"main.tex": MAIN},
        {"main.tex": MAIN, "sections/one.tex": "One.", "figures/plot.pdf": "", "README.md": "# Read me"},
        {"main.tex": MAIN, "fig.pdf": "", "main.pdf": ""},
        {"main.tex": MAIN.replace("{fig}", '{ "./plots/fig.pdf" }'), "fig.pdf": ""},
        {"main.tex": "\\input{sections/one}", "sections/one.tex": MAIN, "fig.pdf": ""},
        {"src/main.tex": MAIN, "sections/one.tex": "One.", "figures/plot.tex": FIGURE},
        {"src/main.tex": MAIN, "old/main.tex": f"% {MAIN}", ".git/main.tex": MAIN, "LICENSE.md": ""},
    ],
)
def test_latex_source_is_read_as_a_whole(tmp_path: Path, files: dict[str, str]) -> None:
    assert paper_in(a_folder(tmp_path, files)) == tmp_path


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"a.md": ""}, "a.md"),
        ({"a.PDF": "", "b.json": "", "README.md": ""}, "a.PDF"),
        ({"a.html": "", "tests/fixtures/toy/main.tex": MAIN}, "a.html"),
        ({"a.pdf": "", "code/plot.tex": FIGURE}, "a.pdf"),
    ],
)
def test_the_one_paper_at_the_top_is_taken(tmp_path: Path, files: dict[str, str], name: str) -> None:
    assert paper_in(a_folder(tmp_path, files)) == tmp_path / name


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"a.md": "", "b.pdf": "", "tex/main.tex": MAIN}, r"\(a\.md, b\.pdf\)"),
        ({"main.tex": MAIN, "other.pdf": "", "fig.pdf": ""}, r"\(main\.tex, other\.pdf\)"),
        ({"main.tex": MAIN, "fig.md": ""}, r"\(main\.tex, fig\.md\)"),
        ({"one/main.tex": MAIN, "two/main.tex": MAIN}, r"\(one/main\.tex, two/main\.tex\)"),
        ({f"{i}.pdf": "" for i in range(7)}, r"\(0\.pdf, 1\.pdf, 2\.pdf, 3\.pdf, 4\.pdf and 2 more\)"),
    ],
)
def test_between_several_papers_none_is_chosen(tmp_path: Path, files: dict[str, str], found: str) -> None:
    with pytest.raises(PaperError, match=rf"several papers {found}; give the path of one\.$"):
        paper_in(a_folder(tmp_path, files))


@pytest.mark.parametrize(
    "files", [{}, {"README.md": "", "setup.py": "", "tests/fixtures/toy/main.tex": MAIN}]
)
def test_a_folder_without_a_paper_is_told_so(tmp_path: Path, files: dict[str, str]) -> None:
    with pytest.raises(PaperError, match=r"holds no paper \(\.tex, \.md, \.html, \.pdf\) at its top"):
        paper_in(a_folder(tmp_path, files))
