"""The report as a page."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paper2code.artifacts import RunResult
from paper2code.context import ROLES
from paper2code.models.usage import Usage
from paper2code.report import report_html
from tests.report.outcomes import (
    FILES,
    MODEL,
    NASTY,
    STEPS,
    Elements,
    a_call,
    an_audit,
    an_eventful_outcome,
    an_outcome,
    text_of,
)


def test_it_stands_alone() -> None:
    page = report_html(an_outcome())
    assert not re.findall(r"(?:src|href)\s*=\s*[\"'](?!#)", page)
    assert "@import" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_what_a_model_wrote_stays_text() -> None:
    page = report_html(an_eventful_outcome(NASTY))
    elements = Elements()
    elements.feed(page)
    assert elements.count("script") == 1
    assert elements.count("img") == 0
    assert elements.handlers == []
    assert not [link for link in elements.links if not link.startswith("#")]
    assert elements.open == []


def test_every_requirement_file_and_import_is_there() -> None:
    page = report_html(an_outcome())
    for part in (
        'id="R1"',
        'id="R3"',
        'id="f0"',
        'id="f1"',
        'data-lines="5-6"',
        'data-from="0" data-to="1"',
    ):
        assert part in page
    sources = re.findall(r"<code>(.*?)</code>", page[page.index('<section id="files">') :])
    assert sum(source.count("<span>") for source in sources) == len(MODEL.splitlines()) + 1


def test_links_lead_somewhere() -> None:
    page = report_html(an_outcome())
    for target in set(re.findall(r'href="#([^"]+)"', page)):
        assert f'id="{target}"' in page


@pytest.mark.parametrize(
    "changes",
    [
        {"journal": ()},
        {"files": {}, "file_status": {}, "reviews": {}},
        {"files": {"model.py": "x = 1\n" * 400_000}},
        {"trace": ()},
        {"journal": (a_call("coder", usage=Usage(calls=1, usd=None, unpriced=1)),)},
        {"audit": an_audit(("R1", "met", "model.py", "Model"))},
    ],
)
def test_parts_may_be_missing(changes: dict[str, object]) -> None:
    assert report_html(an_outcome(**changes)).rstrip().endswith("</html>")  # type: ignore[arg-type]


@given(st.text(max_size=80))
@settings(max_examples=25, deadline=None)
def test_any_text_gives_a_whole_page(text: str) -> None:
    elements = Elements()
    elements.feed(report_html(an_eventful_outcome(text.encode("utf-8", "replace").decode())))
    assert elements.open == []


def test_code_stands_beside_its_requirement() -> None:
    page = report_html(an_outcome())
    card = _card(page, "R1")
    assert "--first:5" in card
    assert "<i class=k>return</i> x" in card
    assert 'href="#s-s3"' in card
    assert "Eq. 7" in card
    assert 'href="#A1"' in card
    assert 'id="A1"' in page


def test_a_requirement_without_code_says_so() -> None:
    row = (
        an_outcome().trace[0].model_copy(update={"lines": "", "symbol": "", "path": "", "verdict": "missing"})
    )
    assert "No code meets it." in _card(report_html(an_outcome(trace=(row,))), "R1")


def test_long_code_is_cut_and_says_so() -> None:
    text = "def main():\n" + "    x = 1\n" * 200
    row = an_outcome().trace[0].model_copy(update={"path": "train.py", "lines": "1-201"})
    card = _card(report_html(an_outcome(files={"train.py": text}, trace=(row,))), "R1")
    assert card.count("<span>") == 80
    assert "121 more lines in the file" in card


def test_a_test_is_linked_from_the_requirement_it_names() -> None:
    tests = 'import model\n\n\ndef test_shape():\n    "R1: the shape."\n'
    row = an_outcome().trace[0].model_copy(update={"tests": ("tests/test_model.py::test_shape",)})
    page = report_html(an_outcome(files={**FILES, "tests/test_model.py": tests}, trace=(row,)))
    assert 'href="#f2" data-file="2" data-lines="4-5"' in _card(page, "R1")
    assert 'id="f2"' in page


def test_the_paper_is_outlined_with_what_each_section_asks() -> None:
    page = report_html(an_outcome())
    entry = page[page.index('id="s-s3"') :]
    assert entry.index('href="#R1"') < entry.index("</li>")
    assert re.search(r'id="s-s1" class="level1 empty"', page)


def test_nothing_that_was_not_run_reads_as_passed() -> None:
    assert "Nothing was run: whether the code works is open." in report_html(an_outcome())
    page = report_html(an_outcome(run=RunResult(steps=STEPS, sandbox="docker")))
    assert "1 of 3 steps passed, 1 failed, 1 could not be run (sandbox: docker)." in page
    assert page.count('class="badge passed">passed') == 1
    assert page.count('class="badge not-run">not run') == 1
    only = report_html(an_outcome(run=RunResult(steps=STEPS[2:])))
    assert "Nothing was run, of 1 steps" in only
    assert "badge passed" not in only


def test_recorded_results_are_called_so() -> None:
    page = report_html(an_outcome(run=RunResult(steps=STEPS[:1], replayed=True)))
    assert "recorded results of another machine" in page


def test_a_files_drafts_and_reviews_are_told_in_order() -> None:
    page = report_html(an_eventful_outcome())
    history = page[page.index('<ol class="history">') :]
    told = re.sub(r"<[^>]+>|\s+", " ", history[: history.index("</ol>")]).split()
    assert " ".join(told).startswith("draft review: 1 major revision 1 run: failed own tests: failed")


def test_executions_cost_nothing_and_are_no_calls() -> None:
    outcome = an_eventful_outcome()
    assert "runner" not in outcome.usage
    assert outcome.spent.calls == 10
    assert outcome.usage_by_target["model.py"].calls == 6


def test_what_prompts_left_out_is_told_once_for_all_that_left_out_the_same() -> None:
    assert "What prompts left out" not in report_html(an_outcome())
    parts = ("sections of the paper's body: s1, s3", "planned files that this task does not touch: data.py")
    short = [a_call(role, "model.py", left_out=parts) for role in ("coder", "coder", "reviewer")]
    other = a_call("reviewer", "(design) 2", left_out=parts[:1])
    page = report_html(an_outcome(journal=(a_call("planner"), *short, other)))
    told = text_of(page).partition("What prompts left out")[2]
    assert "4 of 5 prompts showed less" in told
    assert [told.count(part) for part in parts] == [2, 1]
    assert "coder, reviewer (3 prompts)" in told
    assert "design 2" in told


def test_the_timeline_needs_times() -> None:
    assert "is not recorded" in report_html(an_outcome())
    page = report_html(an_eventful_outcome())
    assert 'class="coder" x=' in page
    assert '<span class="coder"><i></i>coder</span>' in page
    assert "<i></i>inspector" not in page


def test_every_role_has_a_colour_in_the_timeline() -> None:
    style = report_html(an_outcome())
    assert [role for role in (*ROLES, "runner") if f".{role} {{ --tone:" not in style] == []


def test_a_folded_pause_is_told() -> None:
    page = report_html(an_eventful_outcome())
    assert "folded at the dashed lines" in page


def _card(page: str, requirement: str) -> str:
    card = page[page.index(f'<article class="req" id="{requirement}"') :]
    return card[: card.index("</article>")]
