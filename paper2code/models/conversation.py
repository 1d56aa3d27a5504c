"""A question and what was said since, within what its model reads at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.messages import BaseMessage

from paper2code.fitting import Fitted, NoRoomError
from paper2code.models.call import Call
from paper2code.models.images import length
from paper2code.models.window import prompt_room
from paper2code.tokens import tokens_in


@dataclass(frozen=True, slots=True)
class Conversation:
    """Messages, and what the first question does not show for want of room."""

    messages: list[BaseMessage]
    left_out: tuple[str, ...]

    @property
    def tokens(self) -> int:
        """What the messages take, by our estimate."""
        return _tokens(self.messages)


def conversation(call: Call, turns: Sequence[BaseMessage], room: int | None) -> Conversation:
    """The question with the turns behind it.

    Where the whole does not fit, only the last two turns stay: the answer that is to be mended or continued,
    and the words on it. The question then gives way to them.

    Args:
        call: The question.
        turns: Answers of the model and what was said to them, in turn.
        room: Tokens for all of it; None is no limit.

    Raises:
        NoRoomError: It does not fit.
    """
    whole = _opened(call, call.fitted(None))
    said = [*whole.messages, *turns]
    if room is None or _tokens(said) <= room:
        return Conversation(said, ())
    kept = list(turns[-2:])
    around = _tokens([*call.messages(Fitted(("",))), *kept]) + 1  # two parts round up one by one
    try:
        fitted = call.fitted(room - around)
    except NoRoomError as problem:
        raise NoRoomError(problem.least + around) from None
    opened = _opened(call, fitted)
    return Conversation([*opened.messages, *kept], opened.left_out)


def least_tokens(call: Call) -> int:
    """What a question takes when all is left out of it that can be."""
    try:
        return conversation(call, (), 0).tokens
    except NoRoomError as problem:
        return problem.least


def less_room(refused: Conversation, window: int | None) -> int:
    """The tokens to try after a provider refused a conversation for its length.

    Args:
        refused: The conversation.
        window: What the model reads at once, if the provider said so.
    """
    shorter = refused.tokens * 3 // 4
    return min(shorter, prompt_room(window)) if window else shorter


def _opened(call: Call, fitted: Fitted) -> Conversation:
    return Conversation(call.messages(fitted), fitted.left_out)


def _tokens(messages: Sequence[BaseMessage]) -> int:
    return tokens_in(sum(map(length, messages)))
