"""A LaTeX paper's source as one text: inputs put in, macros expanded, preamble and body apart."""

import re
from dataclasses import dataclass
from pathlib import Path

from paper2code.papers.latex.acronyms import spell_acronyms
from paper2code.papers.latex.flatten import Flat, flatten
from paper2code.papers.latex.macros import expand_macros

_BEGIN = re.compile(r"\\begin\s*\{document\}")
_RESTATABLE = re.compile(
    r"\\begin\s*\{restatable\}\s*(?:\[(?:[^\[\]{}]|\{[^{}]*\})*\])?\s*\{\s*[A-Za-z]+\s*\}\s*\{([A-Za-z]+)\}"
)
_END = re.compile(r"\\end\s*\{document\}")


@dataclass(frozen=True)
class Source:
    r"""The text before and after `\begin{document}`; `complete` unless macros expand without end."""

    flat: Flat
    preamble: str
    body: str
    complete: bool


def load(main: Path, root: Path) -> Source:
    """Load the paper whose main file is `main`; nothing outside `root` is read.

    Raises:
        PaperError: It takes in more than a paper has.
    """
    flat = flatten(main, root)
    text, complete = expand_macros(flat.text)
    text = _restated(spell_acronyms(text))
    begin = _BEGIN.search(text)
    preamble, body = (text[: begin.start()], text[begin.end() :]) if begin else ("", text)
    return Source(flat, preamble, _END.split(body, maxsplit=1)[0], complete)


def _restated(text: str) -> str:
    r"""The text with a reference where it repeats a theorem (`\mytheorem*`, of the package thm-restate)."""
    names = set(_RESTATABLE.findall(text))
    if not names:
        return text
    text = _RESTATABLE.sub(r"\g<0>\\label{restated:\1}", text)
    repeated = re.compile(rf"\\({'|'.join(sorted(names))})\*?(?![A-Za-z@])")
    return repeated.sub(r"\n\n\\textbf{\\Cref{restated:\1} (restated).}\n\n", text)
