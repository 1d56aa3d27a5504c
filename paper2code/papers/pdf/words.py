"""Words broken at the end of a line, joined by the document's own vocabulary."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$")
_REST = re.compile(r"[^\W\d_]+")
_PREFIXES = frozenset({"self", "non", "cross", "semi", "multi", "well", "quasi", "state"})
_SECOND = re.compile(  # parts of compounds that may stand nowhere else in a document
    "agnostic|aligned|art|aware|based|dependent|dimensional|driven|entropy|free|invariant|level|like|order"
    "|product|shot|specific|supervised|time|trained|tuned|wise"
)


class Vocabulary:
    """How often each word stands unbroken in a document."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._times: Counter[str] = Counter()
        broken = False
        for line in lines:
            whole = _REST.sub("", line, count=1) if broken and _REST.match(line) else line
            broken = _BROKEN.search(line) is not None
            for word in _WORD.findall(re.sub(r"\S+-$", "", whole)):
                parts = word.lower().split("-")
                self._times.update(parts)
                self._times.update("-".join(pair) for pair in pairwise(parts))

    def join(self, text: str, line: str) -> str:
        """Append a line to a text, taking out the hyphen that only the line end put there.

        >>> Vocabulary(["a multi-head attention function"]).join("we use multi-", "head atten-")
        'we use multi-head atten-'
        """
        broken, rest = _BROKEN.search(text), _REST.match(line)
        if not text.endswith("-") or broken is None or rest is None:
            glue = "" if text.endswith(("-", "–", "/")) and not text.endswith((" -", " –", " /")) else " "
            return f"{text}{glue}{line}" if text else line
        left, right = broken[1].lower().rsplit("-", 1)[-1], rest[0].lower()
        return text + line if self._keeps_hyphen(left, right, rest[0]) else text[:-1] + line

    def _keeps_hyphen(self, left: str, right: str, as_written: str) -> bool:
        """The commoner form wins; where neither stands elsewhere, two words of their own keep the hyphen."""
        hyphenated, whole = self._known(f"{left}-{right}"), self._known(left + right)
        if hyphenated or whole:
            return hyphenated > whole
        if as_written[0].isupper() or (left in _PREFIXES and self._times[right]):
            return True
        compound = _SECOND.fullmatch(right) is not None or (len(right) > 3 and self._known(right) > 0)
        return len(left) > 3 and self._known(left) > 0 and compound

    def _known(self, word: str) -> int:
        """How often a word stands here, or else its singular or plural."""
        return self._times[word] or self._times[f"{word}s"] or self._times[re.sub(r"(?:es|s)$", "", word)]
