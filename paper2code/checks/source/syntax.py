"""Does the file parse as what its name says it is?"""

import ast
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from paper2code.artifacts import Finding, SourceFile
from paper2code.checks.parsing import parse_python
from paper2code.checks.wording import finding, one_line
from paper2code.checks.yaml_text import parse_yaml

_MAY_BE_EMPTY = {"__init__.py", "py.typed", ".gitkeep"}


def find_syntax_faults(draft: SourceFile) -> Iterator[Finding]:
    """What keeps the file from being read at all; at most one finding."""
    path = PurePosixPath(draft.path)
    if not draft.text.strip():
        if path.name not in _MAY_BE_EMPTY:
            yield finding("syntax", "blocker", 0, f"{draft.path} is empty.", "Write the whole file.")
    elif path.suffix == ".py":
        yield from _python_faults(draft)
    elif path.suffix in _PARSERS:
        language, parse = _PARSERS[path.suffix]
        try:
            parse(draft.text)
        except (ValueError, RecursionError) as error:
            reason = one_line(str(error), 300) or "nested too deeply"
            yield finding(
                "syntax",
                "blocker",
                0,
                f"{draft.path} isn't valid {language}: {reason}.",
                f"Write valid {language} only.",
            )


def _python_faults(draft: SourceFile) -> Iterator[Finding]:
    try:
        tree = parse_python(draft.text)
    except SyntaxError as error:
        line = error.lineno or 0
        source = _line_of(draft.text, line)
        quoted = f" in line {line}: `{one_line(source, 200)}`" if source else ""
        yield finding(
            "syntax",
            "blocker",
            line,
            f"SyntaxError: {error.msg}{quoted}",
            "Mend the syntax; nothing else is checked before.",
        )
        return
    if PurePosixPath(draft.path).name not in _MAY_BE_EMPTY and not _does_something(tree):
        yield finding("syntax", "blocker", 0, f"{draft.path} holds only comments.", "Write the whole file.")


def _does_something(tree: ast.Module) -> bool:
    return any(
        not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in tree.body
    )


def _line_of(text: str, number: int) -> str:
    lines = re.split(r"\r\n|\r|\n", text)
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


_PARSERS: dict[str, tuple[str, Callable[[str], object]]] = {
    ".yaml": ("YAML", parse_yaml),
    ".yml": ("YAML", parse_yaml),
    ".json": ("JSON", json.loads),
    ".ipynb": ("JSON", json.loads),
    ".toml": ("TOML", tomllib.loads),
}
