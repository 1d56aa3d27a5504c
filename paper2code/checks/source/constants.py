"""Does a function that owes a computation return a constant?"""

import ast
import re
from collections.abc import Iterator

from paper2code.artifacts import Finding, PlannedFile
from paper2code.checks.modules import is_test
from paper2code.checks.source.scopes import Scope, Scopes
from paper2code.checks.wording import finding, one_line

_COMPUTES = re.compile(
    r"(?:^|_)(?:compute|calculate|calc|evaluate|estimate|measure|accuracy|loss|score|metric|error|distance|"
    r"similarity|norm|gradient|entropy|divergence|energy|residual|perplexity|bleu|rouge|f1|auc|mse|mae|rmse|"
    r"variance|covariance|likelihood|reward|forward|predict|train|fit|solve|sample|encode|decode)(?:_|$)"
)
_MEANT = re.compile(
    r"\b(?:constant|always|zero|no-op|nothing|trivial|independent of|ignor|default|baseline|every)"
)
"""Words of a docstring that says that no computation is owed."""
_FILLED = {
    "array", "empty", "full", "ones", "ones_like", "rand", "randn", "random", "tensor", "zeros", "zeros_like"
}  # fmt: skip
"""Functions of tensor packages, and `random`, whose results don't depend on what was computed before."""
_TELLING = {"print", "info", "debug", "warning"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def find_constant_results(scopes: Scopes, planned: PlannedFile | None) -> Iterator[Finding]:
    """Functions that by their name compute something of their arguments, read none, and return a constant.

    Args:
        scopes: The draft.
        planned: The file's plan: where it owns requirements, a computation is owed.
    """
    if planned is None or is_test(planned.path):
        return
    subclassed = {
        base.id
        for node in scopes.nodes
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if isinstance(base, ast.Name)
    }
    for node, scope in scopes:
        if isinstance(node, Function) and _owes_computation(node, scope, subclassed):
            result = _constant_result(node)
            if result is not None and not _reads_an_argument(node):
                yield finding(
                    "constant",
                    "major" if planned.requirements else "minor",
                    result.lineno,
                    f"{node.name} returns `{one_line(ast.unparse(result), 60)}` whatever it is given.",
                    "Compute it from the arguments; if a constant is right, say why in the docstring.",
                )


def _owes_computation(node: Function, scope: Scope, subclassed: set[str]) -> bool:
    """Whether the name asks for a computation, and nobody else is asked for it or has it already."""
    owner = scope.node
    is_own = isinstance(owner, ast.Module)
    if isinstance(owner, ast.ClassDef):
        bases = {ast.unparse(base).rpartition(".")[2] for base in owner.bases}
        is_own = owner.name not in subclassed and bases <= {"Module", "object"}
    return (
        is_own
        and not node.decorator_list
        and _COMPUTES.search(node.name) is not None
        and not _MEANT.search((ast.get_docstring(node) or "").lower())
    )


def _constant_result(node: Function) -> ast.expr | None:
    """What a function returns that does nothing else but tell of it, if that is a constant."""
    *before, last = node.body
    if not all(_only_tells(statement) for statement in before):
        return None
    match last:
        case ast.Return(value=ast.expr() as value) if _is_constant(value):
            return value
    return None


def _only_tells(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return name in _TELLING
    return False


def _is_constant(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=constant):
            return isinstance(constant, int | float) and not isinstance(constant, bool)
        case ast.UnaryOp(operand=operand):
            return _is_constant(operand)
        case ast.Dict(values=values) if values:
            return all(map(_is_constant, values))
        case ast.Tuple(elts=values) | ast.List(elts=values) if values:
            return all(map(_is_constant, values))
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _FILLED
    return False


def _reads_an_argument(node: Function) -> bool:
    named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    names = {argument.arg for argument in named if not argument.arg.startswith("_")} - {"self", "cls"}
    returned = node.body[-1]
    read = {inner.id for inner in ast.walk(returned) if isinstance(inner, ast.Name)}
    return not names or bool(names & read) or "self" in read
