"""Pictures within the bounds of what models take: size in pixels and in bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil, sqrt

from PIL import Image, ImageChops, ImageOps

LONGEST_SIDE = 1_400
LARGEST = 400_000
_SMALLER = 0.8
_WHITE = "white"
_MARGIN = 8
_GAP = 16
_TAKEN = {"PNG": "image/png", "JPEG": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture's bytes as they are sent, and its size in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


def taken_as_it_is(data: bytes) -> Encoded | None:
    """A PNG or JPEG whose bytes are within bounds, or None."""
    with Image.open(BytesIO(data), formats=list(_TAKEN)) as picture:
        width, height = picture.size
        if len(data) > LARGEST or max(width, height) > LONGEST_SIDE:
            return None
        picture.load()
        return Encoded(data, _TAKEN[str(picture.format)], width, height)


def opened(data: bytes) -> Image.Image:
    """A PNG or JPEG on white ground, made smaller if it is too large."""
    with Image.open(BytesIO(data), formats=list(_TAKEN)) as picture:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        see_through = picture.convert("RGBA")
    ground = Image.new("RGBA", see_through.size, _WHITE)
    return _within(Image.alpha_composite(ground, see_through).convert("RGB"), LONGEST_SIDE)


def trimmed(picture: Image.Image) -> Image.Image | None:
    """The picture without the white around it; None where there is nothing else."""
    box = ImageChops.invert(picture.convert("L")).getbbox()
    return ImageOps.expand(picture.crop(box), border=_MARGIN, fill=_WHITE) if box else None


def side_by_side(panels: Sequence[Image.Image]) -> Image.Image:
    """The panels of a figure in a grid, as wide as it is high."""
    if len(panels) == 1:
        return panels[0]
    columns = ceil(sqrt(len(panels)))
    cell = LONGEST_SIDE // columns - _GAP
    fitted = [_within(panel, cell) for panel in panels]
    rows = [fitted[start : start + columns] for start in range(0, len(fitted), columns)]
    heights = [max(panel.height for panel in row) + _GAP for row in rows]
    grid = Image.new("RGB", (columns * (cell + _GAP), sum(heights)), _WHITE)
    for number, row in enumerate(rows):
        for column, panel in enumerate(row):
            grid.paste(panel, (column * (cell + _GAP), sum(heights[:number])))
    return grid


def encoded(picture: Image.Image) -> Encoded:
    """The picture as a PNG within bounds: in 256 colours where all are too many, then ever smaller."""
    picture = _within(picture, LONGEST_SIDE)
    data = _png(picture)
    if len(data) > LARGEST:
        data = _png(_in_few_colours(picture))
    while len(data) > LARGEST:
        picture = _within(picture, int(max(picture.size) * _SMALLER))
        data = _png(_in_few_colours(picture))
    return Encoded(data, "image/png", picture.width, picture.height)


def _within(picture: Image.Image, side: int) -> Image.Image:
    factor = side / max(picture.size)
    if factor >= 1:
        return picture
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _in_few_colours(picture: Image.Image) -> Image.Image:
    return picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def _png(picture: Image.Image) -> bytes:
    data = BytesIO()
    picture.save(data, "PNG", optimize=True)
    return data.getvalue()
