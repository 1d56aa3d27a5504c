"""Figures, tables, algorithms and listings of a LaTeX text: captions, rows, labels and numbers."""

import re
from collections.abc import Iterator

from paper2code.papers.latex.commands import ENVIRONMENT_ARGUMENTS, KEPT_ENVIRONMENTS
from paper2code.papers.latex.counters import Counters
from paper2code.papers.latex.panels import FoundCaption, captions, take_panels, without_pictures
from paper2code.papers.latex.parts import FoundFloat
from paper2code.papers.latex.syntax import Environment, Tex
from paper2code.papers.model import FloatKind

FLOAT_ENVIRONMENTS: dict[str, FloatKind] = {
    "figure": "figure",
    "wrapfigure": "figure",
    "sidewaysfigure": "figure",
    "SCfigure": "figure",
    "teaserfigure": "figure",
    "marginfigure": "figure",
    "table": "table",
    "wraptable": "table",
    "sidewaystable": "table",
    "longtable": "table",
    "margintable": "table",
    "algorithm": "algorithm",
    "algorithm2e": "algorithm",
    "listing": "listing",
}
"""Environments that float, without their starred forms."""

_BOXES: dict[str, FloatKind] = {"minipage": "figure", "center": "figure", "strip": "figure"}

COUNTERS: dict[FloatKind, str] = {
    "figure": "figure",
    "table": "table",
    "algorithm": "algorithm",
    "listing": "lstlisting",
}
WORDS: dict[FloatKind, str] = {
    "figure": "Figure",
    "table": "Table",
    "algorithm": "Algorithm",
    "listing": "Listing",
}

LONGEST_HEAD = 4_000

_LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")
_LABEL_AFTER = re.compile(r"\s*\\label\s*\{[^{}]*\}")
_ROW_END = re.compile(r"\A(\s*(?:\\label\s*\{[^{}]*\}\s*)?)\\\\(?:\*|\[[^\]]*\])?")
_LINE_OR_LABEL = re.compile(
    r"\\label\s*\{(?P<label>[^{}]*)\}"
    r"|\\(?:End)?(?:State|For|ForAll|While|If|ElsIf|Else|Repeat|Until|Loop|Function|Procedure)(?![A-Za-z])"
    r"|\\(?:END)?(?:STATE|FOR|FORALL|WHILE|IF|ELSIF|ELSE|REPEAT|UNTIL|LOOP|RETURN|PRINT)(?![A-Za-z])"
)
_CODE_BEGIN = re.compile(r"\A\\begin\{[^}]*\}(?:[ \t]*\[[^\]]*\])?(?:\{[^}\n]*\})?")
_CODE_END = re.compile(r"\\end\{[^}]*\}\Z")
_OPTION = re.compile(r"(caption|label)\s*=\s*(\{(?:[^{}]|\{[^{}]*\})*\}|[^,\]]*)")


def read_float(environment: Environment, text: str, counters: Counters) -> list[FoundFloat]:
    """The floats in one environment: as many as it has captions, since two often stand side by side."""
    kind = (FLOAT_ENVIRONMENTS | _BOXES)[environment.name.rstrip("*")]
    inner = text[_past_arguments(environment, text) : environment.inner_end]
    if environment.name.rstrip("*") in KEPT_ENVIRONMENTS:
        inner = text[environment.start : environment.end]
    inner, panels, letters = take_panels(without_pictures(inner))
    found = captions(inner)
    if not found:
        return [FoundFloat(kind, None, panels, inner, tuple((label, "") for label in _LABEL.findall(inner)))]
    floats = []
    for (mark, caption), piece in zip(found, _shared_out(inner, found), strict=True):
        own_kind = FLOAT_ENVIRONMENTS.get(mark["kind"] or "", kind)
        number = None if mark["star"] else counters.step(COUNTERS[own_kind])
        labels = tuple(
            (label, (number or "") + letters.get(label, "")) for label in _LABEL.findall(caption.text + piece)
        )
        lines = _lines(piece) if own_kind == "algorithm" else ()
        floats.append(
            FoundFloat(own_kind, number, f"{caption.text} {panels}", piece, labels, lines=tuple(lines))
        )
    return floats


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """The labels at lines of pseudocode (of algorithmicx and algorithmic), each with its line's number."""
    count = 0
    for mark in _LINE_OR_LABEL.finditer(text):
        if mark["label"] is None:
            count += 1
        elif count:
            yield mark["label"], str(count)


def _past_arguments(environment: Environment, text: str) -> int:
    """The place in a float after where and how wide it is to be set."""
    tex = Tex(text[environment.inner : environment.inner_end][:LONGEST_HEAD])
    wanted = ENVIRONMENT_ARGUMENTS.get(environment.name.rstrip("*"), 0)
    _, after = tex.groups(tex.past_options(0), wanted)
    return environment.inner + tex.past_options(after)


def is_captioned_box(environment: Environment, text: str) -> bool:
    r"""Whether an environment floats only because `\captionof` stands in it."""
    return environment.name in _BOXES and "\\captionof" in text[environment.inner : environment.inner_end]


def read_listing(code: str, counters: Counters) -> FoundFloat | None:
    """A listing with a caption of its own, as the `listings` package sets it; others are code in the text."""
    head = Tex(code[:LONGEST_HEAD]).option(code.find("}") + 1)
    options = {key: value.strip().strip("{}") for key, value in _OPTION.findall(head.text)} if head else {}
    if "caption" not in options:
        return None
    number = counters.step(COUNTERS["listing"])
    labels = ((options["label"], number),) if options.get("label") else ()
    return FoundFloat("listing", number, options["caption"], code_of(code), labels, is_code=True)


def code_of(environment: str) -> str:
    """The program in a verbatim environment, without the environment's marks and options."""
    inner = _CODE_END.sub("", _CODE_BEGIN.sub("", environment))
    return inner.strip("\n").rstrip()


def _shared_out(inner: str, found: list[FoundCaption]) -> list[str]:
    """What belongs to each caption: all to a single one, else the text on the side the first one faces."""
    if len(found) == 1:
        mark, caption = found[0]
        return [inner[: mark.start()] + _ROW_END.sub(r"\1", inner[caption.after :], count=1)]
    above = inner[: found[0][0].start()]
    if "\\includegraphics" not in above and "\\begin{tabular" not in above:
        ends = [mark.start() for mark, _ in found[1:]] + [len(inner)]
        return [inner[caption.after : end] for (_, caption), end in zip(found, ends, strict=True)]
    pieces, at = [], 0
    for mark, caption in found:
        label = _LABEL_AFTER.match(inner, caption.after)
        end = label.end() if label else caption.after
        pieces.append(inner[at : mark.start()] + inner[caption.after : end])
        at = end
    return pieces
