"""What model calls use: tokens, and their price where it is known."""

import math
from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from paper2code.context import Price

_ABSURD = 1_000_000_000  # more tokens than any one call can have


class Usage(BaseModel):
    """Tokens and price of one call, or of many added up.

    `input_tokens` holds the `cached_tokens`, and `output_tokens` the `reasoning_tokens`. A sum's `usd` is the
    price of the calls whose price is known; `unpriced` counts the others, and `usd` is None when there are
    only others.
    """

    model_config = ConfigDict(frozen=True)

    calls: int = Field(default=0, ge=0)
    replayed: int = Field(default=0, ge=0)
    input_tokens: int = Field(default=0, ge=0)
    cached_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)
    reasoning_tokens: int = Field(default=0, ge=0)
    usd: float | None = Field(default=0.0, ge=0)
    unpriced: int = Field(default=0, ge=0)

    @property
    def tokens(self) -> int:
        """Prompt and answer together."""
        return self.input_tokens + self.output_tokens

    @classmethod
    def from_message(cls, usage_metadata: Mapping[str, object] | None) -> Self:
        """The usage of one call, not priced yet, as LangChain reports it on the message.

        Servers leave out parts or all of it, or send nonsense; what cannot be believed counts as 0.
        """
        data = usage_metadata or {}
        output = _count(data.get("output_tokens"))
        given = _count(data.get("input_tokens"))
        prompt = given or max(0, _count(data.get("total_tokens")) - output)
        return cls(
            calls=1,
            input_tokens=prompt,
            cached_tokens=min(prompt, _detail(data, "input_token_details", "cache_read")),
            output_tokens=output,
            reasoning_tokens=min(output, _detail(data, "output_token_details", "reasoning")),
            usd=None,
        )

    def __add__(self, other: "Usage") -> "Usage":
        calls = self.calls + other.calls
        unpriced = self._unknown + other._unknown
        nothing_known = unpriced > 0 and unpriced >= calls
        return Usage(
            calls=calls,
            replayed=self.replayed + other.replayed,
            input_tokens=self.input_tokens + other.input_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            reasoning_tokens=self.reasoning_tokens + other.reasoning_tokens,
            usd=None if nothing_known else (self.usd or 0.0) + (other.usd or 0.0),
            unpriced=unpriced,
        )

    @property
    def _unknown(self) -> int:
        return self.unpriced or (self.calls if self.usd is None else 0)


def price(model: str, provider: str | None, usage: Usage, own: Price | None = None) -> float | None:
    """The price of a call in US dollars; None where the tables of genai-prices do not know the model.

    Args:
        model: The model's name, such as `gpt-5-mini`.
        provider: LangChain's name of the provider; None looks for a provider that has the model.
        usage: The tokens of the call.
        own: The caller's own price, which is taken in place of the tables'.
    """
    if own is not None:
        unserved = usage.input_tokens - usage.cached_tokens
        dollars = unserved * own.input + usage.cached_tokens * own.cached + usage.output_tokens * own.output
        return dollars / 1_000_000
    import genai_prices  # noqa: PLC0415 - its tables take a third of a second to load

    tokens = genai_prices.Usage(
        input_tokens=usage.input_tokens,
        cache_read_tokens=usage.cached_tokens,
        output_tokens=usage.output_tokens,
    )
    try:
        total = genai_prices.calc_price(tokens, model, provider_id=provider).total_price
    except LookupError:
        return None
    return float(total)


def _count(value: object) -> int:
    """A count of tokens, or 0 for what is none."""
    if isinstance(value, str) and value.strip().isdecimal():
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0
    return int(value) if 0 <= value <= _ABSURD else 0


def _detail(data: Mapping[str, object], part: str, key: str) -> int:
    details = data.get(part)
    return _count(details.get(key)) if isinstance(details, Mapping) else 0
