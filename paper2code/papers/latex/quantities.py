r"""Numbers with units, as siunitx writes them: `\SI{5}{\milli\second}` is 5 millisecond."""

import re

from paper2code.papers.latex.syntax import Tex

PARTS: dict[str, int] = {
    "num": 1, "ang": 1, "si": 1, "unit": 1, "SI": 2, "qty": 2, "numrange": 2, "numlist": 1, "SIrange": 3,
    "qtyrange": 3, "numproduct": 1, "qtyproduct": 2, "SIlist": 2, "qtylist": 2,
}  # fmt: skip
"""The commands, with how many arguments each has."""

_UNIT = re.compile(r"\\([A-Za-z]+)|([^\\]+)")
_PREFIXES = frozenset(
    ["pico", "nano", "micro", "milli", "centi", "deci", "kilo", "mega", "giga", "tera", "peta", "kibi",
     "mebi", "gibi", "tebi"]
)  # fmt: skip
_SIGNS = {
    "percent": "%",
    "degree": "°",
    "celsius": "°C",
    "degreeCelsius": "°C",
    "squared": "^2",
    "cubed": "^3",
}


def quantity(command: str, tex: Tex, at: int) -> tuple[str, int] | None:
    """What a command of siunitx shows, and the place after its arguments; None if it lacks one."""
    wanted = PARTS[command]
    groups, after = tex.groups(tex.past_options(at), wanted)
    if len(groups) < wanted:
        return None
    parts = [group.text.strip() for group in groups]
    if command in {"si", "unit"}:
        return _unit(parts[0]), after
    numbers = parts[: 2 if command.endswith("range") else 1]
    shown = "–".join(number.replace(";", ", ") for number in numbers)
    if command == "ang":
        return f"{shown}°", after
    unit = _unit(parts[-1]) if wanted > len(numbers) else ""
    return shown + (unit if unit[:1] in {"%", "°"} else f" {unit}".rstrip()), after


def _unit(latex: str) -> str:
    r"""The names of units in words: `\kilo\gram\per\second` is "kilogram per second"."""
    words: list[str] = []
    for name, text in _UNIT.findall(latex):
        sign = _SIGNS.get(name, name)
        if words and (words[-1] in _PREFIXES or sign[:1] == "^"):
            words[-1] += sign
        else:
            words.append(sign or text.replace(".", " ").replace("~", " ").strip())
    return " ".join(filter(None, words))
