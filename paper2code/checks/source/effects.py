"""Does every statement do something?"""

import ast
from collections.abc import Iterator

from paper2code.artifacts import Finding
from paper2code.checks.modules import is_test
from paper2code.checks.source.guards import guarded
from paper2code.checks.source.purity import PREDICATES, is_pure
from paper2code.checks.source.scopes import Scopes
from paper2code.checks.wording import finding, one_line

_ACTIONS = {"backward", "close", "cuda", "eval", "flush", "step", "train", "zero_grad"}
"""Methods that nobody names to look at them."""


def find_lost_results(scopes: Scopes, path: str) -> Iterator[Finding]:
    """Statements that compute something and drop it, and methods that are named and not called.

    A test may compute something only to see whether that fails; there only forgotten assertions count.
    """
    in_test = is_test(path)
    provided_for = guarded(
        scopes.nodes, {"AttributeError", "TypeError", "ValueError", "KeyError", "NameError"}
    )
    for node, scope in scopes:
        if not isinstance(node, ast.Expr) or node in provided_for:
            continue
        shown = one_line(ast.unparse(node.value), 80)
        name = _last_name(node.value)
        if isinstance(node.value, ast.Attribute | ast.Name) and (not in_test or name in _ACTIONS):
            yield finding(
                "no-effect",
                "major",
                node.lineno,
                f"`{shown}` alone does nothing: it isn't called.",
                f"Write `{shown}()`, or drop the line.",
            )
        elif isinstance(node.value, ast.Compare | ast.UnaryOp | ast.BoolOp) and not _has_effects(node.value):
            yield finding(
                "no-effect",
                "major",
                node.lineno,
                f"The result of `{shown}` is dropped.",
                "Assert it, assign it, or drop the line.",
            )
        elif isinstance(node.value, ast.Call) and is_pure(node.value, scope):
            if in_test and name not in PREDICATES:
                continue
            yield finding(
                "no-effect",
                "major",
                node.lineno,
                f"`{shown}` changes nothing in place, and its result is dropped.",
                "Use what it returns: assign it, return it or assert it.",
            )


def _last_name(expression: ast.expr) -> str:
    function = expression.func if isinstance(expression, ast.Call) else expression
    return str(getattr(function, "attr", getattr(function, "id", "")))


def _has_effects(expression: ast.expr) -> bool:
    return any(
        isinstance(node, ast.Call | ast.Await | ast.NamedExpr | ast.Yield | ast.YieldFrom)
        for node in ast.walk(expression)
    )
