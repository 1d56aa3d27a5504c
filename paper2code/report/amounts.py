"""Numbers and results in the few words that a reader wants."""

from paper2code.artifacts import RunResult, Step

_REPLAYED = "These are the recorded results of another machine; nothing was run on this one."


def compact(number: float) -> str:
    """A count in few characters.

    >>> compact(950), compact(12_300), compact(5_240_000)
    ('950', '12.3k', '5.24M')
    """
    for limit, letter in ((1_000_000, "M"), (1_000, "k")):
        if number >= limit:
            return f"{number / limit:.3g}{letter}"
    return f"{number:g}"


def dollars(usd: float | None) -> str:
    """A price, or that it is not known.

    >>> dollars(0.7912), dollars(0.0), dollars(None)
    ('$0.79', '$0.00', 'unknown')
    """
    return "unknown" if usd is None else f"${usd:.2f}"


def clock(seconds: float) -> str:
    """A time in few characters.

    >>> clock(0.21), clock(42), clock(2710), clock(9000)
    ('0.2 s', '42 s', '45 min', '2.5 h')
    """
    if seconds >= 2 * 3600:
        return f"{seconds / 3600:.1f} h"
    if seconds >= 90:
        return f"{round(seconds / 60)} min"
    return f"{round(seconds)} s" if seconds >= 10 or seconds == 0 else f"{seconds:.1f} s"


def step_name(step: Step) -> str:
    """What was run, as a user would type it, or else its kind and file."""
    return step.command or f"{step.kind} {step.target}".strip()


def run_in_words(run: RunResult) -> str:
    """How the execution gate ended. What was not run never reads as passed.

    >>> run_in_words(RunResult())
    'Nothing was run: whether the code works is open.'
    """
    ran = len(run.steps) - len(run.not_run)
    if not run.steps:
        return "Nothing was run: whether the code works is open."
    if not ran:
        return f"Nothing was run, of {len(run.steps)} steps: whether the code works is open."
    passed = ran - len(run.failed)
    counts = [
        f"{passed} of {len(run.steps)} steps passed",
        f"{len(run.failed)} failed" if run.failed else "",
        f"{len(run.not_run)} could not be run" if run.not_run else "",
    ]
    place = f" (sandbox: {run.sandbox})" if run.sandbox else ""
    version = f", on Python {run.python}" if run.python else ""
    told = f"{', '.join(filter(None, counts))}{version}{place}."
    return f"{told} {_REPLAYED}" if run.replayed else told


def questions_in_words(planned: int, designed: int) -> str:
    """How many questions the paper leaves open, and when they came up.

    >>> questions_in_words(22, 4)
    'The paper leaves 26 questions open: 22 came up when it was read, 4 more when the code was designed.'
    >>> questions_in_words(1, 0)
    'The paper leaves 1 question open.'
    """
    total = planned + designed
    told = f"The paper leaves {total} {'question' if total == 1 else 'questions'} open"
    if not designed:
        return f"{told}."
    if not planned:
        return f"{told}; {'it' if total == 1 else 'they'} came up when the code was designed."
    return f"{told}: {planned} came up when it was read, {designed} more when the code was designed."


def tail(text: str, lines: int = 30) -> str:
    """The last lines of an output."""
    return "\n".join(text.strip().splitlines()[-lines:])
