"""The live picture of a run on a terminal: pure drawing, from `Progress` to lines of a given size."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from paper2code.cli.file_table import FileTable
from paper2code.cli.marks import Marks
from paper2code.cli.narration import APPROVAL, TONES, Line, asked_again, changed, stage_name
from paper2code.cli.progress import FINISHING, PLANNING, Progress, Stage
from paper2code.cli.text import counted, dollars, duration, fit, fit_path, printable, short_number

HOW_TO_STOP = "Ctrl-C stops; the same command goes on where it stopped"

_ON_DEMAND = frozenset({"debugger"})
"""Nodes that most runs do without, and that are shown once they were at work."""

_MAX_EVENTS = 8
_CLOCK = 8
_SUBJECT = 30

Happened = tuple[float, Line]
"""The second of the run in which something happened, and what."""


def draw(
    progress: Progress,
    events: Sequence[Happened],
    *,
    marks: Marks,
    width: int,
    height: int,
    notice: str = HOW_TO_STOP,
) -> list[Text]:
    """The whole screen.

    Args:
        progress: The picture so far.
        events: What happened last, oldest first.
        marks: The signs that the terminal can show.
        width: Cells in a line.
        height: Lines of the screen.
        notice: The last line.

    Returns:
        At most `height` lines, none wider than `width`.
    """
    head = [
        *_header(progress, marks, width),
        *_notes(progress, marks, width),
        Text(),
        *_stages(progress, marks, width),
        Text(),
    ]
    foot = [Text(), Text(f" {fit(notice, width - 1, marks.ellipsis)}", "dim")]
    room = height - len(head) - len(foot)
    last = _events(events, min(_MAX_EVENTS, max(1, room // 4)), marks, width)
    files = FileTable(progress, marks, width).lines(room - len(last) - 1)
    lines = [*head, *files, *([Text()] if files and last else []), *last, *foot]
    for line in lines:
        line.no_wrap, line.overflow = True, "crop"
        line.truncate(width)
    return lines[:height]


def cost(progress: Progress) -> str:
    """What was paid, as honestly as it is known."""
    spending = progress.spending
    if spending.calls and spending.unpriced == spending.calls:
        return "price unknown"
    if spending.calls and spending.replayed == spending.calls and not (spending.usd or spending.unpriced):
        return "nothing paid"
    known = dollars(spending.usd)
    return f"{known} and unknown prices" if spending.unpriced else known


def tokens(progress: Progress) -> str:
    """How many tokens went to and fro, and which share of the prompts the provider had in its cache."""
    spending = progress.spending
    share = spending.cached_tokens * 100 // max(1, spending.input_tokens)
    return f"{short_number(spending.tokens)} tokens" + (f", {share}% cached" if share else "")


def _header(progress: Progress, marks: Marks, width: int) -> list[Text]:
    under_way = progress.calls_in("started") + progress.calls_in("retrying")
    calls = counted(progress.spending.calls, "call") + (f", {under_way} under way" if under_way else "")
    facts = f" {marks.dot} ".join((calls, tokens(progress), cost(progress)))
    title = _two_ends(progress.title or progress.paper, duration(progress.elapsed), marks, width)
    title.stylize("bold", 0, width - _CLOCK)
    numbers = _two_ends(facts, progress.model, marks, width)
    numbers.stylize("dim", cell_len(facts) + 1)
    return [title, numbers]


def _notes(progress: Progress, marks: Marks, width: int) -> list[Text]:
    """What stays in view until the end: warnings, and what has changed since the last run."""
    told = []
    if warnings := progress.warnings:
        told.append((counted(len(warnings), "warning"), printable("; ".join(warnings))))
    if regeneration := progress.regeneration:
        told += [("changed", changed(regeneration)), ("asked again", asked_again(regeneration))]
    return [Text(f" {fit(f'{name}: {text}', width - 1, marks.ellipsis)}", "yellow") for name, text in told]


def _two_ends(left: str, right: str, marks: Marks, width: int) -> Text:
    """Both texts in one line; the longer one gives way."""
    room = width - 4
    longest = max(room // 3, room - cell_len(left))
    if cell_len(right) > longest:
        right = fit(right, longest, marks.ellipsis)
    return Text(f" {fit(left, room - cell_len(right), marks.ellipsis)}  {right}")


def _stages(progress: Progress, marks: Marks, width: int) -> list[Text]:
    """The nodes of the whole graph as ticks, the fan-out of the files between planning and audit."""
    known = {*PLANNING, *FINISHING, APPROVAL}
    others = [node for node in progress.stages if node not in known]
    finishing = [node for node in FINISHING if node not in _ON_DEMAND or node in progress.stages]
    parts = [_stage(node, progress, marks) for node in PLANNING]
    parts.append(_files_stage(progress, marks))
    parts += [_stage(node, progress, marks) for node in (*others, *finishing)]
    lines = [Text(" ")]
    for part in parts:
        if lines[-1].cell_len > 1 and lines[-1].cell_len + part.cell_len + 2 > width:
            lines.append(Text(" "))
        lines[-1] = Text.assemble(lines[-1], "" if lines[-1].cell_len == 1 else "  ", part)
    return lines


def _stage(node: str, progress: Progress, marks: Marks) -> Text:
    stage = progress.stages.get(node, Stage())
    times = stage.runs + (stage.since is not None)
    name = stage_name(node) + (f" x{times}" if times > 1 else "")
    if stage.since is not None:
        spent = duration(progress.elapsed - stage.since)
        return Text.assemble((marks.active, "bold cyan"), (f" {name}", "bold"), (f" {spent}", "dim"))
    if node == "runner" and stage.runs:
        return _ran(name, progress, marks)
    return (
        Text.assemble((marks.done, "green"), f" {name}")
        if stage.runs
        else Text(f"{marks.todo} {name}", "dim")
    )


def _ran(name: str, progress: Progress, marks: Marks) -> Text:
    """The gate's last run, for which no sign stands that it has passed unless something was run."""
    if failed := progress.steps_that("failed"):
        return Text.assemble((marks.rejected, "red"), f" {name}", (f", {failed} failed", "red"))
    if progress.steps_that("not run") or not progress.steps:
        return Text.assemble((marks.failed, "yellow"), f" {name}", (", not all of it run", "yellow"))
    return Text.assemble((marks.done, "green"), f" {name}")


def _files_stage(progress: Progress, marks: Marks) -> Text:
    total = len(progress.files)
    if not total:
        return Text(f"{marks.todo} files", "dim")
    accepted, lost = progress.count("accepted"), progress.count("rejected") + progress.count("failed")
    under_way = accepted + lost < total
    mark = (
        (marks.active, "bold cyan")
        if under_way
        else (marks.rejected, "red")
        if lost
        else (marks.done, "green")
    )
    text = Text.assemble(mark, (f" files {accepted}/{total}", "bold" if under_way else ""))
    return text.append(f", {lost} not accepted", "red") if lost else text


def _events(events: Sequence[Happened], room: int, marks: Marks, width: int) -> list[Text]:
    shown = events[len(events) - min(room, len(events)) :]
    subject_width = min(_SUBJECT, width // 3, max((cell_len(line.subject) for _, line in shown), default=0))
    return [_event(when, line, subject_width, marks, width) for when, line in shown]


def _event(when: float, line: Line, subject_width: int, marks: Marks, width: int) -> Text:
    room = max(1, width - _CLOCK - subject_width - 5)
    return Text.assemble(
        (duration(when).rjust(_CLOCK), "dim"),
        f"  {fit_path(line.subject, subject_width, marks.ellipsis)}  ",
        (fit(line.text, room, marks.ellipsis), TONES[line.tone]),
    )
