"""The config writer: every value that the paper or we chose, in one file, with its source."""

from langgraph.runtime import Runtime

from paper2code.artifacts import Dependencies, DesignFinding, ExperimentConfig
from paper2code.briefing import Briefing
from paper2code.checks.contract import find_config_faults
from paper2code.checks.yaml_text import parse_yaml
from paper2code.context import Context
from paper2code.events import announced
from paper2code.models.answers import AnswerFault
from paper2code.models.caller import Call
from paper2code.prompts import render
from paper2code.state import State

_WHERE_VALUES_STAND = "setup implementation details hyperparameters settings learning rate batch size"
"""Headings and words of the sections that hold the values of most papers, often in their appendix."""


@announced("config_writer", lambda update: f"{len(update['config'].values)} values")
async def write_config(state: State, runtime: Runtime[Context]) -> State:
    """Write config.yaml for the design as it stands."""
    run, dependencies = runtime.context.run, state["dependencies"]
    previous, findings = state.get("config"), _findings(state)
    if previous and not (state.get("plan_changes") or state.get("design_changes") or findings):
        return {"config": previous}
    call = Call(
        role="config_writer",
        revision=state["designs"] - 1,
        briefing=Briefing(run.paper, state["plan"], state["architecture"], dependencies),
        task=render("config_writer", previous=previous, findings=findings),
        query=_WHERE_VALUES_STAND,
    )
    config = await run.caller.ask(call, ExperimentConfig, lambda c: _problem(c, dependencies))
    return {"config": config}


def _findings(state: State) -> list[DesignFinding]:
    review = state.get("design_review")
    return [f for f in review.findings if f.concerns == "config"] if review else []


def _problem(config: ExperimentConfig, dependencies: Dependencies) -> str | None:
    try:
        parse_yaml(config.yaml)
    except ValueError as error:
        raise AnswerFault(f"config.yaml isn't YAML: {error}. Mend that line.") from None
    faults = find_config_faults(config, dependencies)
    return "\n".join(f"- {fault.subject}: {fault.problem}" for fault in faults) or None
