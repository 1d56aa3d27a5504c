"""Figures, tables, algorithms and listings of a LaTeX text: captions, rows, labels and numbers."""

import re

from paper2code.papers.latex.commands import KEPT_ENVIRONMENTS, PICTURES
from paper2code.papers.latex.counters import Counters
from paper2code.papers.latex.parts import FoundFloat
from paper2code.papers.latex.syntax import Argument, Environment, Tex, environments
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

_CAPTION = re.compile(r"\\(?:caption(?P<of>of\s*\{(?P<kind>[a-z]+)\})?|tbl)(?P<star>\*?)(?![A-Za-z@])")
_LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")
_LABEL_AFTER = re.compile(r"\s*\\label\s*\{[^{}]*\}")
_SUBFLOATS = frozenset(["subfigure", "subtable", "subfloat", "subcaptionblock"])
_SUBFLOAT = re.compile(r"\\(?:subfloat|subfigure|subcaptionbox|subcaption)(?![A-Za-z])")
_PLACEMENT = re.compile(r"\s*\[[^\]\n]{0,20}\]")
_OPTION = re.compile(r"(caption|label)\s*=\s*(\{(?:[^{}]|\{[^{}]*\})*\}|[^,\]]*)")


def read_float(environment: Environment, text: str, counters: Counters) -> list[FoundFloat]:
    """The floats in one environment: as many as it has captions, since two often stand side by side."""
    kind = FLOAT_ENVIRONMENTS[environment.name.rstrip("*")]
    inner = text[environment.inner : environment.inner_end]
    if environment.name.rstrip("*") in KEPT_ENVIRONMENTS:
        inner = text[environment.start : environment.end]
    inner, panels = _take_panels(_without_pictures(_PLACEMENT.sub("", inner, count=1)))
    captions = _captions(inner)
    if not captions:
        return [FoundFloat(kind, None, panels, inner, tuple((label, "") for label in _LABEL.findall(inner)))]
    pieces = _shared_out(inner, captions)
    return [
        _numbered(_kind_of(mark, kind), bool(mark["star"]), caption.text, piece, panels, counters)
        for (mark, caption), piece in zip(captions, pieces, strict=True)
    ]


def read_listing(code: str, counters: Counters) -> FoundFloat | None:
    """A listing with a caption of its own, as the `listings` package sets it; others are code in the text."""
    head = Tex(code[:4_000]).option(code.find("}") + 1)
    options = {key: value.strip().strip("{}") for key, value in _OPTION.findall(head.text)} if head else {}
    if "caption" not in options:
        return None
    number = counters.step(COUNTERS["listing"])
    labels = ((options["label"], number),) if options.get("label") else ()
    return FoundFloat("listing", number, options["caption"], code, labels)


def _kind_of(mark: re.Match[str], default: FloatKind) -> FloatKind:
    return FLOAT_ENVIRONMENTS.get(mark["kind"] or "", default)


def _numbered(
    kind: FloatKind, starred: bool, caption: str, piece: str, panels: str, counters: Counters
) -> FoundFloat:
    number = None if starred else counters.step(COUNTERS[kind])
    labels = tuple((label, number or "") for label in _LABEL.findall(caption + piece))
    return FoundFloat(kind, number, " ".join(filter(None, [caption, panels])), piece, labels)


def _captions(inner: str) -> list[tuple[re.Match[str], Argument]]:
    tex = Tex(inner)
    found = []
    for mark in _CAPTION.finditer(inner):
        if caption := tex.group(tex.past_options(mark.end())):
            found.append((mark, caption))
    return found


def _shared_out(inner: str, captions: list[tuple[re.Match[str], Argument]]) -> list[str]:
    """What belongs to each caption: all of it to a single one, else the text on the side the first one faces."""
    if len(captions) == 1:
        mark, caption = captions[0]
        return [inner[: mark.start()] + inner[caption.after :]]
    above = inner[: captions[0][0].start()]
    if "\\includegraphics" not in above and "\\begin{tabular" not in above:
        ends = [mark.start() for mark, _ in captions[1:]] + [len(inner)]
        return [inner[caption.after : end] for (_, caption), end in zip(captions, ends, strict=True)]
    pieces, at = [], 0
    for mark, caption in captions:
        label = _LABEL_AFTER.match(inner, caption.after)
        end = label.end() if label else caption.after
        pieces.append(inner[at : mark.start()] + inner[caption.after : end])
        at = end
    return pieces


def _take_panels(inner: str) -> tuple[str, str]:
    """Take the panels' own captions out, and return them as `(a) ... (b) ...`: they are no floats."""
    panels: list[str] = []
    kept: list[str] = []
    at = 0
    for environment in environments(inner):
        if environment.name.rstrip("*") in _SUBFLOATS and environment.start >= at:
            kept.append(inner[at : environment.start])
            panel = inner[environment.inner : environment.inner_end]
            captions = _captions(panel)
            panels.extend(caption.text for _, caption in captions)
            for mark, caption in reversed(captions):
                panel = panel[: mark.start()] + panel[caption.after :]
            kept.append(panel)
            at = environment.end
    inner = "".join([*kept, inner[at:]])
    tex = Tex(inner)
    panels.extend(
        option.text
        for mark in _SUBFLOAT.finditer(inner)
        if (option := tex.option(mark.end()) or (tex.group(mark.end()) if "caption" in mark[0] else None))
    )
    shown = (
        f"({chr(ord('a') + index % 26)}) {panel.strip()}"
        for index, panel in enumerate(panels)
        if panel.strip()
    )
    return inner, " ".join(shown)


def _without_pictures(inner: str) -> str:
    kept, at = [], 0
    for environment in environments(inner):
        if environment.name in PICTURES and environment.start >= at:
            kept.append(inner[at : environment.start])
            at = environment.end
    return "".join([*kept, inner[at:]])
