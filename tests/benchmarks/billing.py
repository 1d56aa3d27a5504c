"""What providers charge for requests, by their own rules of what their caches serve.

Sources: OpenAI, "Prompt caching" (beginnings of 1,024 tokens and more, in steps of 128; a schema in the body
stands before the system message); Anthropic, "Prompt caching" (what stands before a mark, from 1,024 tokens
on; written at 1.25 times the price of input, read at a tenth). Neither serves what is still being answered.
That caches are emptied after minutes, and that requests are spread over machines, is left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

CHARACTERS_PER_TOKEN = 4
_LEAST = 1_024
_STEP = 128


@dataclass(frozen=True)
class Price:
    """Dollars for a million tokens."""

    input: float
    read: float
    write: float
    output: float


O3_MINI = Price(input=1.10, read=0.55, write=1.10, output=4.40)
O3_MINI_ANTHROPIC_STYLE = Price(input=1.10, read=0.11, write=1.375, output=4.40)
"""The same prices of input and output, with what Anthropic adds and takes off for its cache."""


@dataclass(frozen=True)
class Request:
    """One request, as its provider got it."""

    role: str
    text: str
    """All of it that a cache knows it by, in the provider's order."""
    marks: tuple[int, ...]
    """Where in the text a beginning ends that is to be cached; only some providers heed them."""
    answer: int
    """Characters of the answer."""
    begins: float
    ends: float


@dataclass(frozen=True)
class Bill:
    """Tokens and dollars of requests."""

    calls: int = 0
    prompt: float = 0.0
    served: float = 0.0
    cold_usd: float = 0.0
    """For input that no cache served, what was written to it counted."""
    cached_usd: float = 0.0
    output_usd: float = 0.0

    def __add__(self, other: Self) -> "Bill":
        return Bill(
            self.calls + other.calls,
            self.prompt + other.prompt,
            self.served + other.served,
            self.cold_usd + other.cold_usd,
            self.cached_usd + other.cached_usd,
            self.output_usd + other.output_usd,
        )

    @property
    def usd(self) -> float:
        """All together."""
        return self.cold_usd + self.cached_usd + self.output_usd


Rule = Callable[[Request, Sequence[Request]], tuple[float, float]]
"""The tokens of a request that are read from the cache and written to it, after those before it."""


def by_prefix(request: Request, before: Sequence[Request]) -> tuple[float, float]:
    """OpenAI: the longest beginning of a finished request, in whole steps."""
    tokens = _longest_common(request, [other for other in before if other.ends <= request.begins])
    return (tokens // _STEP * _STEP if tokens >= _LEAST else 0), 0


def by_marks(request: Request, before: Sequence[Request]) -> tuple[float, float]:
    """Anthropic: the longest marked beginning that a finished request has marked, too."""
    marks = [mark for mark in request.marks if mark >= _LEAST * CHARACTERS_PER_TOKEN]
    known = {other.text[:mark] for other in before if other.ends <= request.begins for mark in other.marks}
    read = max((mark for mark in marks if request.text[:mark] in known), default=0)
    return read / CHARACTERS_PER_TOKEN, (max(marks, default=0) - read) / CHARACTERS_PER_TOKEN


def at_best(request: Request, before: Sequence[Request]) -> tuple[float, float]:
    """A cache that knows every beginning from the moment when it was first sent."""
    return _longest_common(request, before), 0


def billed(requests: Sequence[Request], rule: Rule, price: Price) -> dict[str, Bill]:
    """The bill of each role, in the order in which they were first asked."""
    in_order = sorted(requests, key=lambda request: request.begins)
    bills: dict[str, Bill] = {}
    for number, request in enumerate(in_order):
        bills[request.role] = bills.get(request.role, Bill()) + _bill(request, in_order[:number], rule, price)
    return bills


def _bill(request: Request, before: Sequence[Request], rule: Rule, price: Price) -> Bill:
    prompt = len(request.text) / CHARACTERS_PER_TOKEN
    read, written = rule(request, before)
    cold = (prompt - read - written) * price.input + written * price.write
    return Bill(
        calls=1,
        prompt=prompt,
        served=read,
        cold_usd=cold / 1e6,
        cached_usd=read * price.read / 1e6,
        output_usd=request.answer / CHARACTERS_PER_TOKEN * price.output / 1e6,
    )


def _longest_common(request: Request, others: Sequence[Request]) -> float:
    longest = 0
    for other in others:
        if other.text[: longest + 1] == request.text[: longest + 1]:
            longest = common_prefix(other.text, request.text, longest)
    return longest / CHARACTERS_PER_TOKEN


def common_prefix(a: str, b: str, known: int = 0) -> int:
    """How many characters two texts begin with alike, of which some are known to be."""
    low, high = known, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
