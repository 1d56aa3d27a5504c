"""Looks names and calls up in the packages of the Python that runs it.

It is run by itself in the environment of a generated repository, with nothing but the standard library, and
never imported: it reads a JSON list of lookups from its standard input and writes a JSON list of answers, in
the same order, to its standard output. Python 3.9 must be able to run it.

A lookup is `{"dotted": "torch.optim.SGD", "member": "", "call": null}`, where `member` is a method of the
instances of that class, and `call` is null or `{"positional": 1, "keywords": ["lr"], "is_open": false}`.
"""

from __future__ import annotations

import difflib
import enum
import importlib
import inspect
import json
import os
import pkgutil
import re
import sys
import types
import warnings
from typing import Any

_LONGEST = 600
_UNKNOWN: dict[str, Any] = {"state": "unknown"}


def main() -> None:
    """Answer all lookups; what packages print as they are imported goes to the standard error."""
    answers_to = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    warnings.simplefilter("ignore")
    answers = [answer(lookup) for lookup in json.load(sys.stdin)]
    with os.fdopen(answers_to, "w", encoding="utf-8") as out:
        json.dump(answers, out)


def answer(lookup: dict[str, Any]) -> dict[str, Any]:
    """What there is under a name, and whether it can be called so."""
    try:
        return _answer(lookup)
    except (Exception, SystemExit):
        # A package may raise anything as it is imported or looked at: then nothing is known of it.
        return _UNKNOWN


def _answer(lookup: dict[str, Any]) -> dict[str, Any]:
    found, missing = _resolve(lookup["dotted"].split("."))
    if missing is not None:
        return missing
    if lookup["member"]:
        if not inspect.isclass(found):
            return _UNKNOWN
        if not hasattr(found, lookup["member"]):
            return _missing_member(found, lookup["member"])
        found = inspect.getattr_static(found, lookup["member"])
        if not isinstance(found, (types.FunctionType, types.MethodDescriptorType)):
            return {"state": "there"}
    if lookup["call"] is None:
        return {"state": "there"}
    return {"state": "there", **_call_problem(found, lookup["call"], bool(lookup["member"]))}


def _resolve(parts: list[str]) -> tuple[Any, dict[str, Any] | None]:
    """The object of a dotted name and None, or None and an answer that says which part is missing."""
    try:
        found: Any = importlib.import_module(parts[0])
    except ModuleNotFoundError:
        # What isn't installed is the environment's fault, not the draft's.
        return None, _UNKNOWN
    for index, part in enumerate(parts[1:], start=1):
        parent = found
        try:
            found = getattr(parent, part)
        except AttributeError:
            if not isinstance(parent, types.ModuleType):
                return None, _missing(parts, index, parent) if inspect.isclass(parent) else _UNKNOWN
            module = ".".join(parts[: index + 1])
            try:
                found = importlib.import_module(module)
            except ModuleNotFoundError as error:
                return None, _missing(parts, index, parent) if error.name == module else _UNKNOWN
    return found, None


def _missing(parts: list[str], index: int, parent: object) -> dict[str, Any]:
    names = {name for name in dir(parent) if not name.startswith("_")}
    names.update(module.name for module in pkgutil.iter_modules(getattr(parent, "__path__", [])))
    return {
        "state": "missing",
        "parent": ".".join(parts[:index]),
        "part": parts[index],
        "close": difflib.get_close_matches(parts[index], sorted(names), n=3),
    }


def _missing_member(owner: type, name: str) -> dict[str, Any]:
    """A method that neither the class nor, by all that its source shows, an instance of it has."""
    if hasattr(owner, "__getattr__") or type(owner) is not type:
        return _UNKNOWN
    for base in owner.__mro__[:-1]:
        try:
            source = inspect.getsource(base)
        except (OSError, TypeError):
            return _UNKNOWN
        if re.search(rf"\.{re.escape(name)}\b|setattr|__dict__", source):
            return _UNKNOWN
    public = sorted(attribute for attribute in dir(owner) if not attribute.startswith("_"))
    return {
        "state": "missing",
        "parent": owner.__module__ + "." + owner.__qualname__,
        "part": name,
        "close": difflib.get_close_matches(name, public, n=3),
    }


def _call_problem(function: Any, call: dict[str, Any], is_method: bool) -> dict[str, Any]:
    """Why the arguments don't fit, with the signature; nothing if they do or nobody can tell."""
    if isinstance(function, enum.EnumMeta):
        return {}
    signature = _signature(function, follow_wrapped=True)
    outer = _signature(function, follow_wrapped=False)
    if signature is None:
        return {}
    positional = [None] * (call["positional"] + is_method)
    keywords = dict.fromkeys(call["keywords"])
    problem = _refusal(signature, positional, keywords, call["is_open"])
    if problem is None:
        return {}
    shown = _shown(signature, is_method)
    return {
        "problem": problem,
        "signature": shown if len(shown) <= _LONGEST else shown[: _LONGEST - 3] + "...",
        "close": [
            match
            for name in call["keywords"]
            if name not in signature.parameters
            for match in difflib.get_close_matches(name, list(signature.parameters), n=1)
        ],
        # A decorator that takes anything may, for one, go on taking arguments of old names.
        "is_certain": outer is not None
        and _refusal(outer, positional, keywords, call["is_open"]) is not None,
    }


def _signature(function: Any, follow_wrapped: bool) -> inspect.Signature | None:
    try:
        return inspect.signature(function, follow_wrapped=follow_wrapped)
    except (ValueError, TypeError):
        # Compiled functions often have none.
        return None


def _shown(signature: inspect.Signature, is_method: bool) -> str:
    """The signature without types, and without `self`."""
    parameters = list(signature.parameters.values())[1 if is_method else 0 :]
    plain = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    return str(inspect.Signature(plain))


def _refusal(
    signature: inspect.Signature, positional: list[None], keywords: dict[str, None], is_open: bool
) -> str | None:
    try:
        (signature.bind_partial if is_open else signature.bind)(*positional, **keywords)
    except TypeError as error:
        return str(error)
    return None


if __name__ == "__main__":
    main()
