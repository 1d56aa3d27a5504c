"""Plain text: headings by their numbers, and little else."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paper2code.papers import plain_text
from paper2code.papers.model import Paper

TEXT = """Folding Widgets

Ada Lovelace, Grace Hopper
University of Widgets

Abstract

We fold widgets.

1 Introduction
Widgets matter. There are
2 kinds of them.

1.1 Why
Because.

5 Apples are not a heading here, they come too early

2. Method

The loss is

L(x) = x^2 + 1 (1)

where x is free, as in Eq. (1).

Figure 1: A widget.

Table 1: Scores
a 1
b 2

REFERENCES

[1] C. Babbage. Engines,
1837.
[2] A. Turing. Numbers, 1936.

A. Proofs

See Section 1.1.
"""


def read(tmp_path: Path, text: str) -> Paper:
    source = tmp_path / "paper.txt"
    source.write_text(text, "utf-8", newline="")
    return plain_text.read(source)


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return read(tmp_path, TEXT)


def test_front_matter(paper: Paper) -> None:
    assert (paper.title, paper.abstract) == ("Folding Widgets", "We fold widgets.")
    assert paper.authors == ("Ada Lovelace", "Grace Hopper")
    assert paper.source == "text"
    assert paper.warnings


def test_headings_by_numbering(paper: Paper) -> None:
    assert [(s.id, s.title, s.level, s.kind) for s in paper.sections] == [
        ("s1", "Introduction", 1, "body"),
        ("s1.1", "Why", 2, "body"),
        ("s2", "Method", 1, "body"),
        ("s3", "References", 1, "references"),
        ("sA", "Proofs", 1, "appendix"),
    ]
    assert paper.sections[0].text == "Widgets matter. There are 2 kinds of them."


def test_a_guess_at_equations(paper: Paper) -> None:
    (found,) = paper.equations
    assert (found.id, found.number, found.text, found.exact) == ("eq1", "1", "L(x) = x^2 + 1", False)


def test_captions_and_references(paper: Paper) -> None:
    assert [(f.id, f.caption, f.text) for f in paper.floats] == [
        ("fig1", "A widget.", ""),
        ("tab1", "Scores", "a 1\nb 2"),
    ]
    assert paper.references == ("[1] C. Babbage. Engines, 1837.", "[2] A. Turing. Numbers, 1936.")


def test_text_without_headings_is_one_section(tmp_path: Path) -> None:
    paper = read(tmp_path, "A title\n\nSome text.\n")
    assert [(s.title, s.text) for s in paper.sections] == [("A title", "Some text.")]


@settings(max_examples=40, deadline=20_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.lists(
        st.one_of(
            st.sampled_from([
                "1 A\n", "1.1 B\n", "2. C\n", "A. D\n", "II. E\n", "\n", "\n\n", "Figure 1: x\n",
                "Abstract\n", "References\n", "[1] a\n", "y = x (1)\n", "- a\n", "IX V\n", "A.1.1 Q\n",
            ]),
            st.text(max_size=4),
        ),
        min_size=1,
        max_size=40,
    ).map("".join)
)  # fmt: skip
def test_any_text_gives_a_paper(tmp_path: Path, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    if text.isprintable() and text.strip():
        found = read(tmp_path, text)
        assert Paper.model_validate_json(found.model_dump_json()) == found
