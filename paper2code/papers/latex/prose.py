"""From LaTeX prose to Markdown: marks, letters and citations put plainly, layout dropped, mathematics untouched."""

import re
import unicodedata
from collections.abc import Callable

from paper2code.papers.latex.commands import (
    ACCENTS,
    DROPPED,
    ENVIRONMENT_ARGUMENTS,
    INNER,
    KEPT_ENVIRONMENTS,
    SIGNS,
    SYMBOLS,
    WRAPPED,
)
from paper2code.papers.latex.labels import References
from paper2code.papers.latex.stash import MARK
from paper2code.papers.latex.syntax import Tex

DEEPEST_GROUP = 100
HARD_BREAK = "\x04"

_TOKEN = re.compile(r"\\(?P<word>[A-Za-z@]+)\*?|\\(?P<sign>.)|[{}~]|``|''|---?", re.DOTALL)
_CITATION = re.compile(r"(?i:[a-z]*cite(?:p|t|alp|alt|author|year|yearpar|num|s|al|text|online)?)")
_REFERENCE = re.compile(r"(?:[cCvV]|[aA]uto|eq|name|c?page|labelc|sub|th|full)?ref")
_SKIP = re.compile(
    r"\s*=?\s*-?[\d.]*\s*(?:\\[A-Za-z]+|pt|em|ex|cm|mm|in|bp|pc)?(?:\s*(?:plus|minus)\s*[\d.]+\s*\w+)*"
)
_LENGTH = re.compile(r"\s*\\[A-Za-z]+")
_TYPOGRAPHY = {"~": " ", "``": "“", "''": "”", "--": "–", "---": "—", "{": "", "}": ""}
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")


class Prose:
    """Turns pieces of LaTeX into Markdown, with references resolved."""

    def __init__(self, references: References) -> None:
        self.references = references

    def paragraphs(self, text: str) -> str:
        """Running text: paragraphs apart, list items on their lines; marks of displays and floats alone."""
        text = MARK.sub(
            lambda mark: f"\n\n{mark[0]}\n\n" if mark[1] != "maths" and mark[1] != "code" else mark[0], text
        )
        paragraphs = (" ".join(part.split()) for part in _PARAGRAPH.split(self._convert(text)))
        return "\n\n".join(_tidy(part) for part in paragraphs if part)

    def line(self, text: str) -> str:
        """A title, a caption, an entry: all on one line."""
        return _tidy(" ".join(self._convert(text).split())).replace("\n", " ")

    def source(self, text: str) -> str:
        """Rows and pseudocode: LaTeX stays, less its layout; references and citations as in running text."""
        kept = _Converter(self, Tex(text), light=True).convert(0, len(text), 0)
        return "\n".join(line.rstrip() for line in kept.splitlines() if line.strip())

    def _convert(self, text: str) -> str:
        return _Converter(self, Tex(text), light=False).convert(0, len(text), 0)


class _Converter:
    """One pass over one text. In the light mode only layout, references and citations change."""

    def __init__(self, prose: Prose, tex: Tex, *, light: bool) -> None:
        self.prose, self.tex, self.light = prose, tex, light

    def convert(self, at: int, end: int, depth: int) -> str:
        out: list[str] = []
        while token := _TOKEN.search(self.tex.text, at, end):
            out.append(self.tex.text[at : token.start()])
            if token["word"]:
                shown, at = self._word(token, end, depth)
            elif token["sign"]:
                shown, at = self._sign(token, end, depth)
            else:
                shown, at = (token[0] if self.light else _TYPOGRAPHY[token[0]]), token.end()
            out.append(shown)
        out.append(self.tex.text[at:end])
        return "".join(out)

    def _word(self, token: re.Match[str], end: int, depth: int) -> tuple[str, int]:
        """What a control word and its arguments become, and the place after them."""
        word, at = token["word"], token.end()
        if depth > DEEPEST_GROUP:
            return token[0], at
        if _CITATION.fullmatch(word):
            return self._citation(word, at)
        if _REFERENCE.fullmatch(word):
            keys = self.tex.group(self.tex.past_options(at))
            return (self.prose.references.resolve(word, keys.text), keys.after) if keys else ("", at)
        if word in {"begin", "end"}:
            return self._environment(token)
        if word in {"vskip", "hskip", "kern", "penalty", "looseness", "baselineskip", "parskip", "parindent"}:
            skip = _SKIP.match(self.tex.text, at)
            return "", skip.end() if skip else at
        if word in DROPPED:
            return "", min(end, self._past_layout(at, DROPPED[word]))
        if self.light:
            return self._light_word(token, end, depth)
        return self._prose_word(token, end, depth)

    def _past_layout(self, at: int, wanted: int) -> int:
        r"""The place after a layout command's arguments; a length's name may stand without braces."""
        if wanted == 2 and (length := _LENGTH.match(self.tex.text, at)):
            at, wanted = length.end(), 1
        groups, after = self.tex.groups(self.tex.past_options(at), wanted)
        return after if groups else at

    def _light_word(self, token: re.Match[str], end: int, depth: int) -> tuple[str, int]:
        word, at = token["word"], token.end()
        if word in {"resizebox", "scalebox", "adjustbox", "centerline", "parbox", "fbox", "rotatebox"}:
            taken, kept = INNER[word]
            groups, after = self.tex.groups(self.tex.past_options(at), taken)
            if len(groups) == taken and after <= end:
                return self.convert(groups[kept].start, groups[kept].end, depth + 1), after
        return token[0], at

    def _prose_word(self, token: re.Match[str], end: int, depth: int) -> tuple[str, int]:
        word, at = token["word"], token.end()
        if word in SYMBOLS:
            symbol = SYMBOLS[word]
            return symbol, self.tex.skip_space(at) if symbol.isalpha() and len(symbol) < 3 else at
        if word in ACCENTS:
            return self._accent(word, at, end)
        if word in WRAPPED and (inner := self.tex.group(at)):
            mark, text = WRAPPED[word], self.convert(inner.start, inner.end, depth + 1)
            if mark in {"^", "_"}:
                return f"{mark}{text}", inner.after
            return _wrapped(text, mark), inner.after
        if word in INNER:
            taken, kept = INNER[word]
            groups, after = self.tex.groups(self.tex.past_options(at), taken)
            if len(groups) > kept:
                return self.convert(groups[kept].start, groups[kept].end, depth + 1), after
            return "", at
        if word in _SPECIAL:
            return _SPECIAL[word](self, at, end, depth)
        return self._unknown(token, end, depth)

    def _sign(self, token: re.Match[str], end: int, depth: int) -> tuple[str, int]:
        sign = token["sign"]
        if self.light:
            return token[0], token.end()
        if sign in ACCENTS:
            return self._accent(sign, token.end(), end)
        if sign == "\\":
            return " ", min(end, self.tex.past_options(token.end()))
        return SIGNS.get(sign, token[0]), token.end()

    def _accent(self, accent: str, at: int, end: int) -> tuple[str, int]:
        base = re.compile(r"\s*\{?\s*(?:\\([ij])(?![A-Za-z])|([^\W\d_]))\s*\}?").match(self.tex.text, at, end)
        if base is None:
            return "", at
        return unicodedata.normalize("NFC", (base[1] or base[2]) + ACCENTS[accent]), base.end()

    def _citation(self, word: str, at: int) -> tuple[str, int]:
        """`[key, key]`, with the notes around the keys."""
        notes = []
        while len(notes) < 2 and (option := self.tex.option(at)):
            notes.append(option.text.strip())
            at = option.after
        keys = self.tex.group(at)
        if keys is None:
            return "", at
        if word == "nocite":
            return "", keys.after
        cited = ", ".join(key.strip() for key in keys.text.split(",") if key.strip())
        before, after = (notes[0], notes[1]) if len(notes) == 2 else ("", notes[0] if notes else "")
        before = f"{self.prose.line(before)} " if before else ""
        after = f", {self.prose.line(after)}" if after else ""
        return f"[{before}{cited}{after}]", keys.after

    def _environment(self, token: re.Match[str]) -> tuple[str, int]:
        r"""The marks of environments go; lists and paragraphs of their own keep their distance."""
        name = self.tex.group(token.end())
        if name is None:
            return "", token.end()
        if self.light and name.text in KEPT_ENVIRONMENTS:
            return token[0], token.end()
        after = name.after
        if token["word"] == "begin":
            after = self.tex.past_options(after)
            _, after = self.tex.groups(after, ENVIRONMENT_ARGUMENTS.get(name.text.rstrip("*"), 0))
        if self.light:
            return "", after
        opening = "*Proof.* " if name.text == "proof" and token["word"] == "begin" else ""
        return f"\n\n{opening}", after

    def item(self, at: int, end: int, depth: int) -> tuple[str, int]:
        """A list item, on a line of its own."""
        option = self.tex.option(at)
        if option is None or option.after > end:
            return f"{HARD_BREAK}- ", at
        return f"{HARD_BREAK}- {self.convert(option.start, option.end, depth + 1)} ", option.after

    def paragraph(self, at: int, end: int, depth: int) -> tuple[str, int]:
        """A run-in heading."""
        title = self.tex.group(self.tex.past_options(at))
        if title is None:
            return "\n\n", at
        text = self.convert(title.start, title.end, depth + 1).strip()
        return f"\n\n**{text}** " if text else "\n\n", title.after

    def footnote(self, at: int, end: int, depth: int) -> tuple[str, int]:
        """A footnote, where its mark stands."""
        note = self.tex.group(self.tex.past_options(at))
        if note is None:
            return "", at
        text = self.convert(note.start, note.end, depth + 1)
        return f" (footnote: {' '.join(text.split())})", note.after

    def link(self, at: int, end: int, depth: int) -> tuple[str, int]:
        """A link's text, and its address unless the text shows it."""
        groups, after = self.tex.groups(self.tex.past_options(at), 2)
        if len(groups) < 2:
            return "", at
        text = self.convert(groups[1].start, groups[1].end, depth + 1).strip()
        address = groups[0].text.replace("\\", "").strip()
        return text if address.removeprefix("mailto:") in text else f"{text} ({address})", after

    def _unknown(self, token: re.Match[str], end: int, depth: int) -> tuple[str, int]:
        """A command of which nothing is known stays, with the arguments that touch it."""
        text, at = self.tex.text, token.end()
        shown = [token[0]]
        while at < end and text[at] in "{[":
            argument = self.tex.group(at) if text[at] == "{" else self.tex.option(at)
            if argument is None or argument.after > end:
                break
            inner = self.convert(argument.start, argument.end, depth + 1)
            shown.append(f"{text[at]}{inner}{text[argument.end]}")
            at = argument.after
        return "".join(shown), at


_SPECIAL: dict[str, Callable[[_Converter, int, int, int], tuple[str, int]]] = {
    "item": _Converter.item,
    "paragraph": _Converter.paragraph,
    "subparagraph": _Converter.paragraph,
    "footnote": _Converter.footnote,
    "footnotetext": _Converter.footnote,
    "href": _Converter.link,
}


def _wrapped(text: str, mark: str) -> str:
    """Text between marks, the blanks at its edges outside them, as Markdown wants it."""
    inner = text.strip()
    if not inner or not mark:
        return text
    before = text[: len(text) - len(text.lstrip())]
    after = text[len(text.rstrip()) :]
    return f"{before}{mark}{inner}{mark}{after}"


def _tidy(paragraph: str) -> str:
    """One paragraph with its list items on lines of their own and no blank before a stop."""
    lines = (line.strip() for line in paragraph.split(HARD_BREAK))
    return re.sub(r" +([,.;:](?:\s|$))", r"\1", "\n".join(line for line in lines if line))
