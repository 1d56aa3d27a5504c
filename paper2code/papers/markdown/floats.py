"""Captions of a Markdown text and what belongs to them: the table, picture or steps beside."""

import re
from collections.abc import Sequence

from paper2code.papers.captions import Caption, split_caption
from paper2code.papers.markdown.blocks import Block
from paper2code.papers.model import Float

MOST_STEP_BLOCKS = 6

_STEP = re.compile(
    r"\s*(?:[-*]\s+)?(?:\*\*)?(?:input|output|require|ensure|inputs|data|result|initiali[sz]e|return|for|while|repeat)\b"
    r"|\s*(?:[-*]\s+)?\d{1,2}:\s"
    r"|.*\b(?:end for|end while|end if|do$|then$)|\s*\$[^$]+\$\s*\$",
    re.IGNORECASE | re.MULTILINE,
)


def read_float(blocks: Sequence[Block], at: int, *, after_picture: bool) -> tuple[Float, int] | None:
    """The float whose caption or table is the block at `at`, and the place after it; None if there is none.

    Args:
        blocks: the blocks of the text.
        at: the place of the block in question.
        after_picture: whether a picture without a caption stands right before it.
    """
    block = blocks[at]
    if block.sort == "table":
        under = _caption_under_table(blocks[at + 1 : at + 3])
        return (_float(under, block), at + 2) if under else None
    caption = split_caption(block.text) if block.sort in {"text", "heading"} else None
    beside = blocks[at + 1] if at + 1 < len(blocks) else Block("text", "")
    if caption is None or (block.sort == "heading" and caption.kind != "algorithm"):
        return None
    has_body = beside.sort in {"table", "code"} and caption.kind != "figure"
    has_picture = beside.sort == "picture" or (after_picture and caption.kind == "figure")
    if not (caption.marked or has_body or has_picture or block.sort == "heading" or _is_step(beside)):
        return None
    if caption.kind == "algorithm":
        return _algorithm(blocks, caption, at + 1)
    takes_next = has_body or (beside.sort == "picture" and not after_picture)
    return _float(caption, beside if has_body else None), at + 1 + takes_next


def _caption_under_table(after: Sequence[Block]) -> Caption | None:
    """The caption under a table, unless the next table stands under it and has the better claim."""
    if not after or after[0].sort != "text" or (len(after) > 1 and after[1].sort == "table"):
        return None
    caption = split_caption(after[0].text)
    return caption if caption and caption.kind == "table" and caption.marked else None


def _algorithm(blocks: Sequence[Block], caption: Caption, start: int) -> tuple[Float, int]:
    """An algorithm with the blocks after its caption that look like its steps; a table or code ends them."""
    at = start
    while at < len(blocks) and at - start < MOST_STEP_BLOCKS and _is_step(blocks[at]):
        at += 1
        if blocks[at - 1].sort != "text":
            break
    steps = Block("text", "\n".join(block.text for block in blocks[start:at]))
    return _float(caption, steps), at


def _is_step(block: Block) -> bool:
    return block.sort in {"table", "code"} or (block.sort == "text" and _STEP.match(block.text) is not None)


def _float(caption: Caption, body: Block | None = None) -> Float:
    text = body.text if body else ""
    return Float(
        id="",
        kind=caption.kind,
        number=caption.number,
        caption=caption.text,
        text=text,
        format="lines" if not text else "html" if text.startswith("<") else "markdown",
    )
