r"""LaTeX's counters, as papers number their parts with them (LaTeX: A Document Preparation System, C.8.4)."""

import re
from collections import Counter

MOST_FORMATS = 20
MOST_PARENTS = 200

_FORMAT = re.compile(
    r"\\(?:the(?P<the>[A-Za-z]+)|(?P<style>arabic|alph|Alph|roman|Roman)\s*\{(?P<of>[A-Za-z]+)\})"
)
_REST = re.compile(r"\\[A-Za-z]+|[^A-Za-z0-9.\-]")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


class Counters:
    r"""Values, what resets what, and how `\the<counter>` shows each."""

    def __init__(self) -> None:
        self.values: Counter[str] = Counter()
        self.parents: dict[str, str] = {}
        self.formats: dict[str, str] = {}
        self.within("section", "chapter", shown=r"\arabic{section}")
        self.within("subsection", "section")
        self.within("subsubsection", "subsection")

    def within(self, name: str, parent: str, shown: str | None = None) -> None:
        """Let `parent` reset the counter and stand before it."""
        if len(self.parents) >= MOST_PARENTS:
            return
        self.parents[name] = parent
        self.formats[name] = shown or rf"\the{parent}.\arabic{{{name}}}"

    def step(self, name: str) -> str:
        """Count one more and return the number as it is printed."""
        self.set(name, self.values[name] + 1)
        return self.shown(name)

    def set(self, name: str, value: int) -> None:
        """Set a counter, and to zero those that it resets."""
        self.values[name] = value
        children = [child for child, parent in self.parents.items() if parent == name]
        for child in children:
            if self.values[child]:
                self.set(child, 0)

    def start_appendix(self) -> None:
        """Count the top level by letters from here on."""
        top = "chapter" if self.values["chapter"] else "section"
        self.set(top, 0)
        self.formats[top] = rf"\Alph{{{top}}}"

    def shown(self, name: str) -> str:
        """The counter's printed number, letters, digits, points and hyphens only."""
        left = MOST_FORMATS

        def put_in(match: re.Match[str]) -> str:
            nonlocal left
            left -= 1
            if left < 0:
                return ""
            if match["the"]:
                return _FORMAT.sub(put_in, self._format(match["the"]))
            return _styled(self.values[match["of"]], match["style"])

        return _REST.sub("", _FORMAT.sub(put_in, self._format(name))).strip(".")

    def _format(self, name: str) -> str:
        return self.formats.get(name, rf"\arabic{{{name}}}")


def _styled(value: int, style: str) -> str:
    if style == "arabic" or not 0 < value < 5000:
        return str(value)
    if style.lower() == "alph":
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter.upper() if style == "Alph" else letter
    roman = ""
    for size, numeral in _ROMAN:
        times, value = divmod(value, size)
        roman += numeral * times
    return roman.upper() if style == "Roman" else roman
