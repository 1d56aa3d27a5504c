"""How well texts fit a query: Okapi BM25 (Robertson and Zaragoza, 2009), which needs no model."""

import math
import re
from collections import Counter
from collections.abc import Sequence

_SATURATION = 1.5  # k1: how soon more of the same word stops to count
_LENGTH = 0.75  # b: how much a long text is held against its counts
_WORD = re.compile(r"[^\W_]+")


def bm25(query: str, texts: Sequence[str]) -> tuple[float, ...]:
    """The score of each text, at least 0; 0 where it holds no word of the query.

    >>> [round(score, 2) for score in bm25("step size", ["We choose a step size.", "Step by step.", "Data."])]
    [1.12, 0.67, 0.0]
    """
    counts = [Counter(_words(text)) for text in texts]
    lengths = [count.total() for count in counts]
    mean = sum(lengths) / max(1, len(lengths)) or 1.0
    weights = {word: _weight(sum(word in count for count in counts), len(texts)) for word in _words(query)}
    return tuple(
        sum(weight * _frequency(count[word], length / mean) for word, weight in weights.items())
        for count, length in zip(counts, lengths, strict=True)
    )


def _weight(holders: int, texts: int) -> float:
    """The inverse document frequency, in the form that is never negative."""
    return math.log(1 + (texts - holders + 0.5) / (holders + 0.5))


def _frequency(times: int, length: float) -> float:
    """How much a word counts that a text of `length` means holds so many times."""
    return times * (_SATURATION + 1) / (times + _SATURATION * (1 - _LENGTH + _LENGTH * length))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
