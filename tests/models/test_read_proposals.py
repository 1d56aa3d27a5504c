"""Proposals to change interfaces, beside the files of an answer."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paper2code.artifacts import InterfaceChange
from paper2code.models.answers import AnswerFault, read_file
from paper2code.models.answers.proposals import split_proposals
from paper2code.testing import an_edit

JSON = '{"path": "data.py", "symbol": "load", "signature": "def load(n: int)", "reason": "Section 3."}'
TAG = f"<interface_change>{JSON}</interface_change>"
CHANGE = InterfaceChange(path="data.py", symbol="load", signature="def load(n: int)", reason="Section 3.")
CODE = "```python\nx = 1\n```"
QUOTING = '```python\n"""Use.\n\n```python\nfrom x import y\n```\n"""\n```'

FORMS = {
    "alone": TAG,
    "before the file": f"{TAG}\n\n{CODE}",
    "behind the file": f"{CODE}\n\nOne more thing: {TAG}",
    "lines": f"<interface_change>\n{JSON}\n</interface_change>",
    "fenced inside": f"<interface_change>\n```json\n{JSON}\n```\n</interface_change>\n{CODE}",
    "trailing comma": TAG.replace('."}', '.",}'),
    "other case of keys": TAG.replace('"path"', '"Path"'),
    "an edit before": f"{an_edit('README.md', ('```', '````'))}\n{TAG}",
    "behind a file whose fences do not pair": f"{QUOTING}\n\n{TAG}",
    "as code": f"{CODE}\n\n`{TAG}`",
    "spoken of": f"I use `<interface_change>` for it.\n{TAG}",
    "carriage returns": f"{CODE}\n{TAG}".replace("\n", "\r\n"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_proposal_is_read_in_every_form(form: str) -> None:
    assert split_proposals(FORMS[form])[0] == (CHANGE,)


def test_several_come_in_order() -> None:
    other = TAG.replace("data.py", "model.py")
    assert [change.path for change in split_proposals(f"{TAG}\n{CODE}\n{other}")[0]] == [
        "data.py",
        "model.py",
    ]


@pytest.mark.parametrize(
    "answer",
    [
        CODE,
        f"```\n{TAG}\n```",
        f"````\n```\n{TAG}\n```\n````",
        f"<think>{TAG}</think>{CODE}",
        an_edit("prompt.txt", (TAG, f"{TAG}\n{TAG}")),
        "An `<interface_change>` is not needed.",
        "</interface_change>",
    ],
)
def test_tags_in_files_and_thinking_are_none(answer: str) -> None:
    assert split_proposals(answer)[0] == ()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (TAG.replace("</", "<"), "has no end"),
        (TAG.replace("symbol", "sign"), "symbol: Field required"),
        (TAG.replace(JSON, "Change load."), "holds no JSON object"),
        (TAG.replace(JSON, f"[{JSON}, {JSON}]"), "one tag for each change"),
        (TAG.replace("Section 3.", ""), "reason: String should have at least 1 character"),
    ],
)
def test_a_malformed_proposal_is_refused(answer: str, told: str) -> None:
    with pytest.raises(AnswerFault, match="interface_change>") as caught:
        read_file(f"{CODE}\n{answer}", "a.py")
    assert told in str(caught.value)


def test_the_rest_is_the_answer_without_them() -> None:
    changes, rest = split_proposals(f"Hm.\n{TAG}\n{CODE}")
    assert (changes, rest) == ((CHANGE,), f"Hm.\n\n\n{CODE}")
    assert read_file(f"{TAG}\n{CODE}", "a.py").texts == {"a.py": "x = 1\n"}


PARTS = [
    "<interface_change>",
    "</interface_change>",
    "```",
    "````md",
    "<<<<<<< SEARCH",
    ">>>>>>> REPLACE",
    JSON,
    "x",
]


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PARTS), max_size=12).map("\n".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(AnswerFault):
        assert all(change.path == "data.py" for change in split_proposals(text)[0])
