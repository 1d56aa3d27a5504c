"""Faults of a configuration that code can find."""

from collections.abc import Iterator

from paper2code.artifacts import Dependencies, DesignFault, ExperimentConfig
from paper2code.checks.wording import fault
from paper2code.checks.yaml_text import numbers_read_as_text, parse_yaml


def find_config_faults(config: ExperimentConfig, dependencies: Dependencies) -> tuple[DesignFault, ...]:
    """What keeps the planned files from reading their configuration, each fault with what would mend it.

    Args:
        config: The text of config.yaml.
        dependencies: The keys that each file reads.

    Returns:
        Faults of the rule `config`; empty for a sound configuration.
    """
    try:
        values = parse_yaml(config.yaml)
    except ValueError as error:
        return (_fault("config.yaml", f"config.yaml isn't YAML: {error}. Mend that line."),)
    if not isinstance(values, dict):
        return (_fault("config.yaml", "config.yaml must be a mapping with the sections as its keys."),)
    return (*_misread_numbers(config.yaml), *_missing_keys(values, dependencies))


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
    if first in {"config", "cfg"} and isinstance(values, dict) and first not in values:
        return values_at(values, rest) if rest else [values]
    return list(_leading(values, dotted.split(".")))


def leaves(values: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    """The dotted keys of nested mappings that hold no further mapping, with what they hold.

    >>> list(leaves({"train": {"lr": 0.1, "steps": [1, 2]}}))
    [('train.lr', 0.1), ('train.steps', [1, 2])]
    """
    if not isinstance(values, dict):
        return
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, f"{prefix}{key}.")
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
