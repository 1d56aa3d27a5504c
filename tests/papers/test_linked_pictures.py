"""Pictures of figures that a Markdown or HTML text links to."""

import base64
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paper2code.errors import PaperError
from paper2code.papers.model import Image
from paper2code.papers.reader import read_paper

pytest.importorskip("pypdfium2")
pillow = pytest.importorskip("PIL.Image")
pytest.importorskip("bs4")

from paper2code.papers.figures import figure_images  # noqa: E402 - needs the extra
from paper2code.papers.figures.linked import linked_pictures  # noqa: E402

WORDS = "We train a small network on the data of the paper, and it learns them well enough for all. " * 4


def drawn(width: int, form: str = "PNG") -> bytes:
    data = BytesIO()
    pillow.new("RGB", (width, 40), (0, 0, 255)).save(data, form)
    return data.getvalue()


def pictures(source: Path) -> Mapping[str, Image]:
    paper = figure_images(read_paper(source), source)
    return {item.id: item.image for item in paper.floats if item.image}


def markdown(folder: Path, figures: str) -> Path:
    (folder / "images").mkdir()
    (folder / "images" / "a.jpg").write_bytes(drawn(60, "JPEG"))
    (folder / "images" / "b c.png").write_bytes(drawn(80))
    file = folder / "paper.md"
    file.write_text(f"# A Paper\n\n## 1 Method\n\n{WORDS}\n\n{figures}\n\n{WORDS}\n", "utf-8")
    return file


@pytest.mark.parametrize(
    ("figures", "widths"),
    [
        ("![](images/a.jpg)\nFigure 3: One.", {"fig3": 60}),
        ("Figure 3: One.\n\n![](images/a.jpg)", {"fig3": 60}),
        ("![x](images/b%20c.png)\n\n**Figure 1.** One.\n\n![y](<images/b c.png>)\n\nFigure 2: Two.",
         {"fig1": 80, "fig2": 80}),
        ('<img alt="x" src="images/a.jpg">\n\nFigure 1: One.', {"fig1": 60}),
        ('![](images/a.jpg "A title")', {"fig1": 60}),
        ("![](images/a.jpg)\n\nTable 1: Not of a figure.\n\n| a | b |\n|---|---|\n| 1 | 2 |", {"fig1": 60}),
    ],
)  # fmt: skip
def test_a_figure_has_the_picture_beside_its_caption(
    tmp_path: Path, figures: str, widths: dict[str, int]
) -> None:
    found = pictures(markdown(tmp_path, figures))
    assert {name: image.width for name, image in found.items()} == widths


def test_panels_stand_side_by_side(tmp_path: Path) -> None:
    found = pictures(markdown(tmp_path, "![](images/a.jpg)\n![](images/b%20c.png)\n\nFigure 1: Both."))
    assert found["fig1"].width > 140


def test_a_picture_may_stand_in_the_text(tmp_path: Path) -> None:
    data = base64.b64encode(drawn(50)).decode()
    found = pictures(markdown(tmp_path, f"![Image](data:image/png;base64,{data})\n\nFigure 1: One."))
    assert found["fig1"].data == drawn(50)


def test_html_has_pictures_beside_it_and_in_it(tmp_path: Path) -> None:
    (tmp_path / "paper_files").mkdir()
    (tmp_path / "paper_files" / "x1.png").write_bytes(drawn(70))
    data = base64.b64encode(drawn(50)).decode()
    file = tmp_path / "paper.html"
    file.write_text(
        f"<html><body><h1>A Paper</h1><h2>1 Method</h2><p>{WORDS}</p>"
        '<figure><img src="./paper_files/x1.png?v=1"><figcaption>Figure 2: One.</figcaption></figure>'
        f'<figure><img src="data:image/png;base64,{data}"><figcaption>Figure 4: Two.</figcaption></figure>'
        "</body></html>"
    )
    assert {name: image.width for name, image in pictures(file).items()} == {"fig2": 70, "fig4": 50}


@pytest.mark.parametrize(
    "link",
    ["../secret.png", "images/link.png", "https://example.org/a.png", "file:///etc/hosts", "//x/a.png"],
)
def test_nothing_elsewhere_is_shown(tmp_path: Path, link: str) -> None:
    (tmp_path / "secret.png").write_bytes(drawn(60))
    inside = tmp_path / "paper"
    inside.mkdir()
    file = markdown(inside, f"![]({link})\n\nFigure 1: One.")
    (inside / "images" / "link.png").symlink_to(tmp_path / "secret.png")
    paper = figure_images(read_paper(file), file)
    assert not any(item.image for item in paper.floats)
    assert paper.warnings[-1] == (
        "figures: cannot be shown: the pictures that paper.md links to are not beside it."
    )


def test_what_is_named_a_picture_and_is_none_is_left_out(tmp_path: Path) -> None:
    file = markdown(tmp_path, "![](images/a.jpg)\n\nFigure 1: One.")
    (tmp_path / "images" / "a.jpg").write_bytes(b"GIF89a or anything else")
    assert not pictures(file)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet='ab/.~\\[]%$ ()"<>:;%0=\n', max_size=40))
def test_any_link_is_survived(tmp_path: Path, link: str) -> None:
    file = tmp_path / "paper.md"
    file.write_text(f"# A\n\n## 1 B\n\nText.\n\n![]({link})\n\nFigure 1: One.", newline="")
    try:
        with linked_pictures("markdown", file) as found:
            assert not any(found.values())
    except PaperError:
        return  # none of the links leads anywhere
