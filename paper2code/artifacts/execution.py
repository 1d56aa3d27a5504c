"""What was run of the generated repository, and how it ended."""

from typing import Literal

from pydantic import ConfigDict, Field

from paper2code.artifacts.base import Artifact, Line, Text

StepKind = Literal["install", "imports", "tests", "help", "smoke"]
Ending = Literal["passed", "failed", "not run"]


class Step(Artifact):
    """One command of the execution gate. What did not run has not passed."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    kind: StepKind
    target: Line = ""
    """The file it is about; empty for the whole repository."""
    command: Line = ""
    """As a user would type it in the repository's root."""
    ending: Ending
    reason: Line = ""
    """Why it failed or did not run, in a few words: `exit code 1`, `no end after 60 s`, `no sandbox here`. Of
    tests it is their count, such as `3 passed, 1 failed`, also where all passed."""
    seconds: float = Field(default=0.0, ge=0)
    output: Text = ""
    """The tail of what it printed, both streams in order."""


class RunResult(Artifact):
    """What the execution gate ran, in order."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    steps: tuple[Step, ...] = ()
    sandbox: Line = ""
    """What kept the code in: `bubblewrap`, `docker`, `podman`, `none (unsafe)`; empty if nothing ran."""
    python: Line = ""
    """Version of the interpreter that ran it."""
    replayed: bool = False
    """Whether the steps are those of a replayed journal, run on another machine."""

    @property
    def failed(self) -> tuple[Step, ...]:
        """The steps that ran and failed."""
        return tuple(step for step in self.steps if step.ending == "failed")

    @property
    def not_run(self) -> tuple[Step, ...]:
        """The steps that could not be run; they are never counted as passed."""
        return tuple(step for step in self.steps if step.ending == "not run")

    @property
    def passed(self) -> bool:
        """Whether everything was run, and nothing failed."""
        return bool(self.steps) and all(step.ending == "passed" for step in self.steps)
