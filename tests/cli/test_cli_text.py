import doctest
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from paper2code.cli import live_screen, marks, narration, text


@pytest.mark.parametrize("module", [text, marks, narration, live_screen])
def test_the_examples_hold(module):
    assert doctest.testmod(module).failed == 0


@given(st.text())
def test_nothing_of_a_paper_reaches_the_terminal_as_a_control_code(raw):
    line = text.printable(raw)
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for char in line)


@given(st.text())
def test_lines_keep_their_breaks_and_nothing_else(raw):
    kept = text.printable_lines(raw)
    assert len(kept) == len(raw)
    assert all(char.isprintable() or char in "\n\t" for char in kept)


@given(st.text().map(text.printable), st.integers(0, 60), st.sampled_from(["…", "..."]))
def test_fitted_text_has_the_width_asked_for(raw, width, ellipsis):
    assert cell_len(text.fit(raw, width, ellipsis)) == width
    assert cell_len(text.fit_path(raw, width, ellipsis)) == width


def test_a_path_keeps_its_end():
    assert text.fit_path("a/very/long/way/to/encoder.py", 12) == "…/encoder.py"
