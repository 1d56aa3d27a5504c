"""Files of a task that has no room for their whole text, and the design in short."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from paper2code.fitting import fewer, in_short, shortening
from paper2code.fitting.shortening import bare_signatures

LONG = "def step(x: float) -> float:\n    '''Step.'''\n" + "    x += 1\n" * 99 + "    return x\n"
SHORT = "NUMBER = 1\n"


def test_the_largest_file_is_shortened_first() -> None:
    first, second = in_short(
        {"a.py": LONG, "b.py": LONG + LONG.replace("step", "leap"), "c.txt": "words " * 99}
    )
    assert first["a.py"] == LONG
    assert first["b.py"].startswith("# Signatures only")
    assert "def leap(x: float) -> float:" in first["b.py"]
    assert second["a.py"].startswith("# Signatures only")
    assert second["c.txt"] == "words " * 99


def test_a_file_that_would_not_be_shorter_stays() -> None:
    assert list(in_short({"a.py": SHORT})) == []


def test_signatures_give_way_from_afar() -> None:
    stub = "def step(x: float) -> float:\n    '''Step.'''"
    steps = list(fewer({"a.py": stub, "b.py": stub}, {"a.py"}))
    bare = "def step(x: float) -> float: ..."
    none = "# There is no room for this file."
    assert [step["a.py"] for step in steps] == [stub, bare, bare, none]
    assert [step["b.py"] for step in steps] == [bare, bare, none, none]


@given(st.text())
def test_bare_signatures_of_anything(text: str) -> None:
    assert bare_signatures(bare_signatures(text)) == bare_signatures(text)


def test_the_examples_in_the_docstrings_are_true() -> None:
    assert doctest.testmod(shortening) == (0, 1)
