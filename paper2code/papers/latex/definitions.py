r"""Read the definitions of macros and environments.

`\newcommand` and its kin, `\def`, `\let`, `\newenvironment`, `\DeclareMathOperator`, the paired delimiters of
mathtools, and `\NewDocumentCommand`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from paper2code.papers.latex.commands import KEPT_ENVIRONMENTS
from paper2code.papers.latex.maths import DISPLAY_ENVIRONMENTS
from paper2code.papers.latex.syntax import Argument, Tex

_NEW = re.compile(r"\*?\s*(?:\{\s*\\([A-Za-z@]+|\d)\s*\}|\\([A-Za-z@]+|\d))[ \t]*\n?[ \t]*(?:\[([0-9])\])?")
_DEF = re.compile(r"\s*\\([A-Za-z@]+|\d)((?:\s*#[1-9])*)\s*(?=\{)")
_LET = re.compile(r"\s*\\([A-Za-z@]+)\s*=?\s*\\([A-Za-z@]+)")
_OPERATOR = re.compile(r"(\*?)\s*\{?\s*\\([A-Za-z]+)\s*\}?")
_PROGRAM = re.compile(
    r"@|\\(?:if(?!f\b)[a-z]*|fi|else|csname|expandafter|begingroup|futurelet|catcode|global|let|def"
    r"|newcommand|renewcommand|setcounter|setlength|vbox|hbox|halign|If(?:NoValue|Value|Boolean)T?F?)(?![A-Za-z])"
)
_COUNTER_FORMAT = re.compile(
    r"\\(?:arabic|[Aa]lph|[Rr]oman|the(?:part|chapter|(?:sub){0,2}section|(?:parent)?equation|figure|table))"
    r"(?![A-Za-z])"
)
_COMMANDS = frozenset(["newcommand", "renewcommand", "providecommand", "DeclareRobustCommand"])
_OWN_ENVIRONMENTS = DISPLAY_ENVIRONMENTS | KEPT_ENVIRONMENTS | {
    "document", "abstract", "figure", "figure*", "table", "table*", "algorithm", "itemize", "enumerate",
    "description", "proof", "thebibliography", "appendices", "subequations", "subfigure", "quote", "center",
}  # fmt: skip
_NAME = re.compile(r"\s*(?:\{\s*\\([A-Za-z@]+)\s*\}|\\([A-Za-z@]+))")
_COUNT = re.compile(r"\s*\[([0-9])\]")
_PARAMETERS = re.compile(r"(?:[mo]|O\{[^{}]*\}|\s|\+|!)*")
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
    r"""The arguments, and the body with `#1`...`#9` for them.

    An argument is None, or what it is by default if it is optional. `final` bodies are not expanded again:
    `\let` copies what a name means at that place. Uses of a `sized` one may have a star or a size
    (`\norm*{x}`, `\norm[\big]{x}`).
    """

    arguments: tuple[str | None, ...]
    body: str
    final: bool = False
    sized: bool = False


@dataclass(frozen=True)
class Definition:
    """A definition in a text, and the place after it.

    The name is that of the control word, or `begin{name}` for an environment, which has an `end` as well.
    """

    name: str
    macro: Macro
    after: int
    end: Macro | None = None

    @property
    def styles_counter(self) -> bool:
        r"""Whether it says how a counter is shown (`\thesection`), which the numbering has to see."""
        return self.name.startswith("the") and _COUNTER_FORMAT.search(self.macro.body) is not None

    @property
    def is_text(self) -> bool:
        """Whether uses can be replaced by the body: it does not program, and its name is not LaTeX's own."""
        is_own = self.name == self.macro.body.removeprefix("\\")
        is_program = _PROGRAM.search(self.macro.body + (self.end.body if self.end else "")) is not None
        is_protected = self.name in _PROTECTED or self.name[6:-1] in _OWN_ENVIRONMENTS
        return not (is_own or is_program or self.styles_counter or is_protected)


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
    if control == "let" and (alias := _LET.match(tex.text, at)):
        copied = known.get(alias[2], Macro((), f"\\{alias[2]}", final=True))
        return Definition(alias[1], copied, alias.end())
    return _READERS[control](tex, at) if control in _READERS else None


def _command(tex: Tex, at: int, provided: Mapping[str, Macro]) -> Definition | None:
    head = _NEW.match(tex.text, at)
    default = tex.option(head.end()) if head and head[3] else None
    body = tex.group(default.after if default else head.end()) if head else None
    if head is None or body is None:
        return None
    name = head[1] or head[2]
    macro = Macro(_arguments(int(head[3] or 0), default), body.text)
    return Definition(name, provided.get(name, macro), body.after)


def _arguments(count: int, default: Argument | None) -> tuple[str | None, ...]:
    """So many arguments, the first of them optional if it has a default."""
    return (default.text if default else None, *(None,) * (count - 1)) if count else ()


def _primitive(tex: Tex, at: int) -> Definition | None:
    head = _DEF.match(tex.text, at)
    body = tex.group(head.end()) if head else None
    if head is None or body is None:
        return None
    return Definition(head[1], Macro((None,) * head[2].count("#"), body.text), body.after)


def _operator(tex: Tex, at: int) -> Definition | None:
    head = _OPERATOR.match(tex.text, at)
    shown = tex.group(head.end()) if head else None
    if head is None or shown is None:
        return None
    return Definition(head[2], Macro((), f"\\operatorname{head[1]}{{{shown.text}}}"), shown.after)


def _environment(tex: Tex, at: int) -> Definition | None:
    name = tex.group(at + tex.text.startswith("*", at))
    count = _COUNT.match(tex.text, name.after) if name else None
    if name is None:
        return None
    at = count.end() if count else name.after
    default = tex.option(at) if count else None
    bodies, after = tex.groups(default.after if default else at, 2)
    if len(bodies) < 2:
        return None
    begin = Macro(_arguments(int(count[1]) if count else 0, default), bodies[0].text)
    return Definition(f"begin{{{name.text.strip()}}}", begin, after, end=Macro((), bodies[1].text))


def _document_command(tex: Tex, at: int) -> Definition | None:
    r"""`\NewDocumentCommand{\name}{m O{default}}{body}`, where its arguments are of these two sorts."""
    head = _NAME.match(tex.text, at)
    groups, after = tex.groups(head.end(), 2) if head else ([], at)
    if head is None or len(groups) < 2 or not _PARAMETERS.fullmatch(groups[0].text):
        return None
    sorts = re.findall(r"m|o|O\{[^{}]*\}", groups[0].text)
    arguments = tuple(None if sort == "m" else sort[2:-1] for sort in sorts)
    return Definition(head[1] or head[2], Macro(arguments, groups[1].text), after)


def _paired(tex: Tex, at: int, sort: str) -> Definition | None:
    """Delimiters around an argument, or around a body with several (sort X, and XPP with text beside)."""
    head = _NAME.match(tex.text, at)
    count = _COUNT.match(tex.text, head.end()) if head and sort else None
    if head is None:
        return None
    wanted = {"": 2, "X": 3, "XPP": 5}[sort]
    groups, after = tex.groups(count.end() if count else head.end(), wanted)
    if len(groups) < wanted:
        return None
    parts = [group.text for group in groups]
    if sort == "XPP":
        before, left, right, beyond, body = parts
        left, right = before + left, right + beyond
    else:
        left, right, body = *parts[:2], "".join(parts[2:]) or "#1"
    shown = f"{left} {body} {right}".replace("\\delimsize", "")
    return Definition(
        head[1] or head[2], Macro((None,) * int(count[1] if count else 1), shown, sized=True), after
    )


_READERS: Mapping[str, Callable[[Tex, int], Definition | None]] = {
    **dict.fromkeys(["def", "gdef", "edef", "xdef"], _primitive),
    **dict.fromkeys(["newenvironment", "renewenvironment", "provideenvironment"], _environment),
    **{f"{how}DocumentCommand": _document_command for how in ("New", "Renew", "Provide", "Declare")},
    **{f"DeclarePairedDelimiter{sort}": partial(_paired, sort=sort) for sort in ("", "X", "XPP")},
    "DeclareMathOperator": _operator,
}
