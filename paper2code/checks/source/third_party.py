"""Names and calls of third-party packages: what to look up in their environment, and what the answers mean.

The lookups themselves are made by `inspector.py`, which the caller runs with the Python of that environment,
so that no generated repository's package is ever imported here.
"""

import ast
import json
import sys
from collections.abc import Collection, Iterator, Sequence
from importlib import resources
from itertools import takewhile
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from paper2code.artifacts import Finding
from paper2code.checks.source.guards import guarded
from paper2code.checks.source.imported import imported_module
from paper2code.checks.source.scopes import Scope, Scopes
from paper2code.checks.wording import finding, listed

_ERRORS = {"AttributeError", "ImportError", "ModuleNotFoundError", "TypeError"}


class Call(BaseModel):
    """The arguments of a call, as far as the text shows them."""

    model_config = ConfigDict(frozen=True)

    positional: int
    keywords: tuple[str, ...]
    is_open: bool
    """Whether `*args` or `**kwargs` bring more."""


class Lookup(BaseModel):
    """A name of a package that a draft uses, and how it calls it."""

    model_config = ConfigDict(frozen=True)

    line: int
    dotted: str
    """From the top-level module on: `torch.optim.SGD`."""
    member: str = ""
    """A method of the instances of the class that `dotted` names."""
    call: Call | None = None


class Answer(BaseModel):
    """What the inspector found."""

    model_config = ConfigDict(frozen=True)

    state: Literal["there", "missing", "unknown"]
    parent: str = ""
    part: str = ""
    close: tuple[str, ...] = ()
    problem: str = ""
    signature: str = ""
    is_certain: bool = True


_ANSWERS = TypeAdapter(tuple[Answer, ...])


def lookups(scopes: Scopes, packages: Collection[str]) -> tuple[Lookup, ...]:
    """Everything that a draft takes from installed packages by names that mean nothing else.

    Args:
        scopes: The draft, as `scopes_of` reads it.
        packages: Import names of the packages to look into.

    Returns:
        Lookups by line. What is guarded by `try`, `hasattr` or a look at the version is left out.
    """
    wanted = frozenset(packages) - sys.stdlib_module_names
    left_out = guarded(scopes.nodes, _ERRORS) | frozenset(_asked_for(scopes))
    inner = {node.value for node in scopes.nodes if isinstance(node, ast.Attribute)}
    calls = {node.func: node for node in scopes.nodes if isinstance(node, ast.Call)}
    found = [
        lookup
        for node, scope in scopes
        if node not in left_out
        for lookup in (*_imported(node), *_used(node, scope, inner, calls))
        if lookup.dotted.partition(".")[0] in wanted
    ]
    return tuple(sorted(found, key=lambda lookup: lookup.line))


def questions(asked: Sequence[Lookup]) -> str:
    """The standard input of the inspector."""
    return json.dumps([lookup.model_dump(mode="json", exclude={"line"}) for lookup in asked])


def inspector_source() -> str:
    """The program that answers, for the Python of the environment."""
    return resources.files(__package__).joinpath("inspector.py").read_text(encoding="utf-8")


def answers_in(output: str) -> tuple[Answer, ...]:
    """The inspector's answers, in the order of the lookups.

    Args:
        output: Its standard output.

    Raises:
        ValueError: It isn't what the inspector writes, because a package ended it half way.
    """
    return _ANSWERS.validate_json(output)


def findings_from(asked: Sequence[Lookup], answers: Sequence[Answer]) -> tuple[Finding, ...]:
    """What the answers say against a draft.

    Args:
        asked: The lookups of one draft.
        answers: As many answers, in the same order.

    Returns:
        `blocker` for names that aren't there and calls that are refused, `major` where a decorator may take
        what the function doesn't. Each quotes near names or the signature.
    """
    found = [_finding(lookup, answer) for lookup, answer in zip(asked, answers, strict=True)]
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _finding(lookup: Lookup, answer: Answer) -> Finding | None:
    name = ".".join(filter(None, (lookup.dotted, lookup.member)))
    if answer.state == "missing":
        near = f"; it has {listed(answer.close)}" if answer.close else ""
        return finding(
            "third-party-name",
            "blocker",
            lookup.line,
            f"{answer.parent}, as installed, has no {answer.part}{near}",
            "Use what it has.",
        )
    if answer.problem:
        near = f"; did you mean {listed(answer.close)}" if answer.close else ""
        return finding(
            "third-party-call",
            "blocker" if answer.is_certain else "major",
            lookup.line,
            f"`{name}(...)` {answer.problem}{near}. As installed, it is `{name}{answer.signature}`.",
            "Call it as its signature says.",
        )
    return None


def _imported(node: ast.AST) -> Iterator[Lookup]:
    match node:
        case ast.Import(names=aliases):
            for alias in aliases:
                yield Lookup(line=node.lineno, dotted=alias.name)
        case ast.ImportFrom(module=str(module), level=0, names=aliases):
            for alias in aliases:
                dotted = module if alias.name == "*" else f"{module}.{alias.name}"
                yield Lookup(line=node.lineno, dotted=dotted)


def _used(
    node: ast.AST, scope: Scope, inner: set[ast.expr], calls: dict[ast.expr, ast.Call]
) -> Iterator[Lookup]:
    """The longest dotted names, and methods of what a variable evidently is an instance of."""
    if not isinstance(node, ast.Attribute | ast.Name) or not isinstance(node.ctx, ast.Load) or node in inner:
        return
    call = _shape(calls[node]) if node in calls else None
    dotted = imported_module(node, scope)
    if dotted is not None:
        if isinstance(node, ast.Attribute) or call is not None:
            yield Lookup(line=node.lineno, dotted=dotted, call=call)
    elif isinstance(node, ast.Attribute) and call is not None:
        owner = _class_of(node.value, scope)
        if owner is not None:
            yield Lookup(line=node.lineno, dotted=owner, member=node.attr, call=call)


def _class_of(value: ast.expr, scope: Scope) -> str | None:
    """The dotted name that a variable is made by, where a single assignment says so."""
    found = scope.lookup(value.id) if isinstance(value, ast.Name) else None
    if found is None or len(found[1]) != 1 or not isinstance(found[1][0].value, ast.Call):
        return None
    dotted = imported_module(found[1][0].value.func, found[0])
    return dotted if dotted and dotted.rpartition(".")[2][:1].isupper() else None


def _shape(call: ast.Call) -> Call:
    given = list(takewhile(lambda argument: not isinstance(argument, ast.Starred), call.args))
    names = tuple(keyword.arg for keyword in call.keywords if keyword.arg is not None)
    is_open = len(given) < len(call.args) or len(names) < len(call.keywords)
    return Call(positional=len(given), keywords=names, is_open=is_open)


def _asked_for(scopes: Scopes) -> Iterator[ast.AST]:
    """What is used only after a look at whether it is there."""
    for node in scopes.nodes:
        if isinstance(node, ast.If | ast.IfExp):
            asked = {
                getattr(inner, "attr", getattr(inner, "id", ""))
                for inner in ast.walk(node.test)
                if isinstance(inner, ast.Name | ast.Attribute)
            }
            if asked & {"hasattr", "getattr", "__version__", "version", "Version", "version_info"}:
                yield from ast.walk(node)
