"""Which prompts did not show everything, because the model could not have read it at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from paper2code.models.journal import Entry


@dataclass(frozen=True)
class Shortened:
    """Prompts about one thing that left out the same."""

    target: str
    """What they were about, as the journal names it."""
    roles: tuple[str, ...]
    calls: int
    parts: tuple[str, ...]
    """What they did not show, a line each."""


def shortened_prompts(calls: Iterable[Entry]) -> tuple[Shortened, ...]:
    """The prompts that left something out, in the order in which the first of each kind ended.

    Args:
        calls: Model calls of a journal.
    """
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for call in calls:
        if call.left_out:
            alike.setdefault((call.target, call.left_out), []).append(call.role)
    return tuple(
        Shortened(target, tuple(dict.fromkeys(roles)), len(roles), parts)
        for (target, parts), roles in alike.items()
    )
