"""The design in short: what a call needs of it in full, the rest in a line or not at all.

All of these keep the order and the form of the whole, and each comes with words on what is missing.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from paper2code.artifacts import Architecture, Dependencies, Plan, Requirement
from paper2code.briefing import Briefing
from paper2code.checks.parsing import parse_python
from paper2code.checks.symbols import header
from paper2code.fitting.focus import Focus

Detail = Literal["whole", "brief", "least"]
"""How much of the design is shown. `brief` shows what does not concern a call in a line each, `least` leaves
it out; where a call is about the design as a whole, `brief` shortens the plan, `least` the interfaces too."""

Short = tuple[Briefing, tuple[str, ...]]

_SENTENCE = re.compile(r".+?[.!?](?=\s|$)", re.DOTALL)
_Definition = ast.FunctionDef | ast.AsyncFunctionDef


def shortened(briefing: Briefing, focus: Focus, detail: Detail) -> Short:
    """The briefing with so much of the design, and what is missing in words."""
    if detail == "whole" or (detail == "brief" and briefing.in_short):
        return briefing, ()
    if focus.files:
        return _for_files(briefing, focus, least=detail == "least")
    return _for_the_whole(briefing, least=detail == "least")


def _for_files(briefing: Briefing, focus: Focus, *, least: bool) -> Short:
    plan, architecture, dependencies = briefing.plan, briefing.architecture, briefing.dependencies
    missing: list[str] = []
    if plan:
        owned = {r.id for r in focus.requirements}
        plan, said = _with_few(plan, owned) if least else _with_short(plan, owned)
        missing += said
    if architecture:
        others = {f.path for f in architecture.files if f.path not in focus.near}
        if least:
            kept = tuple(f for f in architecture.files if f.path not in others)
            architecture = architecture.model_copy(update={"files": kept})
            missing += _told("planned files that this task does not touch", sorted(others))
        else:
            architecture, said = _with_bare(architecture, others)
            missing += said
    if dependencies:
        dependencies, said = _about(dependencies, focus.files, least=least)
        missing += said
    return replace(briefing, plan=plan, architecture=architecture, dependencies=dependencies), tuple(missing)


def _for_the_whole(briefing: Briefing, *, least: bool) -> Short:
    plan, architecture, dependencies = briefing.plan, briefing.architecture, briefing.dependencies
    missing: list[str] = []
    if plan and architecture:  # before there is a design, the plan is all that it can be made of
        plan, said = _with_short(plan, set())
        missing += said
    if architecture and least:
        architecture, said = _with_bare(architecture, {f.path for f in architecture.files})
        missing += said
    if dependencies and least:
        dependencies, said = _about(dependencies, (), least=False)
        missing += said
    return replace(briefing, plan=plan, architecture=architecture, dependencies=dependencies), tuple(missing)


def first_sentences(plan: Plan) -> Plan:
    """The plan with every requirement by its first sentence."""
    return _with_short(plan, set())[0]


def _with_short(plan: Plan, owned: set[str]) -> tuple[Plan, list[str]]:
    """All but the owned requirements by their first sentence."""
    short = {r.id: _first_sentence(r) for r in plan.requirements if r.id not in owned}
    changed = [r.id for r in plan.requirements if short.get(r.id, r) != r]
    kept = tuple(short.get(r.id, r) for r in plan.requirements)
    missing = _told("all but the first sentence of these requirements, and what they forbid", changed)
    return plan.model_copy(update={"requirements": kept}), missing


def _with_few(plan: Plan, owned: set[str]) -> tuple[Plan, list[str]]:
    """The owned requirements, and the choices that bear on them or on all."""
    requirements = tuple(r for r in plan.requirements if r.id in owned)
    choices = tuple(a for a in plan.ambiguities if not a.requirements or owned & set(a.requirements))
    missing = [
        *_told("requirements that other files meet", [r.id for r in plan.requirements if r.id not in owned]),
        *_told("choices for them", [a.id for a in plan.ambiguities if a not in choices]),
    ]
    return plan.model_copy(update={"requirements": requirements, "ambiguities": choices}), missing


def _with_bare(architecture: Architecture, paths: set[str]) -> tuple[Architecture, list[str]]:
    """Of these files the signatures without a word on them."""
    bare = {f.path: bare_signatures(f.interface) for f in architecture.files if f.path in paths}
    files = tuple(
        f.model_copy(update={"interface": bare[f.path]}) if bare.get(f.path) else f
        for f in architecture.files
    )
    changed = [new.path for new, old in zip(files, architecture.files, strict=True) if new != old]
    missing = _told("all but the signatures of the interfaces of", changed)
    return architecture.model_copy(update={"files": files}), missing


def _about(
    dependencies: Dependencies, paths: Iterable[str], *, least: bool
) -> tuple[Dependencies, list[str]]:
    """The entries of these files; of the others a line on what they import, or nothing."""
    own = set(paths)
    if least:
        files = tuple(f for f in dependencies.files if f.path in own)
        missing = _told("dependencies of", [f.path for f in dependencies.files if f.path not in own])
    else:
        files = tuple(f if f.path in own else f.model_copy(update={"logic": ""}) for f in dependencies.files)
        missing = _told(
            "how these files work with others", [f.path for f in dependencies.files if f not in files]
        )
    return dependencies.model_copy(update={"files": files}), missing


def bare_signatures(interface: str) -> str:
    r"""The functions, classes, methods and attributes of a stub, a line each.

    Args:
        interface: A stub; nothing comes of one that is no Python.

    >>> print(bare_signatures("class A(B):\n    '''Words.'''\n    def f(self) -> int:\n        ..."))
    class A(B):
        def f(self) -> int: ...
    """
    try:
        tree = parse_python(interface)
    except SyntaxError:
        return ""
    return "\n".join(_lines(tree.body))


def _lines(body: Iterable[ast.stmt]) -> Iterator[str]:
    for statement in body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield f"{header(statement)}: ..."
            case ast.ClassDef():
                yield f"{header(statement)}:"
                inner = list(_lines(statement.body)) or ["..."]
                yield from (f"    {line}" for line in inner)
            case ast.Assign() | ast.AnnAssign():
                yield ast.unparse(statement)


def _first_sentence(requirement: Requirement) -> Requirement:
    sentence = _SENTENCE.match(requirement.statement)
    statement = sentence[0] if sentence else requirement.statement
    return requirement.model_copy(update={"statement": statement, "forbids": ()})


def _told(what: str, names: Iterable[str]) -> list[str]:
    listed = ", ".join(names)
    return [f"{what}: {listed}"] if listed else []
