"""Does a call fit a signature?"""

import ast
import copy
import inspect
import re
from collections.abc import Iterable
from inspect import Parameter
from itertools import takewhile

from paper2code.checks.symbols import header
from paper2code.checks.wording import alike

_UNKNOWN_KEYWORD = re.compile(r"got an unexpected keyword argument '(\w+)'")
_LONGEST = 400


def signature_of(arguments: ast.arguments, *, is_bound: bool = False) -> inspect.Signature:
    """The signature of a function.

    Args:
        arguments: Those of its definition.
        is_bound: Whether the first one is given already, as `self` is.
    """
    positional = [*arguments.posonlyargs, *arguments.args]
    required = len(positional) - len(arguments.defaults)
    parameters = [
        Parameter(
            argument.arg,
            Parameter.POSITIONAL_ONLY
            if index < len(arguments.posonlyargs)
            else Parameter.POSITIONAL_OR_KEYWORD,
            default=Parameter.empty if index < required else None,
        )
        for index, argument in enumerate(positional)
    ][1 if is_bound else 0 :]
    if arguments.vararg:
        parameters.append(Parameter(arguments.vararg.arg, Parameter.VAR_POSITIONAL))
    parameters += [
        Parameter(
            argument.arg, Parameter.KEYWORD_ONLY, default=None if default is not None else Parameter.empty
        )
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    if arguments.kwarg:
        parameters.append(Parameter(arguments.kwarg.arg, Parameter.VAR_KEYWORD))
    return inspect.Signature(parameters)


def misfit(call: ast.Call, signature: inspect.Signature) -> str | None:
    """Why Python would refuse a call, in its own words; None if it fits, as far as the call tells.

    >>> call = ast.parse("build(width=3, deep=2)", mode="eval").body
    >>> misfit(call, inspect.signature(lambda width, depth=1: None))
    "got an unexpected keyword argument 'deep'; did you mean depth?"
    """
    given = list(takewhile(lambda argument: not isinstance(argument, ast.Starred), call.args))
    names = [keyword.arg for keyword in call.keywords if keyword.arg is not None]
    is_open = len(given) < len(call.args) or len(names) < len(call.keywords)
    bind = signature.bind_partial if is_open else signature.bind
    try:
        bind(*given, **dict.fromkeys(names))
    except TypeError as error:
        unknown = _UNKNOWN_KEYWORD.search(str(error))
        return str(error) + (alike(unknown[1], signature.parameters) if unknown else "")
    return None


def shown(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str, *, is_bound: bool) -> str:
    """A signature as a caller writes it: `Encoder(width: int, depth: int=2)`."""
    bare = copy.copy(function)
    bare.args, bare.body = copy.copy(function.args), []
    if is_bound:
        group = "posonlyargs" if bare.args.posonlyargs else "args"
        setattr(bare.args, group, getattr(bare.args, group)[1:])
    text = header(bare).removeprefix("async ").removeprefix("def ")
    return _cut(name + text[text.index("(") :])


def shown_fields(name: str, fields: Iterable[tuple[str, bool]]) -> str:
    """A constructor made of fields, each with whether it has a default."""
    return _cut(f"{name}({', '.join(f'{field}=...' if optional else field for field, optional in fields)})")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
