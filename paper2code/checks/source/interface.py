"""Does the file keep the interface that other files were promised?"""

import ast
from collections.abc import Iterator
from pathlib import Path

import griffe

from paper2code.artifacts import Finding, PlannedFile
from paper2code.checks.modules import Modules, is_test
from paper2code.checks.parsing import parse_stub
from paper2code.checks.symbols import Definition, find_symbol, header
from paper2code.checks.wording import finding

_MODULE = "file"
_PARAMETER_FAULTS = {
    griffe.BreakageKind.PARAMETER_REMOVED: "the parameter {old} is missing",
    griffe.BreakageKind.PARAMETER_MOVED: "the parameter {old} stands at another position",
    griffe.BreakageKind.PARAMETER_CHANGED_KIND: "the parameter {old} can't be passed as promised",
    griffe.BreakageKind.PARAMETER_CHANGED_REQUIRED: "the parameter {old} needs a default",
    griffe.BreakageKind.PARAMETER_ADDED_REQUIRED: "the extra parameter {new} needs a default",
}
_CALLABLE = {griffe.Kind.FUNCTION, griffe.Kind.CLASS}


def find_broken_promises(tree: ast.Module, planned: PlannedFile, modules: Modules) -> Iterator[Finding]:
    """Where a draft differs from its interface so that a caller who trusts it would fail.

    More than what is promised is welcome: extra names, and extra parameters with defaults. Types and the
    values of defaults aren't compared.

    Args:
        tree: The draft.
        planned: The file with its promised interface; one that isn't a stub promises nothing.
        modules: The planned modules: what a class inherits from them isn't known here.
    """
    try:
        stub = parse_stub(planned.interface)
    except SyntaxError:
        return
    draft = _visited(tree)
    broken: dict[str, list[str]] = {}
    for breakage in griffe.find_breaking_changes(_visited(stub), draft):
        symbol = breakage.obj.path.removeprefix(f"{_MODULE}.")
        if not _may_be_inherited(breakage, draft, tree, modules):
            problem = _problem(breakage, find_symbol(stub, symbol))
            broken.setdefault(symbol, []).extend([problem] if problem else [])
    for symbol, problems in broken.items():
        if problems and not _is_called_by_pytest(symbol, planned, tree):
            promised = find_symbol(stub, symbol)
            place = find_symbol(tree, symbol) or find_symbol(tree, symbol.rpartition(".")[0])
            yield finding(
                "interface",
                "major",
                place.lineno if place else 0,
                f"{symbol} isn't what {planned.path} promises: {', '.join(problems)}."
                + (f" Promised: `{header(promised)}`" if promised else ""),
                f"Write {symbol} as promised, because other files rely on it.",
            )


def _is_called_by_pytest(symbol: str, planned: PlannedFile, tree: ast.Module) -> bool:
    """Whether it is a test that is there: nobody else calls it, and it may take what fixtures it wants."""
    return is_test(planned.path) and symbol.startswith("test_") and find_symbol(tree, symbol) is not None


def _visited(tree: ast.Module) -> griffe.Module:
    modules = griffe.ModulesCollection()
    module = griffe.visit(_MODULE, Path(f"{_MODULE}.py"), ast.unparse(tree), modules_collection=modules)
    modules[_MODULE] = module
    return module


def _problem(breakage: griffe.Breakage, promised: ast.stmt | None) -> str | None:
    """What is wrong, in words, or None if no caller would notice."""
    match breakage.kind:
        case griffe.BreakageKind.OBJECT_REMOVED:
            return "it's missing"
        case griffe.BreakageKind.CLASS_REMOVED_BASE:
            return "it lacks a base class"
        case griffe.BreakageKind.OBJECT_CHANGED_KIND:
            return _kind_problem(breakage, promised)
    words = _PARAMETER_FAULTS.get(breakage.kind)
    return words and words.format(
        old=getattr(breakage.old_value, "name", ""), new=getattr(breakage.new_value, "name", "")
    )


def _kind_problem(breakage: griffe.Breakage, promised: ast.stmt | None) -> str | None:
    old, new, given = breakage.old_value, breakage.new_value, breakage.obj
    if old is griffe.Kind.ATTRIBUTE:
        return None if _may_be_callable(promised) else f"it must be read without a call, and is a {new.value}"
    if old is griffe.Kind.FUNCTION:
        # A stub leaves its imports out, so that griffe can't know `cached_property` and its like there.
        is_read = "property" in given.labels and not _is_decorated_as_property(promised)
        return "it must be called, and is a property" if is_read else None
    return f"it must be a {old.value}, and is a {new.value}" if new is griffe.Kind.FUNCTION else None


def _may_be_callable(promised: ast.stmt | None) -> bool:
    """Whether a promised attribute may be a function or class: by its annotation, or on another branch."""
    if isinstance(promised, ast.AnnAssign):
        return any(word in ast.unparse(promised.annotation) for word in ("Callable", "type", "Type"))
    return isinstance(promised, Definition) and not _is_decorated_as_property(promised)


def _is_decorated_as_property(node: ast.stmt | None) -> bool:
    return isinstance(node, Definition) and any("property" in ast.unparse(d) for d in node.decorator_list)


def _may_be_inherited(
    breakage: griffe.Breakage, draft: griffe.Module, tree: ast.Module, modules: Modules
) -> bool:
    """Whether a promised member that isn't in its class's body may still be there at run time."""
    missing = breakage.obj
    owner = draft.members.get(missing.parent.name) if missing.parent and missing.parent.is_class else None
    if breakage.kind is not griffe.BreakageKind.OBJECT_REMOVED or not isinstance(owner, griffe.Class):
        return False
    if isinstance(missing, griffe.Function) and _is_of_every_object(missing):
        return True
    node = find_symbol(tree, owner.name)
    if missing.is_attribute and node and _assigns_to_self(node, missing.name):
        return True
    foreign = _foreign_bases(owner)
    if any(modules.is_ours(base) or base.startswith(f"{_MODULE}.") for base in foreign):
        return True
    is_generated = missing.is_attribute or (missing.name.startswith("__") and missing.name.endswith("__"))
    return is_generated and bool(foreign or owner.decorators)


def _is_of_every_object(method: griffe.Function) -> bool:
    """Whether `object` has the method, as it has `__repr__`, and an `__init__` without arguments."""
    return hasattr(object, method.name) and (method.name != "__init__" or len(method.parameters) <= 1)


def _foreign_bases(owner: griffe.Class) -> list[str]:
    """Dotted names of the bases, and bases of bases, that another file defines."""
    local = owner.mro()
    known = {base.path for base in local}
    bases = [base for each in (owner, *local) for base in each.bases]
    names = [str(getattr(base, "canonical_path", base)) for base in bases]
    return [name for name in names if name not in {*known, "object"}]


def _assigns_to_self(owner: ast.stmt, name: str) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and node.attr == name
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        for node in ast.walk(owner)
    )
