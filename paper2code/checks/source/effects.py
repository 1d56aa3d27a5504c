"""Does every statement do something?"""

import ast
from collections.abc import Iterator

from paper2code.artifacts import Finding
from paper2code.checks.modules import is_test
from paper2code.checks.source.guards import guarded
from paper2code.checks.source.scopes import Scope, Scopes
from paper2code.checks.wording import finding, one_line

_PURE_METHODS = frozenset(
    [
        "astype",
        "clone",
        "contiguous",
        "copy",
        "detach",
        "dropna",
        "drop_duplicates",
        "expand",
        "fillna",
        "flatten",
        "lower",
        "lstrip",
        "numpy",
        "permute",
        "repeat_interleave",
        "requires_no_grad",
        "reset_index",
        "reshape",
        "rstrip",
        "set_index",
        "sort_values",
        "splitlines",
        "squeeze",
        "startswith",
        "strip",
        "tolist",
        "transpose",
        "unsqueeze",
        "upper",
        "view",
    ]
)
"""Methods of tensors, arrays, frames and texts that only return something."""

_PURE_FUNCTIONS = {
    "numpy": frozenset(
        [
            "abs",
            "all",
            "allclose",
            "any",
            "argmax",
            "argmin",
            "argsort",
            "array",
            "array_equal",
            "asarray",
            "clip",
            "concatenate",
            "cos",
            "cumsum",
            "diff",
            "dot",
            "einsum",
            "exp",
            "expand_dims",
            "full",
            "isclose",
            "linspace",
            "log",
            "matmul",
            "maximum",
            "mean",
            "median",
            "minimum",
            "ones",
            "power",
            "reshape",
            "round",
            "sin",
            "sort",
            "split",
            "sqrt",
            "square",
            "squeeze",
            "stack",
            "std",
            "sum",
            "tanh",
            "transpose",
            "var",
            "vstack",
            "hstack",
            "where",
            "zeros",
        ]
    ),
    "torch": frozenset(
        [
            "abs",
            "all",
            "allclose",
            "any",
            "arange",
            "argmax",
            "argmin",
            "argsort",
            "bmm",
            "cat",
            "clamp",
            "cos",
            "cumsum",
            "diff",
            "dot",
            "einsum",
            "equal",
            "exp",
            "flatten",
            "full",
            "isclose",
            "linspace",
            "log",
            "matmul",
            "maximum",
            "mean",
            "minimum",
            "norm",
            "ones",
            "permute",
            "pow",
            "relu",
            "reshape",
            "round",
            "sigmoid",
            "sin",
            "softmax",
            "sort",
            "sqrt",
            "square",
            "squeeze",
            "stack",
            "std",
            "sum",
            "tanh",
            "tensor",
            "topk",
            "transpose",
            "unsqueeze",
            "var",
            "where",
            "zeros",
        ]
    ),
    "torch.nn.functional": frozenset(
        [
            "cross_entropy",
            "dropout",
            "gelu",
            "leaky_relu",
            "log_softmax",
            "mse_loss",
            "normalize",
            "one_hot",
            "pad",
            "relu",
            "sigmoid",
            "softmax",
            "softplus",
            "tanh",
        ]
    ),
    "math": frozenset(
        ["ceil", "cos", "exp", "floor", "isclose", "isfinite", "isnan", "log", "log2", "pow", "sin", "sqrt"]
    ),
    "copy": frozenset({"copy", "deepcopy"}),
}
"""Functions that only return something, as long as they get no `out` and no `inplace`."""

_INPUTS = {"clip": 3, "where": 3, "linspace": 3} | dict.fromkeys(
    ("abs", "cos", "exp", "log", "sin", "sqrt", "square", "tanh"), 1
)
"""How many arguments of NumPy's functions, if not two, come before the array that they write into."""

_PURE_BUILTINS = {
    "abs", "all", "any", "enumerate", "filter", "isinstance", "issubclass", "map", "max", "min", "range",
    "reversed", "round", "sorted", "sum", "zip",
}  # fmt: skip
"""Without those, such as `str` and `len`, that are called to see whether they fail."""

_PREDICATES = {
    "all", "allclose", "any", "array_equal", "equal", "isclose", "isfinite", "isinstance", "isnan",
    "issubclass", "startswith",
}  # fmt: skip
"""What is asked for an answer, even in a test."""

_ACTIONS = {"backward", "close", "cuda", "eval", "flush", "step", "train", "zero_grad"}
"""Methods that nobody names to look at them."""

_IN_PLACE = {"out", "inplace"}


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
        elif isinstance(node.value, ast.Call) and _is_pure(node.value, scope):
            if in_test and name not in _PREDICATES:
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


def _is_pure(call: ast.Call, scope: Scope) -> bool:
    if any(keyword.arg is None or keyword.arg in _IN_PLACE for keyword in call.keywords):
        return False
    match call.func:
        case ast.Name(id=name):
            return name in _PURE_BUILTINS and scope.lookup(name) is None
        case ast.Attribute(value=value, attr=attr):
            module = imported_module(value, scope)
            if module is not None:
                fills_argument = module == "numpy" and len(call.args) > _INPUTS.get(attr, 2)
                return attr in _PURE_FUNCTIONS.get(module, ()) and not fills_argument
            return attr in _PURE_METHODS and not _is_of_class(value, scope)
    return False


def imported_module(expression: ast.expr, scope: Scope) -> str | None:
    """The dotted name of what a name or attribute is imported as; None for what isn't imported.

    `F` stands for `torch.nn.functional` after `import torch.nn.functional as F`, and so it does after
    `from torch.nn import functional as F`.
    """
    match expression:
        case ast.Attribute(value=value, attr=attr):
            owner = imported_module(value, scope)
            return owner and f"{owner}.{attr}"
        case ast.Name(id=name):
            binding = scope.only(name)
            if binding is None or binding.alias is None:
                return None
            if isinstance(binding.node, ast.ImportFrom):
                is_relative = binding.node.level > 0
                return None if is_relative else f"{binding.node.module}.{binding.alias.name}"
            return binding.alias.name if binding.alias.asname else name
    return None


def _is_of_class(expression: ast.expr, scope: Scope) -> bool:
    """Whether a method belongs to something of the repository's own, whose methods may do anything."""
    match expression:
        case ast.Name(id="self" | "cls"):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return scope.lookup(name) is not None or name == "super"
        case ast.Name(id=name):
            binding = scope.only(name)
            return binding is not None and isinstance(binding.node, ast.ClassDef)
    return False
