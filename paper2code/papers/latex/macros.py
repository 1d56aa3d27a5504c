r"""Expand the macros that a paper defines for itself, so that no formula depends on its preamble.

This is not a TeX engine. A definition is used when its body is plain text with `#1`...`#9` in it; bodies that
program (`\if`, `\csname`, `\expandafter`, names with `@`) and names that LaTeX itself gives a meaning to the
structure of a paper are left alone: their uses stay in the text as they are.
"""

import re

from paper2code.papers.latex.definitions import Definition, Macro, read_definition
from paper2code.papers.latex.syntax import Tex

DEEPEST_EXPANSION = 20
MOST_EXPANSIONS = 100_000
LARGEST_GROWTH = 2_000_000
PASSES = 3
LONGEST_TAIL = 40

_CONTROL = re.compile(r"\\(?:([A-Za-z@]+|\d)|.)", re.DOTALL)
_PARAMETER = re.compile(r"#([1-9])")
_ONE_TOKEN = re.compile(r"[ \t]*\n?[ \t]*(\\(?:[A-Za-z@]+|.)|\x02[a-z]+:\d+\x03|[^\s{}\\#%&\]])", re.DOTALL)
_CONTROL_WORD_AT_END = re.compile(r"\\[A-Za-z@]+\Z")
_TAKES_ARGUMENT = re.compile(
    r"(?:[\^_]|\\(?:math(?:bf|rm|cal|bb|sf|tt|frak|scr|it)|bm|boldsymbol|pmb|(?:wide)?(?:hat|tilde|bar)"
    r"|vec|d?dot|over(?:line|bar)|underline|sqrt|[dt]?frac|binom|text(?:bf|rm|it|sf|tt|sc|normal)?|emph"
    r"|operatorname\*?))\Z"
)


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
    """Reads a text once from left to right, learning definitions and replacing uses.

    `unfinished` says that a macro's arguments stand outside the text it came from, so that another pass finds
    them; `exhausted` that the limits on expansions are used up.
    """

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
            name, end = control[1], control.end()
            if control.start() < at or not name:
                continue
            if definition := read_definition(tex, name, end, self.macros):
                out.write(text[at : control.start()])
                if definition.styles_counter:
                    out.write(text[control.start() : definition.after])
                self._learn(definition)
                at = definition.after
                continue
            if name in {"begin", "end"} and (environment := tex.group(end)):
                name, end = f"{name}{{{environment.text}}}", environment.after
            if name in self.macros and (use := self._use(tex, name, end, depth)):
                out.write(text[at : control.start()])
                replacement, at = use
                out.write_replacement(replacement, text[at : at + 1])
        out.write(text[at:])
        return str(out)

    def _learn(self, definition: Definition) -> None:
        closing = definition.name.replace("begin{", "end{", 1)
        if not definition.is_text:
            self.macros.pop(definition.name, None)
            self.macros.pop(closing, None)
            return
        self.macros[definition.name] = definition.macro
        if definition.end:
            self.macros[closing] = definition.end

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
        if not macro.arguments and tex.text.startswith("{}", after):
            after += 2
        return body if macro.final else self.expand(body, depth + 1), after


class _Output:
    """Text being written, that keeps tokens apart where a replacement meets its neighbours."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.tail = ""

    def write(self, text: str) -> None:
        """Append a text; a letter must not run into the control word before it."""
        if text:
            if text[0].isalpha() and _CONTROL_WORD_AT_END.search(self.tail):
                self.pieces.append(" ")
            self.pieces.append(text)
            self.tail = (self.tail + text[-LONGEST_TAIL:])[-LONGEST_TAIL:]

    def write_replacement(self, text: str, following: str) -> None:
        """Append what a macro became; where TeX would take the macro as one argument, braces keep it one."""
        if text.endswith("\\xspace"):
            text = text.removesuffix("\\xspace") + (" " if following.isalnum() else "")
        if _TAKES_ARGUMENT.search(self.tail) and not text.startswith("{"):
            text = f"{{{text}}}"
        self.write(text)

    def __str__(self) -> str:
        return "".join(self.pieces)


def _arguments(tex: Tex, macro: Macro, at: int) -> tuple[list[str], int] | None:
    """A macro's arguments, in braces or one token each; None if the text ends before the last of them."""
    found: list[str] = []
    if macro.sized:
        at = tex.past_options(at + tex.text.startswith("*", at))
    for default in macro.arguments:
        group = tex.group(at) if default is None else tex.option(at)
        if group:
            found.append(group.text)
            at = group.after
        elif default is not None:
            found.append(default)
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
