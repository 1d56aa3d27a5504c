"""What a paper declares about its own numbering: counters that it resets or restyles, and its theorems."""

import re

from paper2code.papers.latex.counters import Counters
from paper2code.papers.latex.syntax import Tex

_COUNTER_FORMAT = re.compile(r"\s*\{?\s*\\the([A-Za-z]+)\s*\}?\s*(?=\{)")
_THEOREM_COMMANDS = frozenset(["newtheorem", "spnewtheorem", "newmdtheoremenv"])
_KEY = re.compile(r"([a-z]+)\s*=\s*(\{[^{}]*\}|[^,{}]*)")
_SHARED = ("sibling", "numberlike", "sharenumber")
_WITHIN = ("numberwithin", "within", "parent")
_USUAL_THEOREMS = (
    "theorem",
    "lemma",
    "proposition",
    "corollary",
    "definition",
    "assumption",
    "remark",
    "claim",
)


class Declarations:
    """A paper's counters, and its theorem environments: name to counter (empty: unnumbered) and title."""

    def __init__(self) -> None:
        self.counters = Counters()
        self.theorems = {name: (name, name.capitalize()) for name in _USUAL_THEOREMS}
        self.letters_sections = False

    def follow(self, tex: Tex, command: str, at: int) -> int | None:
        """Take in a command about counters; the place after it, or None when it is about something else."""
        if command == "declaretheorem":
            return self._declare_theorem(tex, at)
        if command.rstrip("*") in _THEOREM_COMMANDS:
            return self._new_theorem(tex, tex.past_options(at), numbered=not command.endswith("*"))
        if command.rstrip("*") in {"renewcommand", "def"}:
            return self._restyle(tex, at)
        groups, after = tex.groups(at, 2)
        if len(groups) < 2:
            return None
        name, value = groups[0].text.strip(), groups[1].text.strip()
        if command in {"numberwithin", "counterwithin"}:
            self.counters.within(name, value)
        elif re.fullmatch(r"-?\d{1,6}", value):
            base = self.counters.values[name] if command == "addtocounter" else 0
            self.counters.set(name, base + int(value))
        return after

    def _restyle(self, tex: Tex, at: int) -> int | None:
        head = _COUNTER_FORMAT.match(tex.text, at)
        body = tex.group(head.end()) if head else None
        if head is None or body is None:
            return None
        self.counters.formats[head[1]] = body.text
        self.letters_sections = self.letters_sections or (head[1] == "section" and r"\Alph" in body.text)
        return body.after

    def _new_theorem(self, tex: Tex, at: int, *, numbered: bool) -> int | None:
        name = tex.group(at)
        shared = tex.option(name.after) if name else None
        title = tex.group(shared.after if shared else name.after) if name else None
        if name is None or title is None:
            return None
        within = tex.option(title.after)
        counter = shared.text.strip() if shared else name.text.strip()
        if within and not shared:
            self.counters.within(counter, within.text.strip())
        self.theorems[name.text.strip()] = (counter if numbered else "", title.text)
        return within.after if within else title.after

    def _declare_theorem(self, tex: Tex, at: int) -> int | None:
        r"""`\declaretheorem[name=Lemma,sibling=theorem]{lemma}`, of the package thmtools."""
        before = tex.option(at)
        names = tex.group(before.after if before else at)
        if names is None:
            return None
        after = tex.option(names.after)
        options = dict(_KEY.findall(f"{before.text if before else ''},{after.text if after else ''}"))
        options = {key: value.strip(" {}") for key, value in options.items()}
        for name in filter(None, (name.strip() for name in names.text.split(","))):
            shared = next((options[key] for key in _SHARED if options.get(key)), "")
            if within := next((options[key] for key in _WITHIN if options.get(key)), ""):
                self.counters.within(name, within)
            title = options.get("name") or options.get("title") or name.capitalize()
            self.theorems[name] = ("" if options.get("numbered") == "no" else shared or name, title)
        return after.after if after else names.after
