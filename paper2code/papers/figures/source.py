"""From a paper's source to the pictures of its figures."""

import base64
import hashlib
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from paper2code.errors import PaperError
from paper2code.papers.child import ChildError, ask_child
from paper2code.papers.figures.choice import most_telling
from paper2code.papers.figures.linked import READERS, linked_pictures
from paper2code.papers.ids import split_source
from paper2code.papers.latex.archive import unpacked
from paper2code.papers.latex.graphics import GRAPHICS, graphics_of
from paper2code.papers.model import Float, Image, Paper
from paper2code.papers.reader import locate

MOST_FIGURES = 12

_CHILD = "paper2code.papers.figures.child"
_NEEDED = ("pypdfium2", "PIL")


def figure_images(paper: Paper, source: str | Path, *, password: str | None = None) -> Paper:
    """The paper with pictures of its figures, as far as they can be had.

    In a PDF that is what is drawn by the caption, in a LaTeX source the files that the figure includes, in
    Markdown and HTML those that the text links to; at most `MOST_FIGURES`, those first that show an
    architecture. The same source always gives the same bytes.
    Papers of another form are given back as they are. What stands in the way becomes a warning of the paper.

    Args:
        paper: What `read_paper` gave.
        source: What it was given.
        password: Opens an encrypted PDF.
    """
    # Those of a supplement stand in another file.
    figures = [item for item in paper.floats if item.kind == "figure" and not split_source(item.id)[0]]
    if paper.source not in {"pdf", "latex", *READERS} or not figures:
        return paper
    if any(find_spec(name) is None for name in _NEEDED):
        return _warned(paper, "figures: cannot be shown: pip install 'paper2code[figures]'.")
    chosen = most_telling(paper, figures, MOST_FIGURES)
    try:
        pictures = _pictures(paper, chosen, locate(source), password)
    except ChildError as error:
        return _warned(paper, f"figures: making pictures of them {error}.")
    except (PaperError, OSError) as error:
        return _warned(paper, f"figures: cannot be shown: {error}")
    floats = (item.model_copy(update={"image": pictures.get(item.id, item.image)}) for item in paper.floats)
    return paper.model_copy(update={"floats": tuple(floats)})


def _pictures(
    paper: Paper, figures: tuple[Float, ...], source: Path, password: str | None
) -> Mapping[str, Image]:
    if paper.source in READERS:
        with linked_pictures(paper.source, source) as graphics:
            return _ask_for(graphics, figures)
    with unpacked(source, also=GRAPHICS) as opened:
        if paper.source == "pdf":
            return _ask(_crops(opened, figures, password))
        return _ask_for(graphics_of(opened), figures)


def _ask_for(graphics: Mapping[str, tuple[Path, ...]], figures: tuple[Float, ...]) -> Mapping[str, Image]:
    return _ask({"graphics": {one.id: list(map(str, graphics.get(one.id, ()))) for one in figures}})


def _crops(source: Path, figures: tuple[Float, ...], password: str | None) -> Mapping[str, object]:
    places = {one.id: (one.page, one.number) for one in figures if one.page and one.number}
    return {"pdf": str(source.resolve()), "password": password, "figures": places}


def _ask(request: Mapping[str, object]) -> Mapping[str, Image]:
    answer = ask_child(_CHILD, request)
    return {name: _image(**picture) for name, picture in answer["pictures"].items()}


def _image(data: str, media_type: str, width: int, height: int) -> Image:
    content = base64.b64decode(data)
    digest = hashlib.sha256(content).hexdigest()
    return Image(media_type=media_type, sha256=digest, data=content, width=width, height=height)


def _warned(paper: Paper, warning: str) -> Paper:
    return paper.model_copy(update={"warnings": (*paper.warnings, warning)})
