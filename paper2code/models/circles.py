"""Answers that go round in circles: small models say the same for ever, until a length limit cuts them."""

from dataclasses import dataclass

_LOOKED_AT = 4_000
_SHORTEST = 400
"""Characters of nothing but repetition; rulers and tables of zeros are shorter."""

_TIMES = 4
_STRIDE = 4_000


@dataclass(frozen=True, slots=True)
class Circle:
    """A text whose end says the same again and again."""

    before: str
    """The text up to the end of the first round."""
    round: str
    """What is said again."""


def circle(text: str) -> Circle | None:
    """The circle that a text ends in, or None.

    Its round is the period of the text's end, by the failure function of Knuth, Morris and Pratt, "Fast
    pattern matching in strings" (1977), along the reversed text. White space counts like any other text.

    >>> circle("To see: " + "it is what it is, " * 50)
    Circle(before='To see: it is what it is,', round=' it is what it is,')
    """
    end = text[: -_LOOKED_AT - 1 : -1]
    borders = _borders(end)
    length = max((n for n, border in enumerate(borders) if _is_circle(n, border)), default=0)
    if not length:
        return None
    period = length - borders[length]
    start = len(text) - length
    stride = period * (1 + _STRIDE // period)
    while start >= stride and text[start - stride : start] == text[start - stride + period : start + period]:
        start -= stride
    while start and text[start - 1] == text[start - 1 + period]:
        start -= 1
    return Circle(text[: start + period], text[start : start + period])


def _is_circle(length: int, border: int) -> bool:
    return length >= max(_SHORTEST, _TIMES * (length - border))


def _borders(text: str) -> list[int]:
    """For each prefix by its length, how much of its beginning it ends with, short of the whole."""
    borders = [0] * (len(text) + 1)
    border = 0
    for position in range(1, len(text)):
        while border and text[position] != text[border]:
            border = borders[border]
        border += text[position] == text[border]
        borders[position + 1] = border
    return borders
