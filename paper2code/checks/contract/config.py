"""Faults of a configuration that code can find."""

from collections.abc import Iterator, Sequence

from paper2code.artifacts import Dependencies, DesignFault, ExperimentConfig
from paper2code.checks.wording import fault, listed
from paper2code.checks.yaml_text import numbers_read_as_text, parse_yaml

_WHOLE = {"config", "cfg"}
"""What stands in front of a dotted key for the configuration as a whole."""
_SMOKE = "smoke."
"""The section whose values replace others in smoke runs: whoever reads those reads these."""


def find_config_faults(config: ExperimentConfig, dependencies: Dependencies) -> tuple[DesignFault, ...]:
    """Where config.yaml and the files that read it do not agree, each fault with what would mend it.

    A key that no file declares is one, unless no file declares any: its value would change nothing.

    Args:
        config: The text of config.yaml.
        dependencies: The keys that each file declares.

    Returns:
        Faults of the rule `config`; empty for a sound configuration.
    """
    try:
        values = parse_yaml(config.yaml)
    except ValueError as error:
        return (_fault("config.yaml", f"config.yaml isn't YAML: {error}. Mend that line."),)
    if not isinstance(values, dict):
        return (_fault("config.yaml", "config.yaml must be a mapping with the sections as its keys."),)
    return (
        *_misread_numbers(config.yaml),
        *_missing_keys(values, dependencies),
        *_undeclared_keys(values, dependencies),
    )


def _misread_numbers(text: str) -> Iterator[DesignFault]:
    for number, line in numbers_read_as_text(text):
        yield _fault(
            number,
            f"Line {line}: PyYAML reads {number} as text, not as a number. Write {_with_point(number)}.",
        )


def _missing_keys(values: dict[object, object], dependencies: Dependencies) -> Iterator[DesignFault]:
    readers: dict[str, list[str]] = {}
    for file in dependencies.files:
        for key in dict.fromkeys(file.config_keys):
            readers.setdefault(key, []).append(file.path)
    for key, paths in readers.items():
        if not has_key(values, key):
            yield _fault(
                key,
                f"config.yaml lacks {key}, which is read by {', '.join(paths)}. Add it, or settle the name.",
            )


def _undeclared_keys(values: dict[object, object], dependencies: Dependencies) -> Iterator[DesignFault]:
    declared = [_parts(key) for file in dependencies.files for key in file.config_keys]
    undeclared = [
        key
        for key, _ in leaves(values)
        if not key.startswith(_SMOKE) and not any(_concerns(own, key.split(".")) for own in declared)
    ]
    if declared and undeclared:
        yield _fault(
            undeclared[0],
            f"No file declares that it reads {listed(undeclared)}. Take out what nobody reads, or write it "
            "under the key that a file reads.",
        )


def _parts(dotted: str) -> Sequence[str]:
    first, *rest = dotted.split(".")
    return rest if first in _WHOLE else [first, *rest]


def _concerns(declared: Sequence[str], leaf: Sequence[str]) -> bool:
    """Whether a declared key is this one, a section around it, or a part of its value."""
    return all(part in {"*", name} for part, name in zip(declared, leaf, strict=False))


def has_key(values: object, dotted: str) -> bool:
    """Whether a dotted key leads somewhere; see `values_at`.

    >>> has_key({"train": {"lr": 0.1}}, "train.lr"), has_key({"train": {"lr": 0.1}}, "*.epochs")
    (True, False)
    """
    return bool(values_at(values, dotted))


def values_at(values: object, dotted: str) -> list[object]:
    """What a dotted key leads to; `*` stands for any key, and `config.` in front for nothing.

    >>> values_at({"adam": {"lr": 0.1}, "sgd": {"lr": 0.2}}, "*.lr")
    [0.1, 0.2]
    """
    first, _, rest = dotted.partition(".")
    if first in _WHOLE and isinstance(values, dict) and first not in values:
        return values_at(values, rest) if rest else [values]
    return list(_leading(values, dotted.split(".")))


def leaves(
    values: object, prefix: str = "", around: frozenset[int] = frozenset()
) -> Iterator[tuple[str, object]]:
    """The dotted keys of nested mappings that hold no further mapping, with what they hold.

    A mapping that an alias puts inside itself is passed over there.

    >>> list(leaves({"train": {"lr": 0.1, "steps": [1, 2]}}))
    [('train.lr', 0.1), ('train.steps', [1, 2])]
    """
    if not isinstance(values, dict) or id(values) in around:
        return
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, f"{prefix}{key}.", around | {id(values)})
        else:
            yield f"{prefix}{key}", value


def _leading(values: object, keys: list[str]) -> Iterator[object]:
    if not keys:
        yield values
    elif isinstance(values, dict):
        first, *rest = keys
        for key, value in values.items():
            if first in {"*", str(key)}:
                yield from _leading(value, rest)


def _with_point(number: str) -> str:
    """A number with an exponent, as YAML 1.1 wants it."""
    mantissa, _, exponent = number.lower().partition("e")
    point = "" if "." in mantissa.rstrip(".") else ".0"
    sign = "" if exponent[0] in "+-" else "+"
    return f"{mantissa.rstrip('.')}{point}e{sign}{exponent}"


def _fault(subject: str, problem: str) -> DesignFault:
    return fault("config", subject, problem)
