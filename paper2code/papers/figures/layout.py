"""Where on a page a figure is: what is drawn between its caption and the text before it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

_FURNITURE = 0.92
"""Share of a page's height above which running heads stand."""

_SIDE_MARGIN = 0.06
"""Share of a page's width that holds no figure, but at times a stamp."""

_PROSE_WIDTH = 0.55
"""Share of a column's width that a line of running text fills, and labels in figures seldom do."""

_LEAST = 12.0  # points; what is drawn smaller than this is no figure
_LABEL = 14.0  # points that titles and ticks stand out of what is drawn
_CLEAR = 1.5  # points between a caption's letters and the figure
_RULE = 2.0  # points; what is drawn lower than this is a rule
_FEW_PATHS = 8


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Its width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its height."""
        return self.top - self.bottom

    def within(self, other: "Box") -> "Box | None":
        """What of it is inside another, or None."""
        left, right = max(self.left, other.left), min(self.right, other.right)
        bottom, top = max(self.bottom, other.bottom), min(self.top, other.top)
        return Box(left, bottom, right, top) if left < right and bottom < top else None

    def around(self, other: "Box") -> "Box":
        """The smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )

    def grown(self, by: float) -> "Box":
        """It with so much more on each side."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a page holds: pieces of text, the first lines of captions, pictures and forms, paths."""

    page: Box
    texts: Sequence[Box]
    captions: Sequence[Box]
    pictures: Sequence[Box]
    paths: Sequence[Box]

    def figure_at(self, caption: Box) -> Box | None:
        """The place of the figure above a caption, or else below it; None where nothing is drawn there."""
        column = self._column(caption)
        above, below = self._bands(column, caption)
        whole = Box(self.page.left, column.bottom, self.page.right, column.top)
        if self._reaches_out(above):
            above, below = self._bands(whole, caption)
        if figure := self._drawn_in(above):
            left, right = min(figure.left, caption.left), max(figure.right, caption.right)
            # Names of panels stand between what is drawn and the caption.
            return figure.around(Box(left, above.bottom, right, above.bottom))
        return self._drawn_in(below)

    def _bands(self, column: Box, caption: Box) -> tuple[Box, Box]:
        """The free parts of a column right above and right below a caption."""
        walls = [
            wall for wall in self._walls(column) if wall.left < column.right and wall.right > column.left
        ]
        start, end = caption.top + _CLEAR, _end_of(caption, walls) - _CLEAR
        ceiling = min((wall.bottom for wall in walls if wall.bottom >= caption.top), default=column.top)
        floor = max((wall.top for wall in walls if wall.top <= end), default=column.bottom)
        return (
            Box(column.left, start, column.right, max(start, ceiling)),
            Box(column.left, min(floor, end), column.right, end),
        )

    def _reaches_out(self, band: Box) -> bool:
        """Whether a picture in a column goes on in the next one, where no text stands beside it."""
        beside = Box(self.page.left, band.bottom, self.page.right, band.top)
        own = (picture for picture in self.pictures if (part := picture.within(band)) and _large(part))
        seen = [part for picture in own if (part := picture.within(beside))]
        reaches = any(max(part.right - band.right, band.left - part.left) > _LEAST for part in seen)
        texts = (text.within(beside) for text in self.texts)
        return reaches and not any(text and not text.within(band) and text.width > _LEAST for text in texts)

    def _column(self, caption: Box) -> Box:
        """The column of a caption, or the page's width where it stands across the middle."""
        margin, middle = _SIDE_MARGIN * self.page.width, (self.page.left + self.page.right) / 2
        left, right = self.page.left + margin, self.page.right - margin
        if caption.right <= middle + _LEAST:
            right = middle + _LEAST / 4
        elif caption.left >= middle - _LEAST:
            left = middle - _LEAST / 4
        beside = [other for other in self.captions if other is not caption and _on_one_line(other, caption)]
        left = max(
            [left, *((other.right + caption.left) / 2 for other in beside if other.right < caption.left)]
        )
        right = min(
            [right, *((other.left + caption.right) / 2 for other in beside if other.left > caption.right)]
        )
        return Box(left, self.page.bottom, right, self.page.top)

    def _walls(self, column: Box) -> list[Box]:
        """What no figure reaches across: running text, other captions, running heads.

        Where a figure is drawn with text on the page itself, a single long line may be its own.
        """
        head = self.page.bottom + _FURNITURE * self.page.height
        lines = sorted(_lines(text for text in self.texts if text.within(column)), key=lambda line: -line.top)
        long = [line for line in lines if line.width > _PROSE_WIDTH * column.width]
        prose = {*self.captions, *(line for line in lines if line.bottom > head)}
        if any(picture.within(column) for picture in self.pictures):
            prose |= set(long)
        for upper, lower in pairwise(long):
            if _follows(upper, lower):
                prose |= {upper, lower}
        for line in lines:
            if any(_follows(upper, line) and _aligned(upper, line) for upper in prose):
                prose.add(line)
        rules = [path for path in self.paths if path.height < _RULE and path.bottom > head - _LEAST]
        return [*prose, *rules]

    def _drawn_in(self, band: Box) -> Box | None:
        """What is drawn in a part of a page, with the labels around it."""
        drawn = [part for picture in self.pictures if (part := picture.within(band)) and _large(part)]
        paths = [part for path in self.paths if (part := path.within(band))]
        if not drawn and len(paths) > _FEW_PATHS:
            drawn = paths
        if not drawn:
            return None
        figure = reduce(Box.around, drawn)
        return figure.grown(_LABEL).within(band) if _large(figure) else None


def _lines(texts: Iterable[Box]) -> Iterator[Box]:
    """Pieces of text on one line joined, where no wide gap parts them."""
    rows: list[list[Box]] = []
    for text in sorted(texts, key=lambda box: -(box.top + box.bottom)):
        if rows and _on_one_line(rows[-1][0], text):
            rows[-1].append(text)
        else:
            rows.append([text])
    for row in rows:
        line: Box | None = None
        for text in sorted(row, key=lambda box: box.left):
            if line and text.left - line.right < _LEAST:
                line = line.around(text)
                continue
            if line:
                yield line
            line = text
        if line:
            yield line


def _on_one_line(one: Box, other: Box) -> bool:
    shared = min(one.top, other.top) - max(one.bottom, other.bottom)
    return shared > 0.4 * min(one.height, other.height)


def _follows(upper: Box, lower: Box) -> bool:
    """Whether two lines stand right under each other."""
    return -2 < upper.bottom - lower.top < 0.8 * max(upper.height, lower.height)


def _aligned(upper: Box, lower: Box) -> bool:
    return abs(upper.left - lower.left) < _LEAST and lower.right < upper.right + _LEAST


def _large(box: Box) -> bool:
    return min(box.width, box.height) > _LEAST


def _end_of(caption: Box, walls: Sequence[Box]) -> float:
    """The lower edge of a caption's last line."""
    last = caption
    for wall in sorted(walls, key=lambda box: -box.top):
        if _follows(last, wall):
            last = wall
    return last.bottom
