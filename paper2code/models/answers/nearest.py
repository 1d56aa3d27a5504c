"""The place of a file that comes nearest to lines which are not in it."""

from collections.abc import Sequence
from difflib import SequenceMatcher, get_close_matches

# Bounds on what is compared: the work grows with the product of both sides.
_MAX_LINES = 20_000
_MAX_WANTED = 40
_MAX_CLOSE = 1_000
_LONGEST_LINE = 120
_LIKENESS = 0.6


def nearest(lines: Sequence[str], wanted: Sequence[str]) -> range | None:
    """The lines of a file that are most like those wanted, by their longest common run, else by one line.

    >>> nearest(["a = 1", "b = 2", "c = 3"], ["  b = 2", "c = 4"])
    range(1, 3)

    Args:
        lines: The file.
        wanted: The lines that were looked for.

    Returns:
        Their places in `lines`, or None where nothing is alike.
    """
    have = [line.strip() for line in lines[:_MAX_LINES]]
    want = [line.strip() for line in wanted[:_MAX_WANTED]]
    run = SequenceMatcher(lambda line: not line, have, want, autojunk=False).find_longest_match()
    if run.size:
        start = run.a - run.b
    else:
        line = max(want, key=len, default="")
        known = {
            text[:_LONGEST_LINE]: number for number, text in reversed(list(enumerate(have[:_MAX_CLOSE])))
        }
        close = get_close_matches(line[:_LONGEST_LINE], [text for text in known if text], 1, _LIKENESS)
        if not close:
            return None
        start = known[close[0]] - want.index(line)
    return range(max(start, 0), min(start + len(want), len(have)))
