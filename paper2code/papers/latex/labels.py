r"""Labels and the references to them: `\ref` becomes the printed number, and the part's id is noted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NAME = re.compile(r"[^\\{}\x00-\x1f]{1,100}")
_WORDED = frozenset(
    ["cref", "Cref", "autoref", "Autoref", "vref", "Vref", "fullref", "thref", "nameref", "nameCref"]
)


@dataclass(frozen=True)
class Target:
    """What a label points to: the part's id if it has one, its printed number, and the word cleveref sets."""

    id: str | None
    number: str
    word: str


@dataclass
class References:
    """Resolves references; `mentioned` collects the ids they lead to, `unknown` labels that are nowhere."""

    targets: Mapping[str, Target]
    mentioned: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    def resolve(self, command: str, keys: str) -> str:
        """What stands in the text for a reference to one or more labels, separated by commas.

        >>> References({"a": Target("eq1", "1", "Equation")}).resolve("cref", "a")
        'Equation (1)'
        """
        words: dict[str, list[str]] = {}
        for key in filter(_NAME.fullmatch, (key.strip() for key in keys.split(","))):
            target = self.targets.get(key)
            if target is None:
                self.unknown.add(key)
                words.setdefault("", []).append(f"[{key}]")
                continue
            if target.id:
                self.mentioned.append(target.id)
            in_brackets = command in {"eqref", "subref"} or (command in _WORDED and target.word == "Equation")
            number = target.number or target.id or key
            if command == "subref":
                number = number[-1:]
            word = target.word if command in _WORDED else ""
            words.setdefault(word, []).append(f"({number})" if in_brackets else number)
        return _listed(
            [f"{_plural(word, numbers)} {_listed(numbers)}".strip() for word, numbers in words.items()]
        )

    def resolve_range(self, command: str, first: str, last: str) -> str:
        """What stands for the labels from one to another: `Equations (1) to (3)`."""
        start, end = (self.resolve(command, key) for key in (first, last))
        word, _, number = start.rpartition(" ")
        same_word = word and end.startswith(f"{word} ")
        return (
            f"{_plural(word, [start, end])} {number} to {end.rpartition(' ')[2]}"
            if same_word
            else f"{start} to {end}"
        )


def _plural(word: str, numbers: list[str]) -> str:
    if len(numbers) < 2 or not word:
        return word
    return {"Appendix": "Appendices", "Corollary": "Corollaries"}.get(word, f"{word}s")


def _listed(numbers: list[str]) -> str:
    """`1`, `1 and 2`, `1, 2 and 3`."""
    return " and ".join(filter(None, [", ".join(numbers[:-1]), *numbers[-1:]]))
