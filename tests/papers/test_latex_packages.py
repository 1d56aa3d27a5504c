"""What the packages that arXiv's papers load make of their text."""

from pathlib import Path

import pytest

from paper2code.papers import latex
from paper2code.papers.model import Paper


def read(folder: Path, body: str, preamble: str = "", **files: str) -> Paper:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, "utf-8")
    source = folder / "paper.tex"
    source.write_text(
        f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n", "utf-8"
    )
    return latex.read(source)


def text_of(paper: Paper) -> str:
    return "\n\n".join(section.text for section in paper.sections)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (r"$\norm{x}$ and $\norm*{y}$ and $\norm[\big]{z}$", r"$\lVert x \rVert$ and $\lVert y \rVert$"),
        (r"$\inner{u}{v}$", r"$\langle u, v \rangle$"),
        (r"$\prob{A}$", r"$P( A )$"),
        (r"$\mean{f}$ and $\mean[q]{f}$", r"$\mathbb{E}_{p} f$ and $\mathbb{E}_{q} f$"),
        (r"\maybe{x}", r"\maybe{x}"),
    ],
)
def test_delimiters_and_document_commands_are_expanded(tmp_path: Path, body: str, shown: str) -> None:
    preamble = r"""
        \DeclarePairedDelimiter{\norm}{\lVert}{\rVert}
        \DeclarePairedDelimiterX\inner[2]{\langle}{\rangle}{#1, #2}
        \DeclarePairedDelimiterXPP{\prob}[1]{P}{(}{)}{}{#1}
        \NewDocumentCommand{\mean}{O{p} m}{\mathbb{E}_{#1} #2}
        \NewDocumentCommand{\maybe}{s m}{\IfBooleanTF{#1}{a}{b}#2}"""
    assert shown in text_of(read(tmp_path, rf"\section{{S}} {body} end.", preamble))


def test_environments_that_a_paper_defines_are_what_they_stand_for(tmp_path: Path) -> None:
    preamble = r"""
        \newenvironment{law}[1][rule]{\begin{equation}\label{eq:#1}}{\end{equation}}
        \renewenvironment{quote}{\begin{equation}}{\end{equation}}"""
    paper = read(
        tmp_path,
        r"\section{S}\begin{law}[first] a=b \end{law}\begin{quote}Words.\end{quote} By \eqref{eq:first}.",
        preamble,
    )
    assert [(one.id, one.latex) for one in paper.equations] == [("eq1", "a=b")]
    assert text_of(paper).endswith("Words.\n\nBy (1).")


def test_macros_of_a_style_file_of_the_papers_own(tmp_path: Path) -> None:
    paper = read(
        tmp_path,
        r"\section{S} $\loss$ and $\deep$ \textbf{b}.\begin{fact} F. \end{fact}",
        "\\usepackage{amsmath, mine}\\usepackage{natbib}",
        mine__sty=(
            "\\RequirePackage{deeper}\\newcommand{\\loss}{\\mathcal{L}} % \\newcommand{\\loss}{no}\n"
            "\\newtheorem{fact}{Fact}\\renewcommand{\\textbf}[1]{LOST}\\def\\x@y{z} stray text"
        ),
        deeper__sty="\\DeclareMathOperator{\\deep}{deep}",
        natbib__sty="\\newcommand{\\loss}{WRONG}",
    )
    assert text_of(paper) == "$\\mathcal{L}$ and $\\operatorname{deep}$ **b**.\n\n**Fact 1.** F."


def test_acronyms_are_in_full_once(tmp_path: Path) -> None:
    preamble = r"""\newacronym{cnn}{CNN}{convolutional network} \acrodef{rl}[RL]{reinforcement learning}
        \newglossaryentry{gadget}{name=gadget, description={a thing}}"""
    body = (
        r"\section{S} \Glspl{cnn}, a \gls{cnn}, \acrlong{cnn}; \ac{rl}, \acs{rl}; a \gls{gadget}; \gls{none}."
    )
    assert text_of(read(tmp_path, body, preamble)) == (
        "Convolutional networks (CNNs), a CNN, convolutional network; reinforcement learning (RL), RL; "
        "a gadget; \\gls{none}."
    )


def test_quantities_have_their_units_in_words(tmp_path: Path) -> None:
    body = r"""\section{S} \SI{5}{\milli\second}, \num{1e-3}, \qty[mode=text]{80}{\giga\byte},
        \SIrange{1}{3}{\percent}, \si{\metre\per\second\squared}, \ang{45}, \numlist{1;2;3}."""
    assert text_of(read(tmp_path, body)) == (
        "5 millisecond, 1e-3, 80 gigabyte, 1–3%, metre per second^2, 45°, 1, 2, 3."
    )


def test_theorems_of_thmtools_and_thm_restate(tmp_path: Path) -> None:
    preamble = r"""\declaretheorem[name=Result,numberwithin=section]{res}
        \declaretheorem[sibling=res]{conjecture}\spnewtheorem{fact}{Fact}{\bfseries}{\itshape}"""
    body = r"""\section{S}
        \begin{res}[Main]\label{a} A. \end{res} \begin{conjecture}\label{b} B. \end{conjecture}
        \begin{restatable}[Again]{res}{again}\label{c} C. \end{restatable} \begin{fact} D. \end{fact}
        \cref{a,b}, \ref{c}. \again* \begin{proof}[Proof of \cref{b}] E. \end{proof}"""
    assert text_of(read(tmp_path, body, preamble)).split("\n\n") == [
        "**Result 1.1 (Main).** A.",
        "**Conjecture 1.2.** B.",
        "**Result 1.3 (Again).** C.",
        "**Fact 1.** D.",
        "Result 1.1 and Conjecture 1.2, 1.3.",
        "**Result 1.3 (restated).**",
        "*Proof of Conjecture 1.2.* E.",
    ]


def test_references_to_ranges_names_panels_and_lines(tmp_path: Path) -> None:
    body = r"""\section{S}\label{s}
        \begin{align} a &= b \label{e1} \\ c &= d \label{e2} \\ e &= \text{see \eqref{e1}} \label{e3}
        \end{align}
        \begin{figure}
        \begin{subfigure}{1cm}\caption{L}\label{l}\end{subfigure}
        \begin{subfigure}{1cm}\caption{R}\label{r}\end{subfigure} \caption{Both}\label{f} \end{figure}
        \begin{figure}\subfloat[A\label{x}]{p}\subfloat[B]{q\label{y}}\caption{Two}\end{figure}
        \begin{algorithm}\caption{G}\begin{algorithmic}[1] \Require $x$ \State one \For{$i$}
        \State two\label{line} \EndFor \end{algorithmic}\end{algorithm}
        \crefrange{e1}{e3}; \cref{r}; \subref{l}; \cref{x,y}; \nameref{s}; line~\ref{line}."""
    paper = read(tmp_path, body)
    assert text_of(paper).endswith(
        "Equations (1) to (3); Figure 1b; (a); Figures 2a and 2b; Section 1; line 3."
    )
    assert r"\text{see (1)}" in str(paper.equations[0].latex)
    assert {"eq1", "fig1", "fig2", "alg1"} <= set(paper.sections[0].refs)


def test_lists_count_and_nest(tmp_path: Path) -> None:
    body = r"""\section{S} \begin{enumerate}[label=(\alph*)]
        \item one
        \begin{itemize}
        \item inner
        \item other
        \end{itemize}
        \item two \item[(x)] own
        \end{enumerate} After."""
    assert text_of(read(tmp_path, body)) == "1. one\n  - inner\n  - other\n2. two\n- (x) own\n\nAfter."


def test_words_signs_and_run_in_code(tmp_path: Path) -> None:
    body = (
        r"\section{S} \IEEEPARstart{T}{his} is, \eg by Kim \etal., \enquote{so} \hl{lit} \faGithub{} "
        r"\ding{51}/\ding{55}; \lstinline|a % b|, \lstinline[style=x]{c}, \mintinline{python}{d_1}"
        r"\blfootnote{N.}\marginpar{FIX}\sout{old}"
    )
    assert text_of(read(tmp_path, body)) == (
        "This is, e.g. by Kim et al., “so” lit ✓/✗; `a % b`, `c`, `d_1` (footnote: N.)"
    )


def test_programs_of_other_files_are_listings(tmp_path: Path) -> None:
    body = r"""\section{S}\lstinputlisting[caption={Steps}]{run.py} \inputminted{python}{run.py}
        \lstinputlisting{lost.py}"""
    paper = read(tmp_path, body, run__py="x = 1  # 100 % sure\n")
    assert [(one.caption, one.text) for one in paper.floats] == [("Steps", "x = 1  # 100 % sure")]
    assert "```\nx = 1  # 100 % sure\n```" in text_of(paper)
    assert paper.warnings == ("Files that the source takes in but that are not there: lost.py.",)


def test_captions_outside_floats_and_layout_of_floats(tmp_path: Path) -> None:
    body = r"""\section{S}
        \begin{minipage}{0.5\linewidth}\captionof{table}{Mini}\label{m}
        \begin{tabular}{l} a \end{tabular}\end{minipage}
        \begin{wrapfigure}{r}{0.4\textwidth}\includegraphics{x}\caption{Wrapped}\end{wrapfigure}
        \begin{longtable}{l}\caption{Long}\label{t}\\ \toprule b \\ \end{longtable} \cref{m}"""
    paper = read(tmp_path, body)
    assert [(one.id, one.caption) for one in paper.floats] == [
        ("tab1", "Mini"), ("fig1", "Wrapped"), ("tab2", "Long"),
    ]  # fmt: skip
    assert paper.floats[0].text == "\\begin{tabular}{l} a \\end{tabular}"
    assert paper.floats[1].text == ""
    assert paper.floats[2].text == "\\begin{longtable}{l} \\toprule b \\\\ \\end{longtable}"


def test_boxes_keep_their_titles_and_run_in_headings_their_text(tmp_path: Path) -> None:
    body = r"""\section{S}\begin{tcolorbox}[colback=red, title={A \texttt{p}}] Be nice. \end{tcolorbox}
        \paragraph{Setup.}

        We set up."""
    assert text_of(read(tmp_path, body)) == "**A `p`**\n\nBe nice.\n\n**Setup.** We set up."


def test_front_matter_of_other_classes(tmp_path: Path) -> None:
    body = r"""
        \begin{frontmatter} \title{Small \texttt{Nets}\tnoteref{t}\thanks{x}}
        \author[1]{Ada Lovelace\corref{c}}
        \author{\IEEEauthorblockN{Charles Babbage}\IEEEauthorblockA{Univ. X}}
        \begin{abstract} Short. \keywords{a} \end{abstract} \end{frontmatter}
        \section{S} Text. \begin{ack} Thanks. \end{ack} \appendices \section{More} End."""
    paper = read(tmp_path, body)
    assert (paper.title, paper.abstract) == ("Small `Nets`", "Short.")
    assert paper.authors == ("Ada Lovelace", "Charles Babbage")
    assert [(one.id, one.kind) for one in paper.sections] == [
        ("s1", "body"), ("s2", "acknowledgements"), ("sA", "appendix"),
    ]  # fmt: skip


def test_formulas_that_a_macro_makes_are_formulas(tmp_path: Path) -> None:
    body = r"""\section{S} \eps-greedy, $\eps_{ij}$ and \ensuremath{x_{\text{if $y$}}} in
        \begin{CJK}{UTF8}{x}Z\end{CJK}."""
    assert text_of(read(tmp_path, body, r"\newcommand{\eps}{\ensuremath{\epsilon_{t}}}")).split("\n\n") == [
        r"$\epsilon_{t}$-greedy, ${\epsilon_{t}}_{ij}$ and $x_{\text{if $y$}}$ in",
        "Z",
        ".",
    ]


def test_rows_that_are_numbered_by_hand(tmp_path: Path) -> None:
    preamble = r"\newcommand\numberthis{\addtocounter{equation}{1}\tag{\theequation}}"
    body = r"""\section{S}\begin{align*} a &= b \\ c &= d \numberthis\label{c} \end{align*}
        \begin{empheq}[box=\fbox]{align} e \label{e} \end{empheq} \eqref{c}, \eqref{e}, \(x_y\),
        \autocites[3]{k}{l}."""
    paper = read(tmp_path, body, preamble)
    assert [(one.id, one.number) for one in paper.equations] == [("eq1", "1"), ("eq2", "2")]
    assert "tag" not in str(paper.equations[0].latex)
    assert text_of(paper).endswith("(1), (2), $x_y$, [k, 3; l].")
