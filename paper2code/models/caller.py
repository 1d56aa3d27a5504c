"""The way every agent asks a model: again where the answer cannot be used, on where it was cut."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from paper2code.artifacts import Artifact
from paper2code.errors import AnswerError, ContextError
from paper2code.events import emit
from paper2code.fitting import NoRoomError
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
from paper2code.models.conversation import conversation, least_tokens, less_room
from paper2code.models.endless import endless, quoted
from paper2code.models.exchange import Exchange
from paper2code.models.journal import Entry
from paper2code.prompts import render

__all__ = ["Call", "Caller", "T", "Written"]

T = TypeVar("T", bound=Artifact)
Parsed = TypeVar("Parsed")

_TRIES = 3
_CONTINUATIONS = 8
_LONGEST_FAULT = 200

_LONGEST_ANSWER = 600_000
"""Characters; no answer that means anything is longer, and what goes on is going round in circles."""


@dataclass(frozen=True, slots=True)
class _Reply:
    """What came of a question and its continuations, and why it ended."""

    text: str
    finish_reason: str | None
    endless: str = ""
    """Why it cannot be used, in words for the model, where no continuation would have ended it."""

    @property
    def with_end(self) -> str:
        """The text.

        Raises:
            AnswerFault: It has no end.
        """
        if self.endless:
            raise AnswerFault(self.endless)
        return self.text


@dataclass(frozen=True, slots=True)
class Caller:
    """Asks models on behalf of one run."""

    exchange: Exchange

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

        def read(text: str, *, last: bool) -> Written:
            written = read_changed(text, texts, default or call.target, showable)
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
        turns: list[BaseMessage] = []
        attempts = count()
        fault = ""
        for number in range(1, _TRIES + 1):
            reply = await self._whole_reply(call, turns, artifact, attempts)
            try:
                return read(reply.with_end, last=number == _TRIES)
            except AnswerFault as problem:
                withheld = reply.finish_reason == "content_filter"
                fault = f"The answer was withheld: {reply.text}" if withheld else str(problem)
                # What was said stays: the same request once more would be answered by the journal.
                turns = [*turns, AIMessage(quoted(reply.text)), HumanMessage(again(fault))]
            told = " ".join(fault.split())[:_LONGEST_FAULT]
            if number < _TRIES:
                emit(call.event("retrying", note=f"its answer cannot be used ({told})"))
        raise _given_up(call, f"no usable answer in {_TRIES} attempts ({told})")

    async def _whole_reply(
        self,
        call: Call,
        turns: list[BaseMessage],
        artifact: type[Artifact] | None,
        attempts: "count[int]",
    ) -> _Reply:
        """The reply, continued as often as the model's own limit cut it, while that is of use."""
        text, behind, schema = "", turns, artifact
        for _ in range(_CONTINUATIONS):
            try:
                entry = await self._entry(call, behind, schema, next(attempts))
            except AnswerError as error:
                raise _given_up(call, str(error)) from error
            before, text = text, joined(text, entry.answer) if text else entry.answer
            if entry.finish_reason != "length" or not entry.answer.strip():
                return _Reply(text, entry.finish_reason)
            if artifact and _is_whole(text, artifact):
                return _Reply(text, "stop")
            if why := endless(text, before):
                return _Reply(text, "length", why)
            if len(text) > _LONGEST_ANSWER:
                break
            # A schema would make the model begin again, so the rest is asked for as plain text.
            schema = None
            behind = [*turns, AIMessage(text), HumanMessage(render("continue"))]
        raise _given_up(call, "the answer has no end")

    async def _entry(
        self, call: Call, turns: Sequence[BaseMessage], artifact: type[Artifact] | None, attempt: int
    ) -> Entry:
        """The model's answer to the question and what was said since, within what it reads at once.

        A provider that refuses the length all the same is asked again with less: by the size that it states,
        else with three quarters.

        Raises:
            ContextError: It does not fit. Where the question has to be complete, the role is taken to have
                less room from now on, so that its asker can ask in parts; else the run is at its end.
        """
        room = self.exchange.room_for(call.role, artifact)
        for last in (False, False, True):
            try:
                opening = conversation(call, turns, room)
            except NoRoomError as problem:
                await self.exchange.budget.stop(self._too_small(call, problem.least, room or 0))
            try:
                return await self.exchange.entry(call, opening.messages, artifact, attempt, opening.left_out)
            except ContextError as refusal:
                room = less_room(opening, refusal.window)
                if call.complete:
                    self.exchange.rooms[call.role] = room
                    raise
                if last:
                    await self.exchange.budget.stop(refusal)
        raise AssertionError("the loop returns or raises")

    def _too_small(self, call: Call, least: int, room: int) -> ContextError:
        name = self.exchange.models[call.role].name if call.role in self.exchange.models else "the model"
        return ContextError(
            f"{call}: with all left out that can be, the prompt needs about {least:,} tokens, and {name} has "
            f"room for {room:,} beside its answer; choose a model with more context, or a higher --context "
            "if it has more"
        )


def _is_whole(text: str, artifact: type[Artifact]) -> bool:
    """Whether an answer was cut behind its artifact, in the blanks that grammars let models go on with."""
    if not text.rstrip().endswith(("}", "]")):
        return False
    try:
        read_artifact(text, artifact)
    except AnswerFault:
        return False
    return True


def _given_up(call: Call, why: str) -> AnswerError:
    """What is left to do is not to ask again: the journal would answer as before."""
    return AnswerError(f"{call}: {why}; choose another model for it with --agent-model {call.role}=SPEC")


def _again_as_artifact(fault: str) -> str:
    return render("answer_again", fault=fault, code=False)


def _again_as_code(fault: str) -> str:
    return render("answer_again", fault=fault, code=True)


def _again_as_changes(fault: str) -> str:
    return render("changes_again", fault=fault)
