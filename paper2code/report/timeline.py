"""When each call was under way: a row a file, with the pauses between sessions folded."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from paper2code.models.journal import Entry

_LONGEST_IDLE = 60.0
"""Seconds without any call beyond which a gap is drawn this long: the run was stopped and taken up again."""
_NARROWEST = 0.15
"""Percentage below which a bar could not be seen."""
_TICKS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
_MOST_TICKS = 8


@dataclass(frozen=True)
class Bar:
    """A call; `left` and `width` are percentages of the whole time."""

    entry: Entry
    left: float
    width: float


@dataclass(frozen=True)
class Row:
    """The calls about one file, or about the whole design or repository."""

    target: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Timeline:
    """All calls of a run over its time."""

    seconds: float
    """From the first call to the end of the last, pauses left out."""
    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, int], ...]
    """Where the axis has marks, as a percentage, and their seconds."""
    pauses: tuple[float, ...]
    """Where a pause was folded, as a percentage."""

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that have bars, in the order of the rows."""
        return tuple(dict.fromkeys(bar.entry.role for row in self.rows for bar in row.bars))


def timeline(journal: Iterable[Entry]) -> Timeline | None:
    """Lay out the calls over time, files in the order in which work on them began.

    Args:
        journal: The record of a run. Calls of which nobody knows when they began are left out.

    Returns:
        The timeline; None where no time is known.
    """
    entries = sorted((entry for entry in journal if entry.started > 0), key=lambda entry: entry.started)
    if not entries:
        return None
    place, pauses, total = _folded(entries)
    share = 100 / total
    rows: dict[str, list[Bar]] = {}
    for entry in entries:
        left = place(entry.started) * share
        width = place(entry.started + entry.seconds) * share - left
        rows.setdefault(entry.target, []).append(Bar(entry, round(left, 3), round(max(width, _NARROWEST), 3)))
    return Timeline(
        seconds=total,
        rows=tuple(Row(target, tuple(bars)) for target, bars in rows.items()),
        ticks=tuple((round(second * share, 3), second) for second in range(0, int(total) + 1, _step(total))),
        pauses=tuple(round(pause * share, 3) for pause in pauses),
    )


def _folded(entries: Sequence[Entry]) -> tuple[Callable[[float], float], list[float], float]:
    """A map from clock to drawn seconds, where pauses stand on the latter, and how long they are in all."""
    cuts: list[tuple[float, float]] = []
    end = entries[0].started
    for entry in entries:
        if entry.started - end > _LONGEST_IDLE:
            cuts.append((end + _LONGEST_IDLE, entry.started - end - _LONGEST_IDLE))
        end = max(end, entry.started + entry.seconds)

    def place(clock: float) -> float:
        return clock - entries[0].started - sum(length for begin, length in cuts if begin < clock)

    return place, [place(begin) for begin, _ in cuts], max(place(end), 0.001)


def _step(total: float) -> int:
    """The shortest distance between ticks that keeps them few."""
    return next((step for step in _TICKS if total / step <= _MOST_TICKS), int(total / _MOST_TICKS) + 1)
