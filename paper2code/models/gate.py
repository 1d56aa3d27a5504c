"""The gate that model calls pass: so many at once, the most urgent first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from heapq import heappop, heappush
from itertools import count


class Gate:
    """Lets at most `limit` holders in; who waits enters by rank, highest first, equals in order of arrival.

    For use within one event loop. A slot that becomes free is handed to its next holder at once, so no
    newcomer can slip in between.
    """

    def __init__(self, limit: int) -> None:
        if limit < 1:
            raise ValueError(f"a gate lets at least one in, not {limit}")
        self.limit = limit
        self._busy = 0
        self._arrivals = count()
        self._queue: list[tuple[float, int, asyncio.Future[None]]] = []

    @property
    def busy(self) -> int:
        """Slots that are taken."""
        return self._busy

    @property
    def waiting(self) -> int:
        """Callers that have not been let in yet."""
        return sum(not turn.done() for _, _, turn in self._queue)

    @asynccontextmanager
    async def turn(self, rank: float = 0) -> AsyncIterator[None]:
        """Hold a slot for the length of the block."""
        await self._enter(rank)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, rank: float) -> None:
        if self._busy < self.limit:
            self._busy += 1
            return
        turn = asyncio.get_running_loop().create_future()
        heappush(self._queue, (-rank, next(self._arrivals), turn))
        try:
            await turn
        except asyncio.CancelledError:
            # The slot may have been handed over in the very tick of the cancellation.
            if turn.done() and not turn.cancelled():
                self._leave()
            raise

    def _leave(self) -> None:
        while self._queue:
            _, _, turn = heappop(self._queue)
            if not turn.done():
                turn.set_result(None)
                return
        self._busy -= 1
