"""The reviewer's third deed: the whole repository against the whole contract."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from langgraph.runtime import Runtime

from paper2code.artifacts import Audit, Requirement
from paper2code.checks.repository import check_repository, inconsistencies
from paper2code.checks.symbols import signatures
from paper2code.context import Context
from paper2code.design import Design
from paper2code.events import announced
from paper2code.models.caller import Call
from paper2code.prompts import render
from paper2code.run import Run
from paper2code.state import State

REPOSITORY = "(repository)"
"""How the journal names the audit, where it names a file for other reviews."""

_GROUP_CHARACTERS = 240_000
"""Text of files in one audit call, about 80,000 tokens: what models with 128,000 read beside the briefing."""


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
    groups = group_by_size(texts)
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


async def _audit_group(
    run: Run, state: State, texts: dict[str, str], group: Sequence[str], number: int
) -> Audit:
    design = run.design
    whole = len(group) == len(texts)
    requirements = design.plan.requirements if whole else _owned(design, group)
    task = render(
        "auditor",
        files={path: texts[path] for path in group},
        others={path: signatures(texts[path]) for path in texts if path not in group},
        requirements=requirements,
        whole=whole,
        findings=_found(texts, group, design),
        file_status=state["file_status"],
        test_results=state.get("test_results", {}),
        earlier=state.get("audit"),
    )
    call = Call(
        role="reviewer",
        target=REPOSITORY if whole else f"{REPOSITORY} {number + 1}",
        revision=state.get("audits", 0),
        briefing=design.briefing,
        task=task,
    )
    return await run.ask(call, Audit, lambda a: _problem(a, requirements, group))


def _found(texts: dict[str, str], group: Sequence[str], design: Design) -> list[tuple[str, str, str]]:
    """What checks over all files say: the file of this group, or the configuration; the problem; the fix."""
    disagreeing = inconsistencies(design.architecture, design.config, texts)
    by_path = check_repository(texts, design.architecture, design.dependencies, design.config)
    found = [
        *((each.path, each.problem, each.fix) for each in disagreeing),
        *((path, each.problem, each.fix) for path, findings in by_path.items() for each in findings),
    ]
    return [each for each in found if each[0] in group or each[0] not in texts]


def _owned(design: Design, group: Iterable[str]) -> tuple[Requirement, ...]:
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
    return Audit(
        assessment="\n".join(part.assessment for part in parts),
        verdicts=tuple(verdict for part in parts for verdict in part.verdicts),
        tickets=tuple({t.path: t for part in parts for t in part.tickets}.values()),
    )
