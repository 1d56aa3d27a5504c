"""Does the file read keys that config.yaml has?"""

import ast
from collections.abc import Iterator

from paper2code.artifacts import ExperimentConfig, Finding
from paper2code.checks.wording import alike, finding
from paper2code.checks.yaml_text import parse_yaml

_CONFIG_NAMES = {"config", "cfg", "conf"}


def find_unknown_config_keys(tree: ast.Module, config: ExperimentConfig) -> Iterator[Finding]:
    """Keys read by `config["key"]` that stand nowhere in config.yaml, on no level.

    A function may get a part of the configuration under that name, so a key counts wherever it stands; and
    a key that the file itself writes somewhere counts too.
    """
    try:
        values = parse_yaml(config.yaml)
    except ValueError:
        return
    if not isinstance(values, dict):
        return
    known = set(_keys(values))
    written = set(_written_keys(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and _is_config(node.value):
            key = _literal(node.slice)
            if key and key not in known and key not in written:
                yield finding(
                    "major",
                    node.lineno,
                    f"config.yaml has no key '{key}'{alike(key, known)}",
                    f"Read a key that it has, or take {key} as an argument.",
                )


def _is_config(node: ast.expr) -> bool:
    """Whether an expression is the configuration or, by literal keys, a part of it."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in _CONFIG_NAMES
        case ast.Subscript(value=value):
            return _is_config(value)
    return False


def _keys(values: object) -> Iterator[str]:
    if isinstance(values, dict):
        for key, value in values.items():
            yield str(key)
            yield from _keys(value)
    elif isinstance(values, list):
        for value in values:
            yield from _keys(value)


def _written_keys(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Dict(keys=keys):
                yield from filter(None, map(_literal, keys))
            case ast.Subscript(slice=key, ctx=ast.Store()):
                yield _literal(key)
            case ast.keyword(arg=str(name)):
                yield name


def _literal(node: ast.expr | None) -> str:
    """The text of a string literal, or nothing."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
