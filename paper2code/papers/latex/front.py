"""A LaTeX paper's title and authors, out of the many commands that document classes give them."""

import re

from paper2code.papers.latex.labels import References
from paper2code.papers.latex.prose import to_line
from paper2code.papers.latex.syntax import Tex
from paper2code.papers.names import person_names

_TITLE = re.compile(r"\\(?:(?:icml|mlsys|paper|full)?title|Title|TITLE)(?![A-Za-z@])\*?")
_AUTHOR = re.compile(r"\\(?:author|name|icmlauthor|mlsysauthor)(?![A-Za-z@])\*?")
_ABSTRACT = re.compile(r"\\abstract(?![A-Za-z@])\s*(?=\{)")
_BETWEEN = re.compile(r"\\(?:and|And|AND|AuthorCount|quad|qquad)(?![A-Za-z])|\\\\|\n\s*\n")
_ASIDE = re.compile(
    r"\\(?:thanks|footnote|footnotemark|textsuperscript|inst|affiliations?|affil|email|texttt|IEEEauthorblockA|orcid|orcidID"
    r"|institute|address|institution|department|city|country|corref|fnref|ead|url|href|authornote|label)"
    r"(?![A-Za-z])(?:\[[^\]]*\])?(?:\{(?:[^{}]|\{[^{}]*\})*\})*|\x02maths:\d+\x03|\$[^$]*\$"
)
_NOTE = re.compile(
    r"\\(?:thanks|footnote|footnotemark|footnotetext|titlenote|tnoteref|titlefootnote|label|corref|fnref)(?![A-Za-z])"
    r"(?:\[[^\]]*\])?(?:\{(?:[^{}]|\{[^{}]*\})*\})*"
)


def read_title(source: str, references: References) -> str:
    """The title, without its footnotes; empty where there is none."""
    tex = Tex(source)
    for command in _TITLE.finditer(source):
        if title := tex.group(tex.past_options(command.end())):
            shown = to_line(_NOTE.sub("", title.text), references)
            if shown:
                return shown
    return ""


def read_authors(source: str, references: References) -> tuple[str, ...]:
    """The authors' names, as well as they can be told from affiliations and addresses."""
    tex = Tex(source)
    names: dict[str, None] = {}
    for command in _AUTHOR.finditer(source):
        block = tex.group(tex.past_options(command.end()))
        for part in _BETWEEN.split(_ASIDE.sub(r"\\and ", block.text)) if block else []:
            names.update(dict.fromkeys(person_names(to_line(part, references))))
    return tuple(names)


def read_abstract_command(source: str) -> str:
    r"""The argument of `\abstract{...}`, which some classes have in place of the environment."""
    command = _ABSTRACT.search(source)
    text = Tex(source).group(command.end()) if command else None
    return text.text if text else ""
