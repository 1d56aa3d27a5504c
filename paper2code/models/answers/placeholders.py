"""Comments that stand for code which the model did not write."""

import re

_MARK = re.compile(r"[ \t]*(?:#+|//+|--+|<!--|/\*+|%+)[ \t]*")
_LONGEST = 300  # no comment of the kind is longer, and the pattern is slow on long lines

_DOTS = r"(?:\.{3,}|…)"
_CODE = (
    r"(?:code|files?|methods?|functions?|class(?:es)?|implementations?|imports?|contents?|modules?|scripts?"
    r"|definitions?)"
)
_OTHER = r"(?:rest|remainder|existing|remaining|previous|others?|unchanged|omitted)"
_STAYS = r"(?:unchanged|(?:the\ )?same|as\ (?:before|is|above)|omitted|identical|goes\ here|not\ shown)"
_LEFT_OUT = re.compile(
    rf"""
      # "... existing code ..."
      {_DOTS}\s*\(?(?:the\ |all\ |your\ )?(?:{_OTHER}|same|keep)\b.*
      # "other methods ..."
    | \(?(?:the\ |all\ )?{_OTHER}\b.*\b{_CODE}\b.*{_DOTS}.*
      # "rest of the file unchanged"
    | \(?(?:the\ )?(?:rest|remainder)\ of\ (?:the\ |this\ )?{_CODE}\b.*\b{_STAYS}.*
      # "existing code here", "other methods stay the same"
    | \(?(?:the\ |all\ )?{_OTHER}\ {_CODE}(?:\ (?:here|above|below))?
    | \(?(?:the\ |all\ )?{_OTHER}\ {_CODE}\ (?:(?:remains?|stays?|is|are)\ )?{_STAYS}.*
      # "same as before"
    | \(?(?:{_CODE}\ )?(?:same\ as|unchanged\ from|identical\ to)\ (?:the\ )?
        (?:before|previous|above|original)(?:\ {_CODE}|\ version)?
    | .*\b{_CODE}\b.*\bomitted\ for\ (?:brevity|space).*
    """,
    re.IGNORECASE | re.VERBOSE,
)


def find_placeholder(text: str, suffix: str) -> str:
    r"""The first line that stands for code left out, or nothing.

    Only lines that can hardly mean anything else count: a false alarm costs a model call.

    >>> find_placeholder("a = 1\n# ... existing code ...\n", ".py")
    '# ... existing code ...'
    """
    for line in text.split("\n"):
        mark = _MARK.match(line)
        if len(line) > _LONGEST or not (mark or line.lstrip().startswith(("...", "…"))):
            continue
        if suffix == ".md" and mark and "#" in mark[0]:
            continue  # a heading
        said = line[mark.end() :] if mark else line.lstrip()
        said = said.removesuffix("-->").removesuffix("*/").rstrip()
        if _LEFT_OUT.fullmatch(said) or _LEFT_OUT.fullmatch(said.rstrip(".)")):
            return line.strip()
    return ""
