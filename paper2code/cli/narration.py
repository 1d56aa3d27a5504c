"""Events in words: a line for each thing that a reader wants to know of."""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import shorten
from typing import Literal

from paper2code.artifacts import Ending
from paper2code.cli.text import counted, printable
from paper2code.events import (
    CallEvent,
    Event,
    FileEvent,
    PaperEvent,
    RegenerationEvent,
    StageEvent,
    StepEvent,
)

Tone = Literal["plain", "good", "bad", "warn"]

TONES: dict[Tone, str] = {"plain": "", "good": "green", "bad": "red", "warn": "yellow"}
"""The style of each tone."""

STAGE_NAMES = {
    "reader": "paper",
    "planner": "plan",
    "architect": "architecture",
    "dependency_analyst": "dependencies",
    "config_writer": "config",
    "design_reviewer": "design review",
    "arbiter": "interfaces",
    "auditor": "audit",
    "runner": "runs",
    "debugger": "mend",
    "publisher": "publish",
}
"""What a finished node leaves behind; other nodes go by their own name."""

_COMMAND = 60
_SHOWN_WARNINGS = 3
_TONES_OF_ENDINGS: dict[Ending, Tone] = {"passed": "good", "failed": "bad", "not run": "warn"}

APPROVAL = "approval"
"""The node that waits for a person. It is left out, because the screen makes room for the question itself."""


@dataclass(frozen=True)
class Line:
    """One thing that happened: what it is about, what became of it, and how glad one may be."""

    subject: str
    text: str
    tone: Tone = "plain"

    def __str__(self) -> str:
        return f"{self.subject}: {self.text}"


def stage_name(node: str) -> str:
    """The word for a node on the screen.

    >>> stage_name("dependency_analyst"), stage_name("my_own_node")
    ('dependencies', 'my own node')
    """
    return STAGE_NAMES.get(node, node.replace("_", " "))


def narrate(event: Event) -> tuple[Line, ...]:
    """The lines of an event; none for one that only moves the picture."""
    line: Line | None
    match event["event"]:
        case "paper":
            return tuple(_warnings(event))
        case "call":
            line = _call(event)
        case "file":
            line = _file(event)
        case "stage":
            line = _stage(event)
        case "step":
            line = _step(event)
        case "regeneration":
            line = Line("changed", f"{changed(event)} - asked again: {asked_again(event)}")
        case "design":
            wanted = counted(event["requirements"], "requirement")
            line = Line("design", f"{counted(len(event['files']), 'file')} to write for {wanted}")
    return (line,) if line else ()


def changed(event: RegenerationEvent) -> str:
    """What has changed since the last run."""
    return printable("; ".join([*event["changed"], *(f"{path} (by hand, kept)" for path in event["kept"])]))


def asked_again(event: RegenerationEvent) -> str:
    """What is asked again for it, as far as it is known before the first answer."""
    agents = [stage_name(agent) for agent in event["follows"]]
    known = ", ".join((*agents, *event["files"])) or "no file"
    return printable(f"{known}; then the audit, and what follows from new answers")


def _warnings(event: PaperEvent) -> Iterator[Line]:
    """What to be wary of in the paper, a line each, as long as they are few."""
    for warning in event["warnings"][:_SHOWN_WARNINGS]:
        yield Line("warning", printable(warning), "warn")
    more = len(event["warnings"]) - _SHOWN_WARNINGS
    if more > 0:
        yield Line("warning", f"and {more} more, which `paper2code read` shows", "warn")


def _stage(event: StageEvent) -> Line | None:
    if event["state"] == "started" or event["node"] == APPROVAL:
        return None
    return Line(stage_name(printable(event["node"])), printable(event["note"]) or "done")


def _file(event: FileEvent) -> Line | None:
    path, note = printable(event["path"]), printable(event["note"])
    after = f" after {counted(event['revision'], 'revision')}" if event["revision"] else ""
    match event["state"]:
        case "accepted":
            return Line(path, _with(f"accepted{after}", note), "good")
        case "rejected" | "failed":
            return Line(path, _with(f"{event['state']}{after}", note), "bad")
        case "coder" if event["revision"]:
            return Line(path, _with(f"revision {event['revision']}", note), "warn")
        case _:
            return None


def _step(event: StepEvent) -> Line:
    """The ending stands first, lest a narrow screen cuts it off."""
    command = shorten(printable(event["command"]) or event["kind"], _COMMAND, placeholder=" ...")
    took = f"{event['seconds']:.1f} s" if event["ending"] == "passed" else ""
    how = ", ".join(filter(None, (printable(event["reason"]), took)))
    text = f"{event['ending']:7}  {command}" + (f"  {how}" if how else "")
    return Line(stage_name("runner"), text, _TONES_OF_ENDINGS[event["ending"]])


def _call(event: CallEvent) -> Line | None:
    if event["state"] != "retrying":
        return None
    role, target = printable(event["role"]).replace("_", " "), printable(event["target"])
    who = f"{role} asked again" if target else "asked again"
    return Line(target or role, _with(who, printable(event["note"])), "warn")


def _with(text: str, note: str) -> str:
    return f"{text}: {note}" if note else text
