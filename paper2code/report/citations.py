"""The tests of a repository, and which requirements their docstrings name."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from paper2code.checks.modules import is_test
from paper2code.checks.parsing import parse_python

_TestDefinition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def citing_tests(files: Mapping[str, str], requirements: Collection[str]) -> dict[str, tuple[str, ...]]:
    r"""The tests whose docstrings name a requirement, by the requirement's id.

    Args:
        files: The texts of the repository, by path; only tests that Python can read are looked at.
        requirements: The ids to look for.

    Returns:
        pytest's names of the tests, in the order of the files. A class whose docstring names a requirement
        stands for all its tests. Ids that no test names are left out.

    >>> citing_tests({"tests/test_a.py": 'def test_mean():\n    "R2: the mean."\n'}, ["R1", "R2"])
    {'R2': ('tests/test_a.py::test_mean',)}
    """
    cited: dict[str, list[str]] = {}
    known = set(requirements)
    for path, text in files.items():
        for name, docstring in _documented(path, text):
            for word in dict.fromkeys(re.findall(r"[\w.-]*\w", docstring)):
                if word in known:
                    cited.setdefault(word, []).append(f"{path}::{name}")
    return {requirement: tuple(cited[requirement]) for requirement in requirements if requirement in cited}


def test_lines(path: str, text: str) -> dict[str, str]:
    r"""The first and last line of each test of a file, by pytest's name of it within the file.

    >>> test_lines("tests/test_a.py", "class TestA:\n    def test_b(self):\n        assert 1\n")
    {'TestA': '1-3', 'TestA::test_b': '2-3'}
    """
    return {name: f"{node.lineno}-{node.end_lineno}" for name, node in _tests_in(path, text)}


def _documented(path: str, text: str) -> Iterator[tuple[str, str]]:
    """The tests of a file with their docstrings."""
    return ((name, ast.get_docstring(node) or "") for name, node in _tests_in(path, text))


def _tests_in(path: str, text: str) -> Iterator[tuple[str, _TestDefinition]]:
    """The tests of a file; none where it holds none or Python can't read it."""
    if not is_test(path):
        return
    try:
        yield from _tests(parse_python(text).body, "")
    except SyntaxError:
        return


def _tests(body: Sequence[ast.stmt], prefix: str) -> Iterator[tuple[str, _TestDefinition]]:
    for node in body:
        if isinstance(node, _TestDefinition) and node.name.lower().startswith("test"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from _tests(node.body, f"{prefix}{node.name}::")
