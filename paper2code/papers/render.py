"""A paper as the text that agents read: one Markdown document, or a section of it.

The same paper gives the same bytes, because providers cache prompts by their prefix. Authors are left out,
since nothing in the code depends on them. Every part keeps its id in braces, so that an agent can name it.
"""

import re
from collections.abc import Iterable, Sequence

from paper2code.papers.ids import PLACED, split_source
from paper2code.papers.model import Equation, Float, Paper, Section

_PLACED = re.compile(rf"^\[({PLACED})\]$", re.MULTILINE)
_INEXACT = (
    "Formulas below come from a PDF's glyphs: _{ } and ^{ } mark scripts, (a)/(b) a fraction, √( ) a root, "
    "[a b; c d] a matrix. Fonts and spacing may be lost; where a formula makes no sense, trust the text "
    "around it."
)
# A library's log lines, and what stands in the way of pictures, say nothing to an agent.
_FOR_THE_USER = re.compile(r"(?:.*: )?(?:pypdf|figures|password):")
_OMITTED = frozenset({"references", "acknowledgements"})


def to_markdown(paper: Paper, *, references: bool = False) -> str:
    """The whole paper: warnings, title, abstract, sections with their equations and floats in place.

    Supplements follow, each below a heading that names it.

    Args:
        paper: the paper.
        references: whether to end the paper with the reference list, a tenth to a quarter of most papers.
    """
    parts = [f"# {paper.title or 'Untitled'}", *_notices(paper)]
    if paper.abstract:
        parts.append(f"## Abstract\n\n{_filled(paper, paper.abstract)}")
    for source, sections in by_source(paper.sections).items():
        parts += [source_heading(source)] if source else []
        parts += [render_section(paper, section) for section in sections if section.kind not in _OMITTED]
        if items := _unplaced(paper, sections):
            parts.append("## Figures and tables\n\n" + "\n\n".join(map(render_float, items)))
        if references and paper.references and not source:
            parts.append("## References\n\n" + reference_list(paper))
    return "\n\n".join(parts) + "\n"


def render_section(paper: Paper, section: Section) -> str:
    """A section below its heading, with its equations and floats."""
    number = f"{section.number} " if section.number else ""
    head = f"{'#' * min(6, section.level + 1)} {number}{section.title} {{#{section.id}}}"
    return f"{head}\n\n{_filled(paper, section.text)}".rstrip()


def render_float(item: Float) -> str:
    """A float: its caption, and its rows or pseudocode."""
    number = f" {item.number}" if item.number else ""
    caption = f"**{item.kind.capitalize()}{number}.** {item.caption}".rstrip() + f" {{#{item.id}}}"
    if not item.text:
        return caption
    body = item.text if item.format in {"markdown", "html"} else f"```\n{item.text}\n```"
    return f"{caption}\n\n{body}"


def reference_list(paper: Paper) -> str:
    """The entries of all reference lists, one a line."""
    return "\n".join(f"- {entry}" for entry in paper.references)


def by_source(sections: Iterable[Section]) -> dict[str, list[Section]]:
    """The sections of each source: first those of the paper itself, named "", then those of supplements."""
    sources: dict[str, list[Section]] = {"": []}
    for section in sections:
        sources.setdefault(section.source, []).append(section)
    return sources


def source_heading(source: str) -> str:
    """What stands above the sections of a supplement."""
    return f"# Supplement: {source}"


def holders_of(paper: Paper) -> dict[str, str]:
    """For each equation and float that stands in a section the id of that section."""
    return {part: section.id for section in paper.sections for part in _PLACED.findall(section.text)}


def _notices(paper: Paper) -> list[str]:
    notices = [f"> Note: {warning}" for warning in paper.warnings if not _FOR_THE_USER.match(warning)]
    if any(not equation.exact for equation in paper.equations):
        notices.append(f"> {_INEXACT}")
    return ["\n".join(notices)] if notices else []


def _filled(paper: Paper, text: str) -> str:
    """A text with its equations and floats written where their marks stand."""
    equations = {equation.id: equation for equation in paper.equations}
    floats = {item.id: item for item in paper.floats}

    def part(mark: re.Match[str]) -> str:
        name = mark[1]
        if name in equations:
            return _equation(equations[name])
        return render_float(floats[name]) if name in floats else mark[0]

    return _PLACED.sub(part, text)


def _equation(equation: Equation) -> str:
    body = equation.latex if equation.latex is not None else equation.text
    return f"$$ {body.strip()} $$ {{#{equation.id}}}"


def _unplaced(paper: Paper, sections: Sequence[Section]) -> Sequence[Float]:
    """The floats of the sections' source that stand nowhere in a text."""
    placed = {*_PLACED.findall(paper.abstract), *holders_of(paper)}
    letter = split_source(sections[0].id)[0] if sections else ""
    return [item for item in paper.floats if item.id not in placed and split_source(item.id)[0] == letter]
