"""Artifacts out of what models write."""

import contextlib
import json
import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from paper2code.artifacts import Ambiguity, Audit, FileReview, Plan, Requirement
from paper2code.models.answers import AnswerFault, read_artifact

PLAN = Plan(
    summary='Uses "x" and {y}; see [1] // no comment, # none either, <think>.',
    requirements=(
        Requirement(
            id="R1",
            kind="method",
            statement="a, b",
            places=("s1",),
            quote="c }",
            forbids=("z ]",),
            priority="must",
        ),
        Requirement(
            id="R2", kind="data", statement="é\n\tü", places=(), quote="", forbids=(), priority="should"
        ),
    ),
    ambiguities=(Ambiguity(id="A1", question="q?", options=("a", "b"), choice="c", reason="because {x}"),),
)
TEXT = PLAN.model_dump_json(indent=2)
DATA = json.loads(TEXT)


class Loose(BaseModel):
    """A schema that validation alone would let half an answer pass."""

    summary: str = ""
    notes: list[str] = []


def _renamed(value: object, rename: Callable[[str], str]) -> object:
    if isinstance(value, dict):
        return {rename(key): _renamed(item, rename) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, rename) for item in value]
    return value


def _camel(key: str) -> str:
    first, *rest = key.split("_")
    return first + "".join(word.title() for word in rest)


FORMS = {
    "plain": TEXT,
    "minified": json.dumps(DATA),
    "escaped": json.dumps(DATA, ensure_ascii=True),
    "fence": f"Here is the plan for {{x}}:\n\n```json\n{TEXT}\n```\nI hope it helps.",
    "prose": f"The set [1] and {{a, b}} are used.\n{TEXT}\nDone.",
    "thinking": f'<think>\nMaybe {{"summary": "draft"}}?\n</think>\n{TEXT}',
    "thinking opened by the prompt": f'Maybe {{"summary": "draft"}}?\n</think>\n\n{TEXT}',
    "marks and line ends": "\ufeff" + TEXT.replace("\n", "\r\n") + "\0",
    "comments": TEXT.replace('",\n', '", // the "best" {\n').replace("[\n", "[ # first\n /* many\n */ "),
    "trailing commas": re.sub(r"\n(\s*[\]}])", r",\n\1", TEXT),
    "comment behind a trailing comma": re.sub(r"\n(\s*[\]}])", r", // that is all\n\1", TEXT),
    "raw line breaks in strings": TEXT.replace("\\n", "\n").replace("\\t", "\t"),
    "upper case keys": json.dumps(_renamed(DATA, str.upper)),
    "title case keys": json.dumps(_renamed(DATA, str.title)),
    "in a list": f"[{TEXT}]",
    "under a key": f'{{"plan": {TEXT}}}',
    "as a tool call": f'{{"name": "Plan", "arguments": {TEXT}}}',
    "encoded twice": json.dumps(TEXT),
    "encoded twice under a key": json.dumps({"plan": TEXT}),
    "a field encoded twice": json.dumps({**DATA, "requirements": json.dumps(DATA["requirements"])}),
    "more keys than asked for": json.dumps({"note": "x", **DATA}),
    "one bracket too many": TEXT + "}",
    "stray quotes": TEXT.replace('\\"', '"'),
    "an example before it": f'A finding looks like {{"line": 3}}.\n{TEXT}',
}


@pytest.mark.parametrize("form", FORMS)
def test_an_artifact_is_read_in_every_form(form: str) -> None:
    assert read_artifact(FORMS[form], Plan) == PLAN


@pytest.mark.parametrize(
    "rename", [_camel, lambda k: k.replace("_", "-"), lambda k: k.replace("_", " ").title()]
)
def test_words_of_a_key_may_be_joined_in_another_way(rename: Callable[[str], str]) -> None:
    class Nested(BaseModel):
        deep_value: int

    class Outer(BaseModel):
        first_part: list[Nested]
        last_part: Nested | None

    data = {"first_part": [{"deep_value": 1}], "last_part": {"deep_value": 2}}
    expected = Outer.model_validate(data)
    assert read_artifact(json.dumps(_renamed(data, rename)), Outer) == expected


@pytest.mark.parametrize("form", FORMS)
def test_no_cut_answer_is_taken(form: str) -> None:
    text = FORMS[form].rstrip("\0")
    last = max(text.rfind("}"), text.rfind("]"), text.rfind('"') if text[-1] == '"' else 0)
    if form in ("fence", "prose", "one bracket too many"):
        last = text.rfind("}", 0, -1)
    for cut in range(last):
        with pytest.raises(AnswerFault):
            read_artifact(text[:cut], Plan)


LOOSE = '{\n "summary": "the {best} of ] all } is \\"this\\" one",\n "notes": [\n  "a",\n  "b }"\n ]\n}'


@pytest.mark.parametrize(
    "text",
    [
        LOOSE,
        LOOSE.replace('\\"', '"'),
        LOOSE.replace("\n]", ",\n]"),
        LOOSE.replace('",\n', '", // x "y" {\n'),
        LOOSE.replace("best", "\\alpha"),
        f'{{"answer": {LOOSE}}}',
    ],
)
def test_a_cut_answer_is_not_taken_by_a_schema_of_defaults_either(text: str) -> None:
    assert read_artifact(text, Loose).notes == ["a", "b }"]
    for cut in range(len(text)):
        with pytest.raises(AnswerFault):
            read_artifact(text[:cut], Loose)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no JSON"),
        ("   \n", "no JSON"),
        ("I cannot help with that.", "no JSON"),
        ("<think>I wonder whether", "no JSON"),
        ('<think>{"summary": "x"}', "no JSON"),
        ("{}", "empty"),
        ("[]", "empty"),
        ("null", "empty"),
        ('"text"', "empty"),
        ('{"plan": {}}', "none of the keys"),
        ('{"foo": 1}', "none of the keys asked for: summary, requirements, ambiguities"),
        ('{"a": {"summary": "x"}, "b": {"summary": "y"}}', "none of the keys"),
        ('[{"summary": "x"}, {"summary": "y"}]', "list of 2"),
        ('{"summary": "x", "requirements": [], "ambiguities": []}', "at least 1 item"),
        ('{"summary": "x", "requirements": [ ... ], "ambiguities": []}', "leaves something out"),
        (
            '{"summary": "x", "requirements": [ // ... and the rest\n ], "ambiguities": []}',
            "leaves something out",
        ),
        ('{"summary": "x" "requirements": 3', "cut"),
        ('{"summary": "he said "}" loudly"}', "goes on"),
        ('{"summary": "a """Doc.""" b", "requirements": [], "ambiguities": []}', "not valid"),
        ("{" * 100 + '"a": 1' + "}" * 100, "none of the keys"),
        ('{"a":' * 100 + "1" + "}" * 100, "none of the keys"),
        ('{"a":' * 100 + "1,," + "}" * 100, "nested more than"),
        ('{"summary": ' + "1" * 5_000 + "}", "requirements: Field required"),
    ],
)
def test_what_cannot_be_used_is_refused(text: str, told: str) -> None:
    with pytest.raises(AnswerFault, match=re.escape(told)):
        read_artifact(text, Plan)


@pytest.mark.parametrize("text", ["{}", '{"other": 1}', "[{}]", '{"answer": {}}', '{"notes": NaN}'])
def test_an_empty_object_never_stands_in_for_content(text: str) -> None:
    with pytest.raises(AnswerFault):
        read_artifact(text, Loose)


def test_problems_are_numbered_and_placed() -> None:
    data = json.loads(TEXT)
    data["requirements"][1]["kind"] = "model"
    del data["requirements"][0]["quote"]
    data["ambiguities"] = None
    with pytest.raises(AnswerFault) as caught:
        read_artifact(json.dumps(data), Plan)
    lines = str(caught.value).splitlines()
    assert lines[1] == "1. requirements[0].quote: Field required"
    assert lines[2].startswith("2. requirements[1].kind: Input should be 'method', 'data'")
    assert lines[2].endswith("(it is 'model')")
    assert lines[3].startswith("3. ambiguities: ")
    assert len(lines) == 4


def test_a_long_list_of_problems_is_cut_short() -> None:
    data = {**DATA, "requirements": [{"id": "R"}] * 50}
    with pytest.raises(AnswerFault) as caught:
        read_artifact(json.dumps(data), Plan)
    assert len(str(caught.value).splitlines()) == 14
    assert len(str(caught.value)) < 2_000


def test_a_rule_of_the_artifact_is_told() -> None:
    data = {**DATA, "requirements": [DATA["requirements"][0]] * 2}
    with pytest.raises(AnswerFault, match="share an id: R1"):
        read_artifact(json.dumps(data), Plan)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\alpha + \beta", r"\alpha + \beta"),
        (r"\frac{a}{b}", r"\frac{a}{b}"),
        (r"\\frac{a}{b}", r"\frac{a}{b}"),
        (r"\theta \times \tau", r"\theta \times \tau"),
        (r"\nabla \rho \right)", r"\nabla \rho \right)"),
        (r"\text{x} \mathrm{d}", r"\text{x} \mathrm{d}"),
        (r"\sum_{i} \{x\}", r"\sum_{i} \{x\}"),
        (r"\uparrow", r"\uparrow"),
        (r"a\nb\tc", "a\nb\tc"),
        (r"it\'s", "it's"),
        (r"\u00e9\ud83d\ude00", "é😀"),
        (r"half \ud83d", "half �"),
        (r"nul\u0000", "nul"),
    ],
)
def test_latex_survives_backslashes_that_are_not_escaped(written: str, meant: str) -> None:
    assert read_artifact(f'{{"summary": "{written}"}}', Loose).summary == meant


def test_not_a_number_is_no_value() -> None:
    class Timed(BaseModel):
        minutes: float | None

    assert read_artifact('{"minutes": NaN}', Timed).minutes is None
    assert read_artifact('{"minutes": -Infinity}', Timed).minutes is None


TEXTS = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\b\f\ufeff"), max_size=30
)


@st.composite
def reviews(draw: st.DrawFn) -> FileReview:
    verdict = st.fixed_dictionaries(
        {
            "requirement": st.sampled_from(["R1", "R2"]),
            "verdict": st.sampled_from(["met", "partly", "missing", "contradicts"]),
            "symbol": TEXTS,
            "note": TEXTS,
        }
    )
    finding = st.fixed_dictionaries(
        {
            "severity": st.sampled_from(["blocker", "major", "minor"]),
            "line": st.integers(0, 999),
            "problem": TEXTS,
            "fix": TEXTS,
        }
    )
    return FileReview.model_validate(
        {
            "verdicts": draw(st.lists(verdict, max_size=3)),
            "findings": draw(st.lists(finding, max_size=3)),
            "accepted": draw(st.booleans()),
        }
    )


@settings(deadline=None)
@given(
    reviews(),
    st.booleans(),
    st.sampled_from(["{}", "```json\n{}\n```", "<think>x</think>{}", "Sure.\n{}\nDone."]),
)
def test_any_artifact_comes_back(review: FileReview, pretty: bool, around: str) -> None:
    text = review.model_dump_json(indent=2 if pretty else None)
    assert read_artifact(around.replace("{}", text), FileReview) == FileReview.model_validate_json(text)


@settings(deadline=None, max_examples=100)
@given(reviews(), st.data())
def test_no_cut_of_any_artifact_is_taken(review: FileReview, data: st.DataObject) -> None:
    text = review.model_dump_json(indent=data.draw(st.sampled_from([None, 1])))
    cut = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(AnswerFault):
        read_artifact(text[:cut], FileReview)


PIECES = [
    "{",
    "}",
    "[",
    "]",
    '"',
    "\\",
    ",",
    ":",
    "//",
    "/*",
    "#",
    "\n",
    "summary",
    '"notes"',
    "...",
    "1",
    "NaN",
    "'",
]


@settings(deadline=None, max_examples=120)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    for schema in (Loose, Audit):
        with contextlib.suppress(AnswerFault):
            read_artifact(text, schema)


@pytest.mark.parametrize(
    "text",
    [
        "{" * 10**6, '{"' * 10**6, '{"a":' * 10**6, '{"a": "' + '"' * 10**6, '{"a": /*' + "/*" * 10**6,
        '{"a": #' + "the rest of more " * 10**5, "<think>" * 10**5, "{" + " " * 10**6,
        '{"a": [' + "," * 10**6,
        '{"a": ' + "'b' " * 10**5 + "}", "[" * 10**6, "\ud800" * 10**6, '{"a":1}' * 10**5, "{a" * 10**6,
    ],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_hostile_text_is_refused_in_bounded_time(text: str) -> None:
    start = time.process_time()
    with pytest.raises(AnswerFault):
        read_artifact(text, Plan)
    assert time.process_time() - start < 5
