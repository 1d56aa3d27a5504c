"""Faults and findings in the length that artifacts allow, whatever a model wrote into what they quote."""

import difflib
from collections.abc import Collection

from paper2code.artifacts import DesignFault, FaultRule, Finding, Severity

LONGEST_LINE = 2_000


def fault(rule: FaultRule, subject: str, problem: str) -> DesignFault:
    """A fault of the design, on one line."""
    return DesignFault(rule=rule, subject=one_line(subject), problem=one_line(problem))


def finding(rule: str, severity: Severity, line: int, problem: str, fix: str) -> Finding:
    """A finding of one file, by the rule of that name."""
    return Finding(
        rule=rule, severity=severity, line=max(0, line), problem=one_line(problem), fix=one_line(fix)
    )


def one_line(text: str, limit: int = LONGEST_LINE) -> str:
    r"""The text on one line, cut at `limit` characters.

    >>> one_line("a stub\n  of two lines"), one_line("too long", 5)
    ('a stub of two lines', 'too …')
    """
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def listed(names: Collection[str], limit: int = 12) -> str:
    """Names for a sentence, cut where nobody reads on.

    >>> listed(["a", "b", "c"], limit=2), listed([])
    ('a, b, … (3 in all)', 'nothing')
    """
    shown = ", ".join(list(names)[:limit]) or "nothing"
    return shown if len(names) <= limit else f"{shown}, … ({len(names)} in all)"


def alike(name: str, names: Collection[str]) -> str:
    """A hint at the name that was probably meant, or nothing."""
    close = difflib.get_close_matches(name, sorted(names), n=1)
    return f"; did you mean {close[0]}?" if close else ""
