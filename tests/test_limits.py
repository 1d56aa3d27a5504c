"""The limits that model calls keep."""

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paper2code.errors import InputError
from paper2code.limits import Limits


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_at_most_so_many_are_under_way() -> None:
    limits, inside, most = Limits(concurrency=3), 0, 0

    async def call() -> None:
        nonlocal inside, most
        async with limits.turn(0):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(call() for _ in range(20)))
    assert most == 3
    assert (limits.busy, limits.waiting) == (0, 0)


async def test_the_highest_rank_enters_first_and_equals_in_order() -> None:
    limits = Limits(concurrency=1)
    order: list[str] = []

    async def call(name: str, rank: int) -> None:
        async with limits.turn(rank):
            order.append(name)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group, limits.turn(0):
        for name, rank in [("low", 1), ("high", 9), ("low too", 1), ("high too", 9)]:
            group.create_task(call(name, rank))
        await _settle()
        assert limits.waiting == 4
    assert order == ["high", "high too", "low", "low too"]


async def test_a_newcomer_does_not_slip_past_who_waits() -> None:
    limits = Limits(concurrency=1)
    order: list[str] = []

    async def wait() -> None:
        async with limits.turn(0):
            order.append("waiter")

    holder = limits.turn(0)
    await holder.__aenter__()
    waiter = asyncio.create_task(wait())
    await _settle()
    await holder.__aexit__(None, None, None)
    async with limits.turn(99):
        order.append("newcomer")
    await waiter
    assert order == ["waiter", "newcomer"]


async def test_a_cancelled_waiter_leaves_its_place() -> None:
    limits = Limits(concurrency=1)
    async with limits.turn(0):
        waiter = asyncio.create_task(limits.turn(5).__aenter__())
        await _settle()
        assert (limits.busy, limits.waiting) == (1, 1)
        waiter.cancel()
        await _settle()
        assert limits.waiting == 0
    assert limits.busy == 0


async def test_a_slot_handed_to_a_waiter_cancelled_in_the_same_tick_goes_on() -> None:
    limits = Limits(concurrency=1)
    entered = asyncio.Event()

    async def wait() -> None:
        async with limits.turn(0):
            entered.set()

    holder = limits.turn(0)
    await holder.__aenter__()
    doomed = asyncio.create_task(limits.turn(5).__aenter__())
    heir = asyncio.create_task(wait())
    await _settle()
    await holder.__aexit__(None, None, None)
    doomed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await doomed
    await asyncio.wait_for(heir, timeout=1)
    assert entered.is_set()
    assert (limits.busy, limits.waiting) == (0, 0)


async def test_a_failing_holder_gives_its_slot_back() -> None:
    limits = Limits(concurrency=1)
    with pytest.raises(ValueError, match="inside"):
        async with limits.turn(0):
            raise ValueError("inside")
    assert limits.busy == 0


@pytest.mark.parametrize("name", ["concurrency", "requests_per_minute", "tokens_per_minute"])
def test_limits_that_let_nobody_in_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        Limits(**{name: 0})


class Clock:
    """The time of the event loop, which goes on only when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: self.now)

    async def goes_on(self, seconds: float) -> None:
        self.now += seconds
        await _settle()


@pytest.fixture
async def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


class Calls:
    """Calls that take their turn, and at what time each was let in."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self.limits, self.clock = limits, clock
        self.begun: dict[str, float] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, *names: str, rank: float = 0, tokens: int = 0, used: int | None = None) -> None:
        for name in names:
            self.tasks[name] = asyncio.create_task(self._call(name, rank, tokens, used))
        await _settle()

    async def _call(self, name: str, rank: float, tokens: int, used: int | None) -> None:
        async with self.limits.turn(rank, tokens) as turn:
            self.begun[name] = self.clock.now - 1_000
            await asyncio.sleep(0)
            turn.tokens = tokens if used is None else used


async def test_so_many_requests_begin_in_any_minute(clock: Clock) -> None:
    calls = Calls(Limits(requests_per_minute=2), clock)
    await calls.come("a")
    await clock.goes_on(40)
    await calls.come("b", "c", "d")
    assert list(calls.begun) == ["a", "b"]
    await clock.goes_on(19)
    assert calls.limits.waiting == 2
    for seconds in (1, 39, 1):
        await clock.goes_on(seconds)
    assert calls.begun == {"a": 0, "b": 40, "c": 60, "d": 100}


async def test_so_many_tokens_are_used_in_any_minute(clock: Clock) -> None:
    calls = Calls(Limits(tokens_per_minute=100), clock)
    await calls.come("a", tokens=60)
    await clock.goes_on(10)
    await calls.come("b", tokens=40)
    await calls.come("c", tokens=70)
    await clock.goes_on(50)
    assert "c" not in calls.begun, "b still counts"
    await clock.goes_on(10)
    assert calls.begun == {"a": 0, "b": 10, "c": 70}


@pytest.mark.parametrize(("used", "begun"), [(10, 0), (90, 60)])
async def test_what_a_call_used_counts_once_it_is_known(clock: Clock, used: int, begun: int) -> None:
    calls = Calls(Limits(tokens_per_minute=100), clock)
    await calls.come("a", tokens=60, used=used)
    await calls.come("b", tokens=60)
    await clock.goes_on(60)
    assert calls.begun == {"a": 0, "b": begun}


async def test_a_call_of_more_tokens_than_a_minute_has_goes_alone(clock: Clock) -> None:
    calls = Calls(Limits(tokens_per_minute=100), clock)
    await calls.come("small", tokens=10)
    await calls.come("huge", tokens=500)
    await calls.come("late", tokens=10)
    await clock.goes_on(60)
    await clock.goes_on(60)
    assert calls.begun == {"small": 0, "huge": 60, "late": 120}


async def test_who_is_most_urgent_goes_first_and_no_smaller_one_slips_past(clock: Clock) -> None:
    calls = Calls(Limits(tokens_per_minute=100), clock)
    await calls.come("first", tokens=90)
    await calls.come("small", tokens=5, rank=1)
    await calls.come("urgent", tokens=50, rank=9)
    await calls.come("late", tokens=5, rank=1)
    assert list(calls.begun) == ["first", "small"], "nobody was waiting when the small one came"
    await clock.goes_on(60)
    assert list(calls.begun) == ["first", "small", "urgent", "late"]


async def test_who_is_cancelled_makes_way_and_uses_nothing(clock: Clock) -> None:
    calls = Calls(Limits(tokens_per_minute=100), clock)
    await calls.come("first", tokens=50)
    await calls.come("large", tokens=90, rank=9)
    await calls.come("small", tokens=50)
    assert list(calls.begun) == ["first"]
    calls.tasks["large"].cancel()
    await _settle()
    assert list(calls.begun) == ["first", "small"]
    assert (calls.limits.busy, calls.limits.waiting) == (0, 0)


async def test_a_minute_goes_on_for_runs_that_come_one_after_the_other(clock: Clock) -> None:
    limits = Limits(requests_per_minute=1)
    await Calls(limits, clock).come("one paper")
    later = Calls(limits, clock)
    await later.come("another")
    assert not later.begun
    await clock.goes_on(60)
    assert later.begun == {"another": 60}


async def test_two_event_loops_at_once_are_refused() -> None:
    limits = Limits(concurrency=1)

    async def enter() -> None:
        async with limits.turn():
            pass

    async with limits.turn():
        with pytest.raises(InputError, match="abatch"):
            await asyncio.to_thread(asyncio.run, enter())
    await asyncio.to_thread(asyncio.run, enter())


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32), limit=st.integers(1, 4), callers=st.integers(1, 20))
def test_no_slot_is_lost_whoever_is_cancelled_when(seed: int, limit: int, callers: int) -> None:
    dice = random.Random(seed)

    async def run() -> None:
        limits, inside = Limits(concurrency=limit), 0

        async def call() -> None:
            nonlocal inside
            async with limits.turn(dice.randrange(3)):
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
        assert (limits.busy, limits.waiting) == (0, 0)

    asyncio.run(run())
