"""What a run reports while it works: the `custom` events of LangGraph's stream.

Stream them with `graph.astream(..., stream_mode="custom", subgraphs=True)`, which yields pairs of a namespace
and an event: a plain dict of one of the shapes below, told apart by its `event`.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any, Literal, ParamSpec, TypeVar

from langgraph.config import get_stream_writer
from typing_extensions import TypedDict

from paper2code.artifacts import Ending, Step, StepKind


class CallEvent(TypedDict):
    """A model call changes its state; `seconds` and the counts are 0 until it is finished."""

    event: Literal["call"]
    state: Literal["queued", "started", "retrying", "finished"]
    role: str
    target: str
    revision: int
    replayed: bool
    seconds: float
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    usd: float | None
    note: str


FilePlace = Literal[
    "analyst", "await_imports", "tester", "coder", "checker", "reviewer", "accepted", "rejected", "failed"
]


class FileEvent(TypedDict):
    """A file enters a node of its graph, or leaves the last one with a status."""

    event: Literal["file"]
    path: str
    state: FilePlace
    revision: int
    note: str


class StageEvent(TypedDict):
    """A node of the whole graph starts or ends, with a line on what came of it."""

    event: Literal["stage"]
    node: str
    state: Literal["started", "finished"]
    note: str


class StepEvent(TypedDict):
    """A step of the execution gate ended."""

    event: Literal["step"]
    kind: StepKind
    command: str
    ending: Ending
    reason: str
    seconds: float


class PaperEvent(TypedDict):
    """The paper was read; `warnings` are those of the `Paper`, before any call is made."""

    event: Literal["paper"]
    title: str
    warnings: list[str]


class DesignEvent(TypedDict):
    """The files that will be written, in topological order, once the design stands."""

    event: Literal["design"]
    title: str
    files: list[str]
    requirements: int


class RegenerationEvent(TypedDict):
    """What has changed since the last run in this folder, and what is asked again for it: before any call.

    `follows` are agents whose answers may change what comes after them.
    """

    event: Literal["regeneration"]
    changed: list[str]
    follows: list[str]
    files: list[str]
    kept: list[str]


P = ParamSpec("P")
R = TypeVar("R", bound=Mapping[str, object])

Event = CallEvent | FileEvent | StageEvent | StepEvent | PaperEvent | DesignEvent | RegenerationEvent


def emit(event: Event) -> None:
    """Send an event into the stream of the graph that is running; outside of one, to nobody."""
    try:
        writer = get_stream_writer()
    except RuntimeError:
        return
    writer(event)


def emit_file(path: str, state: FilePlace, revision: int = 0, note: str = "") -> None:
    """Tell where a file is."""
    emit(FileEvent(event="file", path=path, state=state, revision=revision, note=note))


def emit_step(step: Step) -> None:
    """Tell how a step of the execution gate ended."""
    emit(
        StepEvent(
            event="step",
            kind=step.kind,
            command=step.command,
            ending=step.ending,
            reason=step.reason,
            seconds=step.seconds,
        )
    )


def announced(
    node: str, told: Callable[[Mapping[str, Any]], str] = lambda _: ""
) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R]]]:
    """A node of the whole graph that says when it starts and ends.

    Args:
        node: Its name in the graph.
        told: What came of it, in a few words made of its update.
    """

    def decorate(deed: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        @wraps(deed)
        async def tell(*args: P.args, **kwargs: P.kwargs) -> R:
            emit(StageEvent(event="stage", node=node, state="started", note=""))
            update = await deed(*args, **kwargs)
            emit(StageEvent(event="stage", node=node, state="finished", note=told(update)))
            return update

        return tell

    return decorate
