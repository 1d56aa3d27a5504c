"""Papers in Markdown, as people write it and as MinerU, docling and marker make it out of PDFs."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from paper2code.papers.draft import Draft
from paper2code.papers.files import text_of
from paper2code.papers.markdown.blocks import split_blocks
from paper2code.papers.markdown.plain import plain_blocks
from paper2code.papers.markdown.reader import read_blocks
from paper2code.papers.model import Paper

EXTRACTOR = "paper2code markdown 1"

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n(?:---|\.\.\.)\n", re.DOTALL)
_TITLE = re.compile(r"^title:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE | re.IGNORECASE)


def read(source: Path) -> Paper:
    """Read a Markdown file.

    The level of a numbered heading comes from its number, since several tools write all headings alike.

    Raises:
        PaperError: the file cannot be read as text.
    """
    text, content = text_of(source)
    draft = _draft(text)
    return draft.paper(source="markdown", sha256=hashlib.sha256(content).hexdigest(), extractor=EXTRACTOR)


def pictures_in(source: Path) -> Mapping[str, tuple[str, ...]]:
    """The links to pictures in a Markdown file, by the ids that `read` gives the figures.

    Raises:
        PaperError: the file cannot be read as text.
    """
    text, _ = text_of(source)
    return _draft(text).linked_pictures()


def _draft(text: str) -> Draft:
    front_matter = _FRONT_MATTER.match(text)
    title = _TITLE.search(front_matter[1]) if front_matter else None
    body = text[front_matter.end() :] if front_matter else text
    return read_blocks(list(plain_blocks(split_blocks(body))), title[1] if title else "")
