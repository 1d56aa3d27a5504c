"""Labels and the references to them: `\\ref` becomes the printed number, and the part's id is noted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_WORDED = frozenset(["cref", "Cref", "autoref", "Autoref", "vref", "Vref", "fullref", "thref"])


@dataclass(frozen=True)
class Target:
    """What a label points to: the part's id if it has one, its printed number, and the word cleveref sets."""

    id: str | None
    number: str
    word: str


@dataclass
class References:
    """Resolves references; `mentioned` collects the ids they lead to, `unknown` the labels that are nowhere."""

    targets: Mapping[str, Target]
    mentioned: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    def resolve(self, command: str, keys: str) -> str:
        """What stands in the text for a reference to one or more labels, separated by commas.

        >>> References({"a": Target("eq1", "1", "Equation")}).resolve("cref", "a")
        'Equation (1)'
        """
        numbers: list[str] = []
        words: list[str] = []
        for key in filter(None, (key.strip() for key in keys.split(","))):
            target = self.targets.get(key)
            if target is None:
                self.unknown.add(key)
                numbers.append(f"[{key}]")
                continue
            if target.id:
                self.mentioned.append(target.id)
            in_brackets = command == "eqref" or (command in _WORDED and target.word == "Equation")
            number = target.number or target.id or key
            numbers.append(f"({number})" if in_brackets else number)
            words.append(target.word)
        if command not in _WORDED or not words:
            return _listed(numbers)
        word = _plural(words[0]) if len(numbers) > 1 else words[0]
        return f"{word} {_listed(numbers)}".strip()


def _plural(word: str) -> str:
    return {"Appendix": "Appendices", "Corollary": "Corollaries", "": ""}.get(word, f"{word}s")


def _listed(numbers: list[str]) -> str:
    """`1`, `1 and 2`, `1, 2 and 3`."""
    return " and ".join(filter(None, [", ".join(numbers[:-1]), *numbers[-1:]]))
