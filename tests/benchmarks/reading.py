"""How well PDFs are read, against sources of the same papers: `python tests/benchmarks/reading.py [FOLDER]`.

The truth is a paper's LaTeX (`NAME.tex`, `NAME.tar.gz`) or Markdown (`NAME.md`) beside `NAME.pdf`, taken
apart here with a few expressions and no help from the package. Formulas, citations, floats and references
are cut out of it, and n-grams do not cross the cuts.
"""

import os
import re
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unicodedata import combining, normalize

from pypdf import PdfReader

from paper2code.papers.model import Paper
from paper2code.papers.pdf.document import read_document
from paper2code.papers.render import to_markdown

_CUT = "\0"
_FLOATS = (
    "figure|table|wrapfigure|wraptable|algorithm|algorithmic|tabular"
    "|equation|align|aligned|eqnarray|gather|multline"
)
_CUT_ENVIRONMENTS = re.compile(
    rf"\\begin\{{((?:{_FLOATS}|thebibliography|lstlisting|verbatim|icmlauthorlist)\*?)\}}.*?\\end\{{\1\}}",
    re.DOTALL,
)
_HEADING = re.compile(r"\\(?:sub){0,2}section\*?\s*(?:\[[^\]]*\])?\{((?:[^{}]|\{[^{}]*\})*)\}")
_MARKUP = re.compile(r"\\(?:text(?:bf|it|tt|sc|sf)?|emph|mbox|underline|textsuperscript)\s*\{([^{}]*)\}")
_MATH = re.compile(r"\$\$.*?\$\$|\$[^$]*\$|\\\[.*?\\\]|\\\(.*?\\\)", re.DOTALL)
_NOTE = re.compile(r"\\footnote(?:text|mark)?\{((?:[^{}]|\{[^{}]*\})*)\}")
_LOST = re.compile(r"\\[a-zA-Z@]+\*?\s*(?:\[[^\]]*\])?(?:\{[^{}]*\})*|[{}~&]|\\.")
_CITED = re.compile(
    r"\((?:[^()]*?\d{4}[a-z]?[^()]*?)\)|[A-Z][\w-]+(?: & [A-Z][\w-]+| et al\.)? \(\d{4}[a-z;, \d]*\)"
)


@dataclass(frozen=True)
class Truth:
    """What a source says: runs of words between cuts, and headings."""

    runs: list[list[str]]
    headings: list[str]


def main() -> None:
    """Print one line a paper."""
    default = Path(__file__).parents[3] / "shared" / "papers"
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PAPER2CODE_PAPERS", default))
    report("paper", "5-grams", "headings", "precise", "furniture", "ms/page", "tokens")
    for pdf in sorted(folder.glob("*.pdf")):
        truth = truth_of(pdf)
        if truth is None:
            continue
        started = time.process_time()
        paper = read_document(pdf.read_bytes())
        elapsed = time.process_time() - started
        text = to_markdown(paper, references=True)
        whole = "\n".join([paper.abstract, *(section.text for section in paper.sections)])
        found, right = compare_headings(paper, truth.headings)
        speed = 1000 * elapsed / pages_of(pdf)
        score = recall(whole, truth.runs)
        report(
            pdf.stem,
            f"{score:.3f}",
            f"{found:.3f}",
            f"{right:.3f}",
            left_over(text),
            f"{speed:.0f}",
            len(text) // 3,
        )


def report(name: str, *columns: object) -> None:
    """Print a line of the table."""
    sys.stdout.write(f"{name:<14}" + "".join(f"{column!s:>11}" for column in columns) + "\n")


def truth_of(pdf: Path) -> Truth | None:
    """The truth beside a PDF, LaTeX before Markdown."""
    if (tex := pdf.with_suffix(".tex")).exists():
        return from_latex(tex.read_text("utf-8", errors="replace"))
    if (archive := pdf.with_suffix(".tar.gz")).exists():
        return from_latex(flattened(archive))
    if (markdown := pdf.with_suffix(".md")).exists():
        return from_markdown(markdown.read_text("utf-8"))
    return None


def flattened(archive: Path) -> str:
    """The main file of an arXiv archive with what it inputs put in its place."""
    with tarfile.open(archive) as tar:
        files = {
            member.name.removeprefix("./"): file.read().decode("utf-8", "replace")
            for member in tar
            if member.name.endswith(".tex") and (file := tar.extractfile(member))
        }
    text = max((text for text in files.values() if r"\begin{document}" in text), key=len)

    def included(match: re.Match[str]) -> str:
        name = match[1].strip().removeprefix("./")
        return files.get(name, files.get(f"{name}.tex", ""))

    for _ in range(4):
        text = re.sub(r"\\(?:input|include)\{([^}]*)\}", included, without_comments(text))
    return text


def without_comments(text: str) -> str:
    """LaTeX without its comments."""
    return re.sub(
        r"\\begin\{comment\}.*?\\end\{comment\}", "", re.sub(r"(?<!\\)%.*", "", text), flags=re.DOTALL
    )


def from_latex(text: str) -> Truth:
    """Words and headings of a LaTeX document."""
    body = without_comments(text).split(r"\begin{document}", 1)[-1]
    body = re.split(r"\\(?:bibliography|printbibliography)\b", body)
    body = "\n\n".join([body[0], *body[1:]])
    if r"\maketitle" in body.split(r"\begin{abstract}")[0]:
        body = body.split(r"\maketitle", 1)[-1]
    body = body[body.find(r"\begin{abstract}") :] if r"\begin{abstract}" in body else body
    headings = [plain(match[1]) for match in _HEADING.finditer(body)]
    body = _CUT_ENVIRONMENTS.sub(_CUT, body)
    body = _CUT_ENVIRONMENTS.sub(_CUT, body)
    body = _HEADING.sub(_CUT, _MATH.sub(_CUT, _NOTE.sub(_CUT, body)))
    for _ in range(3):
        body = _MARKUP.sub(r"\1", body)
    return Truth(runs_of(_LOST.sub(_CUT, body)), headings)


def from_markdown(text: str) -> Truth:
    """Words and headings of MinerU's Markdown."""
    headings = [plain(match[1]) for match in re.finditer(r"(?m)^#+ (.*)$", text)][1:]
    start = re.search(r"(?mi)^# *abstract", text)
    text = text[start.end() if start else 0 :]
    before, _, after = text.partition("\n# References")
    after = after[after.find("\n# ") :] if "\n# " in after else ""
    text = before + after
    text = re.sub(r"(?m)^(?:#|!\[|<|Figure \d|Table \d|Algorithm \d).*$", _CUT, text)
    text = re.sub(r"(?s)<table>.*?</table>", _CUT, text)
    return Truth(runs_of(without_formulas(text)), headings)


def without_formulas(text: str) -> str:
    """The text with its formulas cut out, and with them the words that MinerU broke in two.

    It takes the middle of "Adam+L-BFGS" for a formula; neither half is a word of the paper.
    """
    joined = "\1"
    cut = _MATH.sub(lambda formula: joined if re.match(r"\$\s*[+]", formula[0]) else _CUT, text)
    return re.sub(rf"[^\s{_CUT}]+ ?{joined} ?[^\s{_CUT}]*", _CUT, cut).replace(joined, _CUT)


def runs_of(text: str) -> list[list[str]]:
    """Runs of words between cuts, citations and ends of paragraphs."""
    pieces = re.split(rf"{_CUT}|\n\s*\n", _CITED.sub(_CUT, text.replace("\n", " \n")))
    return [words for piece in pieces if len(words := words_of(piece)) >= 5]


def words_of(text: str) -> list[str]:
    """Lower-case words; quotes, hyphens, accents and case do not count."""
    bare = "".join(character for character in normalize("NFKD", text) if not combining(character))
    return re.findall(r"[a-z0-9]+", re.sub(r"[-+]", "", bare.lower()))


def plain(heading: str) -> str:
    """A heading as its words, without its number and formulas."""
    heading = _MATH.sub(" ", re.sub(r"\\label\{[^}]*\}", "", heading))
    heading = re.sub(r"^(?:Appendix\s+)?(?:[A-Z]|\d+)(?:\.\d+)*\.?\s+(?=\S)", "", heading.strip())
    return " ".join(words_of(re.sub(r"\\[a-zA-Z]+", " ", heading)))


def recall(text: str, runs: list[list[str]]) -> float:
    """How many of the truth's 5-grams the text holds."""
    text = re.sub(r"[_^]\{[^{}]*\}", " ", text)
    words = words_of(text)
    there = set(zip(*(words[offset:] for offset in range(5)), strict=False))
    wanted = [gram for run in runs for gram in grams(run)]
    return sum(gram in there for gram in wanted) / max(1, len(wanted))


def grams(words: list[str]) -> Iterator[tuple[str, ...]]:
    """All 5-grams of a run."""
    return (tuple(words[start : start + 5]) for start in range(len(words) - 4))


def compare_headings(paper: Paper, truth: list[str]) -> tuple[float, float]:
    """How many of the true headings are found, and how many of those found are true."""
    mine = [plain(section.title) for section in paper.sections if section.kind != "references"]
    no_section = re.compile(r"(?:references|abstract|algorithm \d.*)?")
    wanted = [heading for heading in truth if not no_section.fullmatch(heading)]
    found = sum(any(same_heading(heading, other) for other in mine) for heading in wanted)
    right = sum(any(same_heading(heading, other) for heading in wanted) for other in mine)
    return found / max(1, len(wanted)), right / max(1, len(mine))


def same_heading(true: str, read: str) -> bool:
    """Whether the words of a true heading, its formulas cut, come in order in one that was read."""
    words = iter(read.split())
    long = len(read.split()) > 2 * len(true.split()) + 4
    return not long and all(word in words for word in true.split())


def left_over(text: str) -> int:
    """Lines that come three times or more, and lines that are a number: what page furniture looks like."""
    lines = Counter(
        line.strip() for line in text.splitlines() if len(line.strip()) > 12 or line.strip().isdigit()
    )
    return sum(times for line, times in lines.items() if times > 2 and line[0] not in "$-") + sum(
        times for line, times in lines.items() if line.isdigit() and times <= 2
    )


def pages_of(pdf: Path) -> int:
    """The number of pages."""
    return len(PdfReader(pdf).pages)


if __name__ == "__main__":
    main()
