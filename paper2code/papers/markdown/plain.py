"""Markdown text without what converters leave in it: anchors, entities, escapes, comments, page marks."""

import html
import re
from collections.abc import Iterator

from paper2code.papers.markdown.blocks import Block

LOST_FORMULA = "(formula lost)"

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31}\d{0,2});")
_SAFE_ENTITY = re.compile(r"&(?:#x27|#39|apos|quot|#34|nbsp|#160);")
_LOST = re.compile(r"<!--\s*formula-not-decoded\s*-->")
_COMMENT = re.compile(r"<!--(?!\s*image\s*-->)[^>]{0,2000}-->")
_ANCHOR = re.compile(r"<(span|a)\s+(?:id|name)=[^<>]*></\1>")
_LINK_WITHIN = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(#[^()\s]*\)")
_ESCAPED = re.compile(r"(\$[^$]*\$|`[^`]*`|\\\(.*?\\\))|\\([_&%#~<>])", re.DOTALL)
_RAISED = re.compile(r"<(sup|sub)>([^<>]{0,100})</\1>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:(?:[-*_]\s*){3,}|\{\d+\}-{3,}|<page_number>.*</page_number>)\s*")
_ONE_CELL = re.compile(r"\s(?:row|col)span=(?:\"1\"|'1'|1(?=[\s>/]))")


def plain_blocks(blocks: Iterator[Block]) -> Iterator[Block]:
    """The blocks with their text made plain; those that are nothing but marks go."""
    for block in blocks:
        if block.sort == "table":
            yield Block("table", plain_table(block.text))
        elif block.sort not in {"text", "heading"}:
            yield block
        elif text := plain_text(block.text):
            yield Block(block.sort, text, block.level)


def plain_text(text: str) -> str:
    """Running text; empty where it is a mark of a page or a line across it.

    >>> plain_text('<span id="p1"></span>See [Figure 1](#page-3), a &lt; b<sup>2</sup>.')
    'See Figure 1, a < b^2.'
    """
    text = _COMMENT.sub("", _LOST.sub(LOST_FORMULA, text))
    if _RULE.fullmatch(text):
        return ""
    text = _LINK_WITHIN.sub(lambda link: re.sub(r"\\([()\[\]])", r"\1", link[1]), _ANCHOR.sub("", text))
    text = _ESCAPED.sub(lambda found: found[1] or found[2], text)
    text = _RAISED.sub(lambda mark: ("^" if mark[1].lower() == "sup" else "_") + mark[2], text)
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), _BREAK.sub(" ", text)).strip()


def plain_table(text: str) -> str:
    """A table's rows. Entities that could be taken for markup stay."""
    text = _SAFE_ENTITY.sub(lambda entity: html.unescape(entity[0]).replace("\xa0", " "), text)
    return _LINK_WITHIN.sub(r"\1", _ANCHOR.sub("", _ONE_CELL.sub("", text)))
