"""Put the blocks of a Markdown text together as a paper."""

import re
from collections.abc import Sequence

from paper2code.papers.draft import Draft
from paper2code.papers.ids import kind_of, level_of, split_number
from paper2code.papers.markdown.blocks import Block
from paper2code.papers.markdown.floats import read_float
from paper2code.papers.markdown.numbers import number_after, tag_of
from paper2code.papers.markdown.plain import LOST_FORMULA
from paper2code.papers.model import Float
from paper2code.papers.names import person_names

LOST_NUMBERS = "The file has no equation numbers: tell an equation that the text names by its content."

_MARKUP = re.compile(
    r"</?(?:span|a|b|i|sup|sub|em|strong)\b[^<>]*>|\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)"
)
_LINK = re.compile(
    r"!\[[^\]]*\]\((<[^<>]*>|[^)\s]*)(?:\s[^)]*)?\)|<img\b[^>]*?\bsrc\s*=\s*[\"']([^\"']+)[\"']",
    re.IGNORECASE,
)
_INLINE_DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
_LOOSE_REFERENCES = re.compile(r"\**(?:References|REFERENCES|Bibliography|BIBLIOGRAPHY)\**[.:]?")
_RUN_IN_ABSTRACT = re.compile(r"[*_]*abstract[*_]*\s*[.:—–-]+[*_]*\s*", re.IGNORECASE)


def read_blocks(blocks: Sequence[Block], title: str) -> Draft:
    """The paper in the blocks; its title is the first heading unless it is known."""
    reader = _Reader(blocks, title)
    at = 0
    while at < len(blocks):
        at = reader.step(at)
    reader.finish()
    return reader.draft


class _Reader:
    """Goes from block to block; `pictures` holds those that no caption has claimed yet."""

    def __init__(self, blocks: Sequence[Block], title: str) -> None:
        self.blocks = blocks
        self.draft = Draft(title=title)
        headings = [block.level for block in blocks if block.sort == "heading"]
        self.top = min((headings if title else headings[1:]) or headings, default=1)
        self.pictures: list[Block] = []
        self.in_appendix = False

    def step(self, at: int) -> int:
        """Take in the block at `at` and return the place of the next one."""
        block = self.blocks[at]
        if block.sort == "picture":
            self.pictures.append(block)
            return at + 1
        if found := self._float(at):
            return found
        self._settle_pictures()
        if block.sort == "heading":
            self._heading(block)
        elif block.sort == "formula":
            return self._formula(at)
        elif block.sort == "text" and _LOOSE_REFERENCES.fullmatch(block.text.strip()):
            self._begin(block.text.strip(" *.:"), None, 1)
        else:
            self._write(self._with_displays(block.text) if block.sort == "text" else block.text)
        return at + 1

    def finish(self) -> None:
        """Take out what is no section: the abstract, the authors, the entries of the reference list."""
        self._settle_pictures()
        self.draft.abstract = self._abstract()
        above = (part for part in self.draft.sections[0].parts if len(part) < 1_000)
        self.draft.authors = person_names("\n".join(above))
        self.draft.take_references()
        lost = sum(part.count(LOST_FORMULA) for section in self.draft.sections for part in section.parts)
        if lost:
            self.draft.warnings.append(
                f"Formulas that the file lacks: {lost}; the LaTeX source or the PDF has them."
            )
        if len(self.draft.equations) > 1 and not any(equation.number for equation in self.draft.equations):
            self.draft.warnings.append(LOST_NUMBERS)

    def _write(self, text: str) -> None:
        self.draft.sections[-1].parts.append(text)

    def _float(self, at: int) -> int | None:
        block = self.blocks[at]
        is_title = block.sort == "heading" and not self.draft.title
        found = None if is_title else read_float(self.blocks, at, after_picture=bool(self.pictures))
        if found is None:
            return None
        item, after = found
        shown: list[Block] = []
        if item.kind == "figure":
            shown, self.pictures = [*self.pictures, *self.blocks[at:after]], []
        self._settle_pictures()
        self._write(self.draft.float(item, _links(shown)))
        return after

    def _settle_pictures(self) -> None:
        """Pictures that no caption claims are one figure without a number; those above the text are logos."""
        if self.pictures and len(self.draft.sections) > 1:
            self._write(self.draft.float(Float(id="", kind="figure"), _links(self.pictures)))
        self.pictures = []

    def _heading(self, block: Block) -> None:
        shown = " ".join(_MARKUP.sub("", block.text).split())
        if not self.draft.title and len(self.draft.sections) == 1:
            self.draft.title = shown
        elif shown:
            number, title = split_number(shown)
            self._begin(title, number, level_of(number, block.level - self.top + 1))

    def _begin(self, title: str, number: str | None, level: int) -> None:
        is_letter = number is not None and number[0].isalpha() and not re.fullmatch(r"[IVX]+", number)
        kind = kind_of(title, in_appendix=self.in_appendix or is_letter)
        self.in_appendix = self.in_appendix or kind in {"references", "appendix"}
        self.draft.heading(title.rstrip(".:"), number, level, kind)

    def _formula(self, at: int) -> int:
        """A display; its number may be in it, after it, or alone in the next block."""
        block = self.blocks[at]
        beside = self.blocks[at + 1].text if self.blocks[at + 1 : at + 2] and not block.after else ""
        number = tag_of(block.text) or number_after(block.after)
        takes_next = number is None and number_after(beside) is not None
        self._write(self.draft.equation(number=number or number_after(beside), latex=block.text))
        if block.after and number_after(block.after) is None:
            self._write(block.after)
        return at + 1 + takes_next

    def _with_displays(self, text: str) -> str:
        """A paragraph whose `$$...$$` inside become equations of their own."""

        def display(match: re.Match[str]) -> str:
            mark = self.draft.equation(number=tag_of(match[1]), latex=match[1].strip())
            return f"\n\n{mark}\n\n"

        return re.sub(r"\n{3,}", "\n\n", _INLINE_DISPLAY.sub(display, text)).strip()

    def _abstract(self) -> str:
        """The abstract: a section of that name, or what follows the word at the start of a paragraph."""
        for index, section in enumerate(self.draft.sections[1:4], start=1):
            if section.title.lower() == "abstract":
                del self.draft.sections[index]
                return "\n\n".join(section.parts)
        parts = self.draft.sections[0].parts
        for index, part in enumerate(parts):
            if run_in := _RUN_IN_ABSTRACT.match(part):
                text = "\n\n".join([part[run_in.end() :], *parts[index + 1 :]])
                del parts[index:]
                return text
        return ""


def _links(blocks: Sequence[Block]) -> list[str]:
    """What the pictures among some blocks link to."""
    return [
        link.strip("<>") or source
        for block in blocks
        if block.sort == "picture"
        for link, source in _LINK.findall(block.text)
    ]
