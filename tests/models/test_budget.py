"""The ceiling on what a run may use."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.errors import AnswerError, BudgetError, ContextError, ProviderError
from paper2code.models.budget import Budget
from paper2code.models.specs import NamedModel
from paper2code.models.usage import Usage
from paper2code.testing import ScriptedModel

CHAT = ScriptedModel(answer=lambda _: "")
PRICED = NamedModel("openai:gpt-5-mini", CHAT, "openai")
UNPRICED = NamedModel("openai:my-own-model", CHAT, "openai")
PROMPT = 3_000
"""Characters: counted as 1,000 tokens, and with a typical answer 3,000."""


class Spending:
    """What a run used so far."""

    def __init__(self, **usage: float | None) -> None:
        self.usage = Usage.model_validate(usage)

    def __call__(self) -> Usage:
        return self.usage


async def ask(
    budget: Budget, spent: Callable[[], Usage], *, prompt: int = PROMPT, model: NamedModel = PRICED
) -> None:
    async with budget.room_for(prompt, model, spent):
        pass


async def refusal(
    budget: Budget, spent: Callable[[], Usage], *, prompt: int = PROMPT, model: NamedModel = PRICED
) -> str:
    with pytest.raises(BudgetError) as caught:
        await ask(budget, spent, prompt=prompt, model=model)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 3
    return str(caught.value)


class TestTokens:
    async def test_without_a_limit_everything_passes(self) -> None:
        await ask(Budget(), Spending(input_tokens=999_999_999, usd=1e9), prompt=10**9)

    @pytest.mark.parametrize("used", [0, 6_999, 7_000])
    async def test_a_call_that_fits_passes(self, used: int) -> None:
        await ask(Budget(tokens=10_000), Spending(calls=9, input_tokens=used))

    async def test_a_call_that_does_not_is_refused_before_it_is_made(self) -> None:
        told = await refusal(Budget(tokens=10_000), Spending(calls=9, input_tokens=7_001))
        assert told == (
            "stopped before a call of about 3,000 tokens: 7,001 of 10,000 are used; "
            "run again with a higher --budget-tokens to go on"
        )

    async def test_answers_count_as_prompts_do(self) -> None:
        await refusal(Budget(tokens=10_000), Spending(calls=9, input_tokens=3_501, output_tokens=3_500))

    async def test_a_run_of_long_answers_expects_another(self) -> None:
        spent = Spending(calls=2, input_tokens=0, output_tokens=12_000)
        await ask(Budget(tokens=19_000), spent)
        assert "about 7,000 tokens" in await refusal(Budget(tokens=18_999), spent)


class TestDollars:
    async def test_a_call_that_fits_passes(self) -> None:
        await ask(Budget(usd=0.05), Spending(calls=1, usd=0.01))

    async def test_a_call_that_does_not_is_refused_before_it_is_made(self) -> None:
        told = await refusal(Budget(usd=0.05), Spending(calls=1, usd=0.0499))
        assert told.startswith("stopped before a call of about $0.004: $0.050 of $0.050 are used; ")
        assert "--budget-usd" in told

    async def test_a_call_of_unknown_price_cannot_be_held_to_it(self) -> None:
        told = await refusal(Budget(usd=5), Spending(), model=UNPRICED)
        assert "price is not known" in told
        assert "--budget-tokens" in told
        await ask(Budget(tokens=5_000), Spending(), model=UNPRICED)

    async def test_what_others_cost_at_an_unknown_price_is_not_counted(self) -> None:
        await ask(Budget(usd=0.05), Spending(calls=2, usd=None, unpriced=2))

    async def test_both_limits_hold(self) -> None:
        assert "tokens" in await refusal(Budget(usd=5, tokens=2_999), Spending())
        assert "$" in await refusal(Budget(usd=0.001, tokens=9_999), Spending())


class TestCallsAtOnce:
    """A call under way has cost nothing yet, but will."""

    async def test_count_what_they_will_probably_use(self) -> None:
        budget, spent, inside = Budget(tokens=10_000), Spending(), 0
        done = asyncio.Event()

        async def call() -> None:
            nonlocal inside
            async with budget.room_for(PROMPT, PRICED, spent):
                inside += 1
                await done.wait()

        calls = [asyncio.create_task(call()) for _ in range(5)]
        await asyncio.sleep(0.01)
        assert inside == 3
        done.set()
        await asyncio.gather(*calls)
        assert inside == 5

    async def test_are_finished_before_one_is_refused(self) -> None:
        """So that no answer is lost that was paid for."""
        budget, spent, finished = Budget(tokens=10_000), Spending(), 0

        async def call(seconds: float) -> None:
            nonlocal finished
            async with budget.room_for(PROMPT, PRICED, spent):
                await asyncio.sleep(seconds)
                finished += 1
                spent.usage += Usage(calls=1, input_tokens=3_000)

        results = await asyncio.gather(*(call(0.01 * i) for i in range(1, 7)), return_exceptions=True)
        assert finished == 3
        refused = [result for result in results if result is not None]
        assert len(refused) == 3
        assert all(isinstance(result, BudgetError) for result in refused)

    async def test_are_looked_at_again_when_the_cost_of_others_is_known(self) -> None:
        """A guess that was too high refuses nobody."""
        budget, spent, finished = Budget(tokens=10_000), Spending(), 0

        async def call() -> None:
            nonlocal finished
            async with budget.room_for(PROMPT, PRICED, spent):
                await asyncio.sleep(0)
                finished += 1
                spent.usage += Usage(calls=1, input_tokens=10)

        await asyncio.gather(*(call() for _ in range(20)))
        assert finished == 20

    async def test_are_all_refused_after_the_first_refusal(self) -> None:
        """One that still fits would be cut off in the middle: the run is ending."""
        budget = Budget(tokens=10_000)
        first = await refusal(budget, Spending(), prompt=60_000)
        assert await refusal(budget, Spending(), prompt=1) == first

    async def test_give_their_room_back_when_they_fail(self) -> None:
        budget = Budget(tokens=3_000)
        for _ in range(3):
            with pytest.raises(AnswerError):
                async with budget.room_for(PROMPT, PRICED, Spending()):
                    raise AnswerError("withheld")
        await ask(budget, Spending())

    async def test_are_finished_before_the_failure_of_another_ends_the_run(self) -> None:
        budget, finished = Budget(), 0

        async def fail() -> None:
            async with budget.room_for(PROMPT, PRICED, Spending()):
                raise ProviderError("gone")

        async def call(begins: float) -> None:
            nonlocal finished
            await asyncio.sleep(begins)
            async with budget.room_for(PROMPT, PRICED, Spending()):
                await asyncio.sleep(0.05)
                finished += 1

        first, second = asyncio.create_task(call(0)), asyncio.create_task(call(0.02))
        await asyncio.sleep(0.01)
        with pytest.raises(ProviderError, match="gone"):
            await fail()
        assert first.done()
        assert finished == 1, "no call began after the failure"
        with pytest.raises(ProviderError, match="gone"):
            await second

    async def test_give_their_room_back_when_they_are_cancelled(self) -> None:
        budget = Budget(tokens=3_000)

        async def call() -> None:
            async with budget.room_for(PROMPT, PRICED, Spending()):
                await asyncio.sleep(60)

        inside, waiting = asyncio.create_task(call()), asyncio.create_task(call())
        await asyncio.sleep(0.01)
        waiting.cancel()
        inside.cancel()
        await asyncio.gather(inside, waiting, return_exceptions=True)
        await ask(budget, Spending())


@given(
    limit=st.integers(3_000, 60_000),
    costs=st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 4)), min_size=1, max_size=30),
)
def test_calls_that_cost_no_more_than_was_thought_never_pass_the_budget(
    limit: int, costs: list[tuple[int, int]]
) -> None:
    async def run() -> int:
        budget, spent = Budget(tokens=limit), Spending()

        async def call(cost: int, ticks: int) -> None:
            async with budget.room_for(PROMPT, PRICED, spent):
                for _ in range(ticks):
                    await asyncio.sleep(0)
                spent.usage += Usage(calls=1, input_tokens=cost)

        await asyncio.gather(*(call(*cost) for cost in costs), return_exceptions=True)
        return spent.usage.tokens

    assert asyncio.run(run()) <= limit


async def test_a_run_that_is_stopped_lets_calls_under_way_finish() -> None:
    budget, done = Budget(), []

    async def call() -> None:
        async with budget.room_for(3, PRICED, Usage):
            await asyncio.sleep(0.01)
            done.append("call")

    under_way = asyncio.create_task(call())
    await asyncio.sleep(0)
    with pytest.raises(ContextError, match="too small"):
        await budget.stop(ContextError("too small"))
    assert done == ["call"]
    with pytest.raises(ContextError, match="too small"):
        await call()
    await under_way
