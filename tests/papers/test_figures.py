"""Pictures of figures: the right part of a page, the right file, within bounds, and never an error."""

import hashlib
import random
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.errors import PaperError
from paper2code.papers.figures import MOST_FIGURES, figure_images, most_telling
from paper2code.papers.figures.layout import Box, Layout
from paper2code.papers.latex.graphics import graphics_of
from paper2code.papers.model import Float, Image, Paper, Section
from paper2code.papers.reader import read_paper
from tests.papers.sheets import Sheet, as_form, as_paths, paper_with_figure, pdf

pillow = pytest.importorskip("PIL.Image")
pytest.importorskip("pypdfium2")

BLUE = (0, 0, 255)


def pictures(source: Path) -> dict[str, Image]:
    paper = figure_images(read_paper(source), source)
    return {item.id: item.image for item in paper.floats if item.image}


def opened(image: Image) -> "pillow.Image":
    assert image.data is not None
    assert hashlib.sha256(image.data).hexdigest() == image.sha256
    picture = pillow.open(BytesIO(image.data))
    assert picture.size == (image.width, image.height)
    return picture.convert("RGB")


def share_of(colour: tuple[int, int, int], picture: "pillow.Image") -> float:
    """How much of a picture has a colour."""
    pixels = picture.tobytes()
    return sum(pixels[i : i + 3] == bytes(colour) for i in range(0, len(pixels), 3)) * 3 / len(pixels)


# ------------------------------------------------------------------ PDF


@pytest.mark.parametrize("figure", [as_form(), as_paths()], ids=["form", "paths"])
def test_a_figure_is_cut_out_without_the_text_around(figure: Sheet, tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf([paper_with_figure(figure)]))
    image = pictures(file)["fig1"]
    assert image.media_type == "image/png"
    assert 1.8 < image.width / image.height < 2.1
    assert share_of(BLUE, opened(image)) > 0.9


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf([paper_with_figure(as_form())]))
    assert pictures(file)["fig1"].data == pictures(file)["fig1"].data


def test_a_caption_with_nothing_drawn_has_no_picture(tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf([paper_with_figure(Sheet())]))
    paper = read_paper(file)
    assert [item.id for item in paper.floats] == ["fig1"]
    assert figure_images(paper, file) == paper


def test_an_encrypted_paper_opens_with_its_password(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    file = tmp_path / "locked.pdf"
    file.write_bytes(pdf([paper_with_figure(as_form())], password="sesame"))
    paper = read_paper(file, password="sesame")
    assert figure_images(paper, file, password="sesame").floats[0].image is not None
    assert figure_images(paper, file).warnings[-1].startswith("figures: making pictures of them failed")


def test_a_file_that_is_gone_or_damaged_is_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf([paper_with_figure(as_form())]))
    paper = read_paper(file)
    file.write_bytes(file.read_bytes()[:300])
    assert figure_images(paper, file).warnings[-1].startswith("figures: making pictures of them failed")
    file.unlink()
    assert figure_images(paper, file).warnings[-1].startswith("figures: cannot be shown: There is no paper")


def test_without_the_extra_there_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf([paper_with_figure(as_form())]))
    paper = read_paper(file)
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    shown = figure_images(paper, file)
    assert shown.warnings == ("figures: cannot be shown: pip install 'paper2code[figures]'.",)
    assert shown.floats == paper.floats


# ------------------------------------------------------------------ where on a page

PAGE = Box(0, 0, 600, 800)


def layout(**held: list[Box]) -> Layout:
    return Layout(PAGE, **{"texts": [], "captions": [], "pictures": [], "paths": [], **held})


def test_a_figure_across_both_columns_is_whole_above_a_caption_in_one() -> None:
    caption = Box(50, 400, 280, 410)
    place = layout(captions=[caption], pictures=[Box(50, 420, 2000, 700)]).figure_at(caption)
    assert place is not None
    assert (place.left, place.right) == (36, 600)


def test_a_figure_beside_text_keeps_to_its_column() -> None:
    caption = Box(50, 400, 280, 410)
    text = [Box(320, y, 550, y + 10) for y in range(420, 700, 12)]
    place = layout(captions=[caption], pictures=[Box(50, 420, 2000, 700)], texts=text).figure_at(caption)
    assert place is not None
    assert place.right < 310


def test_an_oversized_form_ends_at_the_caption_above() -> None:
    above, caption = Box(50, 600, 550, 610), Box(50, 400, 550, 410)
    place = layout(captions=[above, caption], pictures=[Box(100, -500, 500, 2000)]).figure_at(caption)
    assert place is not None
    assert (round(place.top), round(place.bottom)) == (600, 412)


def test_figures_side_by_side_are_parted() -> None:
    left, right = Box(60, 400, 180, 410), Box(420, 400, 540, 410)
    drawn = [Box(60, 420, 180, 500), Box(420, 420, 540, 500)]
    page = layout(captions=[left, right], pictures=drawn)
    places = [page.figure_at(caption) for caption in page.captions]
    assert all(place and place.width < 160 for place in places)


def test_a_figure_may_stand_below_its_caption() -> None:
    caption = Box(50, 700, 550, 710)
    place = layout(captions=[caption], pictures=[Box(100, 500, 500, 690)]).figure_at(caption)
    assert place is not None
    assert (place.bottom, place.top) == (486, 698.5)


@given(
    st.lists(
        st.builds(
            lambda x, y, w, h: Box(x, y, x + w, y + h),
            st.floats(0, 500),
            st.floats(0, 700),
            st.floats(1, 400),
            st.floats(1, 300),
        ),
        max_size=12,
    ),
    st.floats(0, 500),
    st.floats(0, 700),
)
def test_a_place_is_always_on_the_page(boxes: list[Box], x: float, y: float) -> None:
    caption = Box(x, y, x + 90, y + 10)
    half = len(boxes) // 2
    page = layout(captions=[caption], texts=boxes[:half], pictures=boxes[half:], paths=boxes)
    place = page.figure_at(caption)
    assert place is None or place.grown(-1e-9).within(PAGE) == place.grown(-1e-9)


# ------------------------------------------------------------------ LaTeX

TEX = r"""\documentclass{article}\graphicspath{{plots/}}
\begin{document}\section{Method} As Figures~\ref{a} and \ref{b} show, it works well enough for everyone.
\begin{figure}\includegraphics[width=\linewidth]{net}\caption{The network.}\label{a}\end{figure}
\begin{figure}%s\caption{Losses.}\label{b}\end{figure}
\end{document}"""


def drawn(size: tuple[int, int], colour: object = BLUE, form: str = "PNG") -> bytes:
    data = BytesIO()
    pillow.new("RGB", size, colour).save(data, form)
    return data.getvalue()


def noise(side: int) -> bytes:
    data = BytesIO()
    pillow.frombytes("RGB", (side, side), random.Random(0).randbytes(3 * side * side)).save(data, "PNG")
    return data.getvalue()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with the source of a paper of two figures, the first of them a small PNG."""
    folder = tmp_path / "source"
    (folder / "plots").mkdir(parents=True)
    (folder / "main.tex").write_text(TEX % r"\includegraphics{loss}")
    (folder / "plots" / "net.png").write_bytes(drawn((300, 200)))
    return folder


def test_a_file_within_bounds_is_taken_as_it_is(source: Path) -> None:
    (source / "loss.jpg").write_bytes(drawn((200, 100), form="JPEG"))
    found = pictures(source)
    assert found["fig1"].data == (source / "plots" / "net.png").read_bytes()
    assert (found["fig2"].media_type, found["fig2"].data) == (
        "image/jpeg",
        (source / "loss.jpg").read_bytes(),
    )


def test_an_archive_holds_its_pictures(source: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "paper.tar.gz", "w:gz") as tar:
        tar.add(source, ".")
    assert list(pictures(tmp_path / "paper.tar.gz")) == ["fig1"]


@pytest.mark.parametrize("content", [drawn((3000, 1500)), noise(900)], ids=["pixels", "bytes"])
def test_what_is_too_large_is_made_smaller(source: Path, content: bytes) -> None:
    (source / "loss.png").write_bytes(content)
    image = pictures(source)["fig2"]
    opened(image)
    assert max(image.width, image.height) <= 1_400
    assert image.data is not None
    assert len(image.data) <= 400_000


def test_a_pdf_is_rendered_and_panels_stand_side_by_side(source: Path) -> None:
    (source / "loss.pdf").write_bytes(pdf([Sheet().draw("0 0 1 rg 100 100 300 200 re f")]))
    (source / "red.png").write_bytes(drawn((300, 200), (255, 0, 0)))
    panel = r"\begin{subfigure}{.5\textwidth}\includegraphics{loss}\caption{x}\end{subfigure}"
    both = panel + r"\includegraphics{red}"
    (source / "main.tex").write_text(TEX % both)
    picture = opened(pictures(source)["fig2"])
    assert share_of(BLUE, picture) > 0.2
    assert share_of((255, 0, 0), picture) > 0.05


def test_nothing_outside_the_source_is_shown(source: Path) -> None:
    (source.parent / "secret.png").write_bytes(drawn((20, 20)))
    (source / "link.png").symlink_to(source.parent / "secret.png")
    for name in ("../secret", "link", str(source.parent / "secret.png")):
        (source / "main.tex").write_text(TEX % rf"\includegraphics{{{name}}}")
        assert list(pictures(source)) == ["fig1"]


def test_a_file_that_is_no_picture_is_left_out(source: Path) -> None:
    (source / "loss.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    assert list(pictures(source)) == ["fig1"]


@given(st.text(alphabet="ab/.~\\{}[]%$ \0\n" + '"', max_size=40))
def test_any_name_of_a_graphic_is_survived(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("source")
    (folder / "main.tex").write_text(TEX % rf"\includegraphics[width=1cm]{{{name}}}", newline="")
    try:
        found = graphics_of(folder)
    except PaperError:
        return
    assert not any(found.values())


# ------------------------------------------------------------------ which figures


def test_architectures_go_first_and_then_what_the_text_names_most() -> None:
    figures = [
        Float(id=f"fig{n}", kind="figure", caption="Overview." if n == 20 else "A curve.")
        for n in range(1, 21)
    ]
    paper = Paper(
        title="",
        sections=(Section(id="s1", title="", level=1, refs=("fig19",)),),
        floats=tuple(figures),
        source="text",
        sha256="0",
        extractor="",
    )
    assert [one.id for one in most_telling(paper, figures, 3)] == ["fig1", "fig19", "fig20"]
    assert len(most_telling(paper, figures, MOST_FIGURES)) == MOST_FIGURES
    assert figure_images(paper, "nowhere") == paper
