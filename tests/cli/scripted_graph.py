"""A real LangGraph graph that plays the scenario instead of asking models."""

import asyncio
import os
from collections.abc import Sequence
from typing import Any, NoReturn

import scenario
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Checkpointer, interrupt

from paper2code.artifacts import (
    Ambiguity,
    Architecture,
    Command,
    FileReview,
    Finding,
    Plan,
    PlannedFile,
    Requirement,
    RunResult,
    Step,
    TracedRequirement,
)
from paper2code.cli import main as command_line
from paper2code.cli import stopping
from paper2code.context import Context
from paper2code.errors import BudgetError
from paper2code.open_questions import put
from paper2code.state import Input, Output, State

PLAN = Plan(
    summary="A sequence model built on attention alone, compared with recurrent ones on WMT 2014.",
    requirements=tuple(
        Requirement(
            id=f"R{number}",
            kind="method",
            statement=statement,
            places=("s3.2", "eq1"),
            quote="",
            forbids=(),
            priority="must",
        )
        for number, statement in enumerate(
            (
                "Scale the dot products by the square root of the key dimension before the softmax.",
                "Mask the decoder's self-attention so that no position attends to a later one.",
                "Raise the learning rate linearly over 4000 steps, then let it fall.",
            ),
            start=1,
        )
    ),
    ambiguities=(
        Ambiguity(
            id="A1",
            question="Is the layer norm before or after each block?",
            options=("before", "after"),
            choice="after",
            reason="The text says LayerNorm(x + Sublayer(x)).",
        ),
    ),
)
ARCHITECTURE = Architecture(
    approach="Small modules.",
    files=tuple(
        PlannedFile(path=path, purpose=f"What {path} is for.", interface="", requirements=("R1",))
        for path in scenario.FILES
    ),
    class_diagram="",
    sequence_diagram="",
    commands=(
        Command(command="python train.py --smoke", purpose="A minute on a CPU", minutes=1),
        Command(command="python train.py --config base", purpose="Table 2, base model", minutes=720),
    ),
)


class Scripted:
    """Builds the graph. It stands in for `build_graph` wherever the command line takes one.

    Args:
        speed: Simulated seconds in a real one; 0 plays everything at once.
        reject: Whether one file ends rejected.
        usd: The price of a call; None is unknown.
        ran: What the execution gate ran; None is the scenario's.
        fault: Raised once the files are under way.
        hang: Whether the run waits for ever once the files are under way.
        stubborn: Whether it then takes no notice of being cancelled.
        warnings: What is said of the paper.
    """

    def __init__(
        self,
        *,
        speed: float = 0.0,
        reject: bool = True,
        usd: float | None = 0.012,
        ran: RunResult | None = None,
        fault: Exception | None = None,
        hang: bool = False,
        stubborn: bool = False,
        warnings: tuple[str, ...] = (),
    ) -> None:
        self.speed, self.reject, self.usd, self.fault, self.hang = speed, reject, usd, fault, hang
        self.stubborn, self.warnings = stubborn, warnings
        self.ran = ran or scenario.PASSED
        self.remarks: list[str] = []
        self.answers: dict[str, Any] = {}

    def __call__(self, *, checkpointer: Checkpointer = None) -> Any:
        builder = StateGraph(State, context_schema=Context, input_schema=Input, output_schema=Output)
        builder.add_node("planner", self.plan)
        builder.add_node("approval", self.approve)
        builder.add_node("file", self.code)
        builder.add_node("publisher", self.finish)
        builder.add_edge(START, "planner")
        builder.add_edge("planner", "approval")
        builder.add_conditional_edges(
            "approval", self.after_approval, {"replan": "planner", "proceed": "file"}
        )
        builder.add_edge("file", "publisher")
        builder.add_edge("publisher", END)
        return builder.compile(checkpointer=checkpointer, name="paper2code")

    async def plan(self, _: State, runtime: Runtime[Context]) -> State:
        if runtime.context.ask:
            self.answers = interrupt(put(scenario.TITLE, PLAN, PLAN.ambiguities))
        get_stream_writer()(scenario.paper(*self.warnings))
        await self.play(scenario.planning(usd=self.usd)[:-1], 0)
        return {"title": scenario.TITLE, "plan": PLAN, "architecture": ARCHITECTURE}

    async def approve(self, _: State, runtime: Runtime[Context]) -> State:
        if runtime.context.approve:
            question = {
                "plan": PLAN.model_dump(),
                "architecture": ARCHITECTURE.model_dump(),
                "notes": ["one"],
            }
            answer = interrupt(question)
            if not answer["approve"]:
                self.remarks.append(answer["remark"])
                return {"remark": answer["remark"]}
        get_stream_writer()(scenario.design())
        return {"remark": ""}

    async def after_approval(self, state: State) -> str:
        return "replan" if state["remark"] else "proceed"

    async def code(self, _: State) -> State:
        events = scenario.coding(usd=self.usd)
        if self.fault or self.hang or self.stubborn:
            await self.play(events[:150], events[0][0])
            while self.hang or self.stubborn:
                try:
                    await asyncio.sleep(3600)
                except asyncio.CancelledError:
                    if not self.stubborn:
                        raise
            raise self.fault or AssertionError
        await self.play(events, events[0][0])
        lost = {"training/schedule.py"} if self.reject else set()
        review = FileReview(
            verdicts=(),
            findings=(
                Finding(severity="minor", line=3, problem="A name could be better.", fix=""),
                Finding(severity="major", line=9, problem=scenario.REJECTED["training/schedule.py"], fix=""),
            ),
            accepted=False,
        )
        return {
            "file_status": {path: "rejected" if path in lost else "accepted" for path in scenario.FILES},
            "reviews": dict.fromkeys(lost, review),
            "test_results": {
                path: Step(kind="tests", target=path, ending="failed" if path in lost else "passed")
                for path in scenario.TESTED
            },
        }

    async def finish(self, _: State) -> State:
        await self.play(scenario.finishing(727.0, usd=self.usd), 727.0)
        traced = [TracedRequirement(requirement=r, verdict="met") for r in PLAN.requirements]
        if self.reject:
            traced[-1] = traced[-1].model_copy(update={"verdict": "partly"})
        return {
            "status": "incomplete" if self.reject or self.ran.failed else "accepted",
            "run": self.ran,
            "files": {"requirements.txt": "torch\n", "train.py": "..."},
            "requirements": tuple(traced),
            "usage": {"calls": 54, "usd": self.usd},
        }

    async def play(self, events: Sequence[scenario.Timed], start: float) -> None:
        write, before = get_stream_writer(), start
        for when, event in events:
            if self.speed and when > before:
                await asyncio.sleep((when - before) / self.speed)
            before = when
            write(event)


def main() -> NoReturn:
    """The command line with the scripted graph, told by environment variables how to behave."""
    told = os.environ
    stopping.GRACE = float(told.get("SCRIPT_GRACE", stopping.GRACE))
    fault = {
        "": None,
        "budget": BudgetError("stopped before a call of about 9,000 tokens"),
        "bug": KeyError("x"),
    }
    command_line(
        Scripted(
            speed=float(told.get("SCRIPT_SPEED", "0")),
            reject="SCRIPT_ACCEPT" not in told,
            fault=fault[told.get("SCRIPT_FAULT", "")],
            hang="SCRIPT_HANG" in told,
            stubborn="SCRIPT_STUBBORN" in told,
        )
    )
    raise AssertionError("the command line always exits")


if __name__ == "__main__":
    main()
