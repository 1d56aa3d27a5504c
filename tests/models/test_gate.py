"""The gate that model calls pass."""

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paper2code.models.gate import Gate


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_at_most_the_limit_is_inside() -> None:
    gate, inside, most = Gate(3), 0, 0

    async def call() -> None:
        nonlocal inside, most
        async with gate.turn(0):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(call() for _ in range(20)))
    assert most == 3
    assert (gate.busy, gate.waiting) == (0, 0)


async def test_the_highest_rank_enters_first_and_equals_in_order() -> None:
    gate = Gate(1)
    order: list[str] = []

    async def call(name: str, rank: int) -> None:
        async with gate.turn(rank):
            order.append(name)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group, gate.turn(0):
        for name, rank in [("low", 1), ("high", 9), ("low too", 1), ("high too", 9)]:
            group.create_task(call(name, rank))
        await _settle()
        assert gate.waiting == 4
    assert order == ["high", "high too", "low", "low too"]


async def test_a_newcomer_does_not_slip_past_who_waits() -> None:
    gate = Gate(1)
    order: list[str] = []

    async def wait() -> None:
        async with gate.turn(0):
            order.append("waiter")

    holder = gate.turn(0)
    await holder.__aenter__()
    waiter = asyncio.create_task(wait())
    await _settle()
    await holder.__aexit__(None, None, None)
    async with gate.turn(99):
        order.append("newcomer")
    await waiter
    assert order == ["waiter", "newcomer"]


async def test_a_cancelled_waiter_leaves_its_place() -> None:
    gate = Gate(1)
    async with gate.turn(0):
        waiter = asyncio.create_task(gate.turn(5).__aenter__())
        await _settle()
        assert (gate.busy, gate.waiting) == (1, 1)
        waiter.cancel()
        await _settle()
        assert gate.waiting == 0
    assert gate.busy == 0


async def test_a_slot_handed_to_a_waiter_cancelled_in_the_same_tick_goes_on() -> None:
    gate = Gate(1)
    entered = asyncio.Event()

    async def wait() -> None:
        async with gate.turn(0):
            entered.set()

    holder = gate.turn(0)
    await holder.__aenter__()
    doomed = asyncio.create_task(gate.turn(5).__aenter__())
    heir = asyncio.create_task(wait())
    await _settle()
    await holder.__aexit__(None, None, None)
    doomed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await doomed
    await asyncio.wait_for(heir, timeout=1)
    assert entered.is_set()
    assert (gate.busy, gate.waiting) == (0, 0)


async def test_a_failing_holder_gives_its_slot_back() -> None:
    gate = Gate(1)
    with pytest.raises(ValueError, match="inside"):
        async with gate.turn(0):
            raise ValueError("inside")
    assert gate.busy == 0


def test_a_gate_that_lets_nobody_in_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Gate(0)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32), limit=st.integers(1, 4), callers=st.integers(1, 20))
def test_no_slot_is_lost_whoever_is_cancelled_when(seed: int, limit: int, callers: int) -> None:
    dice = random.Random(seed)

    async def run() -> None:
        gate, inside = Gate(limit), 0

        async def call() -> None:
            nonlocal inside
            async with gate.turn(dice.randrange(3)):
                inside += 1
                try:
                    assert inside <= limit
                    for _ in range(dice.randrange(3)):
                        await asyncio.sleep(0)
                finally:
                    inside -= 1

        tasks = [asyncio.create_task(call()) for _ in range(callers)]
        for _ in range(callers):
            for _ in range(dice.randrange(4)):
                await asyncio.sleep(0)
            dice.choice(tasks).cancel()
        done = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), timeout=5)
        assert all(result is None or isinstance(result, asyncio.CancelledError) for result in done)
        assert (gate.busy, gate.waiting) == (0, 0)

    asyncio.run(run())
