"""What of a file another one needs to see that uses a part of it."""

import ast
from collections.abc import Collection, Iterator

from paper2code.checks.parsing import parse_python
from paper2code.checks.symbols import signatures

_SHORT = 1_500
"""Characters of a stub that is shown whole; a list of what is left out would be hardly shorter."""


def used_signatures(text: str, module: str | None, users: Collection[str]) -> str:
    r"""The signatures of a Python file, but for those that nothing in some other files leads to.

    Args:
        text: The file.
        module: The name by which it is imported; None is none, and then all of it is shown.
        users: The texts of the files that use it. Where one of them imports the module as a whole or cannot
            be parsed, all is shown.

    Returns:
        A stub. What the signatures shown name of the file is shown, too; a last line names the rest.

    >>> text = "\n\n".join(f"def f{n}(x):\n    '''{'Of much use. ' * 30}'''" for n in range(9))
    >>> print(used_signatures(text, "a", ["from a import f1"]).splitlines()[-1])
    # Not used here: f0, f2, f3, f4, f5, f6, f7, f8
    """
    stub = signatures(text)
    wanted = _imported(module, users)
    if len(stub) <= _SHORT or wanted is None:
        return stub
    parts = {name: part for part in parse_python(stub).body for name in _bound(part)}
    if not wanted <= set(parts):
        return stub
    shown = _reached(wanted, parts)
    body = [part for part in parse_python(stub).body if shown & set(_bound(part))]
    left_out = [name for name in parts if name not in shown]
    remark = f"\n\n# Not used here: {', '.join(left_out)}" if left_out else ""
    return "\n\n".join(map(ast.unparse, body)) + remark


def _imported(module: str | None, users: Collection[str]) -> set[str] | None:
    """The names that are imported from a module; None where it is used as a whole, or by nobody."""
    names: set[str] = set()
    for text in users:
        try:
            tree = parse_python(text)
        except SyntaxError:
            return None
        for node in ast.walk(tree):
            match node:
                case ast.Import() if any(alias.name == module for alias in node.names):
                    return None
                case ast.ImportFrom() if node.module == module and not node.level:
                    names |= {alias.name for alias in node.names}
                case ast.ImportFrom() if any(f"{node.module}.{a.name}" == module for a in node.names):
                    return None
    return names or None


def _reached(wanted: set[str], parts: dict[str, ast.stmt]) -> set[str]:
    """The wanted names, and those of the same file that their signatures lead to."""
    shown: set[str] = set()
    ahead = list(wanted)
    while ahead:
        name = ahead.pop()
        if name not in shown:
            shown.add(name)
            ahead += [found for found in _named(parts[name]) if found in parts]
    return shown


def _named(part: ast.stmt) -> Iterator[str]:
    for node in ast.walk(part):
        match node:
            case ast.Name(id=name):
                yield name
            case ast.Constant(value=str(text)) if text.isidentifier():  # an annotation in quotes
                yield text


def _bound(part: ast.stmt) -> tuple[str, ...]:
    match part:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return (part.name,)
        case ast.Assign():
            return tuple(target.id for target in part.targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            return (name,)
    return ()
