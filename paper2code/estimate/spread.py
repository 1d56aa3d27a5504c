"""A figure that is not known exactly."""

import math
from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict


class Spread(BaseModel):
    """What a figure is in a cheap run, in a likely one, and in a dear one."""

    model_config = ConfigDict(frozen=True)

    low: float
    likely: float
    high: float

    @classmethod
    def around(cls, likely: float, others: Iterable[float]) -> Self:
        """From what the figure would be if one thing at a time went otherwise than is likely.

        What does not hang together seldom goes wrong together: as in the propagation of errors, the squares
        of the deviations are added, here those of the logarithms, since the causes multiply.

        >>> [round(case, 1) for case in Spread.around(10, [20, 20, 5]).cases]
        [5.0, 10.0, 26.7]
        """
        others = list(others)
        up = math.hypot(*(_distance(likely, other) for other in others if other > likely))
        if likely == 0:
            return cls(low=0, likely=0, high=up)
        down = math.hypot(*(_distance(likely, other) for other in others if other < likely))
        return cls(low=likely * math.exp(-down), likely=likely, high=likely * math.exp(up))

    @property
    def cases(self) -> tuple[float, float, float]:
        """Low, likely and high."""
        return self.low, self.likely, self.high

    def holds(self, value: float) -> bool:
        """Whether a value lies within."""
        return self.low <= value <= self.high


def _distance(likely: float, other: float) -> float:
    """Between logarithms; from nothing it is the figure itself, and to nothing there is no limit."""
    if likely == 0:
        return other
    return abs(math.log(other / likely)) if other else math.inf
