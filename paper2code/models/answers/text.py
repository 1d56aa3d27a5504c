"""The text of an answer, without what is not part of it."""

import re

_THINKING = re.compile(r"\s*<(think|thinking|thought|reasoning)>", re.IGNORECASE)
_THOUGHT = re.compile(r"^[ \t]*</(?:think|thinking|thought|reasoning)>", re.IGNORECASE | re.MULTILINE)
_OPENED = re.compile(r"<(?:think|thinking|thought|reasoning)>", re.IGNORECASE)


def well_formed(text: str) -> str:
    r"""The text without NUL and byte order marks, and with halves of characters replaced.

    A lone surrogate reaches us when a server cuts an escape such as `\ud83d` in two; no file can hold it.
    """
    text = text.replace("\0", "").replace("\ufeff", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def plain(text: str) -> str:
    """The answer itself: well formed, with line feeds only, and without the thinking before it."""
    return without_thinking(well_formed(text).replace("\r\n", "\n").replace("\r", "\n"))


def without_thinking(text: str) -> str:
    """The text after its blocks of thinking; only the tag stays of a block that has no end.

    Tags further on are the answer's own: papers and code speak of `<think>` too. A closing tag at the start
    of a line with no opening one before it ends thinking whose opening tag was part of the prompt.
    """
    while opening := _THINKING.match(text):
        tag = f"</{opening[1].lower()}>"
        end = text.lower().find(tag, opening.end())
        if end < 0:
            return ""
        text = text[end + len(tag) :]
    closing = _THOUGHT.search(text)
    if closing and not _OPENED.search(text, 0, closing.start()):
        return text[closing.end() :]
    return text
