"""What happens to LaTeX's commands wherever they stand: layout goes, references are put plainly."""

import re
from abc import ABC, abstractmethod

from paper2code.papers.latex.commands import DINGBATS, DROPPED, ENVIRONMENT_ARGUMENTS
from paper2code.papers.latex.labels import References
from paper2code.papers.latex.syntax import Tex

DEEPEST_GROUP = 100

_TOKEN = re.compile(r"\\(?P<word>[A-Za-z@]+)\*?|\\(?P<sign>.)|``|''|---?|[{}~`]", re.DOTALL)
_CITATION = re.compile(r"[A-Za-z]{0,12}cite[a-z]{0,12}", re.IGNORECASE)
_REFERENCE = re.compile(r"(?:[cCvV]|[aA]uto|eq|name|[nN]ameC|c?page|labelc|sub|th|full)?ref")
_RANGE = re.compile(r"(?P<command>[cC]|[vV]|labelc)refrange")
_SKIPS = frozenset(["vskip", "hskip", "kern", "penalty", "looseness", "baselineskip", "parskip", "parindent"])
_SKIP = re.compile(
    r"\s*=?\s*-?[\d.]*\s*(?:\\[A-Za-z]+|pt|em|ex|cm|mm|in|bp|pc)?(?:\s*(?:plus|minus)\s*[\d.]+\s*\w+)*"
)
_LENGTH = re.compile(r"\s*\\[A-Za-z]+")

Shown = tuple[str, int]
"""What a command and its arguments become, and the place in the text after them."""


class Converter(ABC):
    """One pass over one text. Subclasses say what becomes of everything that is not layout or a reference."""

    def __init__(self, references: References, text: str) -> None:
        self.references, self.tex = references, Tex(text)

    def convert_all(self) -> str:
        """The whole text, converted."""
        return self.convert(0, len(self.tex.text), 0)

    def convert(self, at: int, end: int, depth: int) -> str:
        """The text between two places, converted; `depth` counts the arguments around it."""
        out: list[str] = []
        while token := _TOKEN.search(self.tex.text, at, end):
            out.append(self.tex.text[at : token.start()])
            if token["word"]:
                shown, at = (
                    (token[0], token.end()) if depth > DEEPEST_GROUP else self._word(token, end, depth)
                )
            elif token["sign"]:
                shown, at = self.sign(token, end)
            else:
                shown, at = self.typography(token[0]), token.end()
            out.append(shown)
        out.append(self.tex.text[at:end])
        return "".join(out)

    @abstractmethod
    def word(self, token: re.Match[str], end: int, depth: int) -> Shown:
        """What a control word becomes that is neither layout nor a reference."""

    @abstractmethod
    def sign(self, token: re.Match[str], end: int) -> Shown:
        """What a backslash before a character that is no letter becomes."""

    @abstractmethod
    def typography(self, mark: str) -> str:
        """What braces, ties, quotes and dashes become."""

    @abstractmethod
    def environment(self, name: str, edge: str) -> str | None:
        r"""What `\\begin{name}` or `\\end{name}` (the edge) becomes; None keeps it as it stands."""

    def _word(self, token: re.Match[str], end: int, depth: int) -> Shown:
        word, at = token["word"], token.end()
        if word in {"begin", "end"}:
            return self._environment(token)
        if word in DROPPED:
            return "", min(end, self._past_layout(at, DROPPED[word]))
        if word in _SKIPS:
            skip = _SKIP.match(self.tex.text, at, end)
            return "", skip.end() if skip else at
        return self._pointer(word, at) or self.word(token, end, depth)

    def _pointer(self, word: str, at: int) -> Shown | None:
        """A citation or a reference, or a sign that is named by its number."""
        if _CITATION.fullmatch(word):
            return self._citations(at) if word.endswith("cites") else self._citation(at)
        if word == "ding" and (number := self.tex.group(at)):
            return DINGBATS.get(number.text.strip(), f"\\ding{{{number.text}}}"), number.after
        if _REFERENCE.fullmatch(word):
            key = self.tex.group(self.tex.past_options(at))
            return (self.references.resolve(word, key.text), key.after) if key else ("", at)
        if in_range := _RANGE.fullmatch(word):
            keys, after = self.tex.groups(self.tex.past_options(at), 2)
            texts = [key.text for key in keys]
            if len(texts) == 2:
                return self.references.resolve_range(f"{in_range['command']}ref", *texts), after
        return None

    def _past_layout(self, at: int, wanted: int) -> int:
        r"""The place after a layout command's arguments; a length's name may stand without braces."""
        if wanted == 2 and (length := _LENGTH.match(self.tex.text, at)):
            at, wanted = length.end(), 1
        groups, after = self.tex.groups(self.tex.past_options(at), wanted)
        return after if groups else at

    def _environment(self, token: re.Match[str]) -> Shown:
        name = self.tex.group(token.end())
        if name is None:
            return "", token.end()
        shown = self.environment(name.text, token["word"])
        if shown is None:
            return token[0], token.end()
        if token["word"] == "end":
            return shown, name.after
        wanted = ENVIRONMENT_ARGUMENTS.get(name.text.rstrip("*"), 0)
        _, after = self.tex.groups(self.tex.past_options(name.after), wanted)
        return shown, after

    def _citations(self, at: int) -> Shown:
        r"""Those of biblatex that take any number of arguments: `\\autocites[3]{a}{b}`."""
        shown, after = self._citation(at)
        cited = [shown[1:-1]]
        while after > at and self.tex.text[after : after + 1] in {"[", "{"}:
            at = after
            shown, after = self._citation(at)
            cited.append(shown[1:-1])
        return f"[{'; '.join(filter(None, cited))}]", after

    def _citation(self, at: int) -> Shown:
        """`[key, key]`, with the notes around the keys."""
        notes: list[str] = []
        while len(notes) < 2 and (option := self.tex.option(at)):
            notes.append(" ".join(option.text.replace("~", " ").split()))
            at = option.after
        keys = self.tex.group(at)
        if keys is None:
            return "", at
        before, after = notes if len(notes) == 2 else ("", notes[0] if notes else "")
        cited = ", ".join(key.strip() for key in keys.text.split(",") if key.strip())
        return f"[{f'{before} ' if before else ''}{cited}{f', {after}' if after else ''}]", keys.after
