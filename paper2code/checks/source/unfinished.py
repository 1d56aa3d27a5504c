"""Code that stands for code still to be written."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from paper2code.artifacts import Finding
from paper2code.checks.wording import finding, one_line

_EMPTY_ON_PURPOSE = {"Protocol", "ABC", "ABCMeta", "abstractmethod", "overload", "group", "callback"}
"""Bases and decorators of what others implement, or of what only carries commands."""

_PUT_OFF = re.compile(
    r"\b(?:TODO|FIXME)\b|your code here|omitted for brevity|existing code"
    r"|\b(?:rest|remainder) of the (?:code|file|class|function|implementation)\b"
    r"|\bimplementation (?:goes here|omitted)\b|^#\s*\.\.\.",
    re.IGNORECASE,
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def find_unfinished_code(text: str, tree: ast.Module) -> Iterator[Finding]:
    """Functions without a body, and comments that put work off."""
    bases = {
        name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for name in _words(*node.bases)
    }
    yield from _empty_functions(tree, may_be_abstract=False, subclassed=bases)
    for line, comment in _comments(text):
        if _PUT_OFF.search(comment):
            yield finding(
                "major",
                line,
                f"Work is put off: `{one_line(comment, 200)}`",
                "Write the code that the comment asks for.",
            )


def _empty_functions(node: ast.AST, *, may_be_abstract: bool, subclassed: set[str]) -> Iterator[Finding]:
    for child in ast.iter_child_nodes(node):
        abstract = may_be_abstract
        if isinstance(child, ast.ClassDef):
            parents = _words(*child.bases, *(keyword.value for keyword in child.keywords))
            abstract = bool(parents & _EMPTY_ON_PURPOSE) or child.name in subclassed
        elif isinstance(child, Function):
            abstract = False
            meant = may_be_abstract or _words(*child.decorator_list) & _EMPTY_ON_PURPOSE
            if not meant and all(map(_does_nothing, child.body)):
                yield finding(
                    "major",
                    child.lineno,
                    f"{child.name} has no body: it only has {_what_it_has(child)}.",
                    "Implement it. If it is meant to be overridden, make it an abstractmethod of an ABC; if "
                    "doing nothing is right, return None and say why in its docstring.",
                )
        yield from _empty_functions(child, may_be_abstract=abstract, subclassed=subclassed)


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(
            exc=ast.Name(id="NotImplementedError") | ast.Call(func=ast.Name(id="NotImplementedError"))
        ):
            return True
    return False


def _what_it_has(function: Function) -> str:
    last = function.body[-1]
    if isinstance(last, ast.Expr) and ast.get_docstring(function) and len(function.body) == 1:
        return "a docstring"
    return f"`{one_line(ast.unparse(last), 80)}`"


def _words(*expressions: ast.expr) -> set[str]:
    """The last names of what stands as a base or decorator: `ABC` for both `ABC` and `abc.ABC`."""
    return {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for expression in expressions
        for node in ast.walk(expression)
        if isinstance(node, ast.Attribute | ast.Name)
    }


def _comments(text: str) -> Iterator[tuple[int, str]]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    except (tokenize.TokenError, SyntaxError):
        # The parser is more lenient than the tokenizer in a few corners; what it has read is all there is.
        return
