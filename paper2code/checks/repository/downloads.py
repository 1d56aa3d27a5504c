"""Which files of a repository fetch something from the network."""

import ast
from collections.abc import Mapping

from paper2code.checks.modules import is_test
from paper2code.checks.parsing import parse_python

_FETCHING = frozenset(
    {
        "download_and_extract_archive", "download_url", "from_pretrained", "hf_hub_download", "load_dataset",
        "snapshot_download", "urlopen", "urlretrieve", "wget",
    }
)  # fmt: skip
_CLIENTS = frozenset({"httpx", "requests"})


def downloading_files(files: Mapping[str, str]) -> tuple[str, ...]:
    r"""The files whose code calls something that downloads, tests left out.

    Args:
        files: The texts of the repository, by path.

    >>> downloading_files({"data.py": "d = MNIST('data', download=True)\n", "model.py": "x = 1\n"})
    ('data.py',)
    """
    return tuple(path for path, text in files.items() if not is_test(path) and _downloads(text))


def _downloads(text: str) -> bool:
    try:
        tree = parse_python(text)
    except SyntaxError:
        return False
    return any(isinstance(node, ast.Call) and _fetches(node) for node in ast.walk(tree))


def _fetches(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id=client), attr="get") if client in _CLIENTS:
            return True
        case ast.Attribute(attr=name) | ast.Name(id=name) if name in _FETCHING:
            return True
    return any(
        keyword.arg == "download" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for keyword in call.keywords
    )
