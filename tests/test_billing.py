"""The rules by which the benchmark of costs takes beginnings for served."""

import pytest

from tests.benchmarks.billing import O3_MINI, Request, at_best, billed, by_marks, by_prefix

SHARED = "s" * 8_000


def a_request(text: str, begins: float, marks: tuple[int, ...] = (), answer: int = 0) -> Request:
    return Request("coder", text, marks, answer, begins, begins + 1)


FIRST = a_request(SHARED + "a", 0, marks=(8_000,))


def test_a_finished_request_serves_whole_steps_of_what_begins_alike() -> None:
    assert by_prefix(a_request(SHARED + "b", 1), [FIRST]) == (2_000 // 128 * 128, 0)


def test_what_is_still_answered_serves_nothing_but_at_best() -> None:
    second = a_request(SHARED + "b", 0.5, marks=(8_000,))
    assert by_prefix(second, [FIRST]) == (0, 0)
    assert by_marks(second, [FIRST]) == (0, 2_000)
    assert at_best(second, [FIRST]) == (2_000, 0)


def test_short_beginnings_are_not_kept() -> None:
    short = a_request("s" * 4_000, 0, marks=(4_000,))
    assert by_prefix(a_request("s" * 4_000, 1), [short]) == (0, 0)
    assert by_marks(a_request("s" * 4_000, 1, marks=(4_000,)), [short]) == (0, 0)


def test_a_mark_reads_what_was_marked_and_writes_the_rest() -> None:
    second = a_request(SHARED + "b" * 400, 1, marks=(8_000, 8_400))
    assert by_marks(second, [FIRST]) == (2_000, 100)
    assert by_marks(a_request(SHARED + "b", 1), [FIRST]) == (0, 0), "it marks nothing"


def test_a_bill_holds_all_tokens() -> None:
    (bill,) = billed([FIRST, a_request(SHARED + "b", 1, answer=4_000)], by_prefix, O3_MINI).values()
    assert bill.calls == 2
    served = 1_920
    cold = 2 * 8_001 / 4 - served
    assert bill.usd == pytest.approx((1.10 * cold + 0.55 * served + 4.40 * 1_000) / 1e6)
