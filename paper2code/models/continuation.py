"""An answer that a length limit cut, joined with its continuation."""

import re

from paper2code.models.answers.text import without_thinking

_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*\S*[ \t]*$", re.MULTILINE)
_SURELY_REPEATED = 40
"""Characters of whole lines that no answer repeats by chance."""

_LONGEST_REPEAT = 4_000


def joined(start: str, rest: str) -> str:
    r"""The whole of both.

    Models that are asked to go on often think again, open the fence again, or begin the broken line again;
    all that is left out. One that begins its whole answer again is taken at its newer word.

    >>> joined("```python\nx = 1\ny =", "```python\ny = 2\n```")
    '```python\nx = 1\ny = 2\n```'
    """
    answer = without_thinking(rest)
    if answer != rest:
        answer = answer.lstrip("\n")
    if len(start) > _SURELY_REPEATED and answer.startswith(start[:_SURELY_REPEATED]):
        return answer
    answer = _without_second_fence(start, answer)
    return start + answer[_repeated(start, answer) :]


def _without_second_fence(start: str, rest: str) -> str:
    """Drop the fence that opens the rest, if it is the one that is open already, or no other was ever."""
    again = _FENCE.match(rest.lstrip("\n"))
    if not again or not again[0].strip("`~ \t"):
        return rest  # a bare fence closes
    if _is_between_blocks(start):
        return rest  # the next of several blocks
    first = _FENCE.search(start)
    if first and first[0].strip() != again[0].strip():
        return rest
    return rest.lstrip("\n")[again.end() :].removeprefix("\n")


def _is_between_blocks(text: str) -> bool:
    """Whether a bare fence ends the text, or only a line follows that may be the path of the next block."""
    last = text[max(text.rfind("\n```"), text.rfind("\n~~~")) + 1 :].rstrip()
    fence, _, behind = last.partition("\n")
    return not fence.strip("`~ \t") and bool(fence) and "\n" not in behind.strip()


def _repeated(start: str, rest: str) -> int:
    """How much of the rest only says the end of the start again, from the beginning of a line."""
    for length in range(min(len(start), len(rest), _LONGEST_REPEAT), 0, -1):
        if not start.endswith(rest[:length]):
            continue
        begins_line = length == len(start) or start[-length - 1] == "\n"
        if begins_line and _is_evidence(rest[:length]):
            return length
    return 0


def _is_evidence(repeated: str) -> bool:
    """Whether a repeat can be no chance: a broken line, or enough whole ones."""
    lines, _, broken = repeated.rpartition("\n")
    return len(broken.strip()) > 3 or len(lines.strip()) >= _SURELY_REPEATED
