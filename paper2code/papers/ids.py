"""How the parts of a paper are named, and how its text names them: shared by every reader.

A part that the paper numbers keeps that number in its id (`s3.2`, `sA.1`, `eq3`, `fig1`, `tab2`, `alg1`), so
that an agent that reads "see Equation 3" can ask for `eq3`. A part without a number takes the next whole
number that the paper itself does not use. The parts of a supplement have the letter of their source before
the id (`b.s1`).
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import count
from typing import Literal

from paper2code.papers.model import FloatKind, SectionKind

Prefix = Literal["s", "eq", "fig", "tab", "alg", "lst"]

FLOAT_PREFIX: dict[FloatKind, Prefix] = {
    "figure": "fig",
    "table": "tab",
    "algorithm": "alg",
    "listing": "lst",
}
PLACED = r"(?:[b-z]\.)?(?:eq|fig|tab|alg|lst)[A-Za-z0-9.-]+"
"""What stands between brackets where an equation or float has its place in a text."""

_NUMBERED = re.compile(
    r"(?:(?P<word>Appendix|Appendices|Section|Chapter)\s+)?"
    r"(?P<number>[A-Z](?:\.?\d{1,2}){0,4}|\d{1,2}(?:\.\d{1,2}){0,4}|[IVX]{1,5})"
    r"(?P<mark>[.:)]|\s*[—–])?(?P<space>\s+|$)(?P<title>.*)",
    re.DOTALL,
)
_KEYWORDS: tuple[tuple[str, Prefix], ...] = (
    (r"Sections?|Secs?\.|Appendix|Appendices|Apps?\.|§+", "s"),
    (r"Equations?|Eqs?\.|Eqns?\.", "eq"),
    (r"Figures?|Figs?\.", "fig"),
    (r"Tables?|Tabs?\.", "tab"),
    (r"Algorithms?|Algs?\.", "alg"),
    (r"Listings?", "lst"),
)
_NUMBER = r"\(?(?:[A-Z](?:\.\d+)*|\d+(?:\.\d+)*)(?![A-Za-z]{2})[a-z]?\)?"
_JOIN = r"\s*(?:,\s*and|,|and|&|or|to|–|-)\s*(?:§\s*)?"
_MENTION = re.compile(
    "|".join(
        rf"(?<![A-Za-z])(?P<{prefix}>(?:{words})\s*{_NUMBER}(?:{_JOIN}{_NUMBER})*)"
        for words, prefix in _KEYWORDS
    )
    + rf"|\[(?P<placed>{PLACED})\]",
)
_REFERENCES = {"references", "bibliography", "literature cited", "works cited"}
_ASIDE = ("impact statement", "broader impact", "ethics", "ethical", "author contribution", "reproducibility",
          "checklist", "neurips paper checklist", "paper checklist", "funding", "disclosure")  # fmt: skip


def split_number(heading: str) -> tuple[str | None, str]:
    """Part a heading into its number and its title.

    >>> split_number("3.2. Multi-Head Attention"), split_number("Appendix B: Proofs"), split_number("A Study")
    (('3.2', 'Multi-Head Attention'), ('B', 'Proofs'), (None, 'A Study'))

    A lone capital counts as a number only with a mark after it or the word Appendix before it, because "A"
    and "I" are words too; a reader that knows the letter to be set as a number says so by adding the mark.
    """
    heading = " ".join(heading.split())
    match = _NUMBERED.fullmatch(heading)
    if match is None:
        return None, heading
    number = match["number"]
    is_word = number.isalpha() and not match["word"] and not match["mark"]
    is_year = number.isdigit() and not match["title"]
    if is_word or is_year:
        return None, heading
    return number, match["title"].strip() or heading


def level_of(number: str | None, default: int = 1) -> int:
    """The depth of a section by its number: `3` is 1, `3.2` and `A.1` are 2; at most 6."""
    return default if number is None else min(6, number.count(".") + 1)


def kind_of(title: str, *, in_appendix: bool = False) -> SectionKind:
    """What a section is for. Everything after the references or in the appendix counts as appendix."""
    plain = re.sub(r"[^a-z ]", "", title.lower()).strip()
    if plain in _REFERENCES:
        return "references"
    if plain.startswith("acknowledg"):
        return "acknowledgements"
    if plain.startswith(_ASIDE):
        return "other"
    if plain.startswith(("appendix", "appendices", "supplementary", "supplemental")):
        return "appendix"
    return "appendix" if in_appendix else "body"


def assign_ids(prefix: Prefix, numbers: Sequence[str | None]) -> tuple[str, ...]:
    """Name parts of one sort, in reading order, from the numbers that the paper gives them.

    >>> assign_ids("s", ["1", "1.1", None, "A.1", "1"])
    ('s1', 's1.1', 's2', 'sA.1', 's1-2')
    """
    clean = [re.sub(r"[^A-Za-z0-9.]", "", number or "").strip(".") for number in numbers]
    whole = [int(first) for number in clean if (first := number.split(".")[0]).isdecimal()]
    unused = count(max(whole, default=0) + 1)
    times: Counter[str] = Counter()
    ids = []
    for number in clean:
        name = f"{prefix}{number or next(unused)}"
        times[name] += 1
        ids.append(name if times[name] == 1 else f"{name}-{times[name]}")
    return tuple(ids)


def mentions(text: str, known: Collection[str]) -> tuple[str, ...]:
    """The ids, out of `known`, of the parts that a text names or holds, in order and without repetition.

    >>> mentions("By Eqs. (1)–(3) and Section 4, see Figs. 2a and 5.", {"eq2", "s4", "fig2", "tab1"})
    ('eq2', 's4', 'fig2')
    """
    found: dict[str, None] = {}
    for match in _MENTION.finditer(text):
        sort, words = str(match.lastgroup), match[0]
        named = [match["placed"]] if sort == "placed" else [sort + number for number in _numbers(words)]
        for name in named:
            part = name if name in known else name.rstrip("abcdefgh")
            if part in known:
                found[part] = None
    return tuple(found)


def split_source(part: str) -> tuple[str, str]:
    """Part an id into the letter of its source, empty for the paper itself, and the id in that source.

    >>> split_source("b.s3.2"), split_source("s3.2")
    (('b', 's3.2'), ('', 's3.2'))
    """
    letter, dot, own = part.partition(".")
    return (letter, own) if dot and len(letter) == 1 else ("", part)


def _numbers(mention: str) -> list[str]:
    """The numbers in "Eqs. (1)–(3), 5a": 1, 2, 3, 5a."""
    numbers: list[str] = []
    listed = re.sub(r"^(?:[A-Za-z]{2,}\.?|§+)\s*", "", mention)
    for dash, shown in re.findall(rf"(–|-|\bto\b)?\s*({_NUMBER})", listed):
        number = shown.strip("()")
        before = numbers[-1] if numbers else ""
        if dash and before.isdecimal() and number.isdecimal() and int(number) - int(before) < 50:
            numbers.extend(str(between) for between in range(int(before) + 1, int(number)))
        numbers.append(number)
    return numbers
