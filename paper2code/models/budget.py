"""The ceiling on what a run may use, looked at before each call."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from paper2code.errors import BudgetError
from paper2code.models.specs import NamedModel
from paper2code.models.usage import Usage

_CHARACTERS_PER_TOKEN = 3
_TYPICAL_ANSWER = 2_000


@dataclass
class Budget:
    """Dollars and tokens that a run may use; None is no limit."""

    usd: float | None = None
    tokens: int | None = None
    _under_way: list[Usage] = field(default_factory=list, init=False)
    _ended: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _refusal: str = field(default="", init=False)

    @asynccontextmanager
    async def room_for(
        self, prompt_characters: int, model: NamedModel, spent: Callable[[], Usage]
    ) -> AsyncIterator[None]:
        """Set aside what a call will probably use, for the length of the block.

        A call that would pass the budget waits for those under way, and is looked at again when their cost is
        known. It is refused only when none is left, so that no answer is lost that was paid for. After one
        refusal all are refused.

        Args:
            prompt_characters: Length of the prompt.
            model: The model that will be asked.
            spent: Tells what the run used so far; a call counts from the end of its block.

        Raises:
            BudgetError: The call would pass the budget.
        """
        likely = self._likely(prompt_characters, model, spent())
        while refusal := self._refusal or self._excess(spent(), likely):
            if not self._under_way:
                self._refusal = refusal
                raise BudgetError(refusal)
            await self._ended.wait()
        self._under_way.append(likely)
        try:
            yield
        finally:
            self._under_way.remove(likely)
            self._ended.set()
            self._ended = asyncio.Event()

    def _likely(self, prompt_characters: int, model: NamedModel, spent: Usage) -> Usage:
        calls = spent.calls + spent.replayed
        call = Usage(
            calls=1,
            input_tokens=prompt_characters // _CHARACTERS_PER_TOKEN,
            output_tokens=max(_TYPICAL_ANSWER, spent.output_tokens // max(calls, 1)),
        )
        return call if self.usd is None else call.model_copy(update={"usd": model.price(call)})

    def _excess(self, spent: Usage, likely: Usage) -> str:
        """Why the call would pass the budget, or nothing."""
        used = sum(self._under_way, spent)
        if self.tokens is not None and used.tokens + likely.tokens > self.tokens:
            return (
                f"stopped before a call of about {likely.tokens:,} tokens: {used.tokens:,} of "
                f"{self.tokens:,} are used; run again with a higher --budget-tokens to go on"
            )
        if self.usd is None:
            return ""
        if likely.usd is None:
            return (
                "stopped before a call whose price is not known, so that --budget-usd cannot hold; "
                "run again with --budget-tokens instead"
            )
        if (used.usd or 0.0) + likely.usd > self.usd:
            return (
                f"stopped before a call of about ${likely.usd:.3f}: ${used.usd or 0.0:.3f} of "
                f"${self.usd:.3f} are used; run again with a higher --budget-usd to go on"
            )
        return ""
