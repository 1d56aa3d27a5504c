"""The reviewer's third deed: the whole repository against the whole contract."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

from langgraph.runtime import Runtime

from paper2code.artifacts import Audit, AuditVerdict, Requirement, Verdict
from paper2code.checks.repository import check_repository, inconsistencies
from paper2code.checks.symbols import signatures
from paper2code.context import Context
from paper2code.design import Design
from paper2code.events import announced
from paper2code.fitting import fewer
from paper2code.models.caller import Call
from paper2code.prompts import render
from paper2code.run import Run
from paper2code.state import State
from paper2code.tokens import CHARACTERS_PER_TOKEN

REPOSITORY = "(repository)"
"""How the journal names the audit, where it names a file for other reviews."""

_GROUP_CHARACTERS = 240_000
"""Text of files in one audit call, about 80,000 tokens: what models with 128,000 read beside the briefing."""

_FROM_BEST_TO_WORST: tuple[Verdict, ...] = get_args(Verdict)
_MOST_TICKETS = 60
"""As many as one audit may write; the next finds what is left."""

_MOST_OUTPUT = 3_000
"""Characters of what failed tests printed, from the end, where the traceback stands."""

_Found = tuple[str, str, str]
"""What a check over all files says: the path that it concerns, the problem, the fix."""


def _told(update: Mapping[str, Any]) -> str:
    audit = update["audit"]
    met = sum(v.verdict == "met" for v in audit.verdicts)
    return f"{met} of {len(audit.verdicts)} requirements met, {len(audit.tickets)} tickets"


@announced("auditor", _told)
async def audit(state: State, runtime: Runtime[Context]) -> State:
    """Judge every requirement over all files, and write tickets for what is worth repairing.

    A repository too large for one call is audited in groups, each seeing the signatures of the rest.
    """
    run = runtime.context.run
    repository = await asyncio.to_thread(_read, run)
    groups = await asyncio.to_thread(_groups, run, state, repository)
    # One after the other: the first warms the provider's prompt cache for those that follow.
    parts = [await _audit_group(run, state, repository, group, number) for number, group in enumerate(groups)]
    return {"audit": _joined(parts), "audits": state.get("audits", 0) + 1}


@dataclass(frozen=True)
class _Repository:
    """The whole repository: texts and signatures by path, and what checks over all files say."""

    texts: dict[str, str]
    stubs: dict[str, str]
    found: tuple[_Found, ...]

    def found_in(self, group: Sequence[str]) -> list[_Found]:
        """What is said of these files, or of none that is planned."""
        return [each for each in self.found if each[0] in group or each[0] not in self.texts]


def _read(run: Run) -> _Repository:
    design = run.design
    texts = {path: run.workspace.read(path) for path in design.order}
    disagreeing = inconsistencies(design.architecture, design.config, texts)
    by_path = check_repository(texts, design.architecture, design.dependencies, design.config)
    return _Repository(
        texts,
        stubs={path: signatures(text) for path, text in texts.items()},
        found=(
            *((each.path, each.problem, each.fix) for each in disagreeing),
            *((path, each.problem, each.fix) for path, findings in by_path.items() for each in findings),
        ),
    )


def group_by_size(texts: dict[str, str], limit: int = _GROUP_CHARACTERS) -> list[tuple[str, ...]]:
    """The paths in order, cut into groups whose texts have at most `limit` characters.

    A file larger than the limit is a group of its own.

    >>> group_by_size({"a.py": "x" * 6, "b.py": "x" * 5, "c.py": "x" * 4}, limit=10)
    [('a.py',), ('b.py', 'c.py')]
    """
    groups: list[list[str]] = []
    size = 0
    for path, text in texts.items():
        if not groups or size + len(text) > limit:
            groups.append([])
            size = 0
        groups[-1].append(path)
        size += len(text)
    return [tuple(group) for group in groups]


def _groups(run: Run, state: State, repository: _Repository) -> list[tuple[str, ...]]:
    """The files of each call, within what the reviewer's model reads at once.

    Where the usual groups do not fit, files take half of a prompt, and the contract and the paper the rest;
    less where even the contract for so many files is longer than that.
    """
    texts = repository.texts
    groups, room = group_by_size(texts), run.caller.room_for("reviewer", Audit)
    if room is None or all(run.caller.fits(call, Audit) for call in _calls(run, state, repository, groups)):
        return groups
    limit = min(_GROUP_CHARACTERS, CHARACTERS_PER_TOKEN * room // 2)
    groups = group_by_size(texts, limit)
    while len(groups) < len(texts) and not all(
        run.caller.fits(call, Audit, shortened=True) for call in _calls(run, state, repository, groups)
    ):
        limit //= 2
        groups = group_by_size(texts, limit)
    return groups


def _calls(
    run: Run, state: State, repository: _Repository, groups: Iterable[Sequence[str]]
) -> Iterator[Call]:
    return (_call(run, state, repository, group, number) for number, group in enumerate(groups))


async def _audit_group(
    run: Run, state: State, repository: _Repository, group: Sequence[str], number: int
) -> Audit:
    call = await asyncio.to_thread(_call, run, state, repository, group, number)
    requirements = _to_judge(run.design, repository.texts, group)
    changeable = [path for path in group if path not in run.kept]
    audit = await run.caller.ask(call, Audit, lambda a: _problem(a, requirements, changeable))
    asked = {requirement.id for requirement in requirements}
    # Of what belongs to other groups this one has seen too little to judge, and other names are no files.
    judged = tuple(v for v in audit.verdicts if v.requirement in asked)
    return audit.model_copy(
        update={"verdicts": judged, "tickets": tuple(t for t in audit.tickets if t.path in group)}
    )


def _call(run: Run, state: State, repository: _Repository, group: Sequence[str], number: int) -> Call:
    design, texts = run.design, repository.texts
    whole = len(group) == len(texts)
    others = {path: stub for path, stub in repository.stubs.items() if path not in group}
    task = partial(
        render,
        "auditor",
        files={path: texts[path] for path in group},
        owned=_by_owner(_to_judge(design, texts, group), design),
        whole=whole,
        findings=repository.found_in(group),
        file_status=state["file_status"],
        test_results=state.get("test_results", {}),
        earlier=state.get("audit"),
        most_output=_MOST_OUTPUT,
        kept=sorted(run.kept & set(group)),
    )
    return Call(
        role="reviewer",
        target=REPOSITORY if whole else f"{REPOSITORY} {number + 1}",
        revision=state.get("audits", 0),
        briefing=design.briefing,
        task=task(others=others),
        about=tuple(group),
        shorter=lambda: (task(others=some) for some in fewer(others, design.neighbours_of(group))),
    )


def _to_judge(design: Design, texts: Mapping[str, str], group: Sequence[str]) -> tuple[Requirement, ...]:
    """All requirements where all files are shown, else those that the files shown own."""
    if len(group) == len(texts):
        return design.plan.requirements
    owned = {i for path in group for i in design.planned(path).requirements}
    return tuple(r for r in design.plan.requirements if r.id in owned)


def _by_owner(requirements: Iterable[Requirement], design: Design) -> dict[str, list[str]]:
    """The ids of requirements by the file that owns them; of several, the first."""
    owned: dict[str, list[str]] = {}
    owners = {i: file.path for file in reversed(design.architecture.files) for i in file.requirements}
    for requirement in requirements:
        owned.setdefault(owners.get(requirement.id, "no file"), []).append(requirement.id)
    return owned


def _problem(audit: Audit, requirements: Iterable[Requirement], paths: Iterable[str]) -> str | None:
    judged = {verdict.requirement for verdict in audit.verdicts}
    missing = [r.id for r in requirements if r.id not in judged]
    known = set(paths)
    strange = [ticket.path for ticket in audit.tickets if ticket.path not in known]
    problems = []
    if missing:
        problems.append(f"These requirements have no verdict: {', '.join(missing)}.")
    if strange:
        problems.append(
            f"Tickets may only name files shown in full that may be changed; not so: {', '.join(strange)}."
        )
    return " ".join(problems) or None


def _joined(parts: Sequence[Audit]) -> Audit:
    if len(parts) == 1:
        return parts[0]
    tickets = {t.path: t for part in parts for t in part.tickets}.values()
    return Audit(
        assessment="\n".join(part.assessment for part in parts),
        verdicts=_one_each(verdict for part in parts for verdict in part.verdicts),
        tickets=tuple(sorted(tickets, key=lambda ticket: ticket.severity != "blocker"))[:_MOST_TICKETS],
    )


def _one_each(verdicts: Iterable[AuditVerdict]) -> tuple[AuditVerdict, ...]:
    """One verdict a requirement: of files that meet it together, the one that does less decides."""
    worst: dict[str, AuditVerdict] = {}
    for verdict in verdicts:
        known = worst.setdefault(verdict.requirement, verdict)
        worst[verdict.requirement] = max(known, verdict, key=lambda v: _FROM_BEST_TO_WORST.index(v.verdict))
    return tuple(worst.values())
