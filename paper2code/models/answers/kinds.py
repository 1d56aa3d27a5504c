"""What an answer's file is: how its fences are labelled, and whether a text can be one."""

import ast
import json
import re
import tomllib
import warnings
from pathlib import PurePosixPath

import yaml

_LABELS = {
    ".py": "python py python3 py3 pyi cython",
    ".md": "markdown md",
    ".sh": "bash sh shell zsh",
    ".yaml": "yaml yml",
    ".json": "json jsonc",
    ".toml": "toml",
    ".cfg": "ini cfg conf",
    ".ipynb": "json ipynb",
    ".js": "javascript js",
    ".ts": "typescript ts",
    ".html": "html xml",
    ".css": "css",
    ".c": "c",
    ".cpp": "cpp c++",
    ".cu": "cuda cu cpp c++ c",
    ".r": "r",
    ".jl": "julia",
    ".tex": "latex tex",
    ".sql": "sql",
    ".patch": "diff patch",
    ".mmd": "mermaid",
    ".log": "console output pycon shell-session",
}
_ALIASES = {
    ".pyi": ".py",
    ".yml": ".yaml",
    ".bash": ".sh",
    ".ini": ".cfg",
    ".markdown": ".md",
    ".diff": ".patch",
}
_KNOWN = frozenset(" ".join(_LABELS.values()).split())
_MAX_YAML = 200_000


class Kind:
    """The kind of one file, by its path."""

    def __init__(self, path: str) -> None:
        name = PurePosixPath(path)
        suffix = name.suffix.lower()
        self.path = path
        self.suffix = _ALIASES.get(suffix, suffix)
        self.labels = frozenset([*_LABELS.get(self.suffix, "").split(), self.suffix[1:], name.name.lower()])
        self.may_be_empty = name.name in ("__init__.py", "py.typed")

    def fits(self, label: str) -> bool:
        """Whether a fence with that label may hold the file: its own labels, and those of no kind."""
        return label in self.labels or label not in _KNOWN

    def parses(self, text: str) -> bool:
        """Whether the text can be a file of this kind; True where nothing can tell."""
        match self.suffix:
            case ".py":
                return python_problem(text) == ""
            case ".json" | ".ipynb":
                return _loads(text)
            case ".toml":
                return _is_toml(text)
            case ".yaml":
                return _is_yaml(text)
            case _:
                return True

    def is_surely(self, text: str) -> bool:
        """Whether a text without a fence is the file, not words about it."""
        match self.suffix:
            case ".py":
                return python_problem(text) == "" and _has_code(text)
            case ".json" | ".ipynb" | ".toml" | ".yaml":
                return self.parses(text)
            case ".md":
                return text.lstrip().startswith("# ")
            case ".sh":
                return text.startswith("#!")
            case _:
                return False


def python_problem(text: str) -> str:
    """Why the text is no Python, empty if it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except SyntaxError as error:
            return f"line {error.lineno}: {error.msg}"
        except (ValueError, RecursionError, MemoryError) as error:
            return str(error) or type(error).__name__
    return ""


def _has_code(text: str) -> bool:
    """Whether there is a statement that words in a row cannot be: `Done` and `Note: this` parse, too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        body = ast.parse(text).body
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        return isinstance(body[0].value.value, str)
    return any(not isinstance(statement, ast.Expr | ast.AnnAssign) for statement in body)


def _loads(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_toml(text: str) -> bool:
    try:
        return bool(tomllib.loads(text))
    except (ValueError, RecursionError):
        return False


def _is_yaml(text: str) -> bool:
    """Whether it is a YAML mapping or list; long texts are taken on trust, since parsing is slow."""
    if len(text) > _MAX_YAML:
        return bool(re.match(r"\s*(?:#.*\n\s*)*[\w-]+:", text))
    try:
        return isinstance(yaml.safe_load(text), dict | list)
    except (yaml.YAMLError, ValueError, RecursionError):
        return False
