"""Proposals to change a promised interface, which stand in an answer beside its files.

`<interface_change>{"path": ..., "symbol": ..., "signature": ..., "reason": ...}</interface_change>`
"""

import re
from itertools import pairwise

from paper2code.artifacts import InterfaceChange
from paper2code.models.answers.artifact import read_artifact
from paper2code.models.answers.fault import AnswerFault
from paper2code.models.answers.text import plain

_TAG = "interface_change"
_TOKEN = re.compile(
    rf"(?P<open>(?<!`)<{_TAG}>|<{_TAG}>(?=\s*\{{))|(?P<close></{_TAG}>)"
    r"|^[ \t]*(?:(?P<mark>`{3,}|~{3,})(?P<info>[^`\n]*)"
    r"|(?P<search><{5,9} ?SEARCH\b.*)|(?P<replace>>{5,9} ?REPLACE\b.*))$",
    re.MULTILINE,
)


def split_proposals(answer: str) -> tuple[tuple[InterfaceChange, ...], str]:
    """The proposals of an answer, and the answer, plain, without them.

    Tags in its files, edits and thinking are no proposals.

    Raises:
        AnswerFault: A proposal cannot be read.
    """
    text = plain(answer)
    spans = _spans(text)
    ends = [(0, 0), *spans, (len(text), len(text))]
    rest = "\n".join(text[one[1] : other[0]] for one, other in pairwise(ends)) if spans else text
    return tuple(_read(text[start:end]) for start, end in spans), rest


def _read(tagged: str) -> InterfaceChange:
    try:
        return read_artifact(tagged.removeprefix(f"<{_TAG}>").removesuffix(f"</{_TAG}>"), InterfaceChange)
    except AnswerFault as fault:
        raise AnswerFault(
            f"An <{_TAG}> cannot be read. Write one JSON object with path, symbol, signature and reason, and "
            f"one tag for each change. {fault}"
        ) from None


def _spans(text: str) -> list[tuple[int, int]]:
    """Where proposals begin and end.

    A fence that nothing closes was a closing one whose pair a file's own fences upset: tags behind it count.
    """
    spans: list[tuple[int, int]] = []
    held: list[tuple[int, int]] = []  # seen since the fence that is open
    fence, tag, in_edit = "", -1, False
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if in_edit:
            in_edit = kind != "replace"
        elif tag >= 0:
            if kind == "close":
                (held if fence else spans).append((tag, token.end()))
                tag = -1
        elif kind == "search":
            in_edit = True
        elif kind == "open":
            tag = token.start()
        elif token["mark"] and not fence:
            fence, held = token["mark"], []
        elif token["mark"] and token["mark"].startswith(fence) and not token["info"].strip():
            fence, held = "", []
    if tag >= 0 and not fence:
        raise AnswerFault(f"An <{_TAG}> has no end: close it with </{_TAG}>.")
    return spans + held if fence else spans
