"""The table of files: a row each, moving through its agents from left to right."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from paper2code.cli.marks import Marks
from paper2code.cli.progress import LANES, FileRow, Lane, Progress
from paper2code.cli.text import duration, fit, fit_path

_HEADS: dict[Lane, str] = {"await_imports": "imports"}
_NARROW = 72
_MARGIN = 3
_LANE = 9
_REVISION = 4
_TIME = 7
_WORD = 12
_MIN_NOTE = 24

Cell = tuple[str, str]
"""A text and its style."""


@dataclass(frozen=True)
class FileTable:
    """The table for one width of the screen."""

    progress: Progress
    marks: Marks
    width: int

    def lines(self, room: int) -> list[Text]:
        """The table in at most `room` lines: a head, the rows that matter most, a count of the others."""
        rows = list(self.progress.files.values())
        if not rows or room < 3:
            return []
        shown = rows
        if len(rows) > room - 1:
            chosen = {row.path for row in sorted(rows, key=_urgency)[: room - 2]}
            shown = [row for row in rows if row.path in chosen]
        hidden = [row for row in rows if row not in shown]
        lines = [self._head(), *(self._row(row) for row in shown)]
        return [*lines, Text(f"{'':{_MARGIN}}{_count(hidden)}", "dim")] if hidden else lines

    @property
    def _path_width(self) -> int:
        """As wide as the longest path, if there is room beside the other columns."""
        fixed = _WORD + _REVISION if self.width < _NARROW else len(LANES) * _LANE + _REVISION
        longest = max(cell_len(path) for path in self.progress.files)
        return max(8, min(longest + 2, self.width - _MARGIN - fixed - _TIME - 1))

    def _head(self) -> Text:
        head = f"{'':{_MARGIN}}{fit('file', self._path_width)}"
        if self.width >= _NARROW:
            head += "".join(_HEADS.get(lane, lane).center(_LANE) for lane in LANES) + "rev".rjust(_REVISION)
        return Text(head, "dim")

    def _row(self, row: FileRow) -> Text:
        narrow = self.width < _NARROW
        cells = [
            self._mark(row),
            (
                fit_path(row.path, self._path_width, self.marks.ellipsis),
                "dim" if row.outcome == "accepted" else "",
            ),
            *([_word(row)] if narrow else [self._lane(lane, row) for lane in LANES]),
            ((str(row.revision) if row.revision else "").rjust(_REVISION), "yellow"),
            (self._time(row).rjust(_TIME), "dim"),
        ]
        text = Text.assemble(*cells)
        room = self.width - text.cell_len - 3
        if room >= _MIN_NOTE and row.note:
            text.append("  " + fit(row.note, room, self.marks.ellipsis), "dim")
        return text

    def _time(self, row: FileRow) -> str:
        """How long the file is with its agent; waiting for others has no clock, since nothing is late."""
        at_work = row.lane and not row.outcome and row.lane != "await_imports"
        return duration(self.progress.elapsed - row.since) if at_work else ""

    def _mark(self, row: FileRow) -> Cell:
        match row.outcome:
            case "accepted":
                return f" {self.marks.done} ", "green"
            case "rejected" | "failed":
                return f" {self._loss(row)} ", "bold red"
            case None:
                return "   ", ""

    def _loss(self, row: FileRow) -> str:
        return self.marks.rejected if row.outcome == "rejected" else self.marks.failed

    def _lane(self, lane: Lane, row: FileRow) -> Cell:
        sign, style = self._sign(lane, row)
        return sign.center(_LANE), style

    def _sign(self, lane: Lane, row: FileRow) -> Cell:
        marks = self.marks
        if row.outcome == "accepted":
            return marks.done, "dim green"
        reached = LANES.index(row.lane) if row.lane else -1
        if LANES.index(lane) != reached:
            return (marks.done, "green") if LANES.index(lane) < reached else (marks.todo, "dim")
        if row.outcome:
            return self._loss(row), "bold red"
        return (marks.waiting, "dim") if lane == "await_imports" else self._at_work(row)

    def _at_work(self, row: FileRow) -> Cell:
        match self.progress.call_state(row):
            case "queued":
                return self.marks.queued, "cyan"
            case "retrying":
                return self.marks.active, "bold yellow"
            case _:
                return self.marks.active, "bold cyan"


def _word(row: FileRow) -> Cell:
    """The lanes in one word, for a screen too narrow for their columns."""
    if row.outcome:
        return fit(row.outcome, _WORD), "green" if row.outcome == "accepted" else "bold red"
    return fit(_HEADS.get(row.lane, row.lane) if row.lane else "", _WORD), "cyan"


def _urgency(row: FileRow) -> int:
    """What is at work comes first, then what went wrong, what waits, what is done; ties keep their order."""
    if row.outcome == "accepted":
        return 4
    if row.outcome:
        return 1
    if row.lane is None:
        return 3
    return 2 if row.lane == "await_imports" else 0


def _count(rows: Sequence[FileRow]) -> str:
    numbers = {
        "accepted": sum(row.outcome == "accepted" for row in rows),
        "not accepted": sum(row.outcome in ("rejected", "failed") for row in rows),
        "to come": sum(row.outcome is None for row in rows),
    }
    return "and " + ", ".join(f"{number} {word}" for word, number in numbers.items() if number)
