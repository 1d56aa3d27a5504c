"""The researcher: asked once, after planning, about what the paper leaves open and matters most."""

from collections.abc import Mapping, Sequence
from typing import Any

from langgraph.errors import GraphInterrupt
from langgraph.runtime import Runtime
from langgraph.types import interrupt
from pydantic import BaseModel, ConfigDict, RootModel, model_validator

from paper2code.artifacts import Ambiguity
from paper2code.context import Context
from paper2code.events import announced
from paper2code.open_questions import put, read_answers, weightiest
from paper2code.pausing import require_a_checkpointer
from paper2code.state import State


class Consultation(BaseModel):
    """What was asked, and what was answered, kept in the workspace so that nobody is asked twice."""

    asked: tuple[Ambiguity, ...]
    answers: dict[str, str]


def _told(update: Mapping[str, Any]) -> str:
    number = len(update["answers"])
    return f"{number} {'answer' if number == 1 else 'answers'}"


@announced("researcher", _told)
async def consult(state: State, runtime: Runtime[Context]) -> State:
    """Put the questions, unless this folder holds the answers to the same ones.

    Whoever goes back in time is asked again, and may answer otherwise.
    """
    run, plan = runtime.context.run, state["plan"]
    asked = weightiest(plan)
    form = put(run.paper.title, plan, asked)
    if not asked:
        return {"answers": {}}
    try:
        answers = interrupt(form, response_schema=_answers_to(asked)).root
    except GraphInterrupt:
        consultation = run.workspace.load("answers", Consultation)
        if consultation is None or consultation.asked != asked or run.goes_back:
            require_a_checkpointer()
            raise
        return {"answers": consultation.answers}
    run.workspace.save("answers", Consultation(asked=asked, answers=answers))
    return {"answers": answers}


def _answers_to(asked: Sequence[Ambiguity]) -> type[RootModel[dict[str, str]]]:
    """The schema of a filled form. What it refuses LangGraph forgets, so that other answers can be given."""

    class Answers(RootModel[dict[str, str]]):
        model_config = ConfigDict(json_schema_extra={"additionalProperties": {"type": ["string", "integer"]}})

        @model_validator(mode="before")
        @classmethod
        def read(cls, filled: object) -> dict[str, str]:
            return read_answers(asked, filled)

    return Answers
