"""Where symbols stand, and what a file offers."""

import ast
import contextlib
import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.checks import modules, parsing, symbols, wording, yaml_text
from paper2code.checks.contract import config
from paper2code.checks.parsing import parse_python, parse_stub
from paper2code.checks.source import signatures as call_signatures
from paper2code.checks.symbols import bound_names, find_symbol, header, signatures, symbol_lines

TEXT = '''"""A model."""
import os
from dataclasses import dataclass

SIZE: int = 3
LEFT, (RIGHT, *REST) = 1, (2, 3)


@dataclass
class Config:
    """Settings.

    More on them.
    """

    depth: int = 2
    table: tuple[int, ...] = ("quite a long value", "that no reader of a stub", "has any use for", "at all")
    _secret: int = 1


class Encoder(Base):
    @property
    def width(self) -> int:
        return SIZE

    async def run(self, x: int, *, fast: bool = False) -> int:
        """Encode a batch."""

        def inner():
            return x

        return inner()

    def _hidden(self): ...


if SIZE > 2:
    def loss(x): return x
else:
    def other(x): return -x
try:
    import fast_math
except ImportError:
    fast_math = None
'''


STUB = '''\
SIZE: int = 3

LEFT, (RIGHT, *REST) = (1, (2, 3))

@dataclass
class Config:
    """Settings.

More on them."""
    depth: int = 2
    table: tuple[int, ...] = ('quite a long value', 'that no reader of a stub', 'has any use for', 'at all')

class Encoder(Base):

    @property
    def width(self) -> int: ...

    async def run(self, x: int, *, fast: bool=False) -> int:
        """Encode a batch."""
        ...

def loss(x): ...

def other(x): ...

fast_math = None'''


@pytest.mark.parametrize("module", [modules, parsing, symbols, wording, config, yaml_text, call_signatures])
def test_the_examples_in_the_docstrings_are_true(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("symbol", "lines"),
    [
        ("Config", "9-18"),
        ("Config.depth", "16"),
        ("Encoder", "21-34"),
        ("Encoder.width", "22-24"),
        ("`Encoder.run()`", "26-32"),
        ("Encoder.run.inner", "29-30"),
        ("SIZE", "5"),
        ("REST", "6"),
        ("loss(x)", "38"),
        ("other", "40"),
        ("fast_math", "44"),
        ("Encoder.lost", ""),
        ("lost", ""),
        ("SIZE.real", ""),
        ("", ""),
        ("..", ""),
    ],
)
def test_the_lines_of_a_symbol(symbol: str, lines: str) -> None:
    assert symbol_lines(TEXT, symbol) == lines


def test_a_file_that_cannot_be_parsed_has_no_symbols() -> None:
    assert symbol_lines("def f(:", "f") == ""
    assert signatures("def f(:") == ""
    assert bound_names("def f(:") is None


def test_signatures_are_a_stub_of_what_is_public() -> None:
    assert signatures(TEXT) == STUB


def test_signatures_leave_out_values_that_no_caller_reads() -> None:
    assert signatures(f"WEIGHTS = {list(range(200))}\n") == "WEIGHTS = ..."


def test_signatures_name_the_attributes_that_methods_set() -> None:
    body = "self.size = size\n        self.tags: list[str] = []\n        self._lid = 0\n"
    stub = signatures(f"class Box:\n    def __init__(self, size):\n        {body}")
    assert stub == "class Box:\n    size: ...\n    tags: list[str]\n\n    def __init__(self, size): ..."


def test_bound_names_are_those_after_the_import() -> None:
    names = bound_names(TEXT + "def fill():\n    global cache\n    cache = {}\n[n for n in REST]\n(m := 3)\n")
    assert names is not None
    assert {"os", "dataclass", "SIZE", "LEFT", "RIGHT", "REST", "Config", "Encoder", "loss", "other"} <= names
    assert {"fast_math", "cache", "fill", "m"} <= names
    assert not {"depth", "inner", "x", "n", "ImportError"} & names


@pytest.mark.parametrize("text", ["from os import *", "def __getattr__(name): ...", "x ="])
def test_some_texts_do_not_tell_their_names(text: str) -> None:
    assert bound_names(text) is None


@pytest.mark.parametrize(
    ("symbol", "shown"),
    [
        ("Config", "class Config"),
        ("Encoder.run", "async def run(self, x: int, *, fast: bool=False) -> int"),
        ("SIZE", "SIZE: int = 3"),
    ],
)
def test_a_header_is_a_definition_without_its_body(symbol: str, shown: str) -> None:
    found = find_symbol(parse_python(TEXT), symbol)
    assert found is not None
    assert header(found) == shown


@pytest.mark.parametrize(
    "text",
    ["def f(:", "x = 1\x00", "\udc80", "# coding: no-such\n", "(" * 10_000, "-" * 100_000 + "1", "return 1",
     "x = " + "+".join(["1"] * 300)],
)  # fmt: skip
def test_there_is_one_way_for_python_not_to_parse(text: str) -> None:
    with pytest.raises(SyntaxError):
        parse_python(text)


def test_warnings_of_the_parser_stay_silent() -> None:
    assert symbol_lines('PATTERN = "\\d"\nx = 1 is 1\n', "PATTERN") == "1"


@given(
    st.text(max_size=300) | st.lists(st.sampled_from(TEXT.splitlines(keepends=True))).map("".join),
    st.text(max_size=20),
)
def test_any_text_is_taken(text: str, symbol: str) -> None:
    symbol_lines(text, symbol)
    bound_names(text)
    ast.parse(signatures(text))
    with contextlib.suppress(SyntaxError):
        parse_stub(text)
