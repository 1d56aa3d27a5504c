"""Displayed equations: which lines are one, and how its rows become text with a number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from paper2code.papers.pdf.lines import Line

NUMBER = re.compile(r"\s*\((?P<number>\d{1,3}(?:\.\d{1,3})?[a-z]?|[A-Z]\.?\d{1,3}[a-z]?)\)\s*$")
_RELATION = re.compile(r"[=≤≥<>∼≈≡→←↦∈∝⪯⪰≜≔:]")
_PROSE = re.compile(
    r"\b(?!(?:log|exp|sin|cos|tan|max|min|sup|inf|lim|det|arg|argmin|argmax|dim|rank|sign|tr|for|all|if|with"
    r"|where|and|or|otherwise|softmax|subject|to|st)\b)[A-Za-z]?[a-z]+\b(?![_(^{])"
)
_RUNNING = re.compile(
    r"(?<![\w\\])(?!(?:log|exp|sin|cos|tan|max|min|sup|inf|lim|det|arg|argmin|argmax|dim|rank|sign|tr|softmax)\b)"
    r"[a-z]{2,}\b(?![_(^{])"
)
_SCRIPTS = re.compile(r"[_^]\{[^{}]*\}")
_CONTINUES = tuple("+−-=≤≥<>·×⪯∼≈∝/")


@dataclass(frozen=True, slots=True)
class Display:
    """One displayed equation: its rows, and the number it bears."""

    text: str
    number: str | None


def is_display(line: Line, *, indent: float, apart: bool) -> bool:
    """Whether a line is set as a formula of its own.

    Args:
        line: the line.
        indent: its distance from the left edge of its column, in units of its size.
        apart: whether there is more space above it than between two lines of a paragraph.
    """
    displaced = indent > 1.2
    numbered = (
        bool(NUMBER.search(line.text)) and displaced and line.words < 8 and bool(_RELATION.search(line.text))
    )
    if numbered and (line.math > 0.05 or apart):
        return True
    if not (displaced or apart):
        return False
    if not displaced and _runs_on(line.text):
        return False
    if line.math > 0.5:
        return line.words < 3 and (displaced or _RELATION.search(line.text) is not None)
    few_words = len([word for word in _PROSE.findall(line.text) if len(word) > 1]) < 4
    return indent > 0.5 and apart and few_words and line.math > 0.22 and bool(_RELATION.search(line.text))


def _runs_on(text: str) -> bool:
    """Whether a line is one of a paragraph, which a tall formula has moved away from the one above."""
    words = list(_RUNNING.finditer(_SCRIPTS.sub("", text)))
    return len(words) > 1 or (len(words) == 1 and words[0].start() == 0)


def continues_equation(above: Line, line: Line) -> bool:
    """Whether a line after a display belongs to it: a row of a matrix, a further row, its number."""
    if line.page != above.page or abs(above.y - line.y) > 3.2 * line.size:
        return False
    if NUMBER.fullmatch(line.text) or _is_rest(line.text):
        return True
    beside = abs(above.y - line.y) < 1.1 * line.size and line.x > above.x
    return beside and line.words < 4


def _is_rest(text: str) -> bool:
    """Whether a line is no more than the end of the formula before it: a bracket, a full stop, a number."""
    rest = NUMBER.sub("", _SCRIPTS.sub("", text))
    return not any(character.isalnum() for character in rest) and text[:1] not in _CONTINUES


def displays(lines: Sequence[Line]) -> list[Display]:
    """The equations that consecutive displayed lines make up: one for each number, at least one."""
    rows = [_split_number(row) for row in _rows(lines)]
    if sum(number is not None for _, number in rows) < 2:
        number = next((number for _, number in rows if number), None)
        return [Display("\n".join(text for text, _ in rows if text), number)]
    grouped: list[Display] = []
    for text, number in rows:
        last = grouped[-1] if grouped else None
        if last is not None and not text:
            grouped[-1] = Display(last.text, last.number or number)
        elif last is not None and (last.number is None or (number is None and text.startswith(_CONTINUES))):
            grouped[-1] = Display(f"{last.text}\n{text}", last.number or number)
        else:
            grouped.append(Display(text, number))
    return grouped


def _rows(lines: Sequence[Line]) -> list[str]:
    """Lines of one height joined; those inside an open bracket are a matrix's and part by semicolons."""
    rows: list[str] = []
    base = end = 0.0
    for line in lines:
        if not rows:
            rows, base = [line.text], line.y
        elif _is_rest(line.text) and not (NUMBER.fullmatch(line.text) and NUMBER.search(rows[-1])):
            rows[-1] += line.text if line.text[0] in ".,;" else f" {line.text}"
        elif abs(line.y - base) < 0.45 * line.size and line.x > end - line.size:
            rows[-1] += f" {line.text}"
        elif _is_open(rows[-1]) and abs(line.y - base) < 3 * line.size:
            after_bracket = rows[-1].rstrip().endswith(("[", "(", "{", "|"))
            rows[-1] += f" {line.text}" if after_bracket or line.text[:1] in "])}|" else f"; {line.text}"
        else:
            rows.append(line.text)
            base = line.y
        end = line.x
    return rows


def _is_open(text: str) -> bool:
    return any(text.count(left) > text.count(right) for left, right in ("[]", "()", "{}")) or (
        _SCRIPTS.sub("", text).count("{") > _SCRIPTS.sub("", text).count("}")
    )


def _split_number(row: str) -> tuple[str, str | None]:
    match = NUMBER.search(row)
    return (row[: match.start()].rstrip(), match["number"]) if match else (row, None)
