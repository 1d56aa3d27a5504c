"""What a fault is."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from paper2code.testing import Question, ToyProject
from tests.faults.project import STAGES, TOY, Model, Stage
from tests.models.server import Answer, Reply

Often = Literal["once", "always"]

ALL = tuple(stage.name for stage in STAGES)
ARTIFACTS = tuple(stage.name for stage in STAGES if stage.form == "artifact")
FILES = tuple(stage.name for stage in STAGES if stage.form != "artifact")
SOME = ("planner", "coder", "coder again", "reviewer", "debugger")
"""One stage for each way in which an answer is asked for, and for each thing that a failure costs."""
FEW = ("planner", "coder")
"""For what is the same wherever it is met."""


@dataclass(frozen=True)
class Asked:
    """A question at the stage of a fault, and what a faultless model answers to it."""

    question: Question
    stage: Stage
    model: Model

    @property
    def text(self) -> str:
        """The answer."""
        return self.model(self.question)

    @property
    def whole(self) -> str:
        """The answer, files that change written anew."""
        return self.model.whole(self.question)

    @property
    def value(self) -> dict[str, Any]:
        """The artifact."""
        value: dict[str, Any] = json.loads(self.text)
        return value


def faultless(asked: Asked) -> Answer:
    """The answer as it is, for faults of other kinds."""
    return asked.text


def _nothing(folder: Path) -> AbstractContextManager[object]:
    del folder
    return nullcontext()


@dataclass(frozen=True, eq=False)
class Fault:
    """Something that goes wrong, where it can, and how."""

    name: str
    spoil: Callable[[Asked], Answer] = faultless
    """What comes instead of the faultless answer."""
    stages: tuple[str, ...] = ALL
    often: tuple[Often, ...] = ("once", "always")
    """`once` spoils the first answer of the stage only."""
    steady: tuple[str, ...] = ()
    """Where it is met `always`, if these are other stages."""
    options: tuple[str, ...] = ()
    """Options of the command line without which it would not be met."""
    streams: bool = False
    """Whether answers are asked for in pieces."""
    project: ToyProject = TOY
    """What the model plans."""
    around: Callable[[Path], AbstractContextManager[object]] = _nothing
    """What is wrong with the machine while the run goes into that folder."""


@dataclass(frozen=True, eq=False)
class Cell:
    """One fault at one stage."""

    fault: Fault
    stage: Stage
    often: Often

    def __str__(self) -> str:
        return f"{self.fault.name}, {self.stage.name}, {self.often}"


def cells(faults: tuple[Fault, ...]) -> Iterator[Cell]:
    """All cells of the matrix."""
    named = {stage.name: stage for stage in STAGES}
    for fault in faults:
        for often in fault.often:
            for stage in (often == "always" and fault.steady) or fault.stages:
                yield Cell(fault, named[stage], often)


def edited(edit: Callable[[str], str]) -> Callable[[Asked], Answer]:
    """A fault that changes the text of an answer."""
    return lambda asked: edit(asked.text)


def rewritten(edit: Callable[[str], str]) -> Callable[[Asked], Answer]:
    """A fault that changes the text of an answer whose files are written anew."""
    return lambda asked: edit(asked.whole)


def restructured(edit: Callable[[dict[str, Any]], object]) -> Callable[[Asked], Answer]:
    """A fault that changes the value of an artifact, in place or for another."""

    def spoil(asked: Asked) -> Answer:
        value = asked.value
        changed = edit(value)
        return json.dumps(value if changed is None else changed, indent=2)

    return spoil


def replied(**fields: Any) -> Callable[[Asked], Answer]:
    """A fault beside the text of an answer: of its usage, or of why it ended."""
    return lambda asked: Reply(**{"text": asked.text, **fields})
