"""Which figures of a paper are worth a look, when not all can be had."""

import re
from collections import Counter
from collections.abc import Sequence

from paper2code.papers.model import Float, Paper

_SHOWS_THE_METHOD = re.compile(
    r"\b(?:architecture|overview|models?|networks?|pipelines?|frameworks?|schematic|diagram)\b", re.IGNORECASE
)


def most_telling(paper: Paper, figures: Sequence[Float], most: int) -> tuple[Float, ...]:
    """At most so many of these figures, in the order of the paper.

    Those whose captions speak of an architecture go before others, and then those that the text names more.
    """
    named = Counter(ref for section in paper.sections for ref in section.refs)

    def rank(figure: Float) -> tuple[bool, int]:
        return not _SHOWS_THE_METHOD.search(figure.caption), -named[figure.id]

    chosen = {figure.id for figure in sorted(figures, key=rank)[:most]}
    return tuple(figure for figure in figures if figure.id in chosen)
