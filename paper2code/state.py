"""The shared state of the graph, and that of one file.

Kept small on purpose, since LangGraph writes all of it into every checkpoint: the paper and the finished
files live in the workspace, the state holds artifacts, reviews and counters. Each key has one writer.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from langchain_core.runnables import Runnable
from pydantic import BaseModel, ConfigDict
from typing_extensions import TypedDict

from paper2code.artifacts import (
    Architecture,
    Artifact,
    Audit,
    Dependencies,
    DesignFault,
    DesignReview,
    ExperimentConfig,
    FileAnalysis,
    FileReview,
    FileStatus,
    Finding,
    InterfaceChange,
    Plan,
    Ruling,
    RunResult,
    SourceFile,
    Step,
    Ticket,
    TracedRequirement,
)
from paper2code.papers.model import Paper


class Refusal(Artifact):
    """Why a mended file was not taken; the one before it stands."""

    mend: int
    """The number of the mend, from 1."""
    review: FileReview


class Snapshot(BaseModel):
    """All of a repository that a mend may change."""

    model_config = ConfigDict(frozen=True)

    published: dict[str, str]
    """For each file the edition that holds it."""
    config: ExperimentConfig
    dependencies: Dependencies


Node = Runnable[Any, Any] | Callable[..., object]
"""Anything that LangGraph takes as a node."""


def by_path(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Reducer: the newer entry of each path."""
    return {**old, **new}


def appended(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Reducer: the old items, then the new ones. A checkpoint gives tuples back as lists."""
    return (*old, *new)


class Input(TypedDict):
    """What the caller gives: a path, an arXiv id, an address at arXiv, or a `Paper`."""

    paper: str | Path | Paper


class State(TypedDict, total=False):
    """The state of a whole run."""

    paper: str | Path | Paper
    title: str

    plan: Plan
    paper_changes: tuple[str, ...]
    """Parts of the paper that have changed since the plan was made; see `differences`."""
    plan_changes: tuple[str, ...]
    """Requirements and choices that the last replan, or the researcher, added, changed or withdrew."""
    replans: int
    answers: dict[str, str]
    """What the researcher answered to ambiguities of the plan, by their ids."""

    architecture: Architecture
    designs: int
    """How often the architect has designed: names the rounds of all that follow it."""
    redesigns: int
    """How many of these were asked for by faults or findings."""
    design_changes: tuple[str, ...]
    """Paths that the last redesign added, changed or removed."""

    dependencies: Dependencies
    faults: tuple[DesignFault, ...]
    notes: Annotated[tuple[str, ...], appended]
    """What had to be settled without a model, in words for the reader of the repository."""

    config: ExperimentConfig
    design_review: DesignReview
    reviewed_design: int
    """The design, counted as in `designs`, that `design_review` is about."""
    remark: str
    """What the researcher wants changed before files are written."""

    published: Annotated[dict[str, str], by_path]
    """The edition, which is the round of writing, that holds each file as it stands; see `board`."""
    reviews: Annotated[dict[str, FileReview], by_path]
    file_status: Annotated[dict[str, FileStatus], by_path]
    test_results: Annotated[dict[str, Step], by_path]
    """How the tests of each file ended, by the path of the file."""

    proposals: Annotated[tuple[InterfaceChange, ...], appended]
    """Changes to frozen interfaces that coders ask for."""
    heard: int
    """How many of them were ruled on."""
    ruling: Ruling | None
    """The architect's ruling on those of the last round; None where there were none."""
    rulings: int

    audit: Audit
    audits: int
    """How often the whole repository was judged; each but the last was followed by a round of repairs."""

    run: RunResult
    """What the execution gate ran, at the best state of the repository."""
    relapse: tuple[Step, ...]
    """What failed after the last mend, where that was undone because it made things worse."""
    mended: tuple[SourceFile, ...]
    """Files as the debugger has just changed them, before they are checked."""
    mends: int
    """How often the debugger was asked."""
    refusals: Annotated[dict[str, Refusal], by_path]
    """Why a mended file was last not taken, by its path."""
    best: Snapshot
    """The state of the repository that `run` is about."""

    status: Literal["accepted", "incomplete"]
    files: dict[str, str]
    requirements: tuple[TracedRequirement, ...]
    usage: dict[str, Any]


def contract(state: State) -> tuple[Plan, Architecture, Dependencies, ExperimentConfig]:
    """What was made of the paper, once the config writer has written; as `Design.contract` gives it."""
    return state["plan"], state["architecture"], state["dependencies"], state["config"]


class Output(TypedDict, total=False):
    """What a run gives back. `files` maps each path of the repository to its text."""

    title: str
    plan: Plan
    architecture: Architecture
    dependencies: Dependencies
    config: ExperimentConfig
    reviews: Annotated[dict[str, FileReview], by_path]
    file_status: Annotated[dict[str, FileStatus], by_path]
    test_results: Annotated[dict[str, Step], by_path]
    audit: Audit
    run: RunResult
    status: Literal["accepted", "incomplete"]
    files: dict[str, str]
    requirements: tuple[TracedRequirement, ...]
    usage: dict[str, Any]


class FileOutput(TypedDict, total=False):
    """What one file adds to the state of the run."""

    published: Annotated[dict[str, str], by_path]
    reviews: Annotated[dict[str, FileReview], by_path]
    file_status: Annotated[dict[str, FileStatus], by_path]
    test_results: Annotated[dict[str, Step], by_path]
    refusals: Annotated[dict[str, Refusal], by_path]
    proposals: Annotated[tuple[InterfaceChange, ...], appended]


class FileState(FileOutput, total=False):
    """The state of one file in one round, which ends in what it adds to that of the run."""

    path: str
    awaited: tuple[str, ...]
    """Files that it imports directly and that are in the same round: each is published after its own, and is
    in every round that one of its own is in."""
    rank: int
    """Longest chain of files that wait for this one, itself counted: who goes first at the gate."""
    edition: str
    """The round in which it is written, with all others that are sent at the same time."""
    before: str
    """The edition that holds the file as it was before; empty where it was never written."""
    kept: bool
    """Whether somebody has changed it by hand, so that it is judged and not written; absent where not."""
    ticket: Ticket | None
    """What the audit or the debugger wants changed; None where the file is new, and where it only has to be
    checked again because one that it imports has changed."""

    mend: int
    """Which mend of the debugger the draft is; absent where it is none."""

    analysis: FileAnalysis
    draft: SourceFile
    tests: SourceFile
    """The tests that were written for it; absent where it has none."""
    findings: tuple[Finding, ...]
    """What the source checks found in the draft and its tests."""
    tried: Step | None
    """How the tests of the draft ended; None where it has none, or is not fit to run them."""
    refused: bool
    """Whether checks or tests refuse the draft."""
    fixes: int
    """Drafts in a row that the checks refused."""
    review: FileReview
    reviews_given: int
    reviewed: int
    """The revision that the review is about."""
