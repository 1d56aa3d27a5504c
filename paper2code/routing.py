"""The decisions of the graph: small functions of the state, whose answers are the labels on the drawing.

Those whose answer is a list of files are in `sending`.
"""

from typing import Literal

from langgraph.runtime import Runtime

from paper2code.acceptance import cannot_run, is_content
from paper2code.context import Context
from paper2code.open_questions import settled
from paper2code.state import FileState, State


async def after_plan(state: State, runtime: Runtime[Context]) -> Literal["ask", "proceed"]:
    """To the researcher, where that is wished, once."""
    return "ask" if runtime.context.ask and "answers" not in state else "proceed"


async def after_answers(state: State) -> Literal["replan", "proceed"]:
    """Back to the planner where the researcher chose otherwise: requirements are worded by choices."""
    return "replan" if settled(state["plan"], state["answers"]) != state["plan"] else "proceed"


async def after_dependencies(state: State, runtime: Runtime[Context]) -> Literal["redesign", "proceed"]:
    """Back to the architect while the contract has faults and the budget lasts."""
    if state["faults"] and state["redesigns"] < runtime.context.max_redesigns:
        return "redesign"
    return "proceed"


async def after_design_review(
    state: State, runtime: Runtime[Context]
) -> Literal["replan", "redesign", "proceed"]:
    """Back to where the earliest thing is wrong that matters, while the budget lasts."""
    concerned = {f.concerns for f in state["design_review"].findings if f.is_weighty}
    if "plan" in concerned and state["replans"] < runtime.context.max_replans:
        return "replan"
    if concerned - {"plan"} and state["redesigns"] < runtime.context.max_redesigns:
        return "redesign"
    return "proceed"


async def after_run(state: State, runtime: Runtime[Context]) -> Literal["debug", "done"]:
    """To the debugger while something fails and the budget lasts."""
    if state["run"].failed and state.get("mends", 0) < runtime.context.max_mends:
        return "debug"
    return "done"


async def into_file(state: FileState) -> Literal["write", "rewrite"]:
    """A file that was written before has its analysis, and one that is kept needs none."""
    return "rewrite" if state["before"] or state.get("kept") else "write"


async def after_imports(state: FileState, runtime: Runtime[Context]) -> list[str]:
    """A new file is written and its tests beside it; an old one is written again only with a ticket.

    Without a ticket it is here because a file that it imports has changed: it is checked again. So is one
    that somebody has changed by hand, and no more than that.
    """
    if state.get("kept"):
        return ["check"]
    if state["before"]:
        return ["write" if state["ticket"] else "check"]
    analysis = state.get("analysis")  # an analyst of the caller's own may give none
    is_tested = analysis and analysis.properties and runtime.context.run.design.tests_of(state["path"])
    return ["write", "test"] if is_tested else ["write"]


async def after_check(state: FileState, runtime: Runtime[Context]) -> Literal["broken", "sound", "done"]:
    """Back to the coder before a reviewer is paid.

    Nor is one paid for what has a review that holds, or cannot even run.
    """
    if not state["refused"]:
        return "done" if _review_holds(state) else "sound"
    if state["fixes"] <= runtime.context.max_fixes and not state.get("kept"):
        return "broken"
    return "done" if cannot_run(state["findings"]) else "sound"


async def after_review(state: FileState, runtime: Runtime[Context]) -> Literal["revise", "accept"]:
    """Back to the coder while the reviewer is not content and the budget lasts."""
    if is_content(state["review"]) or state["reviews_given"] > runtime.context.max_revisions:
        return "accept"
    return "accept" if state.get("kept") else "revise"


def _review_holds(state: FileState) -> bool:
    """Whether the draft was accepted as it is.

    A refusal does not hold: it may have been for the fault of a file that it imports.
    """
    return state.get("reviewed") == state["draft"].revision and is_content(state["review"])
