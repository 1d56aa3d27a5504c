"""From LaTeX prose to Markdown: letters, marks and lists put plainly, formulas untouched."""

import re
import unicodedata
from collections.abc import Callable

from paper2code.papers.latex.commands import ACCENTS, FONTS, INNER, SIGNS, SYMBOLS, WRAPPED
from paper2code.papers.latex.converter import Converter, Shown
from paper2code.papers.latex.labels import References
from paper2code.papers.latex.stash import MARK

HARD_BREAK = "\x04"

_TYPOGRAPHY = {"~": " ", "``": "“", "''": "”", "`": "‘", "--": "–", "---": "—", "{": "", "}": ""}
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_ACCENTED = re.compile(r"\s*(?:\{\s*(?:\\([ij])|([^\W\d_]))\s*\}|\\([ij])(?![A-Za-z])|([^\W\d_]))")
_INSIDE = frozenset(["maths", "code"])


def to_paragraphs(text: str, references: References) -> str:
    """Running text: paragraphs apart, list items on their lines; marks of displays and floats alone."""
    apart = MARK.sub(lambda mark: mark[0] if mark[1] in _INSIDE else f"\n\n{mark[0]}\n\n", text)
    paragraphs = (
        " ".join(part.split()) for part in _PARAGRAPH.split(_Prose(references, apart).convert_all())
    )
    return "\n\n".join(_tidy(part) for part in paragraphs if part)


def to_line(text: str, references: References) -> str:
    """A title, a caption, an entry: all on one line."""
    return _tidy(" ".join(_Prose(references, text).convert_all().split())).replace("\n", " ")


class _Prose(Converter):
    """Unwraps what Markdown can say, and keeps commands of which nothing is known."""

    def word(self, token: re.Match[str], end: int, depth: int) -> Shown:
        word, at = token["word"], token.end()
        if word in FONTS:
            return "", at
        if word in SYMBOLS:
            is_letter = SYMBOLS[word].isalpha() and len(SYMBOLS[word]) < 3
            return SYMBOLS[word], self.tex.skip_space(at) if is_letter else at
        if word in ACCENTS:
            return self._accent(word, at, end)
        shown: Shown | None = None
        if word in WRAPPED:
            shown = self._wrapped(WRAPPED[word], at, depth)
        elif word in INNER:
            shown = self._inner(word, at, depth)
        elif word in _SPECIAL:
            shown = _SPECIAL[word](self, at, depth)
        return shown or self._unknown(token, end, depth)

    def sign(self, token: re.Match[str], end: int) -> Shown:
        sign = token["sign"]
        if sign in ACCENTS:
            return self._accent(sign, token.end(), end)
        if sign == "\\":
            return " ", min(end, self.tex.past_options(token.end()))
        return SIGNS.get(sign, token[0]), token.end()

    def typography(self, mark: str) -> str:
        return _TYPOGRAPHY.get(mark, mark)

    def environment(self, name: str, edge: str) -> str | None:
        return "\n\n*Proof.* " if (name, edge) == ("proof", "begin") else "\n\n"

    def _wrapped(self, mark: str, at: int, depth: int) -> Shown | None:
        """Text between marks, blanks at its edges outside them as Markdown wants it; `^`, `_` go before."""
        argument = self.tex.group(at)
        if argument is None:
            return None
        text = self.convert(argument.start, argument.end, depth + 1)
        if mark in {"^", "_"}:
            return f"{mark}{text}", argument.after
        inner = text.strip()
        if not inner or not mark:
            return text, argument.after
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before}{mark}{inner}{mark}{after}", argument.after

    def _inner(self, word: str, at: int, depth: int) -> Shown | None:
        taken, kept = INNER[word]
        groups, after = self.tex.groups(self.tex.past_options(at), taken)
        if len(groups) <= kept:
            return "", at
        return self.convert(groups[kept].start, groups[kept].end, depth + 1), after

    def _accent(self, accent: str, at: int, end: int) -> Shown:
        base = _ACCENTED.match(self.tex.text, at, end)
        if base is None:
            return "", at
        letter = next(filter(None, base.groups()))
        return unicodedata.normalize("NFC", letter + ACCENTS[accent]), base.end()

    def item(self, at: int, depth: int) -> Shown:
        """A list item, on a line of its own."""
        option = self.tex.option(at)
        if option is None:
            return f"{HARD_BREAK}- ", at
        return f"{HARD_BREAK}- {self.convert(option.start, option.end, depth + 1)} ", option.after

    def run_in_heading(self, at: int, depth: int) -> Shown | None:
        r"""`\\paragraph{...}`: in bold, before its text."""
        title = self.tex.group(self.tex.past_options(at))
        if title is None:
            return None
        text = self.convert(title.start, title.end, depth + 1).strip()
        return f"\n\n**{text}** " if text else "\n\n", title.after

    def footnote(self, at: int, depth: int) -> Shown | None:
        """A footnote, where its mark stands."""
        note = self.tex.group(self.tex.past_options(at))
        if note is None:
            return None
        text = self.convert(note.start, note.end, depth + 1)
        return f" (footnote: {' '.join(text.split())})", note.after

    def link(self, at: int, depth: int) -> Shown | None:
        """A link's text, and its address unless the text shows it."""
        groups, after = self.tex.groups(self.tex.past_options(at), 2)
        if len(groups) < 2:
            return None
        text = self.convert(groups[1].start, groups[1].end, depth + 1).strip()
        address = groups[0].text.replace("\\", "").strip()
        return text if address.removeprefix("mailto:") in text else f"{text} ({address})", after

    def _unknown(self, token: re.Match[str], end: int, depth: int) -> Shown:
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


_SPECIAL: dict[str, Callable[[_Prose, int, int], Shown | None]] = {
    "item": _Prose.item,
    "paragraph": _Prose.run_in_heading,
    "subparagraph": _Prose.run_in_heading,
    "footnote": _Prose.footnote,
    "footnotetext": _Prose.footnote,
    "href": _Prose.link,
}


def _tidy(paragraph: str) -> str:
    """One paragraph with its list items on lines of their own and no blank before a stop."""
    lines = (line.strip() for line in paragraph.split(HARD_BREAK))
    return re.sub(r" +([,.;:](?:\s|$))", r"\1", "\n".join(line for line in lines if line))
