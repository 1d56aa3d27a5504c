"""From the characters of a call to what a provider bills: tokens, and which of them its cache serves."""

from dataclasses import dataclass
from typing import Self

from paper2code.context import ModelChoice
from paper2code.estimate.deeds import Deed
from paper2code.estimate.scenario import LOW, Level
from paper2code.models.specs import thinks
from paper2code.models.usage import Usage

_CHARACTERS_PER_TOKEN = (4.1, 3.7, 3.3)  # prose has 4 and more, mathematics and dense code about 3

# OpenAI caches beginnings of at least so many tokens, in steps.
_LEAST_CACHED = 1_024
_CACHED_STEP = 128
# Caches are emptied after minutes, and requests that come in numbers are spread over machines.
_HITS = (1.0, 0.95, 0.8)

_THOUGHT = (300, 1_200, 4_000)
"""Tokens of thinking in one call. An assumption: the models of the recorded runs did not think."""


@dataclass(frozen=True)
class Habits:
    """What sets a model's bill apart from another's for the same words."""

    thinks: bool = False

    @classmethod
    def of(cls, model: ModelChoice) -> Self:
        """Those of a model, as far as they are known."""
        return cls(thinks=thinks(model))


def mean_usage(deed: Deed, habits: Habits, at_once: int, level: Level) -> Usage:
    """What one call of a kind takes on average, not priced yet.

    Args:
        deed: The kind of call.
        habits: Those of the model that is asked.
        at_once: Calls under way at once.
        level: How dearly it is billed.
    """
    per_token = _CHARACTERS_PER_TOKEN[level]
    hits = _hits(deed, at_once, level)
    return Usage(
        calls=1,
        input_tokens=round(deed.prompt / per_token),
        cached_tokens=round(hits * served(deed.shared / per_token)),
        output_tokens=round(deed.answer / per_token) + (_THOUGHT[level] if habits.thinks else 0),
        usd=None,
    )


def served(tokens: float) -> int:
    """What a cache serves of so many tokens that were sent before.

    >>> served(1_000), served(1_300)
    (0, 1280)
    """
    return int(tokens) // _CACHED_STEP * _CACHED_STEP if tokens >= _LEAST_CACHED else 0


def _hits(deed: Deed, at_once: int, level: Level) -> float:
    """The part of the calls whose beginning is served.

    It is new to all that begin before one of them is finished. The low level is that of a provider that
    serves what it is still answering.
    """
    cold = at_once if deed.at_once and level != LOW else 0
    return _HITS[level] * max(0.0, deed.calls - cold) / deed.calls if deed.calls else 0.0
