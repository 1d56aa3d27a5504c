"""The way every agent asks a model: again where the answer cannot be used, on where it was cut."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from paper2code.artifacts import Artifact
from paper2code.errors import AnswerError
from paper2code.models.answers import AnswerFault, read_artifact, read_code
from paper2code.models.call import Call
from paper2code.models.continuation import joined
from paper2code.models.exchange import Exchange
from paper2code.prompts import render

__all__ = ["Call", "Caller", "T"]

T = TypeVar("T", bound=Artifact)
Parsed = TypeVar("Parsed")

_TRIES = 3
_CONTINUATIONS = 8
_LONGEST_FAULT = 200


@dataclass(frozen=True, slots=True)
class Caller:
    """Asks models on behalf of one run."""

    exchange: Exchange

    async def ask(
        self, call: Call, artifact: type[T], problem_with: Callable[[T], str | None] = lambda _: None
    ) -> T:
        """Ask for an artifact.

        Args:
            call: The question.
            artifact: The type of the answer; its schema goes with the question.
            problem_with: Says in words for the model what an answer of the right form still lacks, or None.
                An answer with such a problem is asked for again, and taken as it is when it stays.

        Raises:
            AnswerError: No answer of the right form came.
        """

        def read(text: str, *, last: bool) -> T:
            try:
                answer = read_artifact(text, artifact)
            except AnswerFault:
                self.exchange.spell_out_schema(call.role)
                raise
            problem = problem_with(answer)
            if problem and not last:
                raise AnswerFault(problem)
            return answer

        return await self._answer(call, read, artifact)

    async def ask_for_code(self, call: Call) -> str:
        """Ask for the text of the file `call.target`.

        Raises:
            AnswerError: No answer held the file.
        """

        def read(text: str, *, last: bool) -> str:
            del last
            return read_code(text, call.target)

        return await self._answer(call, read, None)

    async def _answer(
        self, call: Call, read: "Callable[..., Parsed]", artifact: type[Artifact] | None
    ) -> Parsed:
        """Ask until the answer can be read, at most three times, each telling what was wrong before."""
        asked = call.messages()
        attempts = count()
        fault = ""
        for number in range(1, _TRIES + 1):
            text, finish_reason = await self._whole_reply(call, asked, artifact, attempts)
            try:
                return read(text, last=number == _TRIES)
            except AnswerFault as problem:
                fault = (
                    f"The answer was withheld: {text}" if finish_reason == "content_filter" else str(problem)
                )
                again = render("answer_again", fault=fault, code=artifact is None)
                # What was said stays: the same request once more would be answered by the journal.
                asked = [*asked, AIMessage(text or "(empty)"), HumanMessage(again)]
        told = " ".join(fault.split())[:_LONGEST_FAULT]
        raise AnswerError(f"{call}: no usable answer in {_TRIES} attempts ({told})")

    async def _whole_reply(
        self,
        call: Call,
        messages: list[BaseMessage],
        artifact: type[Artifact] | None,
        attempts: "count[int]",
    ) -> tuple[str, str | None]:
        """The reply, continued as often as the model's own limit cut it, and why it ended."""
        text, conversation, schema = "", messages, artifact
        for _ in range(_CONTINUATIONS):
            entry = await self.exchange.entry(call, conversation, schema, next(attempts))
            text = joined(text, entry.answer) if text else entry.answer
            if entry.finish_reason != "length" or not entry.answer.strip():
                return text, entry.finish_reason
            # A schema would make the model begin again, so the rest is asked for as plain text.
            schema = None
            conversation = [*messages, AIMessage(text), HumanMessage(render("continue"))]
        raise AnswerError(f"{call}: the answer has no end")
