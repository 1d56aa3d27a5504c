"""What of a paper a prompt shows where the context is too small for all of it.

First come the sections that were asked for, then what these refer to, then the rest by how well it fits the
task. Sections are shown whole; the reader of the prompt is told what is missing.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from paper2code.errors import PaperError
from paper2code.papers.model import Float, Paper, Section
from paper2code.papers.passages import passages
from paper2code.papers.relevance import bm25
from paper2code.papers.render import (
    by_source,
    holders_of,
    reference_list,
    render_float,
    render_section,
    source_heading,
)
from paper2code.tokens import estimate_tokens

_SHOWN_UNASKED = frozenset({"body", "appendix"})


@dataclass(frozen=True)
class Cut:
    """A section of which only the first passages are shown; see `passages`."""

    section: str
    passages: int


@dataclass(frozen=True)
class Selection:
    """The ids of the sections that are shown, wholly or cut, and of those that are not, in reading order."""

    kept: tuple[str, ...]
    left_out: tuple[str, ...]
    tokens: int
    """What the chosen sections take; map and remarks come on top."""
    cut: Cut | None = None


def select_sections(paper: Paper, wanted_ids: Iterable[str], query: str, budget_tokens: int) -> Selection:
    """Choose sections until the budget is full.

    A section that does not fit is passed over for smaller ones behind it. One section that alone exceeds the
    whole budget may be cut, at the end of a paragraph and of a sentence. References, acknowledgements and
    checklists are shown only where they are asked for.

    Args:
        paper: the paper.
        wanted_ids: ids of sections, equations and floats, the most important first. Equations and floats
            stand for the section that holds them; a float that stands nowhere is shown with the first
            section that refers to it.
        query: words of the task, which rank the sections that nobody asked for (BM25).
        budget_tokens: what the chosen sections may take, by `estimate_tokens`. Never exceeded.

    Raises:
        PaperError: the paper has no part of a wanted id.
    """
    excerpts = _Excerpts(paper)
    left = budget_tokens
    kept: set[str] = set()
    cut: Cut | None = None
    for name in excerpts.by_urgency(wanted_ids, query):
        cost = excerpts.cost(name)
        if cost > left:
            if cut or cost <= budget_tokens or not (cut := excerpts.cut_to(name, left)):
                continue
            cost = excerpts.cost(name, cut)
        kept.add(name)
        left -= cost
    ids = [section.id for section in paper.sections]
    shown = excerpts.text(kept, cut)
    return Selection(
        kept=tuple(name for name in ids if name in kept),
        left_out=tuple(name for name in ids if name not in kept),
        tokens=estimate_tokens(shown),
        cut=cut,
    )


class _Excerpts:
    """The sections of a paper as a selection shows them."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._sections = {section.id: section for section in paper.sections}
        self._holders = holders_of(paper)
        self._loose = loose_floats(paper, self._holders)
        self._holders |= {item.id: name for name, items in self._loose.items() for item in items}

    def by_urgency(self, wanted_ids: Iterable[str], query: str) -> Iterable[str]:
        """The sections that may be shown, the most urgent first."""
        wanted = dict.fromkeys(self._wanted(wanted_ids))
        unasked = {name: s for name, s in self._sections.items() if s.kind in _SHOWN_UNASKED}
        named = [self._holders.get(ref, ref) for name in wanted for ref in self._sections[name].refs]
        scores = bm25(query, [render_section(self._paper, section) for section in unasked.values()])
        ranked = sorted(zip(scores, unasked, strict=True), key=lambda scored: -scored[0])
        others = [*(name for name in named if name in unasked), *(name for _, name in ranked)]
        return dict.fromkeys([*wanted, *others])

    def cost(self, name: str, cut: Cut | None = None) -> int:
        """The tokens of a section with the blank line behind it and, if need be, its supplement's heading."""
        return estimate_tokens(self.text([name], cut) + "\n\n")

    def cut_to(self, name: str, budget: int) -> Cut | None:
        """As many passages of a section as fit, if one does."""
        lengths = range(1, len(passages(self._sections[name].text)))
        fitting = bisect_right(lengths, budget, key=lambda length: self.cost(name, Cut(name, length)))
        return Cut(name, fitting) if fitting else None

    def text(self, names: Iterable[str], cut: Cut | None) -> str:
        """Sections in reading order, those of a supplement below its heading."""
        chosen = set(names)
        parts: list[str] = []
        for source, sections in by_source(s for s in self._paper.sections if s.id in chosen).items():
            parts += [source_heading(source)] if source else []
            parts += [self._section(section, cut) for section in sections]
        return "\n\n".join(parts)

    def _section(self, section: Section, cut: Cut | None) -> str:
        if cut and cut.section == section.id:
            text = "\n\n".join(passages(section.text)[: cut.passages])
            section = section.model_copy(update={"text": text})
        parts = [render_section(self._paper, section)]
        if section.kind == "references" and self._paper.references:
            parts.append(reference_list(self._paper))
        return "\n\n".join([*parts, *map(render_float, self._loose.get(section.id, ()))])

    def _wanted(self, ids: Iterable[str]) -> Iterator[str]:
        floats = {item.id for item in self._paper.floats}
        for part in ids:
            name = self._holders.get(part, part)
            if name in self._sections:
                yield name
            elif name not in floats:
                raise PaperError(
                    f"The paper has no part {part}; its sections are {', '.join(self._sections)}."
                )


def loose_floats(paper: Paper, holders: Mapping[str, str]) -> Mapping[str, Sequence[Float]]:
    """The floats that stand nowhere, by the first section that refers to them."""
    loose: dict[str, list[Float]] = {}
    for item in paper.floats:
        if item.id not in holders:
            host = next((section.id for section in paper.sections if item.id in section.refs), None)
            if host:
                loose.setdefault(host, []).append(item)
    return loose
