"""The last thing that a run does: it writes what surrounds the generated files."""

import json
from typing import TYPE_CHECKING, Any

from paper2code.acceptance import is_complete
from paper2code.artifacts import RunResult
from paper2code.checks.repository import inconsistencies
from paper2code.report.markdown import readme, traceability
from paper2code.report.outcome import Outcome
from paper2code.report.page import report_html
from paper2code.report.setup_files import setup_files
from paper2code.report.trace import trace
from paper2code.report.trace_file import trace_json
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
        **setup_files(run.design, outcome.files),
    }
    usage = {
        **outcome.spent.model_dump(),
        "roles": {role: u.model_dump() for role, u in outcome.usage.items()},
        "files": {target: u.model_dump() for target, u in outcome.usage_by_target.items()},
        "models": {model: u.model_dump() for model, u in outcome.usage_by_model.items()},
    }
    for path, text in surroundings.items():
        run.workspace.write(path, text)
    run.workspace.keep("report.html", report_html(outcome).encode("utf-8", "replace"))
    run.workspace.keep("trace.json", trace_json(outcome).encode("utf-8", "replace"))
    run.workspace.keep("usage.json", json.dumps(usage, indent=2).encode() + b"\n")
    return {
        "files": {**outcome.files, **{path: run.workspace.read(path) for path in surroundings}},
        "requirements": outcome.trace,
        "status": outcome.status,
        "usage": usage,
    }


def outcome_of(state: State, run: "Run") -> Outcome:
    """What came out of a run whose audit is done."""
    design, audit = run.design, state["audit"]
    reviews = state.get("reviews", {})
    files, kept = run.texts(), sorted(run.kept)
    return Outcome(
        paper=run.paper,
        plan=design.plan,
        architecture=design.architecture,
        dependencies=design.dependencies,
        config=design.config,
        files=files,
        file_status=state.get("file_status", {}),
        reviews=reviews,
        trace=trace(design.plan, design.architecture, reviews, audit, files),
        status="accepted" if is_complete(state, audit) else "incomplete",
        audit=audit,
        run=state.get("run", RunResult()),
        test_results=state.get("test_results", {}),
        inconsistencies=inconsistencies(design.architecture, design.config, files),
        answered=frozenset(state.get("answers", {})),
        notes=(*state.get("notes", ()), *(f"{path} is kept as it was changed by hand." for path in kept)),
        journal=run.journal.entries,
    )
