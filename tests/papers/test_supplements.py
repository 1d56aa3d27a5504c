"""One paper out of several sources."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.errors import PaperError
from paper2code.papers.ids import mentions, split_source
from paper2code.papers.model import Equation, Float, Paper, Section
from paper2code.papers.reader import read_paper, with_supplements
from paper2code.papers.render import to_markdown
from paper2code.papers.supplements import add_supplement

PAPER = """# Small Steps

Ada Lovelace

## 1 Method

We minimise

$$ L(x) = x^2 \\tag{1} $$

with the settings of Appendix A.

## 2 Experiments

See Equation (1).

## References

[1] Euler. Letters, 1750.
"""
ADDENDUM = """# Addendum

The rate in Section 2 is 0.1.

## Corrections

In Equation (1) of Section 1 the sign is wrong:

$$ L(x) = -x^2 $$

## A. Settings

Table 1 holds them.

**Table 1:** Settings.

| a | b |
|---|---|
| 1 | 2 |

## References

[1] Gauss. Letters, 1801.
"""


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.md"
    path.write_text(PAPER)
    return path


@pytest.fixture
def addendum(tmp_path: Path) -> Path:
    path = tmp_path / "addendum.md"
    path.write_text(ADDENDUM)
    return path


def test_without_supplements_the_paper_is_as_its_reader_read_it(paper: Path) -> None:
    assert with_supplements(read_paper(paper), ()) == read_paper(paper, supplements=()) == read_paper(paper)


def test_the_parts_of_a_supplement_follow_those_of_the_paper(paper: Path, addendum: Path) -> None:
    alone, both = read_paper(paper), read_paper(paper, supplements=[addendum])
    assert both.sections[: len(alone.sections)][1:] == alone.sections[1:]
    added = both.sections[len(alone.sections) :]
    assert [section.id for section in added] == ["b.front", "b.s1", "b.sA", "b.s2"]
    assert {section.source for section in added} == {"addendum.md"}
    assert {section.source for section in alone.sections} == {""}
    assert [equation.id for equation in both.equations] == ["eq1", "b.eq2"]
    assert [item.id for item in both.floats] == ["b.tab1"]
    assert both.references == ("[1] Euler. Letters, 1750.", "[1] Gauss. Letters, 1801.")
    assert (both.title, both.source) == (alone.title, alone.source)


def test_a_number_is_the_supplements_own_or_else_the_papers(paper: Path, addendum: Path) -> None:
    refs = {section.id: section.refs for section in read_paper(paper, supplements=[addendum]).sections}
    assert refs["b.front"] == ("s2",)
    assert set(refs["b.s1"]) == {"eq1", "s1", "b.eq2"}
    assert refs["b.sA"] == ("b.tab1",)
    assert refs["s1"] == ("eq1", "b.sA")


def test_the_markdown_names_each_source(paper: Path, addendum: Path) -> None:
    alone, both = read_paper(paper), read_paper(paper, supplements=[addendum])
    markdown = to_markdown(both)
    own, added = markdown.split("\n\n# Supplement: addendum.md\n\n")
    assert own.split("\n\n", 2)[2] in to_markdown(alone)
    assert added.startswith(
        "## Addendum {#b.front}\n\nThe rate in Section 2 is 0.1.\n\n## Corrections {#b.s1}"
    )
    assert "$$ L(x) = -x^2 $$ {#b.eq2}" in added
    assert "**Table 1.** Settings. {#b.tab1}" in added
    assert to_markdown(both, references=True).index("Gauss") < markdown.index("# Supplement") + 200


def test_warnings_name_the_file(paper: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Notes\n\nThe seed is 7.\n\nWe use Adam.\n")
    (warning,) = [w for w in read_paper(paper, supplements=[tmp_path / "notes.txt"]).warnings if "text" in w]
    assert warning.startswith("notes.txt: ")


def test_log_lines_of_a_library_stay_hidden() -> None:
    both = add_supplement(small(), "a.pdf", small().model_copy(update={"warnings": ("pypdf: odd", "cut")}))
    assert both.warnings == ("a.pdf: pypdf: odd", "a.pdf: cut")
    assert "odd" not in to_markdown(both)
    assert "> Note: a.pdf: cut" in to_markdown(both)


def test_what_stands_before_the_first_heading_is_kept(paper: Path, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Data\n\nTen classes.\n\nTwo splits.\n\n## Files\n\nOne.\n")
    assert "## Data {#b.front}\n\nTen classes.\n\nTwo splits." in to_markdown(
        read_paper(paper, supplements=[tmp_path / "README.md"])
    )


def test_the_digest_covers_every_source_and_their_order(paper: Path, addendum: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.md"
    other.write_text(ADDENDUM + "\nOne more.\n")
    choices: list[list[Path]] = [[], [addendum], [other], [addendum, other], [other, addendum]]
    digests = {read_paper(paper, supplements=chosen).sha256 for chosen in choices}
    assert len(digests) == len(choices)
    assert all(len(digest) == 64 for digest in digests)
    assert read_paper(paper, supplements=[addendum]).sha256 in digests


def test_the_extractor_names_every_reader(paper: Path, addendum: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("The seed is 7.\n")
    alone = read_paper(paper)
    assert read_paper(paper, supplements=[addendum]).extractor == alone.extractor
    both = read_paper(paper, supplements=[addendum, tmp_path / "notes.txt"])
    assert both.extractor == f"{alone.extractor} + {read_paper(tmp_path / 'notes.txt').extractor}"


def test_files_of_the_same_name_are_told_apart(paper: Path, tmp_path: Path) -> None:
    places = [tmp_path / folder / "README.md" for folder in ("a", "b")]
    for place in places:
        place.parent.mkdir()
        place.write_text(f"# Data {place.parent.name}\n\nRows.\n")
    both = read_paper(paper, supplements=places)
    assert [section.source for section in both.sections if section.source] == [str(p) for p in places]
    assert [split_source(section.id)[0] for section in both.sections if section.source] == ["b", "c"]


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [("missing.md", None, "There is no paper at"), ("empty.md", "", "is empty"), ("a.json", "{}", "S2ORC")],
)
def test_errors_name_the_supplement(
    paper: Path, tmp_path: Path, name: str, content: str | None, complaint: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(PaperError, match=complaint) as raised:
        read_paper(paper, supplements=[tmp_path / name])
    assert str(raised.value).startswith(f"The supplement {tmp_path / name} cannot be read: ")
    assert "\n" not in str(raised.value)


def test_a_file_given_twice_is_refused(paper: Path, addendum: Path) -> None:
    with pytest.raises(PaperError, match=r"addendum\.md is a supplement of this paper already"):
        read_paper(paper, supplements=[addendum, addendum])


def test_a_paper_has_as_many_supplements_as_there_are_letters() -> None:
    paper = small()
    for number in range(25):
        paper = add_supplement(paper, f"{number}.md", small())
    assert paper.sections[-1].id == "z.s1"
    with pytest.raises(PaperError, match=r"one\.md is one supplement too many"):
        add_supplement(paper, "one.md", small())


def test_a_figure_that_stands_nowhere_stays_with_its_source() -> None:
    loose = small().model_copy(update={"floats": (Float(id="fig1", kind="figure", caption="A curve."),)})
    own, first, second = to_markdown(add_supplement(add_supplement(loose, "a", loose), "b", small())).split(
        "# Supplement"
    )
    assert "{#fig1}" in own
    assert "{#b.fig1}" in first
    assert "A curve" not in second


def test_marks_of_a_supplement_are_mentions() -> None:
    assert mentions("as [b.eq2] says, by [eq1]", {"b.eq2", "eq1", "eq2"}) == ("b.eq2", "eq1")


def small(text: str = "We step.", title: str = "Method") -> Paper:
    return Paper(
        title=title,
        sections=(Section(id="s1", number="1", title=title, level=1, text=text),),
        equations=(Equation(id="eq1", number="1", latex="x", exact=True),),
        source="markdown",
        sha256="0" * 64,
        extractor="test",
    )


TEXTS = st.lists(
    st.sampled_from(["[eq1]", "[fig9]", "Section 1", "Eqs. (1)-(3)", "\n\n", "words. ", "["])
    | st.text(max_size=9)
).map("".join)


@given(st.lists(TEXTS, max_size=4), TEXTS)
def test_ids_never_collide_and_references_lead_somewhere(texts: list[str], title: str) -> None:
    paper = small()
    for number, text in enumerate(texts):
        paper = add_supplement(paper, f"{number}.md", small(text, title))
    parts = [*paper.sections, *paper.equations, *paper.floats]
    ids = {part.id for part in parts}
    assert len(ids) == len(parts)
    assert {ref for section in paper.sections for ref in section.refs} <= ids
    assert all(section.id not in section.refs for section in paper.sections)
    assert to_markdown(paper) == to_markdown(Paper.model_validate_json(paper.model_dump_json()))
