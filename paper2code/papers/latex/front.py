"""A LaTeX paper's title and authors, out of the many commands that document classes give them."""

import re

from paper2code.papers.latex.prose import Prose
from paper2code.papers.latex.syntax import Tex

_TITLE = re.compile(r"\\(?:(?:icml|mlsys|paper|full)?title|Title|TITLE)(?![A-Za-z@])\*?")
_AUTHOR = re.compile(r"\\(?:author|name|icmlauthor|mlsysauthor)(?![A-Za-z@])\*?")
_ABSTRACT = re.compile(r"\\abstract(?![A-Za-z@])\s*(?=\{)")
_BETWEEN = re.compile(r"\\(?:and|And|AND|AuthorCount|quad|qquad)(?![A-Za-z])|\\\\|,(?![^{}]*\})|\n\s*\n")
_ASIDE = re.compile(
    r"\\(?:thanks|footnote|footnotemark|textsuperscript|inst|affiliations?|affil|email|texttt|orcid|orcidID|institute"
    r"|address|institution|department|city|country|corref|fnref|ead|url|href|authornote|authornotemark|label|And)"
    r"(?:\[[^\]]*\])?(?:\{(?:[^{}]|\{[^{}]*\})*\})*|\x02maths:\d+\x03|\$[^$]*\$"
)
_NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]*\.?(?:[ ~-]+[^\W\d_][^\W\d_.'’-]*\.?){1,4}")
_PLACE = re.compile(
    r"Universit|Institut|Department|Dept|School|College|Laborator|\bLabs?\b|Research|Google|Microsoft|Meta\b|Center|"
    r"Centre|Faculty|Academy|Inc\b|Ltd|Corporation|Equal|Contribution|Correspond|Amazon|Intelligence|Brain\b|Work ",
    re.IGNORECASE,
)


def read_title(source: str, prose: Prose) -> str:
    """The title, without its footnotes; empty where there is none."""
    tex = Tex(source)
    for command in _TITLE.finditer(source):
        if title := tex.group(tex.past_options(command.end())):
            shown = prose.line(_ASIDE.sub("", title.text))
            if shown:
                return shown
    return ""


def read_authors(source: str, prose: Prose) -> tuple[str, ...]:
    """The authors' names, as well as they can be told from affiliations and addresses."""
    tex = Tex(source)
    names: dict[str, None] = {}
    for command in _AUTHOR.finditer(source):
        block = tex.group(tex.past_options(command.end()))
        for part in _BETWEEN.split(_ASIDE.sub(" ", block.text)) if block else []:
            shown = prose.line(part).strip(" *†‡§¶,;0123456789")
            if len(shown) <= 60 and _NAME.fullmatch(shown) and not _PLACE.search(shown):
                names[shown] = None
    return tuple(names)


def read_abstract_command(source: str) -> str:
    r"""The argument of `\abstract{...}`, which some classes have in place of the environment."""
    command = _ABSTRACT.search(source)
    text = Tex(source).group(command.end()) if command else None
    return text.text if text else ""
