"""An agent at work: a run that has begun, whose models say what a test wants."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from langgraph.runtime import Runtime

from paper2code.context import Context
from paper2code.design import Design
from paper2code.run import Run, open_run
from paper2code.testing import Question, ScriptedModel
from tests.conftest import ContextFor
from tests.example import PAPER
from tests.script import CHAIN, Script


@dataclass(frozen=True)
class Workplace:
    """What an agent works with, on the chain of `data.py`, `model.py` and `train.py`."""

    script: Script
    """What its model says; faultless answers where a test says nothing."""
    model: ScriptedModel
    runtime: Runtime[Context]

    @property
    def asked(self) -> list[Question]:
        """The questions so far."""
        return self.model.asked

    @property
    def run(self) -> Run:
        """The run that it works for."""
        return self.runtime.context.run

    def write(self, *paths: str) -> None:
        """Let these files be finished."""
        for path in paths:
            self.run.workspace.write(path, CHAIN.code(path).removeprefix("```python\n").removesuffix("```"))


@pytest.fixture
async def work(context_for: ContextFor) -> AsyncIterator[Workplace]:
    """A run whose design is settled, and none of whose files is written."""
    script = Script(CHAIN)
    model = ScriptedModel(answer=script)
    async with open_run(context_for(model)) as context:
        context.run.begin(PAPER)
        context.run.freeze(
            Design(PAPER, CHAIN.plan(), CHAIN.architecture(), CHAIN.dependencies(), CHAIN.config())
        )
        yield Workplace(script, model, Runtime(context=context))
