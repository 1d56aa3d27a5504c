"""A part of a paper as a paper of its own: title and abstract, and some of its sections with what they hold.

It is rendered like the whole, so that a prompt that shows a part begins with the same bytes as one that shows
all, as far as nothing is missing.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from paper2code.papers.model import Paper, Section
from paper2code.papers.passages import passages
from paper2code.papers.render import holders_of
from paper2code.papers.selection import Cut, Selection, loose_floats, select_sections
from paper2code.tokens import CHARACTERS_PER_TOKEN, estimate_tokens

_NEVER_SHOWN = frozenset({"references", "acknowledgements"})


def shown_sections(paper: Paper) -> tuple[Section, ...]:
    """The sections that `Paper.to_markdown` shows."""
    return tuple(section for section in paper.sections if section.kind not in _NEVER_SHOWN)


def excerpt(paper: Paper, kept: Collection[str], cut: Cut | None = None) -> Paper:
    """The paper with these sections alone, in reading order; of a cut one its first passages."""
    return _with_sections(paper, (_cut(section, cut) for section in paper.sections if section.id in kept))


def without_idle_appendix(paper: Paper, places: Iterable[str]) -> tuple[Paper, tuple[str, ...]]:
    """The paper without those sections of its appendix that nothing stands on: proofs, for the most part.

    Args:
        paper: The paper.
        places: Ids of sections, equations and floats that something stands on; others are passed over.

    Returns:
        The paper with all else, and the sections that it lacks. What sections of the places refer to stays.
    """
    holders = _holders(paper)
    named = {holders.get(place, place) for place in places}
    referred = {holders.get(r, r) for section in paper.sections if section.id in named for r in section.refs}
    appendix = [section.id for section in paper.sections if section.kind == "appendix"]
    idle = tuple(name for name in appendix if name not in named | referred)
    if not idle:
        return paper, ()
    return excerpt(paper, {section.id for section in paper.sections} - set(idle)), idle


def most_relevant(
    paper: Paper, wanted: Sequence[str], query: str, characters: int
) -> tuple[Paper, Selection]:
    """As much of a paper as fits.

    First the sections that are wanted, then the body. Where that is too much, what the wanted sections refer
    to and what fits the query comes before the rest of the body: one call sees less of it than another, but
    each what it needs.

    Args:
        paper: The paper.
        wanted: Ids of sections, equations and floats, the most important first; others are passed over.
        query: Words of the task.
        characters: What the text of the excerpt may have, title and abstract included.

    Returns:
        The excerpt, and which sections are in it. Title and abstract are, even where they alone are too long.
    """
    if len(paper.to_markdown()) <= characters:
        ids = tuple(section.id for section in paper.sections)
        return paper, Selection(kept=ids, left_out=(), tokens=estimate_tokens(paper.to_markdown()))
    known = {*(s.id for s in shown_sections(paper)), *_holders(paper)}
    named = [part for part in wanted if part in known]
    body = [section.id for section in shown_sections(paper) if section.kind == "body"]
    room = characters - len(excerpt(paper, ()).to_markdown())
    while True:
        budget = max(0, room // CHARACTERS_PER_TOKEN)
        selection = select_sections(paper, [*named, *body], query, budget)
        if not set(body) <= set(selection.kept) or selection.cut:
            selection = select_sections(paper, named, query, budget)
        chosen = excerpt(paper, selection.kept, selection.cut)
        excess = len(chosen.to_markdown()) - characters  # headings of supplements and of loose floats
        if excess <= 0 or not selection.kept:
            return chosen, selection
        room -= excess


def next_part(paper: Paper, rest: Sequence[Section], characters: int) -> tuple[Paper, tuple[Section, ...]]:
    """The paper with as many of the remaining sections as fit, and those that still remain.

    A section that is longer than a whole part is parted between paragraphs, where a sentence ends.

    Args:
        paper: The whole paper.
        rest: Sections in reading order, at first `shown_sections(paper)`.
        characters: What the text of the part should have at most, title and abstract included. A single
            passage that is longer is a part all the same.
    """
    taken = 0
    while taken < len(rest) and len(_with_sections(paper, rest[: taken + 1]).to_markdown()) <= characters:
        taken += 1
    if taken or not rest:
        return _with_sections(paper, rest[:taken]), tuple(rest[taken:])
    first, *others = rest
    parts = passages(first.text)
    length = 1
    while length < len(parts) - 1 and _fits(paper, _cut(first, Cut(first.id, length + 1)), characters):
        length += 1
    behind = "\n\n".join(parts[length:])
    title = first.title if first.title.endswith(" (continued)") else f"{first.title} (continued)"
    remaining = [first.model_copy(update={"text": behind, "title": title})] if behind else []
    return _with_sections(paper, [_cut(first, Cut(first.id, length))]), (*remaining, *others)


def parts_of(paper: Paper, characters: int) -> Iterator[Paper]:
    """The whole paper in parts, in reading order; see `next_part`."""
    rest = shown_sections(paper)
    while rest:
        part, rest = next_part(paper, rest, characters)
        yield part


def _fits(paper: Paper, section: Section, characters: int) -> bool:
    return len(_with_sections(paper, [section]).to_markdown()) <= characters


def _with_sections(paper: Paper, sections: Iterable[Section]) -> Paper:
    """The paper with these sections alone, the floats that stand in them, and those that they name first."""
    kept = tuple(sections)
    loose = loose_floats(paper, holders_of(paper))
    part = paper.model_copy(update={"sections": kept})
    held = {*holders_of(part), *(item.id for s in kept for item in loose.get(s.id, ()))}
    return part.model_copy(update={"floats": tuple(item for item in paper.floats if item.id in held)})


def _cut(section: Section, cut: Cut | None) -> Section:
    if cut is None or cut.section != section.id:
        return section
    text = "\n\n".join(passages(section.text)[: cut.passages])
    return section.model_copy(update={"text": text})


def _holders(paper: Paper) -> dict[str, str]:
    """For each equation and float the section that it stands in, or that names it first."""
    holders = holders_of(paper)
    loose = loose_floats(paper, holders)
    return {**holders, **{item.id: name for name, items in loose.items() for item in items}}
