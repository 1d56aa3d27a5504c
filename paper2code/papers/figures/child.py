"""The child process that makes pictures: a JSON request on standard input, the answer on standard output."""

import base64
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from paper2code.papers.child import limit_child
from paper2code.papers.figures.crops import crop, whole_page
from paper2code.papers.figures.pictures import Encoded, encoded, opened, side_by_side, taken_as_it_is

# Pillow raises SyntaxError on damaged PNGs.
_UNREADABLE = (
    pypdfium2.PdfiumError,
    Image.DecompressionBombError,
    OSError,
    ValueError,
    SyntaxError,
    IndexError,
    MemoryError,
)


def main() -> None:
    """Answer one request with `{"pictures": {id: picture}}`; what cannot be shown is left out.

    `{"pdf", "password", "figures": {id: [page, number]}}` asks for crops of a PDF,
    `{"graphics": {id: [path]}}` for files of graphics.
    """
    limit_child()
    request = json.load(sys.stdin)
    pictures = _crops(request) if "pdf" in request else _graphics(request["graphics"])
    json.dump({"pictures": {name: _as_json(picture) for name, picture in pictures.items()}}, sys.stdout)


def _crops(request: Mapping[str, Any]) -> dict[str, Encoded]:
    pictures = {}
    document = pypdfium2.PdfDocument(request["pdf"], password=request["password"])
    for name, (page, number) in request["figures"].items():
        try:
            picture = crop(document, page, number)
        except _UNREADABLE:
            continue
        if picture:
            pictures[name] = encoded(picture)
    return pictures


def _graphics(graphics: Mapping[str, Sequence[str]]) -> dict[str, Encoded]:
    pictures = {}
    for name, paths in graphics.items():
        try:
            picture = _together([Path(path) for path in paths])
        except _UNREADABLE:
            continue
        if picture:
            pictures[name] = picture
    return pictures


def _together(paths: Sequence[Path]) -> Encoded | None:
    """The files of one figure as one picture; a single one within bounds stays as it is."""
    if (
        len(paths) == 1
        and paths[0].suffix.lower() != ".pdf"
        and (whole := taken_as_it_is(paths[0].read_bytes()))
    ):
        return whole
    panels = [panel for path in paths if (panel := _panel(path))]
    return encoded(side_by_side(panels)) if panels else None


def _panel(path: Path) -> Image.Image | None:
    if path.suffix.lower() == ".pdf":
        return whole_page(pypdfium2.PdfDocument(path))
    return opened(path.read_bytes())


def _as_json(picture: Encoded) -> dict[str, object]:
    return {
        "data": base64.b64encode(picture.data).decode("ascii"),
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
    }


if __name__ == "__main__":
    main()
