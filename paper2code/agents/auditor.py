"""The reviewer's third deed: the whole repository against the whole contract."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from paper2code.papers.ids import CHARACTERS_PER_TOKEN
from paper2code.prompts import render
from paper2code.run import Run
from paper2code.state import State

REPOSITORY = "(repository)"
"""How the journal names the audit, where it names a file for other reviews."""

_GROUP_CHARACTERS = 240_000
"""Text of files in one audit call, about 80,000 tokens: what models with 128,000 read beside the briefing."""


_FROM_BEST_TO_WORST: tuple[Verdict, ...] = get_args(Verdict)
_MOST_TICKETS = 60
"""As many as one audit may write; the next finds what is left."""


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
    texts = {path: run.workspace.read(path) for path in run.design.order}
    groups = _groups(run, state, texts)
    audits = state.get("audits", 0)
    # One after the other: the first warms the provider's prompt cache for those that follow.
    parts = [await _audit_group(run, state, texts, group, number) for number, group in enumerate(groups)]
    return {"audit": _joined(parts), "audits": audits + 1}


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


def _groups(run: Run, state: State, texts: dict[str, str]) -> list[tuple[str, ...]]:
    """The files of each call, within what the reviewer's model reads at once.

    Where the usual groups do not fit, files take half of a prompt, and the contract and the paper the rest;
    less where even the contract for so many files is longer than that.
    """
    groups, room = group_by_size(texts), run.room_for("reviewer", Audit)
    if room is None or all((run.spare(call, Audit) or 0) >= 0 for call in _calls(run, state, texts, groups)):
        return groups
    limit = min(_GROUP_CHARACTERS, CHARACTERS_PER_TOKEN * room // 2)
    groups = group_by_size(texts, limit)
    while len(groups) < len(texts) and not all(
        (run.spare(call, Audit, shortened=True) or 0) >= 0 for call in _calls(run, state, texts, groups)
    ):
        limit //= 2
        groups = group_by_size(texts, limit)
    return groups


def _calls(run: Run, state: State, texts: dict[str, str], groups: Iterable[Sequence[str]]) -> Iterator[Call]:
    return (_call(run, state, texts, group, number) for number, group in enumerate(groups))


async def _audit_group(
    run: Run, state: State, texts: dict[str, str], group: Sequence[str], number: int
) -> Audit:
    call = _call(run, state, texts, group, number)
    requirements = _to_judge(run.design, texts, group)
    audit = await run.ask(call, Audit, lambda a: _problem(a, requirements, group))
    asked = {requirement.id for requirement in requirements}
    # Of what belongs to other groups this one has seen too little to judge, and other names are no files.
    judged = tuple(v for v in audit.verdicts if v.requirement in asked)
    return audit.model_copy(
        update={"verdicts": judged, "tickets": tuple(t for t in audit.tickets if t.path in group)}
    )


def _call(run: Run, state: State, texts: dict[str, str], group: Sequence[str], number: int) -> Call:
    design = run.design
    whole = len(group) == len(texts)
    others = {path: signatures(texts[path]) for path in texts if path not in group}
    task = partial(
        render,
        "auditor",
        files={path: texts[path] for path in group},
        requirements=_to_judge(design, texts, group),
        whole=whole,
        findings=_found(texts, group, design),
        file_status=state["file_status"],
        test_results=state.get("test_results", {}),
        earlier=state.get("audit"),
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


def _found(texts: dict[str, str], group: Sequence[str], design: Design) -> list[tuple[str, str, str]]:
    """What checks over all files say: the file of this group, or the configuration; the problem; the fix."""
    disagreeing = inconsistencies(design.architecture, design.config, texts)
    by_path = check_repository(texts, design.architecture, design.dependencies, design.config)
    found = [
        *((each.path, each.problem, each.fix) for each in disagreeing),
        *((path, each.problem, each.fix) for path, findings in by_path.items() for each in findings),
    ]
    return [each for each in found if each[0] in group or each[0] not in texts]


def _to_judge(design: Design, texts: Mapping[str, str], group: Sequence[str]) -> tuple[Requirement, ...]:
    """All requirements where all files are shown, else those that the files shown own."""
    if len(group) == len(texts):
        return design.plan.requirements
    owned = {i for path in group for i in design.planned(path).requirements}
    return tuple(r for r in design.plan.requirements if r.id in owned)


def _problem(audit: Audit, requirements: Iterable[Requirement], paths: Iterable[str]) -> str | None:
    judged = {verdict.requirement for verdict in audit.verdicts}
    missing = [r.id for r in requirements if r.id not in judged]
    known = set(paths)
    strange = [ticket.path for ticket in audit.tickets if ticket.path not in known]
    problems = []
    if missing:
        problems.append(f"These requirements have no verdict: {', '.join(missing)}.")
    if strange:
        problems.append(f"Tickets may only name files shown in full; these are not: {', '.join(strange)}.")
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
