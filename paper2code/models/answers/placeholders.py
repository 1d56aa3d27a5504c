"""Comments that stand for code which the model did not write."""

import re

_COMMENT = r"^[ \t]*(?:#|//|--|<!--|/\*|%|;)+[ \t]*"
_DOTS = r"(?:\.{3,}|…)"
_CODE = r"(?:code|files?|methods?|functions?|class(?:es)?|implementations?|imports?|contents?|module|script|logic|definitions?)"
_STAYS = r"(?:unchanged|(?:the )?same|as (?:before|is|above)|omitted|identical|goes here|not shown)"
_PLACEHOLDER = re.compile(
    rf"""{_COMMENT}(?:
        {_DOTS}\s*\(?(?:the\s+)?(?:rest|existing|remaining|previous|other|same|unchanged|omitted|more|keep|your)\b.*
      | \(?(?:the\s+|all\s+)?(?:rest|remainder|remaining|other|existing|previous)\b.*\b{_CODE}\b.*{_DOTS}.*
      | \(?(?:the\s+)?(?:rest|remainder)\ of\ (?:the\ |this\ )?{_CODE}\b.*\b{_STAYS}.*
      | \(?(?:the\s+|all\s+)?(?:existing|previous|other|remaining|unchanged)\ {_CODE}
        (?:\ (?:here|above|below|goes\ here|(?:remains?|stays?|is|are)?\ ?{_STAYS}))?[.)]*
      | \(?(?:{_CODE}\ )?(?:same\ as|unchanged\ from|identical\ to)\ (?:the\ )?(?:before|previous|above|original)
        (?:\ {_CODE}|\ version)?[.)]*
      | .*\b{_CODE}\b.*\bomitted\ for\ (?:brevity|space).*
    )(?:-->|\*/)?[ \t]*$""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_BARE = re.compile(
    rf"^[ \t]*{_DOTS}[ \t]*\(?(?:the )?(?:rest|existing|remaining|previous|other|same|unchanged)\b.*$",
    re.IGNORECASE | re.MULTILINE,
)


def find_placeholder(text: str, suffix: str) -> str:
    """The first line that stands for code left out, or nothing.

    Only lines that cannot mean anything else count: a false alarm costs a model call.
    """
    if suffix == ".md":
        text = re.sub(r"^[ \t]*#", "", text, flags=re.MULTILINE)  # a heading, not a comment
    found = _PLACEHOLDER.search(text) or _BARE.search(text)
    return found[0].strip()[:100] if found else ""
