"""The panels of a figure: their captions are no floats', but parts of the figure's, as `(a) ...`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from paper2code.papers.latex.commands import PICTURES
from paper2code.papers.latex.syntax import Argument, Tex, environments

_CAPTION = re.compile(r"\\(?:caption(?P<of>of\s*\{(?P<kind>[a-z]+)\})?|tbl)(?P<star>\*?)(?![A-Za-z@])")
_LABEL = re.compile(r"\\label\s*\{([^{}]*)\}")
_PANELS = frozenset(["subfigure", "subtable", "subfloat", "subcaptionblock"])
_PANEL_COMMAND = re.compile(r"\\(?:subfloat|subfigure|subcaptionbox|subcaption)(?![A-Za-z])")

FoundCaption = tuple[re.Match[str], Argument]
"""A caption command, and its argument."""


def captions(text: str) -> list[FoundCaption]:
    """The captions in a text, those of panels too."""
    tex = Tex(text)
    arguments = ((mark, tex.group(tex.past_options(mark.end()))) for mark in _CAPTION.finditer(text))
    return [(mark, argument) for mark, argument in arguments if argument]


def take_panels(text: str) -> tuple[str, str, Mapping[str, str]]:
    """A float's text without its panels' captions, these as `(a) ... (b) ...`, and the letters of labels."""
    found: list[str] = []
    letters: dict[str, str] = {}
    plain = "".join(_without_panels(text, found, letters))
    tex = Tex(plain)
    for mark in _PANEL_COMMAND.finditer(plain):
        option = tex.option(mark.end())
        groups, _ = tex.groups(option.after if option else mark.end(), 2)
        caption = option or (groups[0] if groups and "caption" in mark[0] else None)
        found.append(caption.text if caption else "")
        _note_labels([*filter(None, [option]), *groups], _letter(found), letters)
    shown = (
        f"({chr(ord('a') + index % 26)}) {panel.strip()}"
        for index, panel in enumerate(found)
        if panel.strip()
    )
    return plain, " ".join(shown), letters


def without_pictures(text: str) -> str:
    """A text without the programs that draw."""
    kept, at = [], 0
    for environment in environments(text):
        if environment.name in PICTURES and environment.start >= at:
            kept.append(text[at : environment.start])
            at = environment.end
    return "".join([*kept, text[at:]])


def _letter(panels: Sequence[str]) -> str:
    """The letter of the last panel."""
    return chr(ord("a") + (len(panels) - 1) % 26)


def _note_labels(arguments: Iterable[Argument], letter: str, letters: dict[str, str]) -> None:
    for argument in arguments:
        letters.update(dict.fromkeys(_LABEL.findall(argument.text), letter))


def _without_panels(text: str, found: list[str], letters: dict[str, str]) -> Iterator[str]:
    """The text around and in the panels; their captions go to `found`, their labels to `letters`."""
    tex, at = Tex(text), 0
    for environment in environments(text):
        if environment.name.rstrip("*") not in _PANELS or environment.start < at:
            continue
        yield text[at : environment.start]
        _, start = tex.groups(tex.past_options(environment.inner), 1)
        panel = text[start : environment.inner_end]
        at = 0
        for mark, caption in captions(panel):
            if mark.start() >= at:
                found.append(caption.text)
                yield panel[at : mark.start()]
                at = caption.after
                letters.update(dict.fromkeys(_LABEL.findall(panel), _letter(found)))
        yield panel[at:]
        at = environment.end
    yield text[at:]
