"""Does the file read keys that config.yaml has?"""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache

from paper2code.artifacts import ExperimentConfig, Finding
from paper2code.checks.source.scopes import Scope, Scopes
from paper2code.checks.wording import alike, finding, listed
from paper2code.checks.yaml_text import parse_yaml

CONFIG_NAMES = frozenset({"config", "cfg", "conf"})
"""What variables and attributes are called that hold the configuration or a part of it."""
_DEEPEST = 10


def find_unknown_config_keys(scopes: Scopes, config: ExperimentConfig) -> Iterator[Finding]:
    """Keys read by `config["key"]` that don't stand in config.yaml where they are looked for.

    A function may get a part of the configuration under that name, so the first key counts wherever it
    stands, and those after it below it. A key that the file itself writes somewhere counts too.
    """
    values = parsed(config)
    if values is None:
        return
    written = set(_written_keys(scopes.nodes))
    for node, scope in scopes:
        read = _read(node)
        if read is None or read[2] in written:
            continue
        reading, value, key = read
        places = _places(value, scope, values, _DEEPEST)
        if places is None:
            continue
        known = {str(name) for place in places if isinstance(place, dict) for name in place}
        is_sure = all(isinstance(place, dict) for place in places)
        if is_sure and key not in known:
            yield finding(
                "config-key",
                "major",
                reading.lineno,
                f"`{ast.unparse(reading)}`: config.yaml has no key '{key}' there{alike(key, known)}",
                f"Read a key that it has there ({listed(sorted(known), 20)}), or take {key} as an argument.",
            )


def parsed(config: ExperimentConfig) -> dict[object, object] | None:
    """The values of config.yaml, or None if it holds no mapping."""
    return _parsed(config.yaml)


@lru_cache(maxsize=4)  # every file of a run is checked against the same one
def _parsed(text: str) -> dict[object, object] | None:
    try:
        values = parse_yaml(text)
    except ValueError:
        return None
    return values if isinstance(values, dict) else None


def _read(node: ast.AST) -> tuple[ast.expr, ast.expr, str] | None:
    """A reading of a literal key, with what it is read from; a missing key raises, or gives None."""
    match node:
        case ast.Subscript(value=value, slice=ast.Constant(value=str(key)), ctx=ast.Load()):
            return node, value, key
        case ast.Call(
            func=ast.Attribute(value=value, attr="get"), args=[ast.Constant(value=str(key))], keywords=[]
        ):
            return node, value, key
    return None


def _places(node: ast.expr, scope: Scope, values: dict[object, object], left: int) -> list[object] | None:
    """All parts of the configuration that an expression may be; None if it is nothing of the sort."""
    match node:
        case ast.Name(id=name):
            binding = scope.only(name)
            if binding is not None and binding.value is not None and left:
                found = _places(binding.value, scope, values, left - 1)
                if found is not None or not isinstance(binding.value, ast.Call):
                    return found
            return list(_mappings(values)) if name in CONFIG_NAMES else None
        case ast.Attribute(attr=name):
            return list(_mappings(values)) if name in CONFIG_NAMES else None
        case (
            ast.Subscript(value=value, slice=ast.Constant(value=str(key)))
            | ast.Call(
                func=ast.Attribute(value=value, attr="get"), args=[ast.Constant(value=str(key))], keywords=[]
            )
        ):
            above = _places(value, scope, values, left)
            return above and [part[key] for part in above if isinstance(part, dict) and key in part]
        case ast.Subscript(value=value):
            above = _places(value, scope, values, left)
            return above and [inner for part in above for inner in _items(part)]
    return None


def _mappings(values: object) -> Iterator[object]:
    if isinstance(values, dict):
        yield values
    for inner in _items(values):
        yield from _mappings(inner)


def _items(values: object) -> list[object]:
    if isinstance(values, dict):
        return list(values.values())
    return list(values) if isinstance(values, list) else []


def _written_keys(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Dict(keys=keys):
                yield from (
                    key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
                )
            case ast.Subscript(slice=ast.Constant(value=str(key)), ctx=ast.Store()):
                yield key
            case ast.Call(func=ast.Attribute(attr="setdefault"), args=[ast.Constant(value=str(key)), *_]):
                yield key
            case ast.keyword(arg=str(name)):
                yield name
