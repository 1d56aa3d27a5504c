"""Following a graph to its end: its events to the reporter, its questions to a person."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

from langchain_core.runnables import RunnableConfig
from langgraph.runtime import RunControl
from langgraph.types import Command

from paper2code.cli.progress import Progress
from paper2code.cli.reporters import Reporter
from paper2code.cli.stopping import Stopper
from paper2code.context import Context
from paper2code.state import Input, Output


class Graph(Protocol):
    """The part of a compiled graph that is needed here."""

    def astream(
        self,
        input: Any,  # noqa: A002 - the name is LangGraph's
        config: RunnableConfig | None = None,
        **options: Any,
    ) -> Any:
        """LangGraph's stream; its input and its parts are as wide as LangGraph makes them."""


Question = Mapping[str, Any]
"""The value of a LangGraph interrupt."""

Answer = Mapping[str, Any]
"""What a person answers to it, as the node that asks reads it."""

Ask = Callable[[Question], Answer]


@dataclass(frozen=True)
class Follower:
    """One run on its way: a graph, and who watches it.

    Args:
        graph: With a checkpointer, if the context asks a person anything.
        context: The choices of this run.
        progress: Takes in every event.
        reporter: Shows every event.
    """

    graph: Graph
    context: Context
    progress: Progress
    reporter: Reporter
    config: RunnableConfig = field(
        default_factory=lambda: RunnableConfig(configurable={"thread_id": uuid4().hex})
    )

    def follow(self, paper: str, ask: Ask) -> Output:
        """Run the graph on a paper to its end.

        Args:
            paper: What the caller gave.
            ask: Called with the graph's question whenever it waits for an answer.

        Returns:
            The graph's output.

        Raises:
            Stopped: Ctrl-C or SIGTERM.
            Paper2CodeError: Whatever ended the run.
        """
        given: Input | Command[Any] = {"paper": paper}
        with Stopper(self.reporter.abandon).listening() as stopper:
            while True:
                output, question = stopper.run(self._advance(given, stopper.control))
                if question is None:
                    return output
                given = Command(resume=ask(question))

    async def _advance(
        self, given: Input | Command[Any], control: RunControl
    ) -> tuple[Output, Question | None]:
        """Run to the end, or to the next question: the output so far, and what is asked."""
        output: Output = {}
        question: Question | None = None
        parts = self.graph.astream(
            given,
            self.config,
            context=self.context,
            control=control,
            stream_mode=["custom", "updates", "values"],
            subgraphs=True,
            version="v2",
        )
        async with self.reporter, contextlib.aclosing(parts) as stream:
            async for part in stream:
                if part["type"] == "custom":
                    self.progress.apply(part["data"])
                    self.reporter.show(part["data"])
                elif part["ns"]:
                    continue
                elif part["type"] == "values":
                    output = part["data"]
                    self.progress.name(output.get("title", ""))
                elif part["type"] == "updates" and "__interrupt__" in part["data"]:
                    question = part["data"]["__interrupt__"][0].value
        return output, question
