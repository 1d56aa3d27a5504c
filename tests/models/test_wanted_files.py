"""Files that an answer asks to see."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.models.answers import AnswerFault, Written, read_changed
from paper2code.models.answers.wanted import wanted_files
from paper2code.testing import an_edit

SHOWN = {"model.py": "A = 1\n", "test_model.py": "B = 1\n"}
OTHERS = ("data.py", "src/train.py")


def read(answer: str) -> Written:
    return read_changed(answer, SHOWN, "", OTHERS)


ASKED = "<show_file>src/train.py</show_file>\n<show_file>data.py</show_file>"


@pytest.mark.parametrize(
    "answer",
    [
        ASKED,
        "I need two:\n\n- <show_file> `./src/train.py` </show_file>\n- <show_file>data.py</show_file>\n",
        f"<think>Or <show_file>model.py</show_file>?</think>{ASKED}\n<show_file>data.py</show_file>",
    ],
)
def test_are_read_in_their_order(answer: str) -> None:
    assert read(answer) == Written({}, wanted=("src/train.py", "data.py"))


def test_of_changes_and_wishes_the_changes_count() -> None:
    answer = an_edit("model.py", ("A = 1", "A = 2")) + "\n\n<show_file>data.py</show_file>"
    assert read(answer) == Written({"model.py": "A = 2\n"})


def test_what_is_shown_or_not_there_cannot_be_asked_for() -> None:
    with pytest.raises(AnswerFault, match=r"model\.py cannot be shown.*data\.py, src/train\.py"):
        read("<show_file>model.py</show_file>")


def test_who_may_not_ask_has_sent_no_change() -> None:
    with pytest.raises(AnswerFault, match="no change"):
        read_changed("<show_file>data.py</show_file>", SHOWN, "")


@given(st.text(alphabet=st.sampled_from("<>/show_file abc.py`\n\\0"), max_size=120))
def test_any_answer_asks_only_for_what_is_there(answer: str) -> None:
    with suppress(AnswerFault):
        assert set(wanted_files(answer, OTHERS)) <= set(OTHERS)
