"""One line of mathematics or prose as text: scripts written as `_{ }` and `^{ }`."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from paper2code.papers.pdf import symbols
from paper2code.papers.pdf.spans import Span

SMALL = 0.86
_WORD_GAP = 0.19  # of the size
_WIDE_GAP = 0.9


def linear(spans: Sequence[Span]) -> str:
    """The text of one line, scripts written as `_{ }` and `^{ }`.

    Spans smaller than the line's own size and off its baseline are scripts; scripts of scripts likewise.
    """
    text = _scripts(_with_gaps(spans)) if spans else ""
    text = re.sub(r"(?<=[})\]]) +(?=[,.;:)\]])|(?<=[(\[]) +", "", " ".join(text.split()))
    text = re.sub(r"(?<=[=≤≥≈⪯⪰+])(?=[∑∏∫√‖\[({])", " ", text)
    return symbols.compose_accents(text)


def _with_gaps(spans: Sequence[Span]) -> list[Span]:
    """The spans with a blank where the next one stands apart."""
    apart = [_stands_apart(after, before) for before, after in pairwise(spans)]
    return [
        replace(span, text=f"{span.text.rstrip()} ") if gap else span
        for span, gap in zip(spans, [*apart, False], strict=True)
    ]


def _stands_apart(span: Span, before: Span) -> bool:
    """Whether there is a wide gap before a span, or the gap of a word after a big bracket."""
    gap = (span.x - before.right) / span.size
    is_word = before.loose and not span.face.math and span.text[:1].isalpha()
    return gap > (_WORD_GAP if is_word else _WIDE_GAP)


def baseline(spans: Iterable[Span]) -> tuple[float, float]:
    """The baseline and the size of a line: those of most characters among its largest spans."""
    spans = list(spans)
    largest = max(span.size for span in spans)
    full = [span for span in spans if span.size >= SMALL * largest]
    weight: Counter[tuple[float, float]] = Counter()
    for span in [span for span in full if not span.loose] or full:
        weight[round(span.y, 1), span.size] += len(span.text)
    (y, size), _ = weight.most_common(1)[0]
    return y, size


@dataclass
class _Writer:
    """A line as it is written: text with an open script."""

    text: str = ""

    def script(self, mark: str, inside: str) -> None:
        body = self.text.rstrip()
        if mark == "^" and inside and set(inside) <= {"′"}:
            self.text = body + inside
        else:
            self.text = f"{body}{mark}{{{inside}}}"


def _scripts(spans: Sequence[Span]) -> str:
    y, size = baseline(spans)
    writer = _Writer()
    position = 0
    while position < len(spans):
        span = spans[position]
        mark = _mark(span, y, size)
        if mark is None:
            writer.text += span.text
            position += 1
            continue
        end = position + 1
        while end < len(spans) and (
            _mark(spans[end], y, size) == mark or _is_nested(spans[end], spans[position])
        ):
            end += 1
        group = spans[position:end]
        inside = "".join(_scripts(group).split()) if _is_formula(group) else _scripts(group).strip()
        writer.script(mark, inside)
        if group[-1].text.endswith(" "):
            writer.text += " "
        position = end
    return writer.text


def _is_formula(group: Sequence[Span]) -> bool:
    return sum(len(span.text) for span in group) < 12


def _mark(span: Span, y: float, size: float) -> str | None:
    """Whether a span is a superscript or a subscript of a line, or neither."""
    shift = (span.y - y) / size
    if span.size > SMALL * size or (span.loose and abs(shift) < 0.35):
        return None
    if shift > 0.12:
        return "^"
    return "_" if shift < -0.06 else None


def _is_nested(span: Span, script: Span) -> bool:
    return span.size < SMALL * script.size and abs(span.y - script.y) < 0.8 * script.size
