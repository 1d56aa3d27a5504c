"""Does the file repeat a value that config.yaml holds?"""

import ast
from collections.abc import Iterable, Iterator

from paper2code.artifacts import ExperimentConfig, FileDependencies, Finding
from paper2code.checks.modules import is_test
from paper2code.checks.source.config_keys import parsed
from paper2code.checks.source.scopes import Scope, Scopes
from paper2code.checks.wording import finding

_ALIASES = {"lr": "learning_rate", "bs": "batch_size", "num_epochs": "epochs", "n_epochs": "epochs"}
_SAID_BY_ANYTHING = {0, 1, -1, 2, 10, 100, "", "cpu", "cuda", "auto", "mean", "sum", "none"}


def find_hard_coded_values(
    scopes: Scopes, config: ExperimentConfig, needs: FileDependencies
) -> Iterator[Finding]:
    """Names that are given the very value that config.yaml has under the same name.

    Defaults of parameters and fields aren't meant: a caller can replace them.

    Args:
        scopes: The draft.
        config: The text of config.yaml.
        needs: The keys that the file is meant to read: one that it doesn't read at all is a sure fault.
    """
    values = parsed(config)
    if values is None or is_test(needs.path):
        return
    held = dict(_scalars(values, ()))
    words = _words(scopes.nodes)
    for node, name, value in _named_constants(scopes):
        for path, held_value in held.items():
            leaf = path[-1]
            if not (_is_same_name(name, leaf) and _is_telling(value) and _is_same(held_value, value)):
                continue
            if sum(other[-1] == leaf for other in held) > 1:
                continue
            is_owed = ".".join(path) in needs.config_keys and leaf not in words
            yield finding(
                "hard-coded",
                "major" if is_owed else "minor",
                node.lineno,
                f"`{name} = {value!r}` repeats {'.'.join(path)} of config.yaml, which then changes nothing.",
                f"Read {'.'.join(path)} from the configuration.",
            )


def _scalars(values: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(values, dict):
        for key, value in values.items():
            yield from _scalars(value, (*path, str(key)))
    elif isinstance(values, int | float | str) and path:
        yield path, values


def _words(nodes: Iterable[ast.AST]) -> set[str]:
    """Every text and attribute by which the file could read a key."""
    found = set()
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)):
                found.add(text)
            case ast.Attribute(attr=name):
                found.add(name)
    return found


def _named_constants(scopes: Scopes) -> Iterator[tuple[ast.expr, str, object]]:
    """Constants with the names that they are given by assignments and keywords."""
    for node, scope in scopes:
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name) | ast.Attribute(attr=name)], value=ast.Constant() as value
            ):
                if not _is_field(scope):
                    yield value, name, value.value
            case ast.Call(keywords=keywords, func=function) if not _takes_defaults(function):
                for keyword in keywords:
                    if keyword.arg and isinstance(keyword.value, ast.Constant):
                        yield keyword.value, keyword.arg, keyword.value.value


def _is_field(scope: Scope) -> bool:
    return isinstance(scope.node, ast.ClassDef)


def _takes_defaults(function: ast.expr) -> bool:
    """Whether a call declares an option or a field, whose keyword `default` is none of ours anyway."""
    return isinstance(function, ast.Attribute) and function.attr in {
        "add_argument",
        "setdefault",
        "get",
        "option",
    }


def _is_same_name(name: str, leaf: str) -> bool:
    lowered = name.lower()
    return leaf in {lowered, _ALIASES.get(lowered, lowered)} or _ALIASES.get(leaf, leaf) == lowered


def _is_telling(value: object) -> bool:
    return (
        not isinstance(value, bool)
        and isinstance(value, int | float | str)
        and value not in _SAID_BY_ANYTHING
    )


def _is_same(held: object, value: object) -> bool:
    if isinstance(held, bool):
        return False
    if isinstance(held, str) and isinstance(value, int | float):
        try:
            return float(held) == value  # PyYAML reads 1e-4 as text
        except ValueError:
            return False
    return held == value
