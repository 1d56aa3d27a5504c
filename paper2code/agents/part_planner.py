"""The planner's second deed: the contract of a paper that its model cannot read at once.

It reads the paper in parts, in order, each whole, with the plan of the parts before, and adds to that plan.
To let it choose sections by a map of the paper would cost fewer calls, but what is not chosen is never read,
and what an appendix asks of the code is just what its titles do not show. In parts nothing stays unread.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from paper2code.artifacts import Plan, PlanRevision
from paper2code.briefing import Briefing
from paper2code.errors import ContextError
from paper2code.fitting import first_sentences
from paper2code.models.caller import Call
from paper2code.models.images import length, question
from paper2code.papers.excerpt import excerpt, next_part, shown_sections
from paper2code.papers.model import Image, Paper, Section
from paper2code.prompts import render
from paper2code.run import Run
from paper2code.tokens import CHARACTERS_PER_TOKEN, estimate_tokens

_REFUSALS = 4
"""Times that a provider may refuse the length of one part before its model is too small."""

Images = tuple[tuple[str, Image], ...]


async def plan_by_parts(run: Run) -> Plan:
    """The plan of the whole paper, read part by part.

    Raises:
        ContextError: Not even a part fits the planner's model.
    """
    plan: Plan | None = None
    rest = shown_sections(run.paper)
    number = 1
    while rest or plan is None:
        plan, rest = await _with_next_part(run, plan, rest, number)
        number += 1
    return plan


async def _with_next_part(
    run: Run, plan: Plan | None, rest: tuple[Section, ...], number: int
) -> tuple[Plan, tuple[Section, ...]]:
    """The plan with what the next part asks, and the sections behind it."""
    for refusals in range(1, _REFUSALS + 1):
        call, behind = _next_call(run, plan, rest, number)
        try:
            if plan is None:
                return await run.caller.ask(call, Plan), behind
            revision = await run.caller.ask(call, PlanRevision, partial(_reused, plan))
            return revision.apply_to(plan), behind
        except ContextError:
            if refusals == _REFUSALS or not call.complete:
                raise
    raise AssertionError("the loop returns or raises")


def _next_call(
    run: Run, plan: Plan | None, rest: tuple[Section, ...], number: int
) -> tuple[Call, tuple[Section, ...]]:
    """The question about as much of the paper as there is room for, and the sections behind that."""
    artifact = PlanRevision if plan else Plan
    known, images = _shown(run, plan), _affordable(run)
    nothing = excerpt(run.paper, ())
    frame = _call(nothing, known, number, sections=rest, behind=rest, images=images)
    characters = CHARACTERS_PER_TOKEN * (run.caller.spare(frame, artifact) or 0)
    part, behind = next_part(run.paper, rest, len(nothing.to_markdown()) + characters)
    held = {item.id for item in part.floats}
    seen = tuple(image for image in images if image[0] in held)
    call = _call(part, known, number, sections=part.sections, behind=behind, images=seen)
    # A passage that is longer than a part is all that may be left out.
    return replace(call, complete=run.caller.fits(call, artifact)), behind


def _call(
    part: Paper,
    plan: Plan | None,
    number: int,
    *,
    sections: Sequence[Section],
    behind: Sequence[Section],
    images: Images,
) -> Call:
    place = render(
        "planner_part",
        sections=sections,
        to_come=[section for section in behind if section.level == 1],
        plan=plan,
        next_requirement=_next_number(r.id for r in plan.requirements) if plan else 1,
        next_ambiguity=_next_number(a.id for a in plan.ambiguities) if plan else 1,
    )
    task = render("planner", figures=[name for name, _ in images])
    return Call(
        role="planner",
        target=f"(part {number})",
        briefing=Briefing(part, plan),
        task=f"{task}\n\n{place}",
        images=images,
        complete=True,
    )


def _shown(run: Run, plan: Plan | None) -> Plan | None:
    """The plan so far; by first sentences where the whole would take half of a prompt."""
    room = run.caller.room_for("planner", PlanRevision)
    if plan is None or room is None or estimate_tokens(render("plan", plan=plan)) * 2 <= room:
        return plan
    return first_sentences(plan)


def _affordable(run: Run) -> Images:
    """The pictures, where all of them take no more than a quarter of a prompt."""
    images, room = run.figures_for("planner"), run.caller.room_for("planner", Plan)
    taken = length(question("", images))
    return images if room is None or taken * 4 <= room * CHARACTERS_PER_TOKEN else ()


def _reused(plan: Plan, revision: PlanRevision) -> str | None:
    """The new requirements under ids that others have, in words for the planner, or None."""
    places = {r.id: set(r.places) for r in plan.requirements}
    taken = [r.id for r in revision.requirements if r.id in places and not places[r.id] & set(r.places)]
    if not taken:
        return None
    return (
        f"These ids are taken by requirements of other places: {', '.join(taken)}. A new requirement needs a "
        "new id; one that you reword keeps the places that it has, and may get more."
    )


def _next_number(ids: Iterable[str]) -> int:
    """The number that is free in the next id."""
    return 1 + max((int(digits) for name in ids if (digits := name.lstrip("RA")).isdecimal()), default=0)
