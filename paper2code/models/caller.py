"""The way every agent asks a model: again where the answer cannot be used, on where it was cut."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from paper2code.artifacts import Artifact
from paper2code.errors import AnswerError
from paper2code.models.answers import (
    AnswerFault,
    Written,
    read_artifact,
    read_changed,
    read_code,
    read_file,
)
from paper2code.models.call import Call
from paper2code.models.continuation import joined
from paper2code.models.exchange import Exchange
from paper2code.prompts import render

__all__ = ["Call", "Caller", "T", "Written"]

T = TypeVar("T", bound=Artifact)
Parsed = TypeVar("Parsed")

_TRIES = 3
_CONTINUATIONS = 8
_LONGEST_FAULT = 200

_LONGEST_ANSWER = 600_000
"""Characters; no answer that means anything is longer, and what goes on is going round in circles."""

_MOST_QUOTED = 100_000
"""Characters of an unusable answer that the model is shown again, about 25,000 tokens."""


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
                An answer with such a problem is asked for again, and taken as it is when it stays; one for
                which it raises `AnswerFault` is never taken.

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

        return await self._answer(call, read, _again_as_artifact, artifact)

    async def ask_for_code(
        self, call: Call, problem_with: Callable[[str], str | None] = lambda _: None
    ) -> str:
        """Ask for the text of the file `call.target`.

        Args:
            call: The question.
            problem_with: Says in words for the model why a text cannot be that file, or None. Such a text is
                never taken.

        Raises:
            AnswerError: No answer held the file.
        """

        def read(text: str, *, last: bool) -> str:
            del last
            code = read_code(text, call.target)
            if problem := problem_with(code):
                raise AnswerFault(problem)
            return code

        return await self._answer(call, read, _again_as_code)

    async def ask_for_file(self, call: Call) -> Written:
        """Ask for the text of the file `call.target`, and for proposals to change interfaces beside it.

        Raises:
            AnswerError: No answer held the file, or its proposals stayed unreadable.
        """

        def read(text: str, *, last: bool) -> Written:
            del last
            return read_file(text, call.target)

        return await self._answer(call, read, _again_as_code)

    async def ask_for_changes(
        self,
        call: Call,
        texts: Mapping[str, str],
        default: str = "",
        problem_with: Callable[[Mapping[str, str]], str | None] = lambda _: None,
    ) -> Written:
        """Ask for changes of files, as edits or whole; the prompt includes `changes_form`.

        Args:
            call: The question.
            texts: The files that may change, as the question shows them.
            default: The file that is meant where an answer gives no path; `call.target` if not given. It need
                not exist yet. Where both are empty, each change must give its path.
            problem_with: Says in words for the model what the files that differ still lack, or None. Asked
                again for such a problem, and taken as it is when it stays.

        Returns:
            The files that differ, and proposals; only proposals where the answer changes no file.

        Raises:
            AnswerError: No answer came whose changes can all be made.
        """

        def read(text: str, *, last: bool) -> Written:
            written = read_changed(text, texts, default or call.target)
            problem = problem_with(written.texts)
            if problem and not last:
                raise AnswerFault(problem)
            return written

        return await self._answer(call, read, _again_as_changes)

    async def _answer(
        self,
        call: Call,
        read: "Callable[..., Parsed]",
        again: Callable[[str], str],
        artifact: type[Artifact] | None = None,
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
                # What was said stays: the same request once more would be answered by the journal.
                asked = [*asked, AIMessage(_quoted(text)), HumanMessage(again(fault))]
        told = " ".join(fault.split())[:_LONGEST_FAULT]
        raise _given_up(call, f"no usable answer in {_TRIES} attempts ({told})")

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
            try:
                entry = await self.exchange.entry(call, conversation, schema, next(attempts))
            except AnswerError as error:
                raise _given_up(call, str(error)) from error
            text = joined(text, entry.answer) if text else entry.answer
            if entry.finish_reason != "length" or not entry.answer.strip():
                return text, entry.finish_reason
            if len(text) > _LONGEST_ANSWER:
                break
            # A schema would make the model begin again, so the rest is asked for as plain text.
            schema = None
            conversation = [*messages, AIMessage(text), HumanMessage(render("continue"))]
        raise _given_up(call, "the answer has no end")


def _quoted(text: str) -> str:
    """An unusable answer as the model is shown it again; of one too long, how it begins and ends."""
    if len(text) <= _MOST_QUOTED:
        return text or "(empty)"
    half = _MOST_QUOTED // 2
    return f"{text[:half]}\n\n({len(text) - 2 * half:,} characters)\n\n{text[-half:]}"


def _given_up(call: Call, why: str) -> AnswerError:
    """What is left to do is not to ask again: the journal would answer as before."""
    return AnswerError(f"{call}: {why}; choose another model for it with --agent-model {call.role}=SPEC")


def _again_as_artifact(fault: str) -> str:
    return render("answer_again", fault=fault, code=False)


def _again_as_code(fault: str) -> str:
    return render("answer_again", fault=fault, code=True)


def _again_as_changes(fault: str) -> str:
    return render("changes_again", fault=fault)
