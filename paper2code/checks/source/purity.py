"""Functions and methods that only return something, so that a statement which drops it does nothing."""

import ast

from paper2code.checks.source.imported import imported_module
from paper2code.checks.source.scopes import Scope

_METHODS = {
    "astype", "clone", "contiguous", "copy", "detach", "drop_duplicates", "dropna", "expand", "fillna",
    "flatten", "lower", "lstrip", "numpy", "permute", "repeat_interleave", "reset_index", "reshape",
    "rstrip", "set_index", "sort_values", "splitlines", "squeeze", "startswith", "strip", "tolist",
    "transpose", "unsqueeze", "upper", "view",
}  # fmt: skip
"""Of tensors, arrays, frames and texts."""

_FUNCTIONS = {
    "numpy": {
        "abs", "all", "allclose", "any", "argmax", "argmin", "argsort", "array", "array_equal",
        "asarray", "clip", "concatenate", "cos", "cumsum", "diff", "dot", "einsum", "exp",
        "expand_dims", "full", "hstack", "isclose", "linspace", "log", "matmul", "maximum", "mean",
        "median", "minimum", "ones", "power", "reshape", "round", "sin", "sort", "split", "sqrt",
        "square", "squeeze", "stack", "std", "sum", "tanh", "transpose", "var", "vstack", "where",
        "zeros",
    },
    "torch": {
        "abs", "all", "allclose", "any", "arange", "argmax", "argmin", "argsort", "bmm", "cat", "clamp",
        "cos", "cumsum", "diff", "dot", "einsum", "equal", "exp", "flatten", "full", "isclose",
        "linspace", "log", "matmul", "maximum", "mean", "minimum", "norm", "ones", "permute", "pow",
        "relu", "reshape", "round", "sigmoid", "sin", "softmax", "sort", "sqrt", "square", "squeeze",
        "stack", "std", "sum", "tanh", "tensor", "topk", "transpose", "unsqueeze", "var", "where",
        "zeros",
    },
    "torch.nn.functional": {
        "cross_entropy", "dropout", "gelu", "leaky_relu", "log_softmax", "mse_loss", "normalize",
        "one_hot", "pad", "relu", "sigmoid", "softmax", "softplus", "tanh",
    },
    "math": {
        "ceil", "cos", "exp", "floor", "isclose", "isfinite", "isnan", "log", "log2", "pow", "sin",
        "sqrt",
    },
    "copy": {
        "copy", "deepcopy",
    },
}  # fmt: skip
"""By module, as long as they get no `out` and no `inplace`."""

_INPUTS = {"clip": 3, "linspace": 3, "where": 3} | dict.fromkeys(
    ("abs", "cos", "exp", "log", "sin", "sqrt", "square", "tanh"), 1
)
"""How many arguments of NumPy's functions, if not two, come before the array that they write into."""

_BUILTINS = {
    "abs", "all", "any", "enumerate", "filter", "isinstance", "issubclass", "map", "max", "min",
    "range", "reversed", "round", "sorted", "sum", "zip",
}  # fmt: skip
"""Without those, such as `str` and `len`, that are called to see whether they fail."""

PREDICATES = {
    "all", "allclose", "any", "array_equal", "equal", "isclose", "isfinite", "isinstance", "isnan",
    "issubclass", "startswith",
}  # fmt: skip
"""What is asked for an answer, even in a test."""

_IN_PLACE = {"out", "inplace"}


def is_pure(call: ast.Call, scope: Scope) -> bool:
    """Whether a call evidently changes nothing."""
    if any(keyword.arg is None or keyword.arg in _IN_PLACE for keyword in call.keywords):
        return False
    match call.func:
        case ast.Name(id=name):
            return name in _BUILTINS and scope.lookup(name) is None
        case ast.Attribute(value=value, attr=attr):
            module = imported_module(value, scope)
            if module is not None:
                fills_argument = module == "numpy" and len(call.args) > _INPUTS.get(attr, 2)
                return attr in _FUNCTIONS.get(module, ()) and not fills_argument
            return attr in _METHODS and not _is_of_class(value, scope)
    return False


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
