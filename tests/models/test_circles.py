"""Whether an answer goes round in circles."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import paper2code
from paper2code.models.circles import Circle, circle


@given(st.text(max_size=200), st.text(min_size=1, max_size=90), st.integers(400, 900))
def test_is_seen_and_nothing_else_is_lost(before: str, again: str, times: int) -> None:
    text = before + again * times
    found = circle(text)
    assert found is not None
    assert found.before.endswith(found.round)
    assert len(found.round) <= len(again)
    rounds = found.round * (len(text) // len(found.round) + 1)
    assert (found.before + rounds).startswith(text)
    assert len(found.before) <= len(before) + len(again)


@pytest.mark.parametrize("text", ["", " ", "=" * 120, "0, " * 100, "one round of it, " * 3])
def test_is_not_seen_in_what_repeats_a_little(text: str) -> None:
    assert circle(text) is None


def test_is_not_seen_in_code() -> None:
    files = list(Path(paper2code.__file__).parent.rglob("*.py"))
    assert not any(circle(file.read_text()) for file in files)


def test_is_found_at_once_in_megabytes() -> None:
    assert circle("It begins.\n" + "x = 1\n" * 1_000_000) == Circle("It begins.\nx = 1", "\nx = 1")
