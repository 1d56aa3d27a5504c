"""The decisions that send files on: which are written, checked or mended next, each in a graph of its own."""

from collections.abc import Iterable, Mapping
from typing import Literal

import networkx as nx
from langgraph.runtime import Runtime
from langgraph.types import Send

from paper2code.artifacts import RunResult, SourceFile, Step, Ticket
from paper2code.blocking import to_its_end
from paper2code.checks.execution.excerpt import first, last_line
from paper2code.context import Context
from paper2code.run import Run
from paper2code.state import FileState, State

_MOST_NAMES = 12


async def after_approval(state: State, runtime: Runtime[Context]) -> list[Send] | Literal["replan"]:
    """All files at once, or back to the planner with the researcher's remark."""
    if state["remark"]:
        return "replan"
    run = runtime.context.run
    return await to_its_end(_sends, run, dict.fromkeys(run.design.order))


async def after_ruling(state: State, runtime: Runtime[Context]) -> list[Send] | Literal["proceed"]:
    """The files that a new interface concerns, with their tickets, and those that import them."""
    ruling, run = state["ruling"], runtime.context.run
    if ruling is None or not ruling.tickets:
        return "proceed"
    run.amend(architecture=state["architecture"])
    return await to_its_end(_again, run, ruling.tickets)


async def after_audit(state: State, runtime: Runtime[Context]) -> list[Send] | Literal["accept"]:
    """The files that the audit wants changed, with their tickets, and those that import them."""
    audit, kept = state["audit"], runtime.context.run.kept
    if not any(t.path not in kept for t in audit.tickets) or state["audits"] > runtime.context.max_repairs:
        return "accept"
    return await to_its_end(_again, runtime.context.run, audit.tickets)


def _again(run: Run, tickets: Iterable[Ticket]) -> list[Send]:
    """The files of these tickets once more, and those that import them to be checked."""
    asked = {ticket.path: ticket for ticket in tickets if ticket.path not in run.kept}
    files: dict[str, Ticket | None] = {**dict.fromkeys(_dependants(asked, run)), **asked}
    return _sends(run, files)


def _dependants(paths: Iterable[str], run: Run) -> set[str]:
    """The files that import these, directly or through others: they are checked again."""
    graph = run.design.import_graph
    return {dependant for path in paths for dependant in nx.descendants(graph, path)}


def _sends(run: Run, tickets: dict[str, Ticket | None]) -> list[Send]:
    """One `Send` a file, kept small because LangGraph stores its argument twice."""
    design, versions = run.design, run.board.versions
    edition = run.open_edition(tickets)
    return [
        Send(
            "file",
            {
                "path": path,
                "awaited": tuple(p for p in design.imports_of(path) if p in tickets),
                "rank": design.ranks[path],
                "edition": edition,
                "before": versions.get(path, ""),
                "ticket": tickets[path],
                "kept": path in run.kept,
            },
        )
        for path in design.order
        if path in tickets
    ]


async def after_debug(
    state: State, runtime: Runtime[Context]
) -> list[Send] | Literal["run again", "give up"]:
    """Each mended file through the checks again, under the changed settings; these alone are simply tried."""
    runtime.context.run.amend(config=state["config"], dependencies=state["dependencies"])
    run, mended = runtime.context.run, {file.path: file.text for file in state["mended"]}
    if not mended:
        return "give up"
    files = [
        _mended(path, mended, state, run)
        for path in run.design.order
        if path in mended or run.design.tests_of(path) in mended
    ]
    edition = run.open_edition({file["path"]: file["draft"] for file in files})
    return [Send("mend", {**file, "edition": edition}) for file in files] or "run again"


def _mended(path: str, mended: Mapping[str, str], state: State, run: Run) -> FileState:
    """A mended file on its way to be checked.

    It is judged again if it owns a requirement or its tests were changed, so that a mend can neither hollow
    out the method, be it in a helper of the symbol that meets it, nor weaken what guards it.
    """
    record = run.board.record(path)
    assert record is not None  # noqa: S101 - every planned file was published before the repository is run
    revision = record.file.revision + 1
    file = FileState(
        path=path,
        awaited=(),
        rank=run.design.ranks[path],
        before=run.board.versions[path],
        mend=state["mends"],
        ticket=_ticket(path, state["run"]),
        draft=SourceFile(path=path, text=mended.get(path, record.file.text), revision=revision),
    )
    if record.analysis:
        file["analysis"] = record.analysis
    if tests := record.tests:
        text = mended.get(tests.path, tests.text)
        file["tests"] = SourceFile(path=tests.path, text=text, revision=revision)
    if record.review:
        file["review"] = record.review
        if not run.design.requirements_of(path) and run.design.tests_of(path) not in mended:
            file["reviewed"] = revision
    return file


def _sign(step: Step) -> str:
    """What tells one failure from another: the tests that failed, or the last line of the output."""
    names = [line for line in step.output.splitlines() if "::" in line and " " not in line]
    told = ", ".join(first(names, _MOST_NAMES)) or last_line(step.output)
    return f" ({told})" if told else ""


def _ticket(path: str, result: RunResult) -> Ticket:
    failures = "; ".join(
        f"`{step.command or step.kind}`: {step.reason}{_sign(step)}" for step in result.failed
    )
    return Ticket(
        path=path,
        severity="blocker",
        problem=f"The repository was run, and this failed: {failures[:4_000]}",
        change="Mend the cause of what failed; the draft is that mend.",
        keep="What the requirements say and the interface promises: a mend must not hollow out the method.",
        requirements=(),
    )
