"""Tokens and prices."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.models.usage import Usage, price

COUNTS = st.integers(0, 10_000)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just("12"))
ANYTHING = st.one_of(SCALARS, st.dictionaries(st.sampled_from(["cache_read", "reasoning"]), SCALARS))


@st.composite
def calls(draw: st.DrawFn) -> Usage:
    """The usage of one call, priced in eighths of a dollar so that sums are exact, or not priced."""
    return Usage(
        calls=1,
        input_tokens=draw(COUNTS),
        cached_tokens=draw(COUNTS),
        output_tokens=draw(COUNTS),
        reasoning_tokens=draw(COUNTS),
        usd=draw(st.one_of(st.none(), st.integers(0, 80).map(lambda eighths: eighths / 8))),
    )


def test_a_message_with_all_details() -> None:
    usage = Usage.from_message(
        {
            "input_tokens": 350,
            "output_tokens": 240,
            "total_tokens": 590,
            "input_token_details": {"cache_read": 100, "audio": 3},
            "output_token_details": {"reasoning": 200},
        }
    )
    assert usage == Usage(
        calls=1, input_tokens=350, cached_tokens=100, output_tokens=240, reasoning_tokens=200, usd=None
    )
    assert usage.tokens == 590


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (None, (0, 0, 0, 0)),
        ({}, (0, 0, 0, 0)),
        ({"input_tokens": -5, "output_tokens": None}, (0, 0, 0, 0)),
        ({"input_tokens": "17", "output_tokens": "many"}, (17, 0, 0, 0)),
        ({"input_tokens": 10.0, "output_tokens": math.nan}, (10, 0, 0, 0)),
        ({"input_tokens": True, "output_tokens": 10**30}, (0, 0, 0, 0)),
        ({"output_tokens": 4, "total_tokens": 10}, (6, 0, 4, 0)),
        ({"input_tokens": 5, "input_token_details": {"cache_read": 9}}, (5, 5, 0, 0)),
        ({"input_tokens": 5, "input_token_details": None}, (5, 0, 0, 0)),
        ({"input_tokens": 5, "input_token_details": "none"}, (5, 0, 0, 0)),
        ({"output_tokens": 5, "output_token_details": {"reasoning": 6}}, (0, 0, 5, 5)),
    ],
)
def test_what_cannot_be_believed_counts_as_nothing(
    metadata: dict[str, object] | None, expected: tuple[int, int, int, int]
) -> None:
    usage = Usage.from_message(metadata)
    counts = (usage.input_tokens, usage.cached_tokens, usage.output_tokens, usage.reasoning_tokens)
    assert counts == expected
    assert usage.calls == 1


@given(
    st.dictionaries(
        st.sampled_from(
            ["input_tokens", "output_tokens", "total_tokens", "input_token_details", "output_token_details"]
        ),
        ANYTHING,
    )
)
def test_any_metadata_gives_sound_counts(metadata: dict[str, object]) -> None:
    usage = Usage.from_message(metadata)
    assert 0 <= usage.cached_tokens <= usage.input_tokens
    assert 0 <= usage.reasoning_tokens <= usage.output_tokens
    assert Usage.model_validate_json(usage.model_dump_json()) == usage


@given(st.lists(calls(), max_size=8), st.integers(0, 8))
def test_sums_do_not_depend_on_their_order(usages: list[Usage], cut: int) -> None:
    whole = sum(usages, Usage())
    assert whole == sum(reversed(usages), Usage())
    assert whole == sum(usages[:cut], Usage()) + sum(usages[cut:], Usage())
    known = [usage.usd for usage in usages if usage.usd is not None]
    assert whole.unpriced == len(usages) - len(known)
    assert whole.usd == (sum(known) if known or not usages else None)
    assert whole.calls == len(usages)


def test_a_known_model_has_its_price() -> None:
    usage = Usage(calls=1, input_tokens=1_000_000, cached_tokens=400_000, output_tokens=100_000)
    full = Usage(calls=1, input_tokens=1_000_000, output_tokens=100_000)
    cost, uncached = price("gpt-5-mini", "openai", usage), price("gpt-5-mini", "openai", full)
    assert cost is not None
    assert uncached is not None
    assert 0 < cost < uncached < 10
    assert price("gpt-5-mini", None, usage) == cost
    assert price("gpt-5-mini-2025-08-07", "openai", usage) == cost


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        ("no-such-model", "openai"),
        ("llama3.1", "ollama"),
        ("gpt-5-mini", "no-such-provider"),
        ("", None),
        ("", ""),
    ],
)
def test_an_unknown_model_has_no_price(model: str, provider: str | None) -> None:
    assert price(model, provider, Usage(calls=1, input_tokens=5, output_tokens=5)) is None


@given(st.text(max_size=30), st.one_of(st.none(), st.text(max_size=10)), COUNTS, COUNTS)
def test_no_name_of_a_model_is_a_crash(model: str, provider: str | None, prompt: int, output: int) -> None:
    cost = price(model, provider, Usage(calls=1, input_tokens=prompt, output_tokens=output))
    assert cost is None or cost >= 0
