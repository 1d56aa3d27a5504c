"""How much of an output a step keeps: what a coder needs to mend it, and no more."""

from collections.abc import Iterable

LONGEST = 8_000
LONGEST_PART = 3_000

_CUT = "\n[... cut ...]\n"


def tail(text: str, limit: int = LONGEST) -> str:
    r"""The end of an output, from the start of a line on.

    >>> tail("one\ntwo\nthree", 10)
    '[... cut ...]\ntwo\nthree'
    """
    text = _clean(text)
    if len(text) <= limit:
        return text
    kept = text[-limit:]
    return _CUT.lstrip() + (kept.partition("\n")[2] or kept)


def parts(texts: Iterable[str]) -> str:
    """Several tracebacks, each without its middle if it is long; those that find no room are counted."""
    kept: list[str] = []
    left_out = 0
    for text in map(_clean, texts):
        part = _without_middle(text)
        if sum(map(len, kept)) + len(part) <= LONGEST:
            kept.append(part)
        else:
            left_out += 1
    if left_out:
        kept.append(f"[... and {left_out} more ...]")
    return "\n\n".join(kept)


def last_line(text: str) -> str:
    """The last line that says something."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def _without_middle(text: str) -> str:
    if len(text) <= LONGEST_PART:
        return text
    third = LONGEST_PART // 3
    return text[:third] + _CUT + text[-2 * third :]


def _clean(text: str) -> str:
    """Well-formed text without the control characters that terminals act on."""
    shown = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c for c in shown if c.isprintable() or c in "\n\t").strip()
