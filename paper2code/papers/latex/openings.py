"""What stands at the beginning of theorems, proofs and boxes: a title in bold, with its number and note."""

import re

from paper2code.papers.latex.commands import PROOFS
from paper2code.papers.latex.converter import Shown
from paper2code.papers.latex.numbering import Numbering
from paper2code.papers.latex.syntax import Tex

_BOX_TITLE = re.compile(r"(?<![a-z])title\s*=\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|([^,{}]+))")


def theorem_opening(tex: Tex, name: str, at: int, numbering: Numbering, *, numbered: bool = True) -> Shown:
    r"""A theorem's title, and the place after `\begin{theorem}[note]`."""
    option = tex.option(at)
    return _titled(numbering.theorem(name, numbered=numbered), option.text if option else ""), (
        option.after if option else at
    )


def restatable_opening(tex: Tex, at: int, numbering: Numbering) -> Shown:
    r"""The same for `\begin{restatable}[note]{theorem}{name}`, of the package thm-restate."""
    option = tex.option(at)
    arguments, after = tex.groups(option.after if option else at, 2)
    if len(arguments) < 2:
        return "", at
    title = numbering.theorem(arguments[0].text.strip(), numbered=True)
    return _titled(title, option.text if option else ""), after


def other_opening(tex: Tex, name: str, begin: str, at: int) -> Shown:
    """The beginning of any other environment: a box keeps its title, a proof what it is a proof of."""
    option = tex.option(at)
    if option and name in PROOFS:
        return f"\n\n\\emph{{{option.text}.}} ", option.after
    title = _BOX_TITLE.search(option.text) if option else None
    if option and title:
        return f"{begin}\\textbf{{{title[1] or title[2]}}}\n\n", option.after
    return begin, at


def _titled(title: str, note: str) -> str:
    return f"\n\n\\textbf{{{title}{f' ({note})' if note else ''}.}} "
