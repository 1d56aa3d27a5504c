"""S2ORC JSON, raw and cleaned, and JSON of other tools."""

import json
from pathlib import Path
from typing import Any

import pytest

from paper2code.errors import PaperError
from paper2code.papers import s2orc
from paper2code.papers.model import Paper
from tests.papers.material import real_paper


def paragraph(text: str, section: str = "Method", number: str | None = "2", **more: Any) -> dict[str, Any]:
    return {"text": text, "section": section, "sec_num": number, "cite_spans": [], "ref_spans": [], **more}


def document(*body: dict[str, Any]) -> dict[str, Any]:
    references = {
        "FIGREF0": {"text": "Figure 1: A thing.", "type_str": "figure", "fig_num": "1"},
        "TABREF0": {"text": "Scores.", "type_str": "table", "content": "<table></table>", "num": None},
    }
    entries = {
        "BIBREF0": {"title": "Old", "year": 1900, "raw_text": "A. Old, 1900."},
        "BIBREF1": {"title": "New"},
    }
    return {
        "paper_id": "x",
        "title": "On Things",
        "abstract": "Short.",
        "authors": [{"first": "Ada", "middle": ["B"], "last": "Lovelace", "suffix": ""}],
        "pdf_parse": {
            "body_text": list(body),
            "back_matter": [paragraph("Thanks.", "acknowledgement", None)],
            "ref_entries": references,
            "bib_entries": entries,
        },
    }


def read(tmp_path: Path, content: Any) -> Paper:
    source = tmp_path / "paper.json"
    source.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return s2orc.read(source)


EQUATION = {"start": 4, "end": 12, "text": "EQUATION", "raw_str": "a = b", "eq_num": "(1)", "ref_id": "EQREF"}


def test_equations_are_put_back_where_they_stood(tmp_path: Path) -> None:
    paper = read(tmp_path, document(paragraph("Let EQUATION be. See Figure 1.", eq_spans=[EQUATION])))
    (found,) = paper.equations
    assert (found.id, found.number, found.text, found.latex, found.exact) == (
        "eq1",
        "1",
        "a = b",
        None,
        False,
    )
    assert paper.sections[0].text == "Let\n\n[eq1]\n\nbe. See Figure 1."
    assert paper.sections[0].refs == ("eq1", "fig1")
    assert [warning[:26] for warning in paper.warnings] == ["S2ORC keeps few formulas, "]


def test_the_other_parts(tmp_path: Path) -> None:
    paper = read(
        tmp_path, document(paragraph("a"), paragraph("b", "Loss", "2.1"), paragraph("c", "Run-in", None))
    )
    assert (paper.title, paper.authors, paper.abstract) == ("On Things", ("Ada B Lovelace",), "Short.")
    assert [(s.id, s.title, s.level, s.kind) for s in paper.sections] == [
        ("s2", "Method", 1, "body"),
        ("s2.1", "Loss", 2, "body"),
        ("s3", "Run-in", 3, "body"),
        ("s4", "Acknowledgements", 1, "acknowledgements"),
    ]
    assert [(f.id, f.caption, f.format) for f in paper.floats] == [
        ("fig1", "A thing.", "lines"),
        ("tab1", "Scores.", "html"),
    ]
    assert paper.references == ("[1] A. Old, 1900.", "[2] New")


def test_a_cleaned_file_says_what_it_lost(tmp_path: Path) -> None:
    paper = read(tmp_path, document(paragraph("Let EQUATION be."), paragraph("EQUATION")))
    assert paper.equations == ()
    assert "2 formulas are gone" in paper.warnings[1]


@pytest.mark.parametrize(
    "content", [{"content_list": []}, [1, 2], "3", {"pdf_parse": {"pages": []}}, {"pdf_parse": None}]
)
def test_json_of_another_tool_is_named(tmp_path: Path, content: Any) -> None:
    with pytest.raises(PaperError, match="JSON of another tool"):
        read(tmp_path, content)


@pytest.mark.parametrize("content", ["{", "not json", '{"a": ' * 50_000, "[" * 100_000])
def test_broken_json_is_named(tmp_path: Path, content: str) -> None:
    with pytest.raises(PaperError, match="no valid JSON"):
        read(tmp_path, content)


def test_spans_that_lie_are_passed_over(tmp_path: Path) -> None:
    spans = [{**EQUATION, "start": 8, "end": 999}, {**EQUATION, "start": -5, "end": 2}, EQUATION, EQUATION]
    paper = read(tmp_path, document(paragraph("Let EQUATION be.", eq_spans=spans)))
    assert [found.text for found in paper.equations] == ["a = b"]


def test_the_transformer() -> None:
    paper = s2orc.read(real_paper("transformer.s2orc.json"))
    assert paper.title == "Attention Is All You Need"
    assert [(e.id, e.number) for e in paper.equations] == [("eq1", "1"), ("eq2", "2"), ("eq3", "3")]
    assert paper.equations[0].text == "Attention(Q, K, V ) = softmax( QK T √ d k )V"
    numbers = [s.number for s in paper.sections if s.number]
    assert " ".join(numbers) == (
        "1 2 3 3.1 3.2 3.2.1 3.2.2 3.2.3 3.3 3.4 3.5 4 5 5.1 5.2 5.3 5.4 6 6.1 6.2 6.3 7"
    )
    assert [f.id for f in paper.floats] == [f"fig{n}" for n in range(1, 6)] + [f"tab{n}" for n in range(1, 5)]
    assert all("EQUATION" not in section.text for section in paper.sections)
    assert "permission" not in paper.abstract


def test_a_sentence_goes_on_after_a_formula_that_was_cut_out(tmp_path: Path) -> None:
    parts = ["We divide by [3] , twice, the root of d k", ". Then we stop."]
    body = [{"text": text, "section": "Method", "sec_num": "1"} for text in parts]
    (tmp_path / "a.json").write_text(json.dumps({"title": "T", "pdf_parse": {"body_text": body}}))
    assert s2orc.read(tmp_path / "a.json").sections[0].text == (
        "We divide by [3], twice, the root of d k. Then we stop."
    )
