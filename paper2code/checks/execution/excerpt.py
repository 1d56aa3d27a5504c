"""How much of an output a step keeps: what a coder needs to mend it, and no more."""

import re
from collections.abc import Iterable, Sequence

LONGEST = 8_000
LONGEST_PART = 3_000

_CUT = "\n[... cut ...]\n"
_MOST_NAMES = 40
_LONGEST_NAME = 200

_ORIGIN = re.compile(r"^E +\+ +where <(?:function|module|built-in|class|bound)\b.*\n?", re.MULTILINE)
_FUNCTION = re.compile(r"<(?:function|built-in function) ([\w.]+)(?: at 0x[0-9a-f]+)?>")
_MODULE = re.compile(r"<module '([\w.]+)' from '[^'\n]*'>")


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
    """Several tracebacks of pytest, each headed by its test and without its middle if it is long.

    Those that find no room are named: which tests fail may tell as much as how.
    """
    kept: list[str] = []
    left_out: list[str] = []
    for text in map(_clean, texts):
        part = _without_middle(_without_origins(text))
        if sum(map(len, kept)) + len(part) <= LONGEST:
            kept.append(part)
        else:
            left_out.append(text.partition("\n")[0][:_LONGEST_NAME])
    if left_out:
        kept.append("\n".join([f"[... and {len(left_out)} more:]", *first(left_out, _MOST_NAMES)]))
    return "\n\n".join(kept)


def first(names: Sequence[str], most: int) -> list[str]:
    """At most so many names, and a sign that there are more.

    >>> first(["a", "b", "c"], 2)
    ['a', 'b', '...']
    """
    return [*names[:most], *(["..."] if len(names) > most else [])]


def last_line(text: str) -> str:
    """The last line that says something."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def _without_origins(text: str) -> str:
    """Without what pytest tells of where functions and modules come from: addresses and folders."""
    text = _ORIGIN.sub("", text)
    return _MODULE.sub(r"\1", _FUNCTION.sub(r"\1", text))


def _without_middle(text: str) -> str:
    if len(text) <= LONGEST_PART:
        return text
    third = LONGEST_PART // 3
    return text[:third] + _CUT + text[-2 * third :]


def _clean(text: str) -> str:
    """Well-formed text without the control characters that terminals act on."""
    shown = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c for c in shown if c.isprintable() or c in "\n\t").strip()
