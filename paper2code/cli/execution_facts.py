"""What the summary says of the generated code being run. What did not run is never counted as passed."""

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from paper2code.artifacts import Ending, RunResult, Step
from paper2code.cli.text import counted, printable, tally
from paper2code.state import Output

_ENDINGS: tuple[Ending, ...] = get_args(Ending)

Fact = tuple[str, str]
"""What it is about, and what is to be said of it."""


def test_tally(output: Output) -> str:
    """How the tests of the files ended, counted by file; empty if no file has any."""
    endings = Counter[str](step.ending for step in output.get("test_results", {}).values())
    files = counted(endings.total(), "file")
    return f"of {files}: {tally(endings, _ENDINGS)}" if endings else ""


def what_ran(output: Output) -> str:
    """How the steps of the execution gate ended and where they ran; or why none did."""
    result = output.get("run", RunResult())
    if not _anything_ran(result):
        reason = next((printable(step.reason) for step in result.steps if step.reason), "")
        return f"nothing was run: {reason}" if reason else "nothing was run"
    place = ", ".join(filter(None, (result.sandbox, f"Python {result.python}" if result.python else "")))
    told = tally(Counter[str](step.ending for step in result.steps), _ENDINGS)
    where = f"; {printable(place)}" if place else ""
    return told + where + (", replayed from another run" if result.replayed else "")


def failures(output: Output) -> Iterator[Fact]:
    """The steps that failed, each with its reason."""
    for step in output.get("run", RunResult()).failed:
        yield _named(step), printable(step.reason)


def unrun(output: Output) -> Iterator[Fact]:
    """The steps that others were run without; those with one reason together."""
    result = output.get("run", RunResult())
    if not _anything_ran(result):
        return
    by_reason: dict[str, list[Step]] = {}
    for step in result.not_run:
        by_reason.setdefault(printable(step.reason), []).append(step)
    for reason, steps in by_reason.items():
        yield _named(steps[0]) if len(steps) == 1 else counted(len(steps), "step"), reason


def _anything_ran(result: RunResult) -> bool:
    return any(step.ending != "not run" for step in result.steps)


def _named(step: Step) -> str:
    return printable(step.command) or step.kind
