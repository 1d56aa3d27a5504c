r"""The macros that a paper keeps in a style file of its own (`\usepackage{mymacros}`)."""

import re

from paper2code.papers.latex.commands import DROPPED, INNER, SYMBOLS, WRAPPED
from paper2code.papers.latex.definitions import read_definition
from paper2code.papers.latex.syntax import Tex

_CONTROL = re.compile(r"\\([A-Za-z]+)\*?")
_DECLARATIONS = frozenset(
    ["newtheorem", "spnewtheorem", "declaretheorem", "numberwithin", "counterwithin", "newacronym",
     "DeclareAcronym", "acrodef", "graphicspath"]
)  # fmt: skip
_MEANT = frozenset([*DROPPED, *INNER, *SYMBOLS, *WRAPPED])
_PUBLISHED = re.compile(
    r"alg(?:orithm|pseudocode|compatible).*|natbib|fancyhdr|caption.*|sub(?:caption|fig|figure)|cleveref"
    r"|hyperref|ams.*|math(?:tools|abx)|thm.*|etoolbox|xspace|times|url|titlesec|enumitem|multirow|booktabs"
    r"|listings|minted.*|tikz.*|pgf.*|xcolor|graphicx|siunitx|glossaries|acronym|todonotes|microtype"
)
"""Packages of others that papers send along; what they define is known, or is programmed."""


def is_own(package: str) -> bool:
    """Whether a package may be the paper's own: one of a well-known name is not, though it be sent along."""
    return _PUBLISHED.fullmatch(package) is None


def definitions_in(style: str) -> str:
    """The definitions and declarations of a style file, which are all that a reader can use of it.

    Those that program are left out, and those that give other looks to what has a meaning already.
    """
    tex = Tex(style)
    kept: list[str] = []
    at = 0
    for control in _CONTROL.finditer(style):
        if control.start() < at:
            continue
        if definition := read_definition(tex, control[1], control.end(), {}):
            at = definition.after
            if definition.is_text and definition.name not in _MEANT:
                kept.append(style[control.start() : at])
        elif control[1] in _DECLARATIONS:
            at = _past_arguments(tex, control.end())
            kept.append(style[control.start() : at])
    return "\n".join(kept)


def _past_arguments(tex: Tex, at: int) -> int:
    while argument := tex.option(at) or tex.group(at):
        at = argument.after
    return at
