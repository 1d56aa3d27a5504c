"""The steps that run the repository's own programs: `--help`, and the smoke run."""

import math
import re

from paper2code.artifacts.execution import Step, StepKind
from paper2code.checks.execution.endings import ending
from paper2code.checks.execution.entry_points import SMOKE, EntryPoint, may_take_smoke
from paper2code.checks.execution.excerpt import last_line
from paper2code.checks.execution.sandbox.confinement import Limits
from paper2code.checks.execution.stage import Ran, Stage
from paper2code.checks.wording import one_line

_LOSSES = re.compile(r"^\s*smoke: loss (\S+) -> (\S+)\s*$", re.MULTILINE)
_UNKNOWN_OPTION = re.compile(
    rf"(?:unrecognized arguments?|no such option|unknown (?:option|flag)|unexpected option)\b.*{SMOKE}",
    re.IGNORECASE,
)
_REQUIRED = re.compile(
    r"arguments are required:?(.*)|one of the arguments .* is required|Missing (?:option|argument)"
)
_RAISED = re.compile(r"^[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Warning)\b.*", re.MULTILINE)

_WHAT_SMOKE_IS = (
    "add the option, which uses the tiny sizes of config.yaml's smoke section and ends in a minute"
)

NO_ENTRY_POINT = (
    "no documented command starts a Python file of the repository: add an entry point, such as train.py, "
    f"that takes {SMOKE}, and a command that starts it"
)


async def run_help(stage: Stage, entry: EntryPoint, limits: Limits) -> Step:
    """Ask a program for its options."""
    ran = await stage.python((*entry.start, "--help"), limits)
    return _step("help", entry, ("--help",), ran, _exit_fault(ran))


async def run_smoke(stage: Stage, entry: EntryPoint, arguments: tuple[str, ...], limits: Limits) -> Step:
    """Run a program at its tiny sizes; if it tells losses, the last must be below the first.

    A program that cannot do without further options gets those of its first documented command.
    """
    if not may_take_smoke(entry.path, stage.files):
        return Step(
            kind="smoke",
            target=entry.path,
            command=entry.command(*arguments),
            ending="failed",
            reason=f"{entry.path} takes no {SMOKE}: {_WHAT_SMOKE_IS}",
        )
    ran = await stage.python((*entry.start, *arguments), limits)
    lacking = _REQUIRED.search(ran.finished.output) if ran.finished.exit_code else None
    if lacking and entry.documented and arguments == (SMOKE,):
        arguments = entry.smoke_run_with(_names(lacking[1] or ""))
        ran = await stage.python((*entry.start, *arguments), limits)
    return _step("smoke", entry, arguments, ran, _smoke_fault(ran, entry))


def _step(kind: StepKind, entry: EntryPoint, arguments: tuple[str, ...], ran: Ran, fault: str) -> Step:
    return Step(
        kind=kind,
        target=entry.path,
        command=entry.command(*arguments),
        ending="failed" if fault else "passed",
        reason=one_line(fault, 1_000),
        seconds=round(ran.finished.seconds, 2),
        output=ran.output,
    )


def _names(listed: str) -> list[str]:
    """The long names of options in a parser's complaint, such as `-p/--problem, --width`."""
    return [name.strip().rpartition("/")[2] for name in listed.split(",") if name.strip()]


def _smoke_fault(ran: Ran, entry: EntryPoint) -> str:
    if ran.finished.exit_code and _UNKNOWN_OPTION.search(ran.finished.output):
        return f"{entry.path} takes no {SMOKE}: {_WHAT_SMOKE_IS}"
    return _exit_fault(ran) or loss_fault(ran.finished.output)


def _exit_fault(ran: Ran) -> str:
    """Why a program did not end well: how it ended, and what it raised."""
    if ran.finished.exit_code == 0 and not ran.finished.stopped_by:
        return ""
    how = ending(ran.finished)
    raised = _RAISED.findall(ran.finished.output)
    said = raised[-1] if raised else last_line(ran.finished.output) if ran.finished.exit_code else ""
    return f"{how}: {said}" if said and not ran.finished.stopped_by else how


def loss_fault(output: str) -> str:
    """What is wrong with the losses that a smoke run tells, as `smoke: loss 2.31 -> 0.07`; empty if nothing.

    >>> loss_fault("smoke: loss 2.5 -> 0.5"), loss_fault("smoke: loss 2.5 -> nan")
    ('', 'the loss of the smoke run goes from 2.5 to nan: it is not finite')
    """
    for first, last in _LOSSES.findall(output):
        said = f"the loss of the smoke run goes from {first} to {last}"
        start, end = _number(first), _number(last)
        if start is None or end is None:
            return f"{said}: that is no number"
        if not math.isfinite(start) or not math.isfinite(end):
            return f"{said}: it is not finite"
        if end >= start:
            return f"{said}: it must fall, since even a wrong model can learn one batch by heart"
    return ""


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
