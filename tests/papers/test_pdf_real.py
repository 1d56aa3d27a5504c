"""Real papers against sources of the same papers, where the machine has them."""

from pathlib import Path

import pytest

from paper2code.papers import read_paper
from paper2code.papers.model import Paper
from paper2code.papers.render import to_markdown
from tests.benchmarks import reading


@pytest.fixture(scope="module", params=["mechanistic", "pinn", "transformer"])
def both(request: pytest.FixtureRequest, papers: Path) -> tuple[Paper, reading.Truth]:
    file = papers / f"{request.param}.pdf"
    truth = reading.truth_of(file) if file.exists() else None
    if truth is None:
        pytest.skip(f"no {file}")
    return read_paper(file), truth


def test_words_come_in_the_order_of_the_source(both: tuple[Paper, reading.Truth]) -> None:
    paper, truth = both
    text = "\n".join([paper.abstract, *(section.text for section in paper.sections)])
    # MinerU takes "Adam+L-BFGS" apart in the truth of one paper; the LaTeX sources give above .999.
    assert reading.recall(text, truth.runs) > (0.99 if paper.title.startswith("Challenges") else 0.998)


def test_headings_are_found(both: tuple[Paper, reading.Truth]) -> None:
    found, right = reading.compare_headings(*both_headings(both))
    assert found >= 0.98
    assert right >= 0.94


def test_no_page_furniture_is_left(both: tuple[Paper, reading.Truth]) -> None:
    assert reading.left_over(to_markdown(both[0], references=True)) == 0


def both_headings(both: tuple[Paper, reading.Truth]) -> tuple[Paper, list[str]]:
    return both[0], both[1].headings


def test_the_formulas_of_the_transformer(papers: Path) -> None:
    file = papers / "transformer.pdf"
    if not file.exists():
        pytest.skip(f"no {file}")
    paper = read_paper(file)
    formulas = {equation.number: equation.text.replace(" ", "") for equation in paper.equations}
    assert formulas["1"] == "Attention(Q,K,V)=softmax((QK^{T})/√(d_{k}))V"
    assert formulas["2"] == "FFN(x)=max(0,xW_{1}+b_{1})W_{2}+b_{2}"
    assert formulas["3"] == "lrate=d^{−0.5}_{model}·min(step_num^{−0.5},step_num·warmup_steps^{−1.5})"
    table = next(item for item in paper.floats if item.id == "tab3")
    assert "base | 6 | 512 | 2048 | 8 | 64 | 64 | 0.1 | 0.1 | 100K | 4.92 | 25.8 | 65" in table.text
