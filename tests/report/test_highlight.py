"""Source as HTML."""

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import paper2code.report
from paper2code.report.highlight import highlighted

# The lexers take every line end for a line feed, as the workspace does when it writes a file.
TEXTS = st.text().map(lambda text: text.replace("\r", ""))


@pytest.mark.parametrize("path", ["a.py", "a.yaml", "a.sh", "a.md", "a.unknown", "Makefile"])
@given(text=TEXTS)
def test_every_line_is_there_and_nothing_else(path: str, text: str) -> None:
    lines = highlighted(path, text)
    shown = [unescape(re.sub(r"<i class=[a-z]>|</i>", "", line)) for line in lines]
    assert shown == text.removesuffix("\n").split("\n") or shown == text.lstrip("\ufeff").removesuffix(
        "\n"
    ).split("\n")


def test_a_string_of_many_lines_is_marked_on_each() -> None:
    lines = highlighted("a.py", 'x = """a\nb\n"""\n')
    assert [line.count("<i") == line.count("</i>") == 1 for line in lines] == [True] * 3


def test_colours_do_not_make_a_page_of_a_repository_heavy() -> None:
    for path in Path(paper2code.report.__file__).parent.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert sum(map(len, highlighted(path.name, text))) < 2.2 * len(text)
