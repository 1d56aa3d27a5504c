r"""TeX's conditionals, where no engine is needed to decide them: `\iffalse`, `\iftrue`, `\newif` switches."""

import re

_TOKEN = re.compile(
    r"\\newif\s*\\if(?P<new>[A-Za-z@]+)"
    r"|\\if(?P<test>[A-Za-z@]*)(?![A-Za-z@])(?P<called>\s*[{(])?"
    r"|\\(?P<set>[A-Za-z@]+?)(?P<value>true|false)(?![A-Za-z@])"
    r"|\\(?P<part>else|fi)(?![A-Za-z@])"
)
_PRIMITIVE = frozenset(
    ["", "x", "num", "dim", "odd", "case", "cat", "defined", "csname", "vmode", "mmode", "hmode", "inner",
     "void", "hbox", "vbox", "eof"]
)  # fmt: skip
_NO_TEST = frozenset(["f", "thenelse"])


def resolve_conditionals(text: str) -> str:
    r"""Drop the branches that are not taken, and the tokens that decided it.

    Tests that need an engine (`\ifx`, `\ifnum`) stay, but are followed, so that each `\fi` finds its `\if`.
    A branch that is never closed is kept whole: losing the rest of a paper is worse than keeping dead
    text.
    """
    return _Reader(text).read()


class _Reader:
    """Walks over the conditionals of a text; `open` says of each: taken, not taken, undecided."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.switches = {"false": False, "true": True}
        self.open: list[bool | None] = []
        self.dead = 0
        self.kept: list[str] = []
        self.at = 0

    def read(self) -> str:
        for token in _TOKEN.finditer(self.text):
            if token["test"] is None or self._is_test(token):
                self._follow(token)
        return "".join([*self.kept, self.text[self.at :]])

    def _is_test(self, token: re.Match[str]) -> bool:
        name = token["test"]
        if name in self.switches or name in _PRIMITIVE:
            return True
        return name not in _NO_TEST and not token["called"]

    def _follow(self, token: re.Match[str]) -> None:
        if token["new"]:
            if not self.dead:
                self.switches.setdefault(token["new"], False)
                self._cut(token)
        elif token["set"]:
            if token["set"] in self.switches and not self.dead:
                self.switches[token["set"]] = token["value"] == "true"
                self._cut(token)
        elif token["test"] is not None:
            self._open(token, self.switches.get(token["test"]))
        elif self.open:
            self._turn(token)

    def _open(self, token: re.Match[str], taken: bool | None) -> None:
        if taken is not None and not self.dead:
            self._cut(token)
        self.open.append(taken)
        self.dead += taken is False

    def _turn(self, token: re.Match[str]) -> None:
        r"""Close the innermost conditional at `\fi`, or go over to its other branch at `\else`."""
        was_dead = self.dead > 0
        taken = self.open.pop()
        self.dead -= taken is False
        if token["part"] == "else":
            taken = None if taken is None else not taken
            self.open.append(taken)
            self.dead += taken is False
        if was_dead and not self.dead:
            self.at = token.end()
        elif not was_dead and (taken is not None):
            self._cut(token)

    def _cut(self, token: re.Match[str]) -> None:
        """Keep what stands before a token, and go on after it; dead text after it is skipped when it ends."""
        end = token.start("called") if token.groupdict().get("called") else token.end()
        self.kept.append(self.text[self.at : token.start()])
        self.at = end
