"""From LaTeX prose to Markdown: letters, marks and lists put plainly, formulas untouched."""

import re
import unicodedata
from collections.abc import Callable

from paper2code.papers.latex.commands import ACCENTS, FONTS, INNER, PROOFS, SIGNS, SYMBOLS, WRAPPED
from paper2code.papers.latex.converter import Converter, Shown
from paper2code.papers.latex.labels import References
from paper2code.papers.latex.numbering import LISTS
from paper2code.papers.latex.quantities import PARTS, quantity
from paper2code.papers.latex.stash import MARK

DEEPEST_LIST = 4

HARD_BREAK = "\x04"
JOINED = "\x05"
"""Keeps the line ends around it from making a new paragraph."""

_TYPOGRAPHY = {"~": " ", "``": "“", "''": "”", "`": "‘", "--": "–", "---": "—", "{": "", "}": ""}
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_ACCENTED = re.compile(r"\s*(?:\{\s*(?:\\([ij])|([^\W\d_]))\s*\}|\\([ij])(?![A-Za-z])|([^\W\d_]))")
_BLANKS = re.compile(r"\s*(?!\s*\x02(?:equation|float|listing|source))")
_COUNTED = re.compile(r"\d+\.")
_ICON = re.compile(r"fa[A-Z][A-Za-z]*|faicon|ai[A-Z][A-Za-z]*|orcidlink")
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
    return " ".join(_tidy(" ".join(_Prose(references, text).convert_all().split())).split())


class _Prose(Converter):
    """Unwraps what Markdown can say, and keeps commands of which nothing is known.

    `lists` counts the lists that are open.
    """

    def __init__(self, references: References, text: str) -> None:
        super().__init__(references, text)
        self.lists = 0

    def word(self, token: re.Match[str], end: int, depth: int) -> Shown:
        word, at = token["word"], token.end()
        if word in FONTS:
            return "", at
        if word in SYMBOLS:
            if SYMBOLS[word][-1] == "." and self.tex.text.startswith(".", at):
                return SYMBOLS[word], at + 1
            is_letter = SYMBOLS[word].isalpha() and len(SYMBOLS[word]) < 3
            return SYMBOLS[word], self.tex.skip_space(at) if is_letter else at
        if word in ACCENTS:
            return self._accent(word, at, end)
        if _ICON.fullmatch(word):
            return "", at
        return self._with_arguments(word, at, depth) or self._unknown(token, end, depth)

    def _with_arguments(self, word: str, at: int, depth: int) -> Shown | None:
        """What a command that is known becomes with its arguments; None if it is not, or lacks them."""
        if word in WRAPPED:
            return self._wrapped(WRAPPED[word], at, depth)
        if word in INNER:
            return self._inner(word, at, depth)
        if word in PARTS:
            return quantity(word, self.tex, at)
        if word.endswith("footnote"):
            return self.footnote(at, depth)
        return _SPECIAL[word](self, at, depth) if word in _SPECIAL else None

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
        if name in LISTS:
            self.lists = max(0, self.lists + (1 if edge == "begin" else -1))
            return JOINED if self.lists and (edge == "end" or self.lists > 1) else "\n\n"
        return "\n\n*Proof.* " if edge == "begin" and name in PROOFS else "\n\n"

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
        """A list item, on a line of its own; each further break before it sets it one list deeper."""
        option = self.tex.option(at)
        line = HARD_BREAK * max(1, min(self.lists, DEEPEST_LIST))
        if option is None:
            return f"{line}- ", at
        label = self.convert(option.start, option.end, depth + 1)
        return f"{line}{'' if _COUNTED.fullmatch(label) else '- '}{label} ", option.after

    def run_in_heading(self, at: int, depth: int) -> Shown | None:
        r"""`\\paragraph{...}`: in bold, before its text."""
        title = self.tex.group(self.tex.past_options(at))
        if title is None:
            return None
        text = self.convert(title.start, title.end, depth + 1).strip()
        after = _BLANKS.match(self.tex.text, title.after)
        return f"\n\n**{text}** " if text else "\n\n", after.end() if after else title.after

    def quotation(self, at: int, depth: int) -> Shown | None:
        r"""`\enquote{...}`."""
        text = self.tex.group(at)
        return (f"“{self.convert(text.start, text.end, depth + 1)}”", text.after) if text else None

    def footnote(self, at: int, depth: int) -> Shown | None:
        """A footnote, where its mark stands."""
        note = self.tex.group(self.tex.past_options(at))
        if note is None:
            return None
        text = self.convert(note.start, note.end, depth + 1)
        return f" (footnote: {' '.join(text.split())})", note.after

    def initial(self, at: int, depth: int) -> Shown | None:
        """A large first letter, and the rest of its word."""
        groups, after = self.tex.groups(self.tex.past_options(at), 2)
        return "".join(self.convert(group.start, group.end, depth + 1) for group in groups), after

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
    "IEEEPARstart": _Prose.initial,
    "lettrine": _Prose.initial,
    "footnotetext": _Prose.footnote,
    "href": _Prose.link,
    "enquote": _Prose.quotation,
}


def _tidy(paragraph: str) -> str:
    """One paragraph with its list items on lines of their own and no blank before a stop."""
    first, *others = paragraph.replace(JOINED, "").split(HARD_BREAK)
    lines, indent = [first.strip()], 0
    for line in map(str.strip, others):
        if line:
            lines.append("  " * indent + line)
        indent = 0 if line else indent + 1
    return re.sub(r" +([,.;:](?:\s|$))", r"\1", "\n".join(filter(None, lines)))
