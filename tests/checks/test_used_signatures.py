"""What of an imported file its user's reviewer sees."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from paper2code.checks.symbols import signatures
from paper2code.checks.used_signatures import used_signatures

WORDS = "Of much use. " * 60
LIBRARY = f'''
class Size:
    """{WORDS}"""
    width: int

def make(size: Size) -> float:
    """{WORDS}"""
    return 1.0

def other(x: "Size") -> None:
    """{WORDS}"""

LIMIT = 3
'''


def test_names_that_are_not_used_are_only_listed() -> None:
    stub = used_signatures(LIBRARY, "lib", ["from lib import LIMIT"])
    assert stub == "LIMIT = 3\n\n# Not used here: Size, make, other"


def test_what_a_signature_names_is_shown_too() -> None:
    stub = used_signatures(LIBRARY, "lib", ["from lib import make"])
    assert "class Size" in stub
    assert stub.endswith("# Not used here: other, LIMIT")
    assert "class Size" in used_signatures(LIBRARY, "lib", ["from lib import other"])


def test_all_users_count() -> None:
    stub = used_signatures(LIBRARY, "lib", ["from lib import LIMIT", "from lib import other"])
    assert stub.endswith("# Not used here: make")


def test_all_is_shown_where_the_use_is_not_plain() -> None:
    whole = signatures(LIBRARY)
    for user in ("import lib", "from lib import gone", "x = 1", "def (", "from lib import *"):
        assert used_signatures(LIBRARY, "lib", [user]) == whole
    assert used_signatures(LIBRARY, "pkg.lib", ["from pkg import lib"]) == whole
    assert used_signatures(LIBRARY, None, ["from lib import LIMIT"]) == whole


def test_a_short_stub_is_shown_whole() -> None:
    assert used_signatures("def a(): ...\n\ndef b(): ...", "m", ["from m import a"]).count("def ") == 2


@given(st.text(), st.text())
def test_it_stands_any_text(text: str, user: str) -> None:
    assert isinstance(used_signatures(text, "m", [user]), str)


@given(st.sets(st.sampled_from(["Size", "make", "other", "LIMIT"]), min_size=1))
def test_what_is_used_is_there_and_parses(names: set[str]) -> None:
    stub = used_signatures(LIBRARY, "lib", [f"from lib import {', '.join(sorted(names))}"])
    ast.parse(stub)
    assert all(name in stub.partition("# Not used here")[0] for name in names)
