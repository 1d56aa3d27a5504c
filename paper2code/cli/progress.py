"""What is known of a run while it works: its events folded into one picture.

`Progress` draws nothing and waits for nothing, so that every way of showing a run tells the same story.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

from paper2code.artifacts import Ending
from paper2code.cli.text import printable
from paper2code.events import (
    CallEvent,
    DesignEvent,
    Event,
    FileEvent,
    PaperEvent,
    RegenerationEvent,
    StageEvent,
    StepEvent,
)

Lane = Literal["analyst", "await_imports", "coder", "checker", "reviewer"]
Outcome = Literal["accepted", "rejected", "failed"]
CallKey = tuple[str, str, int]

LANES: tuple[Lane, ...] = get_args(Lane)
PLANNING = ("reader", "planner", "architect", "dependency_analyst", "config_writer", "design_reviewer")
FINISHING = ("arbiter", "auditor", "runner", "debugger", "publisher")


@dataclass
class Stage:
    """A node of the whole graph: how often it has run, and since when it is at work (None: it is not)."""

    runs: int = 0
    since: float | None = None


@dataclass
class FileRow:
    """One file of the repository: the agent that has it or had it last, and how it ended."""

    path: str
    lane: Lane | None = None
    outcome: Outcome | None = None
    revision: int = 0
    since: float = 0.0
    note: str = ""


@dataclass
class Spending:
    """What the finished calls of a repository took, also those of earlier runs in the same folder.

    A call that a recording answers costs nothing; one that this folder's own journal answers was paid before.
    """

    calls: int = 0
    replayed: int = 0
    unpriced: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0
    usd_before: float = 0.0

    @property
    def tokens(self) -> int:
        """Prompts and answers together."""
        return self.input_tokens + self.output_tokens

    def add(self, call: CallEvent) -> None:
        """Count a finished call."""
        self.calls += 1
        self.replayed += call["replayed"]
        self.input_tokens += call["input_tokens"]
        self.cached_tokens += call["cached_tokens"]
        self.output_tokens += call["output_tokens"]
        if call["usd"] is None:
            self.unpriced += 1
        else:
            self.usd += call["usd"]
            self.usd_before += call["usd"] if call["replayed"] else 0.0


@dataclass
class Progress:
    """The picture of one run. `clock` counts seconds and is only ever compared with itself."""

    paper: str
    model: str
    clock: Callable[[], float] = time.monotonic
    title: str = ""
    requirements: int = 0
    stages: dict[str, Stage] = field(default_factory=dict)
    files: dict[str, FileRow] = field(default_factory=dict)
    calls: dict[CallKey, str] = field(default_factory=dict)
    steps: list[StepEvent] = field(default_factory=list)
    """What the execution gate has run, the last time it was at work."""
    regeneration: RegenerationEvent | None = None
    """What has changed since the last run in this folder, if anything has."""
    warnings: list[str] = field(default_factory=list)
    """What to be wary of in the paper as it was read."""
    spending: Spending = field(default_factory=Spending)
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.clock()

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return self.clock() - self.began

    def apply(self, event: Event) -> None:
        """Take one event into the picture."""
        match event["event"]:
            case "call":
                self._apply_call(event)
            case "file":
                self._apply_file(event)
            case "stage":
                self._apply_stage(event)
            case "step":
                self.steps.append(event)
            case "regeneration":
                self.regeneration = event
            case "paper":
                self._apply_paper(event)
            case "design":
                self._apply_design(event)

    def name(self, title: str) -> None:
        """Call the run by the paper's title, once it is known."""
        self.title = printable(title) or self.title

    def count(self, outcome: Outcome) -> int:
        """How many files have ended so."""
        return sum(row.outcome == outcome for row in self.files.values())

    def steps_that(self, ending: Ending) -> int:
        """How many steps of the execution gate have ended so."""
        return sum(step["ending"] == ending for step in self.steps)

    def calls_in(self, state: str) -> int:
        """How many calls are `queued`, `started` or `retrying`."""
        return sum(current == state for current in self.calls.values())

    def call_state(self, row: FileRow) -> str:
        """The state of the call that is made for a file now; empty when there is none."""
        return next((state for (_, target, _), state in self.calls.items() if target == row.path), "")

    def _apply_call(self, event: CallEvent) -> None:
        key = (event["role"], event["target"], event["revision"])
        if event["state"] == "finished":
            self.calls.pop(key, None)
            self.spending.add(event)
        else:
            self.calls[key] = event["state"]

    def _apply_file(self, event: FileEvent) -> None:
        if event["state"] == "tester":  # beside the coder, with whom the file is
            return
        path = printable(event["path"])
        row = self.files.setdefault(path, FileRow(path))
        row.revision, row.since, row.note = event["revision"], self.elapsed, printable(event["note"])
        match event["state"]:
            case "accepted" | "rejected" | "failed" as outcome:
                row.outcome = outcome
                self._forget_calls(event["path"])
            case lane:
                row.lane, row.outcome = lane, None

    def _apply_stage(self, event: StageEvent) -> None:
        stage = self.stages.setdefault(printable(event["node"]), Stage())
        if event["state"] == "started":
            stage.since = self.elapsed
            # All that went before has ended; a call that was given up has not said so.
            self.calls.clear()
            if event["node"] == "runner":
                self.steps.clear()
        else:
            stage.runs, stage.since = stage.runs + 1, None

    def _apply_paper(self, event: PaperEvent) -> None:
        self.name(event["title"])
        self.warnings = event["warnings"]

    def _apply_design(self, event: DesignEvent) -> None:
        self.name(event["title"])
        self.requirements = event["requirements"]
        paths = [printable(path) for path in event["files"]]
        self.files = {path: self.files.get(path, FileRow(path)) for path in paths}

    def _forget_calls(self, path: str) -> None:
        """A call that was given up never reports its end; it leaves with its file."""
        self.calls = {key: state for key, state in self.calls.items() if key[1] != path}
