"""The last thing that a run does: it writes what surrounds the generated files."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paper2code.models.usage import Usage
from paper2code.report.markdown import readme, traceability
from paper2code.report.outcome import Outcome
from paper2code.report.page import report_html
from paper2code.report.setup_files import package_markers, pytest_ini, reproduce_sh, requirements_txt
from paper2code.report.trace import trace
from paper2code.routing import is_complete
from paper2code.state import State

if TYPE_CHECKING:
    from paper2code.run import Run


def publish(state: State, run: "Run") -> dict[str, Any]:
    """Write README, requirements.txt, config.yaml, reproduce.sh, TRACEABILITY.md and the report of a run.

    Returns:
        The state's `files`, `requirements`, `status` and `usage`.
    """
    outcome = outcome_of(state, run)
    surroundings = {
        "README.md": readme(outcome),
        "TRACEABILITY.md": traceability(outcome),
        "requirements.txt": requirements_txt(outcome.dependencies),
        "config.yaml": outcome.config.yaml,
        "reproduce.sh": reproduce_sh(outcome.architecture),
        **package_markers(outcome.files),
        **pytest_ini(outcome.files),
    }
    usage = {
        **outcome.spent.model_dump(),
        "roles": {role: u.model_dump() for role, u in outcome.usage.items()},
    }
    for path, text in surroundings.items():
        run.workspace.write(path, text)
    _put_whole(run.workspace.private("report.html"), report_html(outcome))
    _put_whole(run.workspace.private("usage.json"), json.dumps(usage, indent=2) + "\n")
    return {
        "files": {**outcome.files, **surroundings},
        "requirements": outcome.trace,
        "status": outcome.status,
        "usage": usage,
    }


def outcome_of(state: State, run: "Run") -> Outcome:
    """What came out of a run whose audit is done."""
    workspace, audit = run.workspace, state["audit"]
    reviews = state.get("reviews", {})
    files = {path: workspace.read(path) for path in run.design.order if workspace.exists(path)}
    return Outcome(
        title=state["title"],
        plan=state["plan"],
        architecture=state["architecture"],
        dependencies=state["dependencies"],
        config=state["config"],
        files=files,
        file_status=state.get("file_status", {}),
        reviews=reviews,
        trace=trace(state["plan"], state["architecture"], reviews, audit, files),
        status="accepted" if is_complete(state, audit) else "incomplete",
        audit=audit,
        notes=tuple(state.get("notes", ())),
        usage=_usage_by_role(run),
        seconds=sum(entry.seconds for entry in run.journal.entries),
    )


def _put_whole(place: Path, text: str) -> None:
    """Write a file so that a killed run leaves the old text or the new one."""
    draft = place.with_name(f"{place.name}.part")
    draft.write_bytes(text.encode("utf-8", "replace"))
    draft.replace(place)


def _usage_by_role(run: "Run") -> dict[str, Usage]:
    by_role: dict[str, Usage] = {}
    for entry in run.journal.entries:
        by_role[entry.role] = by_role.get(entry.role, Usage()) + entry.usage
    return by_role
