r"""Expand the macros that a paper defines for itself, so that no formula depends on its preamble.

This is not a TeX engine. A definition is used when its body is plain text with `#1`...`#9` in it; bodies that
program (`\if`, `\csname`, `\expandafter`, names with `@`) and names that LaTeX itself gives a meaning to the
structure of a paper are left alone: their uses stay in the text as they are.
"""

import re
from dataclasses import dataclass

from paper2code.papers.latex.syntax import Tex

DEEPEST_EXPANSION = 20
MOST_EXPANSIONS = 100_000
LARGEST_GROWTH = 5_000_000
PASSES = 3

_CONTROL = re.compile(r"\\(?:([A-Za-z@]+|\d)|.)", re.DOTALL)
_NEW = re.compile(r"\*?\s*(?:\{\s*\\([A-Za-z@]+|\d)\s*\}|\\([A-Za-z@]+|\d))[ \t]*\n?[ \t]*(?:\[([0-9])\])?")
_DEF = re.compile(r"\s*\\([A-Za-z@]+|\d)((?:\s*#[1-9])*)\s*(?=\{)")
_LET = re.compile(r"\s*\\([A-Za-z@]+)\s*=?\s*\\([A-Za-z@]+)")
_PARAMETER = re.compile(r"#([1-9])")
_ONE_TOKEN = re.compile(r"[ \t]*\n?[ \t]*(\\(?:[A-Za-z@]+|.)|\x02[a-z]+:\d+\x03|[^\s{}\\#%&\]])", re.DOTALL)
_PROGRAM = re.compile(
    r"@|\\(?:if(?!f\b)[a-z]*|fi|else|csname|expandafter|begingroup|futurelet|catcode|global|let|def"
    r"|newcommand|renewcommand|setcounter|setlength|vbox|hbox|halign)(?![A-Za-z])"
)
_COUNTER_FORMAT = re.compile(
    r"\\(?:arabic|[Aa]lph|[Rr]oman|the(?:part|chapter|(?:sub){0,2}section|(?:parent)?equation|figure|table))(?![A-Za-z])"
)
_LETTER_AFTER_WORD = re.compile(r"\\[A-Za-z@]+\Z")
_TAKES_ARGUMENT = re.compile(
    r"(?:[\^_]|\\(?:math(?:bf|rm|cal|bb|sf|tt|frak|scr|it)|bm|boldsymbol|pmb|(?:wide)?(?:hat|tilde|bar)"
    r"|vec|d?dot|over(?:line|bar)|underline|sqrt|[dt]?frac|binom|text(?:bf|rm|it|sf|tt|sc|normal)?|emph"
    r"|operatorname\*?))\Z"
)
_DEFINERS = frozenset(["newcommand", "renewcommand", "providecommand", "DeclareRobustCommand"])
_PRIMITIVE_DEFINERS = frozenset(["def", "gdef", "edef", "xdef"])
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
    r"""A definition: how many arguments, the first one's default if it is optional, and the body.

    `final` bodies are not expanded again: `\let` copies what a name means at that place.
    """

    arguments: int
    default: str | None
    body: str
    final: bool = False


def expand_macros(text: str) -> tuple[str, bool]:
    """The text with its own macros expanded and their definitions gone; and whether all of them could be.

    Definitions take effect from where they stand, as in TeX.
    """
    expander = _Expander()
    for _ in range(PASSES):
        expander.unfinished = False
        text = expander.expand(text, 0)
        if not expander.unfinished:
            break
    return text, not expander.exhausted


class _Expander:
    """Reads a text once from left to right, learning definitions and replacing uses."""

    def __init__(self) -> None:
        self.macros: dict[str, Macro] = {}
        self.expansions = 0
        self.growth = 0
        self.exhausted = False
        self.unfinished = False

    def expand(self, text: str, depth: int) -> str:
        tex = Tex(text)
        out = _Output()
        at = 0
        for control in _CONTROL.finditer(text):
            name = control[1]
            if control.start() < at or not name:
                continue
            after = self._define(tex, name, control.end())
            if after is not None:
                out.write(text[at : control.start()])
                definition = text[control.start() : after]
                if _is_counter_format(
                    definition.lstrip("\\{").removeprefix(name).lstrip("*{\\ "), definition
                ):
                    out.write(definition)
                at = after
            elif name in self.macros and (use := self._use(tex, name, control.end(), depth)):
                out.write(text[at : control.start()])
                replacement, at = use
                out.write_replacement(replacement, text[at : at + 1])
        out.write(text[at:])
        return str(out)

    def _define(self, tex: Tex, name: str, at: int) -> int | None:
        """Learn the definition whose control word ends at `at`; the place after it, or None if it is none."""
        if name in _DEFINERS:
            return self._new_command(tex, name, at)
        if name in _PRIMITIVE_DEFINERS:
            head = _DEF.match(tex.text, at)
            body = tex.group(head.end()) if head else None
            if head is None or body is None:
                return None
            self._learn(head[1], Macro(head[2].count("#"), None, body.text))
            return body.after
        if name == "DeclareMathOperator":
            star = "*" if tex.text.startswith("*", at) else ""
            (operator, shown), after = self._operator(tex, at + len(star))
            if operator:
                self._learn(operator, Macro(0, None, f"\\operatorname{star}{{{shown}}}"))
                return after
        if name == "let" and (alias := _LET.match(tex.text, at)):
            self._learn(alias[1], self.macros.get(alias[2], Macro(0, None, f"\\{alias[2]}", final=True)))
            return alias.end()
        return None

    def _new_command(self, tex: Tex, definer: str, at: int) -> int | None:
        head = _NEW.match(tex.text, at)
        if head is None:
            return None
        default = tex.option(head.end()) if head[3] else None
        body = tex.group(default.after if default else head.end())
        if body is None:
            return None
        name = head[1] or head[2]
        if definer != "providecommand" or name not in self.macros:
            self._learn(name, Macro(int(head[3] or 0), default.text if default else None, body.text))
        return body.after

    @staticmethod
    def _operator(tex: Tex, at: int) -> tuple[tuple[str, str], int]:
        head = re.compile(r"\s*\{?\s*\\([A-Za-z]+)\s*\}?").match(tex.text, at)
        body = tex.group(head.end()) if head else None
        return ((head[1], body.text), body.after) if head and body else (("", ""), at)

    def _learn(self, name: str, macro: Macro) -> None:
        is_own = name == macro.body.lstrip("\\")
        if (
            name in _PROTECTED
            or is_own
            or _PROGRAM.search(macro.body)
            or _is_counter_format(name, macro.body)
        ):
            self.macros.pop(name, None)
        else:
            self.macros[name] = macro

    def _use(self, tex: Tex, name: str, at: int, depth: int) -> tuple[str, int] | None:
        """What a use of a macro becomes, and the place after its arguments; None leaves it as it is."""
        macro = self.macros[name]
        if depth >= DEEPEST_EXPANSION or self.exhausted:
            return None
        read = _arguments(tex, macro, at)
        if read is None:
            self.unfinished = True
            return None
        arguments, after = read
        body = _substitute(macro.body, arguments)
        self.expansions += 1
        self.growth += len(body)
        if self.expansions > MOST_EXPANSIONS or self.growth > LARGEST_GROWTH:
            self.exhausted = True
            return None
        if macro.arguments == 0 and tex.text.startswith("{}", after):
            after += 2
        return body if macro.final else self.expand(body, depth + 1), after


class _Output:
    """Text being written, that keeps tokens apart where a replacement meets its neighbours."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.tail = ""

    def write(self, text: str) -> None:
        if text:
            if text[0].isalpha() and _LETTER_AFTER_WORD.search(self.tail):
                self.pieces.append(" ")
            self.pieces.append(text)
            self.tail = (self.tail + text)[-40:]

    def write_replacement(self, text: str, following: str) -> None:
        if text.endswith("\\xspace"):
            text = text.removesuffix("\\xspace") + (" " if following.isalnum() else "")
        if _TAKES_ARGUMENT.search(self.tail) and not text.startswith("{"):
            text = f"{{{text}}}"
        self.write(text)

    def __str__(self) -> str:
        return "".join(self.pieces)


def _arguments(tex: Tex, macro: Macro, at: int) -> tuple[list[str], int] | None:
    found: list[str] = []
    if macro.default is not None and macro.arguments:
        option = tex.option(at)
        found.append(option.text if option else macro.default)
        at = option.after if option else at
    while len(found) < macro.arguments:
        group = tex.group(at)
        if group:
            found.append(group.text)
            at = group.after
        elif token := _ONE_TOKEN.match(tex.text, at):
            found.append(token[1])
            at = token.end()
        else:
            return None
    return found, at


def _substitute(body: str, arguments: list[str]) -> str:
    out = _Output()
    at = 0
    for parameter in _PARAMETER.finditer(body):
        out.write(body[at : parameter.start()])
        number = int(parameter[1])
        out.write(arguments[number - 1] if number <= len(arguments) else "")
        at = parameter.end()
    out.write(body[at:])
    return str(out)


def _is_counter_format(name: str, body: str) -> bool:
    r"""Whether a definition says how a counter is shown (`\thesection`), which the numbering has to see."""
    return name.startswith("the") and _COUNTER_FORMAT.search(body) is not None
