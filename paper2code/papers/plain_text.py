"""Papers in plain text, where nothing but letters was kept: headings are told by their numbers."""

import hashlib
import re
from pathlib import Path

from paper2code.papers.captions import split_caption
from paper2code.papers.draft import Draft
from paper2code.papers.files import text_of
from paper2code.papers.ids import kind_of, level_of, split_number
from paper2code.papers.model import Float, Paper
from paper2code.papers.names import person_names

EXTRACTOR = "paper2code text 1"
LONGEST_HEADING = 100

_UNNUMBERED = re.compile(
    r"abstract|introduction|references|bibliography|acknowledge?ments?|appendix|appendices|conclusions?"
    r"|related work|background|methods?|experiments?|results|discussion|limitations|impact statement"
    r"|supplementary material",
    re.IGNORECASE,
)
_LANDMARK = re.compile(r"abstract|references|bibliography|acknowledge?ments?", re.IGNORECASE)
_DISPLAY = re.compile(
    r"(?P<formula>[^\n]{3,200}?(?:[=≤≥≈∝∼<>]|:=)[^\n]{1,200}?)\s+\((?P<number>\d{1,3}[a-z]?|[A-Z]\.?\d{1,3})\)[.,]?"
)
_SENTENCE = re.compile(r"\b(?:where|with|the|and|is|are|we|that)\b", re.IGNORECASE)


def read(source: Path) -> Paper:
    """Read a text file. Formulas in it are a guess at best, and marked as not exact.

    Raises:
        PaperError: the file cannot be read as text.
    """
    text, content = text_of(source)
    draft = Draft(warnings=["Plain text keeps few formulas; the LaTeX source, HTML or PDF would give more."])
    reader = _Reader(draft)
    for paragraph in re.split(r"\n[ \t]*\n", text):
        reader.add([line.strip() for line in paragraph.split("\n") if line.strip()])
    reader.finish()
    return draft.paper(source="text", sha256=hashlib.sha256(content).hexdigest(), extractor=EXTRACTOR)


class _Reader:
    """Takes in paragraph after paragraph. A number makes a heading only where it can come next."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.last: str | None = None
        self.in_appendix = False

    def add(self, lines: list[str]) -> None:
        """Take in one paragraph. Any of its lines may be a numbered heading; a bare name must stand alone."""
        if not lines:
            return
        if not self.draft.title and len(self.draft.sections) == 1:
            self.draft.title = lines.pop(0)
        chunk: list[str] = []
        for line in lines:
            names_section = _LANDMARK if chunk or len(lines) > 1 else _UNNUMBERED
            if not self._is_numbered_heading(line) and not names_section.fullmatch(line.rstrip(":")):
                chunk.append(line)
                continue
            self._paragraph(chunk)
            self._heading(line)
            chunk = []
        self._paragraph(chunk)

    def finish(self) -> None:
        """Take out what is no section: the abstract, the authors, the entries of the reference list."""
        for index, section in enumerate(self.draft.sections):
            if section.title.lower() == "abstract":
                self.draft.abstract = "\n\n".join(section.parts)
                del self.draft.sections[index]
                break
        self.draft.authors = person_names("\n".join(self.draft.sections[0].parts[:3]))
        self.draft.take_references()

    def _heading(self, line: str) -> None:
        number, title = split_number(line) if self._is_numbered_heading(line) else (None, line)
        self.last = number or self.last
        title = title.capitalize() if number is None and title.isupper() else title
        is_letter = number is not None and number[0].isalpha()
        kind = kind_of(title, in_appendix=self.in_appendix or is_letter)
        self.in_appendix = self.in_appendix or kind in {"references", "appendix"}
        self.draft.heading(title.rstrip(".:"), number, level_of(number), kind)

    def _is_numbered_heading(self, line: str) -> bool:
        number, title = split_number(line)
        if number is None or title == line or len(line) > LONGEST_HEADING:
            return False
        is_sentence = title.endswith((",", ";")) or (title.endswith(".") and number.isdecimal())
        if not title[:1].isupper() or is_sentence or "=" in title:
            return False
        return _follows(number, self.last)

    def _paragraph(self, lines: list[str]) -> None:
        if not lines:
            return
        section = self.draft.sections[-1]
        if section.kind == "references":
            section.parts.append("\n".join(lines))
            return
        text = _joined(lines)
        caption = split_caption(text)
        display = _DISPLAY.fullmatch(text)
        if caption and caption.marked:
            body = "\n".join(lines[1:]) if caption.kind != "figure" else ""
            shown = split_caption(lines[0]) if body else caption
            item = Float(
                id="", kind=caption.kind, number=caption.number, caption=(shown or caption).text, text=body
            )
            section.parts.append(self.draft.float(item))
        elif display and len(lines) < 4 and not _SENTENCE.search(display["formula"]):
            section.parts.append(
                self.draft.equation(number=display["number"], text=display["formula"].strip())
            )
        else:
            section.parts.append(text if len(self.draft.sections) > 1 else "\n".join(lines))


def _joined(lines: list[str]) -> str:
    """The lines of a paragraph on one line; list items keep theirs."""
    text = ""
    for line in lines:
        is_item = re.match(r"(?:[-•*–]|\(?[a-z0-9]{1,2}[.)])\s", line) is not None
        text += ("\n" if is_item and text else " " if text else "") + line
    return text


def _follows(number: str, last: str | None) -> bool:
    """Whether a section number may come after another: the next one at any depth, or the first one deeper."""
    parts = number.split(".")
    if last is None:
        return parts[0] in {"0", "1", "I", "A"} and all(part in {"0", "1"} for part in parts[1:])
    before = last.split(".")
    if len(parts) > len(before):
        return parts[: len(before)] == before and all(part in {"0", "1"} for part in parts[len(before) :])
    if parts[:-1] != before[: len(parts) - 1]:
        return False
    return parts[-1] in _next_after(before[len(parts) - 1])


def _next_after(part: str) -> set[str]:
    romans = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
    if part.isdecimal():
        return {str(int(part) + 1), "A"}
    following = {romans[place + 1] for place, roman in enumerate(romans[:-1]) if roman == part}
    return following | {chr(ord(part) + 1)} if len(part) == 1 else following | {"A"}
