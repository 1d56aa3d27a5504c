"""The ladder of what is left out of a prompt, until it fits.

A prompt that fits stays as it is, byte for byte, so that prompt caches and journals know it. Of one that does
not, the paper gives way first: sections that nothing in the task names, those of the appendix before those of
the body. Where that would take sections that the requirements name, or that these refer to, and leave the
paper less than half of the room, other things give way before: the parts of the design that do not concern
the task, which are shortened, then the text of files that the task shows, then all of the design that it does
not need. What is missing is named in the prompt.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from paper2code.briefing import Briefing
from paper2code.fitting.focus import Focus, focus_of
from paper2code.fitting.shortening import Detail, shortened
from paper2code.papers.excerpt import excerpt, most_relevant, shown_sections
from paper2code.papers.model import Paper
from paper2code.papers.render import holders_of
from paper2code.papers.selection import Selection
from paper2code.prompts import render
from paper2code.tokens import CHARACTERS_PER_TOKEN, estimate_tokens

_SHARE_OF_THE_PAPER = 2
_JOINT = "\n\n"


@dataclass(frozen=True, slots=True)
class Fitted:
    """The text of a prompt: its blocks, the task last, and what is left out of them, a line each."""

    blocks: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole text."""
        return _JOINT.join(self.blocks)

    @property
    def ends(self) -> tuple[int, ...]:
        """Where in the text the paper ends, and where the task begins; 0 where nothing comes before it."""
        before = len(_JOINT.join((*self.blocks[:-1], "")))
        return (len(self.blocks[0]), before) if len(self.blocks) > 2 else (before,)


class NoRoomError(Exception):
    """A prompt does not fit, however much is left out of it; `least` is what it needs, in tokens."""

    def __init__(self, least: int) -> None:
        super().__init__(f"the prompt needs {least:,} tokens")
        self.least = least


def fitted(
    briefing: Iterable[str],
    task: str,
    room: int | None,
    *,
    about: tuple[str, ...] = (),
    query: str = "",
    shorter: Callable[[], Iterable[str]] = tuple,
) -> Fitted:
    """As much of a prompt as there is room for.

    Args:
        briefing: What comes before the task. Only a `Briefing` can be shortened.
        task: The task, which stays whole.
        room: Tokens for all of it, by `estimate_tokens`; None is no limit.
        about: The planned files that the task is about; none for the design as a whole.
        query: Words that tell what of the paper the task needs, where the requirements do not.
        shorter: The same task with less of the files that it shows, ever shorter.

    Raises:
        NoRoomError: It does not fit.
    """
    whole = Fitted((*briefing, task))
    if room is None or estimate_tokens(whole.text) <= room:
        return whole
    if not isinstance(briefing, Briefing):
        return _with_shorter_task(tuple(briefing), (task, *shorter()), room)
    focus = focus_of(briefing, about, query)
    least = estimate_tokens(whole.text)
    found: Fitted | None = None
    for design, missing, wording in _ladder(briefing, focus, task, shorter):
        rung = _Rung(design, focus, wording, missing, room)
        least = min(least, rung.least)
        if rung.least <= room:
            found, selection = rung.filled()
            if rung.paper_room * _SHARE_OF_THE_PAPER >= room or _holds(briefing.paper, focus, selection):
                return found
    if found is None:
        raise NoRoomError(least)
    return found


def _with_shorter_task(blocks: tuple[str, ...], tasks: Sequence[str], room: int) -> Fitted:
    for task in tasks:
        prompt = Fitted((*blocks, task))
        if estimate_tokens(prompt.text) <= room:
            return prompt
    raise NoRoomError(estimate_tokens(_JOINT.join((*blocks, tasks[-1]))))


def _ladder(
    briefing: Briefing, focus: Focus, task: str, shorter: Callable[[], Iterable[str]]
) -> Iterator[tuple[Briefing, tuple[str, ...], str]]:
    """Ever less of what stands around the paper: the design, what is missing of it, the task."""
    details: tuple[Detail, ...] = ("whole", "brief")
    wording = task
    for detail in details:
        yield *shortened(briefing, focus, detail), task
    brief = shortened(briefing, focus, "brief")
    for wording in shorter():
        yield *brief, wording
    yield *shortened(briefing, focus, "least"), wording


class _Rung:
    """One way to shorten what stands around the paper, with as much of the paper as then fits."""

    def __init__(
        self, design: Briefing, focus: Focus, task: str, missing: tuple[str, ...], room: int
    ) -> None:
        self._design, self._focus, self._task, self._missing = design, focus, task, missing
        nothing = self._with(excerpt(design.paper, ()), (*_all_missing(design.paper), *missing))
        self.least = estimate_tokens(nothing.text)
        opening = len(excerpt(design.paper, ()).to_markdown())
        self._paper_characters = CHARACTERS_PER_TOKEN * room - len(nothing.text) + opening
        self.paper_room = self._paper_characters // CHARACTERS_PER_TOKEN

    def filled(self) -> tuple[Fitted, Selection]:
        """The prompt, and which sections are in it."""
        paper = self._design.paper
        chosen, selection = most_relevant(
            paper, self._focus.wanted, self._focus.query, self._paper_characters
        )
        return self._with(chosen, (*_missing_of(paper, chosen, selection), *self._missing)), selection

    def _with(self, paper: Paper, missing: tuple[str, ...]) -> Fitted:
        design = replace(self._design, paper=paper)
        remark = (render("left_out", parts=missing),) if missing else ()
        return Fitted((*design, *remark, self._task), missing)


def _holds(paper: Paper, focus: Focus, selection: Selection) -> bool:
    """Whether every section that the requirements name is shown whole, and what these refer to."""
    holders, sections = holders_of(paper), {section.id: section for section in shown_sections(paper)}
    named = {holders.get(part, part) for part in focus.wanted} & set(sections)
    referred = {holders.get(part, part) for name in named for part in sections[name].refs}
    return selection.cut is None and named | referred & set(sections) <= set(selection.kept)


def _missing_of(paper: Paper, chosen: Paper, selection: Selection) -> Iterator[str]:
    """What an excerpt lacks, in words: sections, the rest of one that is cut, floats that no section has."""
    absent = [section for section in shown_sections(paper) if section.id not in selection.kept]
    for place, ids in (
        ("the paper's body", [s.id for s in absent if s.kind == "body"]),
        ("its appendix", [s.id for s in absent if s.kind == "appendix"]),
        ("its other parts", [s.id for s in absent if s.kind == "other"]),
    ):
        if ids:
            yield f"sections of {place}: {', '.join(ids)}"
    if selection.cut:
        yield f"the end of section {selection.cut.section}"
    gone = {section.id for section in absent}
    holders = holders_of(paper)
    there = {item.id for item in chosen.floats}
    loose = [f.id for f in paper.floats if f.id not in there and holders.get(f.id) not in gone]
    if loose:
        yield f"figures and tables: {', '.join(loose)}"


def _all_missing(paper: Paper) -> Iterable[str]:
    """The longest list of what an excerpt lacks, which has to be reckoned with before one is made."""
    ids = tuple(section.id for section in paper.sections)
    none = Selection(kept=(), left_out=ids, tokens=0)
    floats = [item.id for item in paper.floats]
    longest = max(ids, key=len, default="")
    return chain(
        _missing_of(paper, excerpt(paper, ()), none),
        [f"the end of section {longest}", f"figures and tables: {', '.join(floats)}"],
    )
