"""One reply of a model: to a question within what it reads at once, and continued where a limit cut it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from paper2code.artifacts import Artifact
from paper2code.errors import AnswerError, ContextError
from paper2code.fitting import NoRoomError
from paper2code.models.answers import AnswerFault, read_artifact
from paper2code.models.call import Call
from paper2code.models.continuation import joined
from paper2code.models.conversation import conversation, less_room
from paper2code.models.endless import endless
from paper2code.models.exchange import Exchange
from paper2code.models.journal import Entry
from paper2code.prompts import render

_CONTINUATIONS = 8

_LONGEST_ANSWER = 600_000
"""Characters; no answer that means anything is longer, and what goes on is going round in circles."""


@dataclass(frozen=True, slots=True)
class WholeReply:
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


async def whole_reply(
    exchange: Exchange,
    call: Call,
    turns: list[BaseMessage],
    artifact: type[Artifact] | None,
    attempts: "count[int]",
) -> WholeReply:
    """The reply to a question and what was said since, continued where the model's own limit cut it.

    Args:
        exchange: The requests of the run.
        call: The question.
        turns: Answers that could not be used and what was said to them, in turn.
        artifact: What the reply should be, or None for plain text.
        attempts: Numbers the requests of the call, continuations included.

    Raises:
        AnswerError: None came, or it goes on for ever.
        ContextError: The question does not fit into what the model reads at once.
    """
    text, behind, schema = "", turns, artifact
    for _ in range(_CONTINUATIONS):
        try:
            entry = await _entry(exchange, call, behind, schema, next(attempts))
        except AnswerError as error:
            raise given_up(call, str(error)) from error
        before, text = text, joined(text, entry.answer) if text else entry.answer
        if entry.finish_reason != "length" or not entry.answer.strip():
            return WholeReply(text, entry.finish_reason)
        if artifact and _is_whole(text, artifact):
            return WholeReply(text, "stop")
        if why := endless(text, before):
            return WholeReply(text, "length", why)
        if len(text) > _LONGEST_ANSWER:
            break
        # A schema would make the model begin again, so the rest is asked for as plain text.
        schema = None
        behind = [*turns, AIMessage(text), HumanMessage(render("continue"))]
    raise given_up(call, "the answer has no end")


def given_up(call: Call, why: str) -> AnswerError:
    """What is left to do is not to ask again: the journal would answer as before."""
    return AnswerError(f"{call}: {why}; choose another model for it with --agent-model {call.role}=SPEC")


async def _entry(
    exchange: Exchange,
    call: Call,
    turns: Sequence[BaseMessage],
    artifact: type[Artifact] | None,
    attempt: int,
) -> Entry:
    """The model's answer to the question and what was said since, within what it reads at once.

    A provider that refuses the length all the same is asked again with less: by the size that it states,
    else with three quarters.

    Raises:
        ContextError: It does not fit. Where the question has to be complete, the role is taken to have
            less room from now on, so that its asker can ask in parts; else the run is at its end.
    """
    room = exchange.room_for(call.role, artifact)
    for last in (False, False, True):
        try:
            opening = conversation(call, turns, room)
        except NoRoomError as problem:
            await exchange.budget.stop(_too_small(exchange, call, problem.least, room or 0))
        try:
            return await exchange.entry(call, opening.messages, artifact, attempt, opening.left_out)
        except ContextError as refusal:
            room = less_room(opening, refusal.window)
            if call.complete:
                exchange.rooms[call.role] = room
                raise
            if last:
                await exchange.budget.stop(refusal)
    raise AssertionError("the loop returns or raises")


def _too_small(exchange: Exchange, call: Call, least: int, room: int) -> ContextError:
    name = exchange.models[call.role].name if call.role in exchange.models else "the model"
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
