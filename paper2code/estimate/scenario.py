"""The ways in which a run may go otherwise than is likely."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Literal

Level = Literal[0, 1, 2]
"""Place in a tuple of guesses: low, likely, high."""
LOW: Level = 0
LIKELY: Level = 1
HIGH: Level = 2


@dataclass(frozen=True)
class Scenario:
    """How a run goes, in the respects that do not hang together."""

    size: Level = LIKELY
    """How much is planned: requirements, files, imports, and what the design says of them."""
    words: Level = LIKELY
    """How long code and other answers are."""
    rounds: Level = LIKELY
    """How often something goes back."""
    billing: Level = LIKELY
    """Tokens of a text, tokens of thinking, and how much caches serve."""

    def others(self) -> Iterator["Scenario"]:
        """Those that differ from this one in a single respect."""
        for respect in fields(self):
            for level in (LOW, HIGH):
                yield replace(self, **{respect.name: level})
