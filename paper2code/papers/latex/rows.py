"""Tables and pseudocode: they stay LaTeX, less its layout, with references and citations put plainly."""

import re

from paper2code.papers.latex.commands import BOXES, INNER, KEPT_ENVIRONMENTS
from paper2code.papers.latex.converter import Converter, Shown
from paper2code.papers.latex.labels import References


def to_rows(text: str, references: References) -> str:
    """The LaTeX of a table or an algorithm, without blank lines."""
    kept = _Rows(references, text).convert_all()
    return "\n".join(line.rstrip() for line in kept.splitlines() if line.strip())


class _Rows(Converter):
    """Keeps all but layout and the boxes around a table."""

    def word(self, token: re.Match[str], end: int, depth: int) -> Shown:
        word, at = token["word"], token.end()
        if word in BOXES:
            taken, kept = INNER[word]
            groups, after = self.tex.groups(self.tex.past_options(at), taken)
            if len(groups) == taken and after <= end:
                return self.convert(groups[kept].start, groups[kept].end, depth + 1), after
        return token[0], at

    def sign(self, token: re.Match[str], end: int) -> Shown:
        return token[0], min(end, token.end())

    def typography(self, mark: str) -> str:
        return mark

    def environment(self, name: str, edge: str) -> str | None:
        return None if name in KEPT_ENVIRONMENTS and edge else ""
