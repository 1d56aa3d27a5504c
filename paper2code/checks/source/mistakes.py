"""Mistakes of any Python file, as pyflakes sees them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from pyflakes import messages
from pyflakes.checker import Checker

from paper2code.artifacts import Finding, Severity
from paper2code.checks.source.scopes import Scopes
from paper2code.checks.symbols import Definition
from paper2code.checks.wording import finding


@dataclass(frozen=True)
class _Rule:
    name: str
    severity: Severity
    fix: str


_FORMAT = _Rule("format", "major", "Let the placeholders and the values answer to each other.")
_RULES: dict[type[messages.Message], _Rule] = {
    messages.UndefinedName: _Rule(
        "undefined-name", "blocker", "Define it, import it, or use the name meant."
    ),
    messages.UndefinedExport: _Rule("undefined-name", "blocker", "Define it, or take it out of __all__."),
    messages.UndefinedLocal: _Rule(
        "shadowing",
        "blocker",
        "Give the local variable another name: assigning it anywhere in the function makes it local.",
    ),
    messages.RedefinedWhileUnused: _Rule(
        "redefinition", "major", "Keep one of the two, or give them names of their own."
    ),
    messages.MultiValueRepeatedKeyLiteral: _Rule("repeated-key", "major", "Keep one value for the key."),
    messages.AssertTuple: _Rule("no-effect", "major", "Drop the parentheses, so that something is asserted."),
    messages.IfTuple: _Rule("no-effect", "major", "Drop the comma, so that something is tested."),
    messages.IsLiteral: _Rule("is-literal", "major", "Compare with == or !=."),
    messages.RaiseNotImplemented: _Rule("stub", "major", "Implement it."),
    messages.StringDotFormatMissingArgument: _FORMAT,
    messages.StringDotFormatMixingAutomatic: _FORMAT,
    messages.StringDotFormatInvalidFormat: _FORMAT,
    messages.PercentFormatInvalidFormat: _FORMAT,
    messages.PercentFormatMixedPositionalAndNamed: _FORMAT,
    messages.PercentFormatUnsupportedFormatCharacter: _FORMAT,
    messages.PercentFormatPositionalCountMismatch: _FORMAT,
    messages.PercentFormatMissingArgument: _FORMAT,
    messages.PercentFormatExpectedMapping: _FORMAT,
    messages.PercentFormatExpectedSequence: _FORMAT,
}
"""What is worth a coder's time: faults of behaviour, not of taste."""


def find_mistakes(scopes: Scopes, path: str) -> Iterator[Finding]:
    """Undefined names, variables that hide what is used, lost definitions, formats that don't fit.

    Args:
        scopes: The draft.
        path: Its path: `__init__.py` has names of its own.
    """
    try:
        found = Checker(scopes.tree, filename=path).messages
    except RecursionError:
        # Its visitor takes several frames a level; a file nested so deeply is checked by all other rules.
        return
    is_certain = _Certainty(scopes)
    # pyflakes names every place of a repeated key; one of them is enough, the last.
    last = {(type(message), str(message.message_args)): message for message in found}
    for message in found:
        is_repeated = isinstance(message, messages.MultiValueRepeatedKeyLiteral)
        if is_repeated and message is not last[type(message), str(message.message_args)]:
            continue
        rule = _RULES.get(type(message))
        if rule is not None and is_certain(message):
            severity = "minor" if is_certain.is_only_mentioned(message) else rule.severity
            yield finding(rule.name, severity, message.lineno, _words(message), rule.fix)


class _Certainty:
    """Which messages about a file leave no doubt."""

    def __init__(self, scopes: Scopes) -> None:
        names = [node for node in scopes.nodes if isinstance(node, ast.Name)]
        self._read = {(node.lineno, node.col_offset): node.id for node in names}
        self._mentioned = _unevaluated(scopes)
        self._makes_names_up = any(name in {"globals", "exec"} for name in self._read.values())
        self._has_any_name = "__getattr__" in scopes.module.bindings
        self._plain = {
            (node.name, node.lineno)
            for node in scopes.nodes
            if isinstance(node, Definition) and not node.decorator_list
        }

    def __call__(self, message: messages.Message) -> bool:
        match message:
            case messages.UndefinedName():
                # Strings in annotations don't count: libraries give them meanings of their own.
                is_read = self._read.get((message.lineno, message.col)) == message.message_args[0]
                is_notebooks = message.message_args[0] in {"get_ipython", "display"}
                return is_read and not (is_notebooks or self._makes_names_up)
            case messages.UndefinedExport():
                return not (self._makes_names_up or self._has_any_name)
            case messages.RedefinedWhileUnused():
                # A decorator may have kept the first one.
                name, line = message.message_args
                return {(name, line), (name, message.lineno)} <= self._plain
        return True

    def is_only_mentioned(self, message: messages.Message) -> bool:
        """Whether it is about a name in an annotation that is never evaluated."""
        return (
            isinstance(message, messages.UndefinedName) and (message.lineno, message.col) in self._mentioned
        )


def _unevaluated(scopes: Scopes) -> set[tuple[int, int]]:
    """Where the names stand that annotations only mention."""
    is_postponed = any(isinstance(n, ast.ImportFrom) and n.module == "__future__" for n in scopes.tree.body)
    annotations = [
        annotation for node in scopes.nodes if is_postponed and (annotation := _annotation(node)) is not None
    ]
    return {
        (inner.lineno, inner.col_offset)
        for annotation in annotations
        for inner in ast.walk(annotation)
        if isinstance(inner, ast.Name)
    }


def _annotation(node: ast.AST) -> ast.expr | None:
    match node:
        case ast.arg(annotation=annotation) | ast.AnnAssign(annotation=annotation):
            return annotation
        case ast.FunctionDef(returns=annotation) | ast.AsyncFunctionDef(returns=annotation):
            return annotation
    return None


def _words(message: messages.Message) -> str:
    if isinstance(message, messages.UndefinedLocal):
        # pyflakes words this one in two ways, with arguments of two kinds.
        arguments: object = message.message_args
        name, hidden = arguments, "the builtin"
        if isinstance(arguments, tuple):
            name, hidden = arguments[0], f"the one of line {arguments[1]}"
        return f"The local variable {name!r} is read before it is assigned; it hides {hidden}."
    text = message.message % message.message_args
    return f"{text[0].upper()}{text[1:]}."
