"""LaTeX nobody wrote: whatever the text, a paper or one clear error comes back, in bounded time."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paper2code.errors import PaperError
from paper2code.papers import latex
from paper2code.papers.model import Paper

FRAGMENTS = [
    "\\", "{", "}", "[", "]", "$", "$$", "%", "&", "#1", "#", "~", "\n", "\n\n", " ", "a", "b1", "é",
    "\\\\", "\\[", "\\]", "\\(", "\\)", "\\%", "\\begin", "\\end", "{equation}", "{align}", "{figure}",
    "{table}", "{tabular}{cc}", "{itemize}", "{abstract}", "{document}", "{thebibliography}",
    "{lstlisting}", "{verbatim}", "{subfigure}", "{theorem}", "\\item", "\\section", "\\subsection*",
    "\\appendix", "\\caption", "\\label{x}", "\\ref{x}", "\\eqref{x}", "\\cref{x,y}", "\\cite{k}",
    "\\citep[a][b]{k}", "\\bibitem{k}", "\\newcommand{\\m}[1]", "\\def\\m#1", "\\m", "\\let\\m\\n", "\\n",
    "\\newcommand{\\n}", "\\newif\\ifx@y", "\\iffalse", "\\iftrue", "\\else", "\\fi", "\\ifnum",
    "\\input{paper}", "\\input{x}", "\\bibliography{x}", "\\textbf{", "\\footnote{", "\\paragraph{",
    "\\verb|", "\\setcounter{equation}{3}", "\\renewcommand{\\thesection}{\\Alph{section}}",
    "\\newtheorem{t}{T}[section]", "\\tag{1}", "\\nonumber", "\\title{", "\\author{", "\\'", "\\c",
    "\\DeclarePairedDelimiter{\\m}{(}{)}", "\\NewDocumentCommand{\\m}{O{x} m}", "\\newenvironment{e}[1][x]",
    "{e}", "{proof}[of x]", "{restatable}[n]{theorem}{m}", "\\m*", "\\newacronym{k}{K}{long}", "\\gls{k}",
    "\\SI{1}{\\milli\\second}", "\\crefrange{x}{y}", "\\captionof{table}", "{minipage}{1}", "{algorithmic}",
    "\\State", "\\usepackage{x}", "\\lstinline|", "\\lstinputlisting{x}", "{enumerate}",
    "\\declaretheorem{t}", "\\ensuremath{", "\\ensuremath{x}",
    "\\subfloat[x]", "\\resizebox{1}{2}{", "\x02maths:0\x03", "\x00",
]  # fmt: skip

tex = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=3)), max_size=60).map("".join)


def read(folder: Path, text: str) -> Paper | str:
    source = folder / "paper.tex"
    source.write_text(text, "utf-8", errors="surrogatepass", newline="")
    try:
        return latex.read(source)
    except PaperError as error:
        return str(error)


@settings(max_examples=50, deadline=20_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=tex)
def test_any_text_gives_the_same_paper_twice_or_one_clear_line(tmp_path: Path, body: str) -> None:
    found = read(tmp_path, "\\section{S} " + body)
    assert found == read(tmp_path, "\\section{S} " + body)
    if isinstance(found, str):
        assert found.strip()
        assert "\n" not in found
        return
    text = found.model_dump_json()
    assert "\\u0002" not in text
    assert Paper.model_validate_json(text) == found
    ids = [part.id for part in (*found.sections, *found.equations, *found.floats)]
    assert len(set(ids)) == len(ids)
    known = set(ids)
    assert all(known.issuperset(section.refs) for section in found.sections)


@settings(max_examples=40, deadline=20_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(formula=st.text(alphabet="abxyz0123^_{}\\ +-=()alphaABC", max_size=40))
def test_a_display_comes_back_as_it_was(tmp_path: Path, formula: str) -> None:
    if "$" in formula or formula.count("{") or formula.count("}") or "\\" in formula or not formula.strip():
        return
    found = read(tmp_path, f"\\section{{S}} Text.\n\\begin{{equation}}{formula}\\end{{equation}}\n")
    assert isinstance(found, Paper)
    assert [equation.latex for equation in found.equations] == [formula.strip()]


@pytest.mark.parametrize(
    "piece",
    [
        "{", "}", "$", "${", "$$", "\\[", "\\]\\[", "\\begin{equation}", "\\begin{x}", "\\end{x}",
        "\\begin{lstlisting}", "\\verb|", "\\iffalse ", "\\iftrue ", "\\fi ", "\\newcommand{\\a}{",
        "\\def\\a#1{#1#1}\\a{", "\\textbf{", "\\cite[", "\\caption{", "\\section{", "\\section{S}",
        "\\label{x}", "\\begin{figure}\\caption{a}", "\\\\", "\\", "%", "[", "\n\n", "\\item",
        "\\begin{figure}\\begin{subfigure}{1}\\caption{a}\\end{subfigure}\\end{figure}", "\\ref{x}", "\\'",
        "--", "\\numberwithin{equation}{section}", "\\newtheorem{t}{T}",
        "\\begin{figure}\\caption{a}\\caption{b}\\end{figure}", "$x$ ", "\\begin{align}a\\\\b\\end{align}",
        "\\bibitem{x} ", "\\input{paper}", "\\[\\\\]", "\\(\\\\)", "\\begin{e}", "\\begin{itemize}\\item",
        "\\newenvironment{e}{\\begin{e}}{\\end{e}}", "\\DeclarePairedDelimiter{\\m}{", "\\declaretheorem[",
        "\\ensuremath{", "\\ensuremath", "\\cites{k}", "{k}", "\\numberthis",
        "\\newacronym{k}{\\gls{k}}{\\gls{k}}\\gls{k}", "\\begin{restatable}{t}{m}\\m*", "\\crefrange{x}{x}",
        "\\begin{minipage}\\captionof{table}{x}\\end{minipage}", "\\begin{minipage}", "\\lstinline",
        "\\begin{algorithm}\\caption{x}\\State\\label{x}\\end{algorithm}", "\\skip=",
    ],
)  # fmt: skip
def test_long_repetitions_take_linear_time(tmp_path: Path, piece: str) -> None:
    start = time.perf_counter()
    read(tmp_path, "\\section{S} Text. " + piece * (30_000 // len(piece)))
    assert time.perf_counter() - start < 20
