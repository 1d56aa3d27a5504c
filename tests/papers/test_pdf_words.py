"""Words joined over the end of a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.papers.pdf.words import Vocabulary

KNOWN = Vocabulary(
    [
        "the network uses multi-head attention in a state-of-the-art, English-to-French model",
        "source and target are supervised",
        "we find that concepts at the lowest level come first and our find-",
        "ings agree",
    ]
)


@pytest.mark.parametrize(
    ("text", "line", "joined"),
    [
        ("a deep net-", "work of", "a deep network of"),
        ("with multi-", "head attention", "with multi-head attention"),
        ("with atten-", "tion heads", "with attention heads"),
        ("from English-", "to-French pairs", "from English-to-French pairs"),
        ("a shared source-", "target vocabulary", "a shared source-target vocabulary"),
        ("a self-", "supervised loss", "a self-supervised loss"),
        ("is multi-", "plicative", "is multiplicative"),
        ("experimental find-", "ings:", "experimental findings:"),
        ("at a concept-", "level view", "at a concept-level view"),
        ("a source-", "aligned model", "a source-aligned model"),
        ("with Adam+L-", "BFGS we", "with Adam+L-BFGS we"),
        ("pages 10-", "20 show", "pages 10-20 show"),
        ("the value x -", "y is", "the value x - y is"),
        ("one", "two", "one two"),
        ("", "two", "two"),
    ],
)
def test_a_line_is_joined(text: str, line: str, joined: str) -> None:
    assert KNOWN.join(text, line) == joined


@given(st.text(max_size=40), st.text(max_size=40))
def test_only_a_hyphen_is_ever_taken_out(text: str, line: str) -> None:
    joined = KNOWN.join(text, line)
    assert joined.replace("-", "").replace(" ", "") == (text + line).replace("-", "").replace(" ", "")
