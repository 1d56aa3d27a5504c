"""What is kept of the tracebacks of failing tests."""

from hypothesis import given
from hypothesis import strategies as st

from paper2code.checks.execution.excerpt import LONGEST, parts

COMPARED = """\
tests/test_move.py::test_covariance
tests/test_move.py:242: in test_covariance
    assert np.linalg.norm(S - C) < 0.03
E   AssertionError: assert np.float64(0.8) < 0.03
E    +  where np.float64(0.8) = <function norm at 0x7fd4>((array([1.2]) - array([0.4])))
E    +    where <function norm at 0x7fd4> = <module 'numpy.linalg' from '/env/linalg.py'>.norm
E    +      where <module 'numpy.linalg' from '/env/linalg.py'> = np.linalg
"""


def test_values_are_kept_and_where_functions_come_from_is_not() -> None:
    assert parts([COMPARED]).splitlines()[3:] == [
        "E   AssertionError: assert np.float64(0.8) < 0.03",
        "E    +  where np.float64(0.8) = norm((array([1.2]) - array([0.4])))",
    ]


def test_failures_without_room_are_named() -> None:
    texts = [f"tests/test_a.py::test_{number}\n{'E   wrong ' * 90}" for number in range(60)]
    told = parts(texts).splitlines()
    cut = next(number for number, line in enumerate(told) if line.startswith("[... and"))
    assert told[cut] == f"[... and {60 - cut // 3} more:]"
    assert told[cut + 1] == f"tests/test_a.py::test_{cut // 3}"
    assert len(told[cut + 1 :]) == 41
    assert told[-1] == "..."


@given(st.lists(st.text(max_size=200) | st.text("E+ where<>function 'x.\n", max_size=400), max_size=30))
def test_any_tracebacks_are_kept_within_bounds(texts: list[str]) -> None:
    assert len(parts(texts)) <= LONGEST + 42 * 210
