"""What kind of file an answer should hold: how its fences are labelled, and whether a text can be one."""

import ast
import json
import re
import tomllib
import warnings
from functools import lru_cache
from pathlib import PurePosixPath

import yaml

_LABELS = {
    ".c": {"c"},
    ".cfg": {"ini", "cfg", "conf"},
    ".cpp": {"cpp", "c++"},
    ".css": {"css"},
    ".cu": {"cuda", "cu", "cpp", "c++"},
    ".html": {"html", "xml"},
    ".ipynb": {"json", "ipynb"},
    ".jl": {"julia"},
    ".js": {"javascript", "js"},
    ".json": {"json", "jsonc"},
    ".md": {"markdown", "md"},
    ".patch": {"diff", "patch"},
    ".py": {"python", "py", "python3", "py3"},
    ".r": {"r"},
    ".sh": {"bash", "sh", "shell", "zsh"},
    ".sql": {"sql"},
    ".tex": {"latex", "tex"},
    ".toml": {"toml"},
    ".ts": {"typescript", "ts"},
    ".yaml": {"yaml", "yml"},
}
_SAME_KIND = {
    ".bash": ".sh", ".diff": ".patch", ".ini": ".cfg", ".markdown": ".md", ".pyi": ".py", ".yml": ".yaml",
}  # fmt: skip
_SUFFIXES = {".csv", ".rst", ".txt", *_LABELS, *_SAME_KIND}
_PARSED = {".ipynb", ".json", ".py", ".toml", ".yaml"}
_NO_FILE = {"console", "shell-session", "output", "pycon", "mermaid"}
_KNOWN = _NO_FILE.union(*_LABELS.values())
_KEY = re.compile(r"[\w.-]+")
_LONG_YAML = 200_000  # characters that take the parser seconds


def is_file(name: str) -> bool:
    """Whether a name with a dot is a file's rather than an attribute's: `model.py`, not `model.fit`."""
    return "/" in name or PurePosixPath(name).suffix.lower() in _SUFFIXES


class Kind:
    """The kind of one file, told by its path."""

    def __init__(self, path: str) -> None:
        name = PurePosixPath(path)
        suffix = name.suffix.lower()
        self.path = path
        self.suffix = _SAME_KIND.get(suffix, suffix)
        self.labels = _LABELS.get(self.suffix, set()) | {suffix[1:], name.name.lower()}
        self.has_parser = self.suffix in _PARSED
        self.may_be_empty = name.name in ("__init__.py", "py.typed")

    def fits(self, label: str) -> bool:
        """Whether a fence with that label may hold the file: one of its own, or of no kind that is known."""
        return label in self.labels or label not in _KNOWN

    def parses(self, text: str) -> bool:
        """Whether the text can be such a file; True for kinds without a parser."""
        match self.suffix:
            case ".py":
                return python_problem(text) == ""
            case ".json" | ".ipynb":
                return isinstance(_json(text), dict | list)
            case ".toml":
                return bool(_toml(text))
            case ".yaml":
                return isinstance(_yaml(text), dict | list)
            case _:
                return True

    def is_surely(self, text: str) -> bool:
        """Whether a text without a fence is the file itself, and not words about it."""
        match self.suffix:
            case ".py":
                return python_problem(text) == "" and _has_code(text)
            case ".json" | ".ipynb" | ".toml":
                return self.parses(text)
            case ".yaml":
                value = _yaml(text)
                return isinstance(value, dict) and all(_KEY.fullmatch(str(key)) for key in value)
            case ".md":
                return text.lstrip().startswith("# ")
            case ".sh":
                return text.startswith("#!")
            case _:
                return False


def python_problem(text: str) -> str:
    """Why the text is no Python, empty if it is."""
    try:
        _tree(text)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error) or type(error).__name__
    return ""


@lru_cache(maxsize=16)  # one answer is looked at several times
def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes are the checks' business
        return ast.parse(text)


def _has_code(text: str) -> bool:
    """Whether it has a docstring or a statement that words cannot be: `Sorry` and `Note: this` parse, too."""
    body = _tree(text).body
    first = body[0] if body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return isinstance(first.value.value, str)
    return any(not isinstance(statement, ast.Expr | ast.AnnAssign) for statement in body)


def _json(text: str) -> object:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def _toml(text: str) -> object:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def _yaml(text: str) -> object:
    if len(text) > _LONG_YAML:
        return None
    try:
        value: object = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return value
