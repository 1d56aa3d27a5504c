"""The ceiling on what a run may use, looked at before each call."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NoReturn

from paper2code.errors import AnswerError, BudgetError, ContextError
from paper2code.models.specs import NamedModel
from paper2code.models.usage import Usage
from paper2code.tokens import CHARACTERS_PER_TOKEN

_TYPICAL_ANSWER = 2_000


@dataclass
class Budget:
    """Dollars and tokens that a run may use; None is no limit.

    It also ends a run so that no answer is lost that is paid for: what ends it, be it the budget or a call
    that failed, is raised once the calls under way are finished, and no other begins.
    """

    usd: float | None = None
    tokens: int | None = None
    _under_way: list[Usage] = field(default_factory=list, init=False)
    _change: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _end: Exception | None = field(default=None, init=False)

    @asynccontextmanager
    async def room_for(
        self, prompt_characters: int, model: NamedModel, spent: Callable[[], Usage]
    ) -> AsyncIterator[None]:
        """Set aside what a call will probably use, for the length of the block.

        A call that would pass the budget waits for those under way, and is looked at again when their cost is
        known. An error in the block ends the run, unless it is about this call alone: an `AnswerError`, or a
        `ContextError`, after which a shorter prompt may do.

        Args:
            prompt_characters: Length of the prompt.
            model: The model that will be asked.
            spent: Tells what the run used so far; a call counts from the end of its block.

        Raises:
            BudgetError: The call would pass the budget.
            Exception: What ended the run.
        """
        likely = self._likely(prompt_characters, model, spent())
        while obstacle := self._end or self._excess(spent(), likely):
            await self._wait_or_raise(obstacle)
        failure: Exception | None = None
        self._under_way.append(likely)
        try:
            yield
        except (AnswerError, ContextError):
            raise
        except Exception as error:
            failure = error
            self._end = self._end or error
        finally:
            self._under_way.remove(likely)
            self._change.set()
            self._change = asyncio.Event()
        while failure:
            await self._wait_or_raise(failure)

    async def stop(self, end: Exception) -> NoReturn:
        """End the run: no call begins any more, and those under way are waited for.

        Raises:
            Exception: What ended the run, this or what came before it.
        """
        self._end = self._end or end
        while True:
            await self._wait_or_raise(self._end)

    async def _wait_or_raise(self, obstacle: Exception) -> None:
        """Wait until a call under way is finished; end the run if there is none."""
        if not self._under_way:
            self._end = obstacle
            raise obstacle
        await self._change.wait()

    @staticmethod
    def likely(prompt_characters: int, spent: Usage) -> Usage:
        """The tokens that a call will probably use, by the answers so far."""
        calls = spent.calls + spent.replayed
        return Usage(
            calls=1,
            input_tokens=prompt_characters // CHARACTERS_PER_TOKEN,
            output_tokens=max(_TYPICAL_ANSWER, spent.output_tokens // max(calls, 1)),
        )

    def _likely(self, prompt_characters: int, model: NamedModel, spent: Usage) -> Usage:
        call = self.likely(prompt_characters, spent)
        return call if self.usd is None else call.model_copy(update={"usd": model.price(call)})

    def _excess(self, spent: Usage, likely: Usage) -> BudgetError | None:
        """Why the call would pass the budget, or None."""
        used = sum(self._under_way, spent)
        if self.tokens is not None and used.tokens + likely.tokens > self.tokens:
            return BudgetError(
                f"stopped before a call of about {likely.tokens:,} tokens: {used.tokens:,} of "
                f"{self.tokens:,} are used; run again with a higher --budget-tokens to go on"
            )
        if self.usd is None:
            return None
        if likely.usd is None:
            return BudgetError(
                "stopped before a call whose price is not known, so that --budget-usd cannot hold; "
                "run again with --price, or with --budget-tokens instead"
            )
        if (used.usd or 0.0) + likely.usd > self.usd:
            return BudgetError(
                f"stopped before a call of about ${likely.usd:.3f}: ${used.usd or 0.0:.3f} of "
                f"${self.usd:.3f} are used; run again with a higher --budget-usd to go on"
            )
        return None
