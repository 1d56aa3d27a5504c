"""Python text to syntax tree, with one way to fail."""

import ast
import re
import textwrap
import threading
import warnings
from functools import lru_cache
from itertools import pairwise

_FENCED = re.compile(r"```[\w+-]*[ \t]*\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE)
_HEADER = re.compile(r"(?P<indent>[ \t]*)(?:async\s+def|def|class)\s+\w.*")

_DEEPEST = 200
_TOO_DEEP = "nested too deeply"

_warnings_are_global = threading.Lock()


@lru_cache(maxsize=256)  # a file is read by many checks, and by those of every file that imports it
def parse_python(text: str) -> ast.Module:
    """The syntax tree of a Python file. It is shared: who changes it works on a copy.

    Raises:
        SyntaxError: Python can't read the text, for whatever reason: bad syntax, null bytes, lone
            surrogates, an unknown encoding cookie, nesting too deep for the parser.
    """
    try:
        with _warnings_are_global, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.encode())
            compile(tree, "<generated>", "exec", dont_inherit=True)
    except (ValueError, MemoryError, RecursionError) as error:
        raise SyntaxError(str(error) or _TOO_DEEP) from error
    _require_shallow(tree)
    return tree


def parse_stub(interface: str) -> ast.Module:
    """The syntax tree of a promised interface.

    What models often do to a stub is forgiven: a Markdown fence around it, an indent before all of it, and
    signatures without the final `: ...`.

    Raises:
        SyntaxError: It's no stub even so.
    """
    text = textwrap.dedent("\n".join(_FENCED.findall(interface)) or interface)
    try:
        return parse_python(text)
    except SyntaxError:
        return parse_python(_with_bodies(text))


def _require_shallow(tree: ast.Module) -> None:
    """Refuse what recursive visitors of the tree would break on."""
    level: list[ast.AST] = [tree]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise SyntaxError(_TOO_DEEP)


def _with_bodies(stub: str) -> str:
    """The stub with a colon and a body for every one-line header that lacks them."""
    lines = [line.rstrip() for line in stub.splitlines() if line.strip()]
    mended = []
    for line, following in pairwise([*lines, ""]):
        header = _HEADER.fullmatch(line)
        if header and not line.endswith("...") and line.count("(") == line.count(")"):
            has_body = len(following) - len(following.lstrip()) > len(header["indent"])
            line = line.removesuffix(":") + (":" if has_body else ": ...")  # noqa: PLW2901 - the mended line
        mended.append(line)
    return "\n".join(mended)
