"""The paper's table of contents, with the requirements that each section asks for."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from paper2code.artifacts import TracedRequirement
from paper2code.papers.model import Paper, Section

_MARK = re.compile(r"\[([A-Za-z]\w*)\]")


@dataclass(frozen=True)
class OutlineEntry:
    """A section with what it asks of the code."""

    section: Section
    rows: tuple[TracedRequirement, ...]
    """The requirements that name the section, or an equation, table, figure or algorithm in it."""


@dataclass(frozen=True)
class Place:
    """A place in the paper, as people name it."""

    name: str
    section: str
    """The id of the section that it is in; empty where the paper has no such place."""


def outline(paper: Paper, rows: Iterable[TracedRequirement]) -> tuple[OutlineEntry, ...]:
    """The sections of a paper in order, references and thanks left out unless something is asked there."""
    known, citing = places(paper), tuple(rows)
    entries = (
        OutlineEntry(section, tuple(row for row in citing if section.id in _sections(row, known)))
        for section in paper.sections
    )
    return tuple(e for e in entries if e.rows or e.section.kind in {"body", "appendix"})


def places(paper: Paper) -> dict[str, Place]:
    """Every id that a requirement may name as its place, with its name and its section.

    Equations, tables and figures are in the section whose text has their mark, such as `[eq2]`.
    """
    section_of = {mark: section.id for section in paper.sections for mark in _MARK.findall(section.text)}
    named = {section.id: f"§ {section.number or section.title}" for section in paper.sections}
    named |= {equation.id: f"Eq. {equation.number or equation.id}" for equation in paper.equations}
    named |= {part.id: f"{part.kind.capitalize()} {part.number or part.id}" for part in paper.floats}
    home = {section.id: section.id for section in paper.sections}
    return {name: Place(label, home.get(name) or section_of.get(name, "")) for name, label in named.items()}


def _sections(row: TracedRequirement, known: Mapping[str, Place]) -> set[str]:
    return {known[place].section for place in row.requirement.places if place in known}
