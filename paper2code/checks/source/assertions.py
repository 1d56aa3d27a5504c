"""Tests that can hardly fail."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from paper2code.artifacts import Finding
from paper2code.checks.modules import is_test
from paper2code.checks.wording import finding

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_DEMANDING = ("assert", "check", "expect", "verify")
_OF_PYTEST = {"raises", "warns", "fail", "deprecated_call"}


def find_idle_tests(tree: ast.Module, path: str) -> Iterator[Finding]:
    """Test functions that demand nothing, or only what is true of itself.

    What a test calls counts as demanding if it is defined here and is, or if its name says so.
    """
    if not is_test(path) or PurePosixPath(path).name == "conftest.py":
        return
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, _Function)}
    for name, node in functions.items():
        if name.startswith("test_") and not _demands(node, functions, frozenset()):
            yield finding(
                "idle-test",
                "major",
                node.lineno,
                f"{name} passes whatever the code under test does: it asserts nothing of it",
                "Assert a value that the paper or the interface gives, or leave the test out.",
            )


def _demands(node: _Function, functions: dict[str, _Function], seen: frozenset[str]) -> bool:
    for part in ast.walk(node):
        if isinstance(part, ast.Assert) and not isinstance(part.test, ast.Constant):
            return True
        if isinstance(part, ast.Call):
            name = _last_name(part.func)
            if name in _OF_PYTEST or name.lower().lstrip("_").startswith(_DEMANDING):
                return True
            inner = functions.get(name)
            if inner is not None and name not in seen and _demands(inner, functions, seen | {node.name}):
                return True
    return False


def _last_name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
