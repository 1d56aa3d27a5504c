"""A paper as the text that agents read: one Markdown document, a map of its sections, or some sections of it.

The same paper gives the same bytes, because providers cache prompts by their prefix. Authors are left out,
since nothing in the code depends on them. Every part keeps its id in braces, so that an agent can name it.
"""

import re
from collections.abc import Iterable, Sequence

from paper2code.errors import PaperError
from paper2code.papers.ids import estimate_tokens
from paper2code.papers.model import Equation, Float, Paper, Section

_PLACED = re.compile(r"^\[((?:eq|fig|tab|alg|lst)[A-Za-z0-9.-]+)\]$", re.MULTILINE)
_INEXACT = (
    "Formulas below come from a PDF's glyphs: _{ } and ^{ } mark scripts, (a)/(b) a fraction, √( ) a root, "
    "[a b; c d] a matrix. Fonts and spacing may be lost; where a formula makes no sense, trust the text "
    "around it."
)
_FOR_THE_USER = ("pypdf:", "figures:")  # log lines, and what stands in the way of pictures
_OMITTED = frozenset({"references", "acknowledgements"})


def to_markdown(paper: Paper, *, references: bool = False) -> str:
    """The whole paper: warnings, title, abstract, sections with their equations and floats in place.

    Args:
        paper: the paper.
        references: whether to end with the reference list, a tenth to a quarter of most papers.
    """
    parts = [f"# {paper.title or 'Untitled'}", *_notices(paper)]
    if paper.abstract:
        parts.append(f"## Abstract\n\n{_filled(paper, paper.abstract)}")
    sections = [section for section in paper.sections if section.kind not in _OMITTED]
    parts += [_section(paper, section) for section in sections]
    if unplaced := _unplaced(paper):
        parts.append("## Figures and tables\n\n" + "\n\n".join(_float(item) for item in unplaced))
    if references and paper.references:
        parts.append("## References\n\n" + "\n".join(f"- {entry}" for entry in paper.references))
    return "\n\n".join(parts) + "\n"


def section_map(paper: Paper) -> str:
    """One line a section: id, title, tokens, and the equations and floats that stand in it.

    >>> print(section_map(paper))  # doctest: +SKIP
    s3.2.1 Scaled Dot-Product Attention (~520 tokens; eq1, fig2)
    """
    lines = []
    for section in paper.sections:
        inside = _PLACED.findall(section.text)
        held = f"; {', '.join(inside)}" if inside else ""
        tokens = estimate_tokens(_section(paper, section))
        lines.append(f"{'  ' * (section.level - 1)}{section.id} {section.title} (~{tokens} tokens{held})")
    return "\n".join(lines) + "\n"


def render_sections(paper: Paper, ids: Iterable[str]) -> str:
    """Some sections, in reading order whatever the order of the ids, each with its equations and floats.

    The id of an equation or float stands for the section that holds it.

    Raises:
        PaperError: the paper has no part of that id.
    """
    wanted = set(ids)
    known = {section.id for section in paper.sections}
    holders = {part: section.id for section in paper.sections for part in _PLACED.findall(section.text)}
    unknown = sorted(wanted - known - set(holders))
    if unknown:
        raise PaperError(
            f"The paper has no part {', '.join(unknown)}; its sections are {', '.join(sorted(known))}."
        )
    chosen = {holders.get(part, part) for part in wanted}
    return "\n\n".join(_section(paper, section) for section in paper.sections if section.id in chosen) + "\n"


def _notices(paper: Paper) -> list[str]:
    notices = [f"> Note: {warning}" for warning in paper.warnings if not warning.startswith(_FOR_THE_USER)]
    if any(not equation.exact for equation in paper.equations):
        notices.append(f"> {_INEXACT}")
    return ["\n".join(notices)] if notices else []


def _section(paper: Paper, section: Section) -> str:
    number = f"{section.number} " if section.number else ""
    head = f"{'#' * min(6, section.level + 1)} {number}{section.title} {{#{section.id}}}"
    return f"{head}\n\n{_filled(paper, section.text)}".rstrip()


def _filled(paper: Paper, text: str) -> str:
    """A text with its equations and floats written where their marks stand."""
    equations = {equation.id: equation for equation in paper.equations}
    floats = {item.id: item for item in paper.floats}

    def part(mark: re.Match[str]) -> str:
        name = mark[1]
        if name in equations:
            return _equation(equations[name])
        return _float(floats[name]) if name in floats else mark[0]

    return _PLACED.sub(part, text)


def _equation(equation: Equation) -> str:
    body = equation.latex if equation.latex is not None else equation.text
    return f"$$ {body.strip()} $$ {{#{equation.id}}}"


def _float(item: Float) -> str:
    number = f" {item.number}" if item.number else ""
    caption = f"**{item.kind.capitalize()}{number}.** {item.caption}".rstrip() + f" {{#{item.id}}}"
    if not item.text:
        return caption
    body = item.text if item.format in {"markdown", "html"} else f"```\n{item.text}\n```"
    return f"{caption}\n\n{body}"


def _unplaced(paper: Paper) -> Sequence[Float]:
    placed = {
        name for text in (paper.abstract, *(s.text for s in paper.sections)) for name in _PLACED.findall(text)
    }
    return [item for item in paper.floats if item.id not in placed]
