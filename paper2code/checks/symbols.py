"""Where a symbol stands in a Python file, and what the file offers to others."""

import ast
import copy
import re
import symtable
from collections.abc import Iterator, Sequence
from functools import lru_cache

from paper2code.checks.parsing import parse_python

_LONE_ELLIPSIS = re.compile(r":\n +\.\.\.$", re.MULTILINE)
_LONGEST_VALUE = 400
_LONGEST_DOCSTRING = 20

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def symbol_lines(text: str, symbol: str) -> str:
    r"""The lines of a function, a class, a method or a top-level name.

    Args:
        text: A Python file.
        symbol: `function`, `Class`, `Class.method` or `CONSTANT`; backticks and parentheses don't count.

    Returns:
        First and last line, decorators included, such as `"12-40"`, or `"12"` for a single line; empty if the
        file has no such symbol or can't be parsed.

    >>> symbol_lines("class Model:\n    def forward(self, x):\n        return x\n", "Model.forward()")
    '2-3'
    """
    try:
        node = find_symbol(parse_python(text), symbol.strip("` ").partition("(")[0])
    except SyntaxError:
        return ""
    if node is None:
        return ""
    decorators = node.decorator_list if isinstance(node, Definition) else []
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    last = node.end_lineno or node.lineno
    return str(first) if first == last else f"{first}-{last}"


def find_symbol(tree: ast.Module, symbol: str) -> ast.stmt | None:
    """The statement that binds a dotted name such as `Class.method`, or None."""
    body, node = tree.body, None
    for name in symbol.split("."):
        node = next((found for found in _statements(body) if name in _names(found)), None)
        if node is None:
            return None
        body = node.body if isinstance(node, Definition) else []
    return node


def header(node: ast.stmt) -> str:
    """A definition without decorators and body: `class Model(nn.Module)`; any other statement as it is."""
    if not isinstance(node, Definition):
        return ast.unparse(node)
    bare = copy.copy(node)
    bare.decorator_list, bare.body = [], [ast.Expr(ast.Constant(...))]
    return ast.unparse(bare).rsplit(":", 1)[0]


@lru_cache(maxsize=512)
def bound_names(text: str) -> frozenset[str] | None:
    r"""The names that a module has once it is imported.

    Args:
        text: A Python file.

    Returns:
        The names, those that functions bind by `global` included; None where the text doesn't tell: it can't
        be parsed, imports `*`, or makes names up in a `__getattr__`.

    >>> sorted(bound_names("import os\nfor i in range(3):\n    total: int = i\n"))
    ['i', 'os', 'total']
    """
    try:
        tree = parse_python(text)
    except SyntaxError:
        return None
    if any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree)):
        return None
    scoped = ast.unparse(_WithScopes().visit(ast.parse(ast.unparse(tree))))
    top = symtable.symtable(scoped, "<generated>", "exec")
    names = {symbol.get_name() for symbol in top.get_symbols() if _binds(symbol)} | set(_globals(top))
    return None if "__getattr__" in names else frozenset(names)


@lru_cache(maxsize=256)  # the same files are shown to coder and reviewer of every file that imports them
def signatures(text: str) -> str:
    r"""A stub of what a Python file offers: signatures, attributes, constants, docstrings.

    Args:
        text: A Python file.

    Returns:
        The stub, or nothing if the file can't be parsed. Private names and everything in bodies are left out.

    >>> print(signatures("def loss(x, y=0):\n    return x - y\n"))
    def loss(x, y=0): ...
    """
    try:
        tree = parse_python(text)
    except SyntaxError:
        return ""
    stub = "\n\n".join(ast.unparse(ast.fix_missing_locations(part)) for part in _public(tree.body))
    return _LONE_ELLIPSIS.sub(": ...", stub)


class _WithScopes(ast.NodeTransformer):
    """Makes generators of comprehensions, whose names Python 3.12 and later count to the scope around."""

    def _scoped(self, node: ast.ListComp | ast.SetComp) -> ast.AST:
        self.generic_visit(node)
        return ast.GeneratorExp(node.elt, node.generators)

    visit_ListComp = visit_SetComp = _scoped  # noqa: N815 - the names are ast's

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        """The generator of its pairs."""
        self.generic_visit(node)
        return ast.GeneratorExp(ast.Tuple([node.key, node.value], ast.Load()), node.generators)


def _binds(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()


def _globals(table: symtable.SymbolTable) -> Iterator[str]:
    """The names that functions and classes inside bind on the top level."""
    for child in table.get_children():
        for symbol in child.get_symbols():
            if symbol.is_declared_global() and symbol.is_assigned():
                yield symbol.get_name()
        yield from _globals(child)


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body, also those in the branches of its conditions, tries and withs."""
    for statement in body:
        yield statement
        if not isinstance(statement, Definition):
            for field in ("body", "orelse", "handlers", "finalbody"):
                for inner in getattr(statement, field, []):
                    yield from _statements(inner.body if isinstance(inner, ast.ExceptHandler) else [inner])


def _names(statement: ast.stmt) -> set[str]:
    r"""The names that a statement binds, its own branches left out."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {statement.name}
        case ast.Assign(targets=targets):
            return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
    return set()


def _public(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The public statements of a body, their own bodies cut."""
    for statement in _statements(body):
        names = _names(statement)
        if names and not any(_is_public(name) for name in names):
            continue
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                stub = copy.copy(statement)
                stub.body = [*_docstring(statement), ast.Expr(ast.Constant(...))]
                yield stub
            case ast.ClassDef():
                bare = copy.copy(statement)
                inner = [*_attributes(statement), *_public(statement.body)]
                bare.body = [*_docstring(statement), *inner] or [ast.Expr(ast.Constant(...))]
                yield bare
            case ast.Assign() | ast.AnnAssign():
                short = copy.copy(statement)
                if short.value is not None and len(ast.unparse(short.value)) > _LONGEST_VALUE:
                    short.value = ast.Constant(...)
                yield short


def _is_public(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def _attributes(node: ast.ClassDef) -> list[ast.stmt]:
    """The public attributes that methods set on `self` and the class body doesn't name, with their types."""
    named = {name for statement in _statements(node.body) for name in _names(statement)}
    found: dict[str, ast.expr] = {}
    for inner in ast.walk(node):
        match inner:
            case ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self"), attr=name), annotation=kind):
                found[name] = kind
            case ast.Assign(targets=targets):
                for target in targets:
                    match target:
                        case ast.Attribute(value=ast.Name(id="self"), attr=name):
                            found.setdefault(name, ast.Constant(...))
    return [
        ast.AnnAssign(target=ast.Name(name, ast.Store()), annotation=kind, value=None, simple=1)
        for name, kind in found.items()
        if _is_public(name) and name not in named
    ]


def _docstring(node: Definition) -> list[ast.stmt]:
    """The docstring, cut after so many lines: arguments and errors are what callers need of it."""
    lines = (ast.get_docstring(node) or "").strip().splitlines()
    return [ast.Expr(ast.Constant("\n".join(lines[:_LONGEST_DOCSTRING])))] if lines else []
