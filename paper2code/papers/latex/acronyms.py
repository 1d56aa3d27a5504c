r"""Acronyms, as the packages glossaries, acronym and acro write them: in full once, then short.

A paper defines them beside its text (`\newacronym{cnn}{CNN}{convolutional network}`) and names them by a key
(`\gls{cnn}`), so that the text alone would not say what they are.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from paper2code.papers.latex.syntax import Tex

_DEFINITION = re.compile(r"\\(newacronym|acrodef|acro|newacro|DeclareAcronym|newglossaryentry)(?![A-Za-z])")
_USE = re.compile(
    r"\\(?P<package>[gG]ls|GLS|[aA]c(?:r)?)(?P<form>short|long|full|xtr(?:short|long|full)|[sfl]p?)?(?P<plural>pl|p)?\*?"
    r"(?=[\[{])"
)
_FIELD = re.compile(r"(short|long|name|description)\s*=\s*(\{(?:[^{}]|\{[^{}]*\})*\}|[^,{}]+)")


@dataclass(frozen=True)
class Acronym:
    """A short form and what it stands for, which is empty for a term of a glossary."""

    short: str
    long: str


def spell_acronyms(text: str) -> str:
    """The text with its acronyms written out; definitions go, and keys that nothing defines stay."""
    tex = Tex(text)
    known, plain = _definitions(tex)
    if not known:
        return text
    return "".join(_spelled(Tex(plain), known))


def _definitions(tex: Tex) -> tuple[Mapping[str, Acronym], str]:
    """The acronyms by their keys, and the text without their definitions."""
    known: dict[str, Acronym] = {}
    kept, at = [], 0
    for mark in _DEFINITION.finditer(tex.text):
        read = _definition(tex, mark[1], mark.end())
        if read is None or mark.start() < at:
            continue
        key, acronym, after = read
        known.setdefault(key, acronym)
        kept.append(tex.text[at : mark.start()])
        at = after
    return known, "".join([*kept, tex.text[at:]])


def _definition(tex: Tex, command: str, at: int) -> tuple[str, Acronym, int] | None:
    if command in {"DeclareAcronym", "newglossaryentry"}:
        groups, after = tex.groups(at, 2)
        if len(groups) < 2:
            return None
        fields = {name: value.strip(" {}\n") for name, value in _FIELD.findall(groups[1].text)}
        short = fields.get("short") or fields.get("name")
        return (groups[0].text.strip(), Acronym(short, fields.get("long", "")), after) if short else None
    if command == "newacronym":
        groups, after = tex.groups(tex.past_options(at), 3)
        if len(groups) < 3:
            return None
        return groups[0].text.strip(), Acronym(groups[1].text, groups[2].text), after
    key = tex.group(at)
    short = tex.option(key.after) if key else None
    long = tex.group(short.after if short else key.after) if key else None
    if key is None or long is None:
        return None
    return key.text.strip(), Acronym(short.text if short else key.text, long.text), long.after


def _spelled(tex: Tex, known: Mapping[str, Acronym]) -> Iterator[str]:
    at, seen = 0, set[str]()
    for use in _USE.finditer(tex.text):
        key = tex.group(tex.past_options(use.end()))
        acronym = known.get(key.text.strip()) if key else None
        if key is None or acronym is None or use.start() < at:
            continue
        form = (use["form"] or "").removeprefix("xtr")
        plural = "s" if use["plural"] or form.endswith("p") else ""
        shown = _form(acronym, form[:1], plural, is_first=key.text not in seen)
        seen.add(key.text)
        yield tex.text[at : use.start()]
        yield shown[:1].upper() + shown[1:] if use["package"][0].isupper() else shown
        at = key.after
    yield tex.text[at:]


def _form(acronym: Acronym, form: str, plural: str, *, is_first: bool) -> str:
    short, long = acronym.short + plural, acronym.long + plural
    if form == "l" and acronym.long:
        return long
    if acronym.long and (form == "f" or (is_first and not form)):
        return f"{long} ({short})"
    return short
