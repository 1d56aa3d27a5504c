"""The way every agent asks a model: for something that can be used, and again where it cannot."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from paper2code.artifacts import Artifact
from paper2code.context import Role
from paper2code.events import emit
from paper2code.models.answers import (
    AnswerFault,
    Written,
    read_artifact,
    read_changed,
    read_code,
    read_file,
)
from paper2code.models.call import Call
from paper2code.models.conversation import conversation, least_tokens
from paper2code.models.endless import quoted
from paper2code.models.exchange import Exchange
from paper2code.models.replies import given_up, whole_reply
from paper2code.prompts import render

__all__ = ["Call", "Caller", "Written"]

T = TypeVar("T", bound=Artifact)
Parsed = TypeVar("Parsed")

_TRIES = 3
_LONGEST_FAULT = 200


@dataclass(frozen=True, slots=True)
class Caller:
    """Asks models on behalf of one run."""

    exchange: Exchange

    def room_for(self, role: Role, artifact: type[Artifact] | None = None) -> int | None:
        """The tokens that a prompt for this answer may have; None is no limit."""
        return self.exchange.room_for(role, artifact)

    @property
    def least_room(self) -> int | None:
        """The tokens that a prompt for any role may have; None is no limit."""
        return min(self.exchange.rooms.values(), default=None)

    def spare(self, call: Call, artifact: type[Artifact], *, shortened: bool = False) -> int | None:
        """The tokens that are left beside a question and the form of its answer.

        Args:
            call: The question.
            artifact: What its answer should be.
            shortened: Whether to reckon with all left out of the question that can be.

        Returns:
            Fewer than 0 where the question is too long; None where there is no limit.
        """
        room = self.exchange.room_for(call.role, artifact)
        if room is None:
            return None
        return room - (least_tokens(call) if shortened else conversation(call, (), None).tokens)

    def fits(self, call: Call, artifact: type[Artifact], *, shortened: bool = False) -> bool:
        """Whether a question leaves room for the form of its answer; see `spare`."""
        spare = self.spare(call, artifact, shortened=shortened)
        return spare is None or spare >= 0

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

        def read(text: str) -> T:
            try:
                return read_artifact(text, artifact)
            except AnswerFault:
                self.exchange.spell_out_schema(call.role)
                raise

        return await self._answer(call, read, _again_as_artifact, problem_with, artifact)

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

        def read(text: str) -> str:
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
        return await self._answer(call, lambda text: read_file(text, call.target), _again_as_code)

    async def ask_for_changes(
        self,
        call: Call,
        texts: Mapping[str, str],
        default: str = "",
        problem_with: Callable[[Mapping[str, str]], str | None] = lambda _: None,
        showable: Collection[str] = (),
    ) -> Written:
        """Ask for changes of files, as edits or whole; the prompt includes `changes_form`.

        Args:
            call: The question.
            texts: The files that may change, as the question shows them.
            default: The file that is meant where an answer gives no path; `call.target` if not given. It need
                not exist yet. Where both are empty, each change must give its path.
            problem_with: Says in words for the model what the files that differ still lack, or None. Asked
                again for such a problem, and taken as it is when it stays.
            showable: The files that an answer may ask to see instead of changing any.

        Returns:
            The files that differ, and proposals; where the answer changes no file, only proposals or the
            files that it asks to see.

        Raises:
            AnswerError: No answer came whose changes can all be made.
        """

        def read(text: str) -> Written:
            return read_changed(text, texts, default or call.target, showable)

        return await self._answer(call, read, _again_as_changes, lambda written: problem_with(written.texts))

    async def _answer(
        self,
        call: Call,
        read: Callable[[str], Parsed],
        again: Callable[[str], str],
        problem_with: Callable[[Parsed], str | None] = lambda _: None,
        artifact: type[Artifact] | None = None,
    ) -> Parsed:
        """Ask until the answer can be used, at most three times, each telling what was wrong before.

        Args:
            call: The question.
            read: Makes of an answer what was asked for; raises `AnswerFault` where that cannot be.
            again: Says to the model what was wrong with its answer.
            problem_with: What an answer that can be read still lacks. The last one is taken as it is.
            artifact: What the answer should be, or None for plain text.
        """
        turns: list[BaseMessage] = []
        attempts = count()
        for number in range(1, _TRIES + 1):
            reply = await whole_reply(self.exchange, call, turns, artifact, attempts)
            try:
                answer = read(reply.with_end)
                fault = problem_with(answer)
            except AnswerFault as error:
                fault = str(error)
            else:
                if not fault or number == _TRIES:
                    return answer
            if reply.finish_reason == "content_filter":
                fault = f"The answer was withheld: {reply.text}"
            # What was said stays: the same request once more would be answered by the journal.
            turns = [*turns, AIMessage(quoted(reply.text)), HumanMessage(again(fault))]
            told = " ".join(fault.split())[:_LONGEST_FAULT]
            if number < _TRIES:
                emit(call.event("retrying", note=f"its answer cannot be used ({told})"))
        raise given_up(call, f"no usable answer in {_TRIES} attempts ({told})")


def _again_as_artifact(fault: str) -> str:
    return render("answer_again", fault=fault, code=False)


def _again_as_code(fault: str) -> str:
    return render("answer_again", fault=fault, code=True)


def _again_as_changes(fault: str) -> str:
    return render("changes_again", fault=fault)
