"""The limits that model calls keep: so many at once, so much a minute, the most urgent first.

A provider limits an account, not a run. Runs that are given the same `Limits` keep them together.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import accumulate

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from paper2code.errors import InputError

_MINUTE = 60.0


@dataclass(eq=False, slots=True)
class Turn:
    """A call that was let in."""

    tokens: int
    """What it uses: reckoned at first, and set by its holder once that is known."""
    since: float
    """When it was let in, by the clock of the event loop, in seconds."""


@dataclass(eq=False, slots=True)
class _Waiting:
    tokens: int
    let_in: "asyncio.Future[Turn]"


class Limits(BaseModel):
    """What all calls keep that take their turns here; None is no limit.

    Who waits enters by rank, highest first, equals in order of arrival; nobody slips past who waits. What is
    limited a minute is limited in any sixty seconds, which the token buckets of providers always allow. A
    call of more tokens than a minute has goes alone.

    For use within one event loop at a time, such as that of `graph.abatch`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    concurrency: int | None = Field(default=None, ge=1)
    """Calls under way at once."""

    requests_per_minute: int | None = Field(default=None, ge=1)
    """Calls begun in a minute."""

    tokens_per_minute: int | None = Field(default=None, ge=1)
    """Tokens of the calls begun in a minute, prompts and answers together."""

    _busy: int = PrivateAttr(default=0)
    _arrivals: int = PrivateAttr(default=0)
    _queue: list[tuple[float, int, _Waiting]] = PrivateAttr(default_factory=list)
    _last_minute: deque[Turn] = PrivateAttr(default_factory=deque)
    _loop: asyncio.AbstractEventLoop | None = PrivateAttr(default=None)
    _alarm: asyncio.TimerHandle | None = PrivateAttr(default=None)

    @property
    def busy(self) -> int:
        """Calls under way."""
        return self._busy

    @property
    def waiting(self) -> int:
        """Calls that have not been let in yet."""
        return sum(not waiting.let_in.done() for _, _, waiting in self._queue)

    @asynccontextmanager
    async def turn(self, rank: float = 0, tokens: int = 0) -> AsyncIterator[Turn]:
        """Be one of the calls under way for the length of the block.

        Args:
            rank: How urgent the call is.
            tokens: What it will probably use. Set `tokens` of the turn once that is known.

        Raises:
            InputError: Another event loop is using these limits.
        """
        turn = await self._enter(rank, tokens)
        try:
            yield turn
        finally:
            self._leave()

    async def _enter(self, rank: float, tokens: int) -> Turn:
        loop = asyncio.get_running_loop()
        self._belong_to(loop)
        waiting = _Waiting(tokens, loop.create_future())
        self._arrivals += 1
        heappush(self._queue, (-rank, self._arrivals, waiting))
        self._let_in()
        try:
            return await waiting.let_in
        except asyncio.CancelledError:
            if waiting.let_in.cancelled():
                self._let_in()
            else:  # it was let in during the very tick of the cancellation
                self._last_minute.remove(waiting.let_in.result())
                self._leave()
            raise

    def _leave(self) -> None:
        self._busy -= 1
        self._let_in()

    def _let_in(self) -> None:
        """Let in whoever may go, and look again when the next one may."""
        loop = asyncio.get_running_loop()
        if self._alarm:
            self._alarm.cancel()
        while self._queue and not self._is_full:
            first = self._queue[0][-1]
            if not first.let_in.done():
                now = loop.time()
                if wait := self._seconds_until(first.tokens, now):
                    self._alarm = loop.call_later(wait, self._let_in)
                    return
                self._busy += 1
                turn = Turn(first.tokens, now)
                self._last_minute.append(turn)
                first.let_in.set_result(turn)
            heappop(self._queue)

    @property
    def _is_full(self) -> bool:
        return self.concurrency is not None and self._busy >= self.concurrency

    def _seconds_until(self, tokens: int, now: float) -> float:
        """How long until a call of so many tokens may begin; 0 if it may now."""
        recent = self._last_minute
        while recent and recent[0].since <= now - _MINUTE:
            recent.popleft()
        needed = 0
        if self.requests_per_minute is not None:
            needed = _to_expire(self.requests_per_minute, 1, [1] * len(recent))
        if self.tokens_per_minute is not None:
            used = [turn.tokens for turn in recent]
            needed = max(needed, _to_expire(self.tokens_per_minute, tokens, used))
        return recent[needed - 1].since + _MINUTE - now if needed else 0.0

    def _belong_to(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._loop is not loop and (self._busy or self.waiting):
            raise InputError(
                "two event loops use the same limits at once: run the papers together by graph.abatch, or "
                "give each loop limits of its own"
            )
        self._loop = loop


def _to_expire(limit: int, amount: int, used: Sequence[int]) -> int:
    """How many of the oldest uses must be a minute old before so much more keeps a limit.

    >>> _to_expire(10, 3, [4, 2, 3]), _to_expire(10, 1, [4, 2, 3]), _to_expire(10, 99, [4, 2, 3])
    (1, 0, 3)
    """
    over = sum(used) + amount - limit
    freed = accumulate(used, initial=0)
    return next((number for number, free in enumerate(freed) if free >= over), len(used))
