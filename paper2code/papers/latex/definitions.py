r"""Read the definitions of macros: `\newcommand` and its kin, `\def`, `\let`, `\DeclareMathOperator`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from paper2code.papers.latex.syntax import Tex

_NEW = re.compile(r"\*?\s*(?:\{\s*\\([A-Za-z@]+|\d)\s*\}|\\([A-Za-z@]+|\d))[ \t]*\n?[ \t]*(?:\[([0-9])\])?")
_DEF = re.compile(r"\s*\\([A-Za-z@]+|\d)((?:\s*#[1-9])*)\s*(?=\{)")
_LET = re.compile(r"\s*\\([A-Za-z@]+)\s*=?\s*\\([A-Za-z@]+)")
_OPERATOR = re.compile(r"(\*?)\s*\{?\s*\\([A-Za-z]+)\s*\}?")
_PROGRAM = re.compile(
    r"@|\\(?:if(?!f\b)[a-z]*|fi|else|csname|expandafter|begingroup|futurelet|catcode|global|let|def"
    r"|newcommand|renewcommand|setcounter|setlength|vbox|hbox|halign)(?![A-Za-z])"
)
_COUNTER_FORMAT = re.compile(
    r"\\(?:arabic|[Aa]lph|[Rr]oman|the(?:part|chapter|(?:sub){0,2}section|(?:parent)?equation|figure|table))"
    r"(?![A-Za-z])"
)
_COMMANDS = frozenset(["newcommand", "renewcommand", "providecommand", "DeclareRobustCommand"])
_PRIMITIVES = frozenset(["def", "gdef", "edef", "xdef"])
_PROTECTED = frozenset(
    ["part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph", "appendix",
     "caption", "captionof", "label", "ref", "eqref", "cref", "Cref", "autoref", "cite", "citep", "citet",
     "begin", "end", "item", "includegraphics", "title", "author", "date", "abstract", "maketitle",
     "footnote", "thanks", "input", "include", "bibitem", "newblock", "textbf", "emph", "textit", "texttt",
     "url", "href", "frac", "left", "right", "tag", "nonumber", "notag", "documentclass", "usepackage",
     "icmltitle", "icmlauthor"]
)  # fmt: skip


@dataclass(frozen=True)
class Macro:
    r"""How many arguments, the first one's default if it is optional, and the body.

    `final` bodies are not expanded again: `\let` copies what a name means at that place.
    """

    arguments: int
    default: str | None
    body: str
    final: bool = False


@dataclass(frozen=True)
class Definition:
    """A definition in a text, and the place after it."""

    name: str
    macro: Macro
    after: int

    @property
    def styles_counter(self) -> bool:
        r"""Whether it says how a counter is shown (`\thesection`), which the numbering has to see."""
        return self.name.startswith("the") and _COUNTER_FORMAT.search(self.macro.body) is not None

    @property
    def is_text(self) -> bool:
        """Whether uses can be replaced by the body: it does not program, and its name is not LaTeX's own."""
        is_own = self.name == self.macro.body.removeprefix("\\")
        is_program = _PROGRAM.search(self.macro.body) is not None
        return not (is_own or is_program or self.styles_counter or self.name in _PROTECTED)


def read_definition(tex: Tex, control: str, at: int, known: Mapping[str, Macro]) -> Definition | None:
    """The definition that the control word before `at` begins; None if it begins none.

    Args:
        tex: the text.
        control: the control word, without its backslash.
        at: the place after it.
        known: the macros defined so far.
    """
    if control in _COMMANDS:
        return _command(tex, at, known if control == "providecommand" else {})
    if control in _PRIMITIVES:
        return _primitive(tex, at)
    if control == "DeclareMathOperator":
        return _operator(tex, at)
    if control == "let" and (alias := _LET.match(tex.text, at)):
        copied = known.get(alias[2], Macro(0, None, f"\\{alias[2]}", final=True))
        return Definition(alias[1], copied, alias.end())
    return None


def _command(tex: Tex, at: int, provided: Mapping[str, Macro]) -> Definition | None:
    head = _NEW.match(tex.text, at)
    default = tex.option(head.end()) if head and head[3] else None
    body = tex.group(default.after if default else head.end()) if head else None
    if head is None or body is None:
        return None
    name = head[1] or head[2]
    macro = Macro(int(head[3] or 0), default.text if default else None, body.text)
    return Definition(name, provided.get(name, macro), body.after)


def _primitive(tex: Tex, at: int) -> Definition | None:
    head = _DEF.match(tex.text, at)
    body = tex.group(head.end()) if head else None
    return (
        Definition(head[1], Macro(head[2].count("#"), None, body.text), body.after) if head and body else None
    )


def _operator(tex: Tex, at: int) -> Definition | None:
    head = _OPERATOR.match(tex.text, at)
    shown = tex.group(head.end()) if head else None
    if head is None or shown is None:
        return None
    return Definition(head[2], Macro(0, None, f"\\operatorname{head[1]}{{{shown.text}}}"), shown.after)
