"""Code that stands for code still to be written."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from paper2code.artifacts import Finding
from paper2code.checks.source.scopes import Scopes
from paper2code.checks.wording import finding, one_line

_EMPTY_ON_PURPOSE = {"Protocol", "ABC", "ABCMeta", "abstractmethod", "overload", "group", "callback"}
"""Bases and decorators of what others implement, or of what only carries commands."""

_PUT_OFF = re.compile(
    # What a comment begins with, then what begins with any of its words: few places to look at.
    r"^#\s*(?:\.\.\.|(?:placeholder|stub)\b|for now,? (?:just|return|we|use|assume|skip)\b"
    r"|(?:add|insert|put|implement)\b.*\bhere\b)"
    r"|\b(?:(?:TODO|FIXME)\b|your code here|omitted for brevity|existing code"
    r"|(?:rest|remainder) of the (?:code|file|class|function|implementation)\b"
    r"|implementation (?:goes here|omitted)\b|(?:placeholder|dummy|mock) implementation\b"
    r"|to be implemented\b|not (?:yet )?implemented yet\b|not yet implemented\b"
    r"|(?:would|should) go here\b|in a (?:real|full|complete) implementation\b"
    r"|simplified (?:implementation|version) (?:for|of)\b)",
    re.IGNORECASE,
)
_NOT_THERE = re.compile(r"\b(?:TODO|not (?:yet )?implemented)\b", re.IGNORECASE)
_PUT_OFF_IN_TEXT = re.compile(r"\b(?:TODO|FIXME)\b|\b(?:placeholder|dummy) implementation\b")
"""Docstrings say more than comments do, so less of it counts."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def find_unfinished_code(text: str, scopes: Scopes) -> Iterator[Finding]:
    """Functions without a body, and comments that put work off."""
    bases = {name for node in scopes.nodes if isinstance(node, ast.ClassDef) for name in _words(*node.bases)}
    yield from _empty_functions(scopes.tree, may_be_abstract=False, subclassed=bases)
    yield from _gaps(scopes)
    docstrings = ((line, said) for line, said in _docstrings(scopes) if _PUT_OFF_IN_TEXT.search(said))
    for line, comment in (*_comments(text), *docstrings):
        if _PUT_OFF.search(comment):
            yield finding(
                "put-off",
                "major",
                line,
                f"Work is put off: `{one_line(comment, 200)}`",
                "Write the code that the comment asks for.",
            )


def _gaps(scopes: Scopes) -> Iterator[Finding]:
    """`...` in the place of a value or of a statement, amid code that is there."""
    handled = {inner for node in scopes.nodes if isinstance(node, ast.ExceptHandler) for inner in node.body}
    alone = {node.body[-1] for node in scopes.nodes if isinstance(node, Function) and _is_empty(node)}
    for node, scope in scopes:
        match node:
            case (
                ast.Assign(value=ast.Constant(value=value))
                | ast.Return(value=ast.Constant(value=value))
                | ast.Expr(value=ast.Constant(value=value))
            ) if value is ... and node not in handled | alone and isinstance(scope.node, Function):
                yield finding(
                    "stub",
                    "major",
                    node.lineno,
                    f"`{ast.unparse(node)}` stands for code that is missing.",
                    "Write that code.",
                )


def _docstrings(scopes: Scopes) -> Iterator[tuple[int, str]]:
    for node in scopes.nodes:
        if isinstance(node, ast.Module | ast.ClassDef | Function):
            said = ast.get_docstring(node)
            if said:
                yield node.body[0].lineno, said


def _is_empty(function: Function) -> bool:
    return all(map(_does_nothing, function.body))


def _empty_functions(node: ast.AST, *, may_be_abstract: bool, subclassed: set[str]) -> Iterator[Finding]:
    for child in ast.iter_child_nodes(node):
        abstract = may_be_abstract
        if isinstance(child, ast.ClassDef):
            parents = _words(*child.bases, *(keyword.value for keyword in child.keywords))
            abstract = bool(parents & _EMPTY_ON_PURPOSE) or child.name in subclassed
        elif isinstance(child, Function):
            abstract = False
            is_operator = (
                child.name.startswith("__") and ast.unparse(child.body[-1]) == "return NotImplemented"
            )
            meant = (
                may_be_abstract
                or is_operator
                or _may_do_nothing(child)
                or _words(*child.decorator_list) & _EMPTY_ON_PURPOSE
            )
            if not meant and _is_empty(child):
                yield finding(
                    "stub",
                    "major",
                    child.lineno,
                    f"{child.name} has no body: it only has {_what_it_has(child)}.",
                    "Implement it. If it is meant to be overridden, make it an abstractmethod of an ABC; if "
                    "doing nothing is right, return None and say why in its docstring.",
                )
        yield from _empty_functions(child, may_be_abstract=abstract, subclassed=subclassed)


def _may_do_nothing(function: Function) -> bool:
    """Whether Python asks for the method, so that one which does nothing is whole."""
    takes_nothing = function.name == "__init__" and len(function.args.args) == 1
    return takes_nothing or function.name in {"__exit__", "__aexit__", "__del__"}


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(
            exc=ast.Name(id="NotImplementedError") | ast.Call(func=ast.Name(id="NotImplementedError"))
        ):
            return True
        case ast.Raise(exc=ast.Call(args=[ast.Constant(value=str(text))])):
            return bool(_NOT_THERE.search(text))
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=[ast.Constant(value=str(text))])):
            return bool(_NOT_THERE.search(text))
        case ast.Return(value=ast.Name(id="NotImplemented")):
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
