"""A paper as the text that agents read: one Markdown document, a map of its sections, or some sections of it.

The same paper gives the same bytes, because providers cache prompts by their prefix. Authors are left out,
since nothing in the code depends on them. Every part keeps its id in braces, so that an agent can name it.
"""

import re
from collections.abc import Iterable, Sequence

from paper2code.errors import PaperError
from paper2code.papers.ids import PLACED, estimate_tokens, split_source
from paper2code.papers.model import Equation, Float, Paper, Section

_PLACED = re.compile(rf"^\[({PLACED})\]$", re.MULTILINE)
_INEXACT = (
    "Formulas below come from a PDF's glyphs: _{ } and ^{ } mark scripts, (a)/(b) a fraction, √( ) a root, "
    "[a b; c d] a matrix. Fonts and spacing may be lost; where a formula makes no sense, trust the text "
    "around it."
)
# A library's log lines, and what stands in the way of pictures, say nothing to an agent.
_FOR_THE_USER = re.compile(r"(?:.*: )?(?:pypdf|figures):")
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


def section_map(paper: Paper) -> str:
    """One line a section: id, title, tokens, and the equations and floats that stand in it.

    The sections of a supplement follow a line that names it.

    >>> print(section_map(paper))  # doctest: +SKIP
    s3.2.1 Scaled Dot-Product Attention (~520 tokens; eq1, fig2)
    """
    lines = []
    for source, sections in by_source(paper.sections).items():
        lines += [source_heading(source)] if source else []
        lines += [_map_line(paper, section) for section in sections]
    return "\n".join(lines) + "\n"


def render_sections(paper: Paper, ids: Iterable[str]) -> str:
    """Some sections, in reading order whatever the order of the ids, each with its equations and floats.

    The id of an equation or float stands for the section that holds it.

    Raises:
        PaperError: the paper has no part of that id.
    """
    wanted = set(ids)
    known = {section.id for section in paper.sections}
    holders = holders_of(paper)
    unknown = sorted(wanted - known - set(holders))
    if unknown:
        raise PaperError(
            f"The paper has no part {', '.join(unknown)}; its sections are {', '.join(sorted(known))}."
        )
    chosen = {holders.get(part, part) for part in wanted}
    parts: list[str] = []
    for source, sections in by_source(s for s in paper.sections if s.id in chosen).items():
        parts += [source_heading(source)] if source else []
        parts += [render_section(paper, section) for section in sections]
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


def _map_line(paper: Paper, section: Section) -> str:
    inside = _PLACED.findall(section.text)
    held = f"; {', '.join(inside)}" if inside else ""
    tokens = estimate_tokens(render_section(paper, section))
    return f"{'  ' * (section.level - 1)}{section.id} {section.title} (~{tokens} tokens{held})"


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
