"""How much of a prompt a model reads at once."""

from collections.abc import Mapping

from langchain_core.language_models import ModelProfile

from paper2code.context import ROLES, Context, Role
from paper2code.models.journal import Recording
from paper2code.models.specs import NamedModel, profile_of

_SHARE_OF_THE_ANSWER = 4
_LONGEST_ANSWER = 32_000


def prompt_room(window: int, longest_answer: int | None = None) -> int:
    """The tokens of a window that prompts may take.

    A quarter is kept for the answer: enough for a file or a review even of a model with 8,000 tokens, and
    what is longer is asked for in pieces. It also makes up for texts that have fewer characters a token than
    we reckon with. No more is kept than a model can answer, nor than 32,000, which is more than the longest
    plan.

    Args:
        window: What the model reads at once, in tokens, prompt and answer together.
        longest_answer: The most that the model answers, where that is known.

    >>> prompt_room(32_000), prompt_room(128_000, longest_answer=16_000)
    (24000, 112000)
    """
    return window - min(window // _SHARE_OF_THE_ANSWER, _LONGEST_ANSWER, longest_answer or _LONGEST_ANSWER)


def prompt_rooms(
    context: Context, models: Mapping[Role, NamedModel], recording: Recording | None
) -> dict[Role, int]:
    """The room of each role's model: by the caller's word, else by LangChain's profile, if it says.

    Where answers are replayed, it is what it was when they were recorded.
    """
    if context.context_tokens:
        return dict.fromkeys(ROLES, prompt_room(context.context_tokens))
    if recording:
        return {role: recording.rooms[role] for role in ROLES if role in recording.rooms}
    rooms = {role: _by_profile(profile_of(model.chat)) for role, model in models.items()}
    return {role: room for role, room in rooms.items() if room}


def expected_room(context: Context, role: Role) -> int | None:
    """The room of a role's model, as far as it is known before the model is had; None is no limit."""
    if context.context_tokens:
        return prompt_room(context.context_tokens)
    return _by_profile(profile_of(context.agent_models.get(role, context.model)))


def _by_profile(profile: ModelProfile) -> int | None:
    window = profile.get("max_input_tokens")
    return prompt_room(window, profile.get("max_output_tokens")) if window else None
