"""What a call is about: the files and requirements that decide what is left out last."""

import re
from dataclasses import dataclass

from paper2code.artifacts import Requirement
from paper2code.briefing import Briefing

_NAME = re.compile(r"[A-Za-z][\w.-]*\w")


@dataclass(frozen=True)
class Focus:
    """The planned files of a call, with what follows from them; no files is the design as a whole.

    `near` are the files and those that they import, `wanted` the ids of the paper's parts that are needed,
    the most important first, and `query` the words that rank the other parts.
    """

    files: tuple[str, ...]
    near: frozenset[str]
    requirements: tuple[Requirement, ...]
    wanted: tuple[str, ...]
    query: str


def focus_of(briefing: Briefing, about: tuple[str, ...], query: str) -> Focus:
    """The focus of a call about some files, or about the whole design.

    Args:
        briefing: What the call shows.
        about: Paths; those that are not planned say nothing.
        query: More words of the task. Parts of the paper and requirements that it names come first.
    """
    plan, architecture, dependencies = briefing.plan, briefing.architecture, briefing.dependencies
    files = [file for file in architecture.files if file.path in about] if architecture else []
    owned = {name for file in files for name in file.requirements}
    known = plan.requirements if plan else ()
    requirements = tuple(r for r in known if r.id in owned or not files)
    names = _NAME.findall(query)
    called = [place for name in names for r in known if r.id == name for place in r.places]
    places = [p for r in sorted(requirements, key=lambda r: r.priority != "must") for p in r.places]
    summary = [plan.summary] if plan and not files else []
    words = [*(f.purpose for f in files), *(r.statement for r in requirements if files), *summary, query]
    imported = {p for file in files for p in dependencies.of(file.path).imports} if dependencies else set()
    return Focus(
        files=tuple(file.path for file in files),
        near=frozenset({*(file.path for file in files), *imported}),
        requirements=requirements,
        wanted=tuple(dict.fromkeys([*names, *called, *places])),
        query="\n".join(words),
    )
