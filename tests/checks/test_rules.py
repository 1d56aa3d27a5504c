"""Every rule finds its faults in small repositories made for it, and nothing in sound ones."""

from collections import Counter

import pytest

from paper2code.artifacts import Finding
from tests.checks.cases import Case, findings_of, packages_of, places, read_cases

CASES = read_cases()


@pytest.fixture(scope="module")
def from_packages() -> dict[str, list[tuple[str, Finding]]]:
    found = packages_of(CASES)
    return {_name(case): each for case, each in zip(CASES, found, strict=True)}


def _name(case: Case) -> str:
    return f"{case.rule}, {case.title}"


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_what_is_found_is_what_is_marked(
    case: Case, from_packages: dict[str, list[tuple[str, Finding]]]
) -> None:
    found = findings_of(case) + from_packages[_name(case)]
    assert places(found) == case.expected, found
    assert bool(case.expected) == case.is_faulty


def test_there_are_enough_of_both_kinds() -> None:
    assert len({_name(case) for case in CASES}) == len(CASES)
    faulty = Counter(case.rule for case in CASES if case.is_faulty)
    sound = Counter(case.rule for case in CASES if not case.is_faulty)
    assert faulty.total() >= 60
    assert sound.total() >= 60
    assert set(faulty) >= set(sound)
