"""Which paths a repository may hold."""

import doctest
import ntpath
import sys
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code import paths
from paper2code.paths import PathFault, path_faults, safe_path


def is_reserved_on_windows(path: str) -> bool:
    if sys.version_info >= (3, 13):
        return ntpath.isreserved(path)
    return PureWindowsPath(path).is_reserved()


AWKWARD = st.sampled_from(
    ["..", ".", "", "/", "\\", "~", "C:", "con", "nul.py", "a", "A.py", "ä", "ﬁ", " ", "\u202e", "\n"]
)


@pytest.mark.parametrize(
    "path",
    ["model.py", "models/encoder.py", "models/__init__.py", "Makefile", "data/a b.txt", "a/b/c/d/e/f/g/h.py",
     "src/café.py", "console.py", "com10.txt", "x" * 97 + ".py"],
)  # fmt: skip
def test_a_good_path_stays_as_it_is(path: str) -> None:
    assert safe_path(path) == path


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "empty"),
        ("/etc/passwd", "absolute"),
        ("~/x.py", "absolute"),
        ("C:/x.py", "absolute"),
        ("c:x.py", "absolute"),
        ("//server/share/x.py", "absolute"),
        ("\\\\server\\share", "backslash"),
        ("src\\model.py", "backslash"),
        ("..", "climbs"),
        ("../x.py", "climbs"),
        ("a/../../x.py", "climbs"),
        ("./x.py", "part"),
        ("a//b.py", "part"),
        ("a/", "part"),
        ("a/./b.py", "part"),
        (".env", "hidden"),
        (".paper2code/journal.jsonl", "hidden"),
        ("a/.git/config", "hidden"),
        ("...", "hidden"),
        ("CON", "device"),
        ("a/nul.txt", "device"),
        ("Com1.tar.gz", "device"),
        ("aux .py", "device"),
        ("a./b.py", "ends with a dot"),
        ("a /b.py", "space"),
        (" a.py", "space"),
        ("-rf.py", "dash"),
        ("ab:c.py", "one of"),
        ("what?.py", "one of"),
        ("a*.py", "one of"),
        ("a\0.py", "cannot be seen"),
        ("a\n.py", "cannot be seen"),
        ("a\u202etxt.py", "cannot be seen"),
        ("a\u200b.py", "cannot be seen"),
        ("a\ud800.py", "cannot be seen"),
        ("ａ.py", "look like others"),
        ("ﬁle.py", "look like others"),
        ("a․py/x.py", "look like others"),
        ("x" * 101, "longer than 100"),
        ("/".join(["x" * 50] * 4), "longer than 200"),
        ("a/b/c/d/e/f/g/h/i.py", "deeper than 8"),
    ],
)
def test_a_bad_path_is_refused_with_its_reason(path: str, reason: str) -> None:
    with pytest.raises(PathFault, match=reason):
        safe_path(path)


def test_a_name_of_many_bytes_is_refused() -> None:
    assert safe_path("日" * 60)
    with pytest.raises(PathFault, match="longer"):
        safe_path("日" * 90)


def test_composed_and_decomposed_letters_give_one_path() -> None:
    assert safe_path("cafe\u0301.py") == safe_path("café.py") == "caf\u00e9.py"


@given(st.one_of(st.text(max_size=220), st.lists(AWKWARD, max_size=9).map("/".join)))
def test_what_is_let_through_lies_inside_on_every_system(path: str) -> None:
    try:
        safe = safe_path(path)
    except PathFault:
        return
    assert safe_path(safe) == safe
    assert safe == unicodedata.normalize("NFC", path)
    for flavour in (PurePosixPath(safe), PureWindowsPath(safe)):
        assert not flavour.is_absolute()
        assert not flavour.drive
        assert ".." not in flavour.parts
        assert "/".join(flavour.parts) == safe
        assert not any(part.startswith(".") for part in flavour.parts)
    assert not is_reserved_on_windows(safe)
    assert len(safe.encode()) <= 4 * 200


def test_a_sound_list_has_no_faults() -> None:
    assert path_faults(["model.py", "data/loader.py", "data/__init__.py", "tests/test_model.py"]) == {}


@pytest.mark.parametrize(
    ("files", "faulty", "reason"),
    [
        (["model.py", "Model.py"], "Model.py", "differs from model.py only by case"),
        (["straße.py", "STRASSE.py"], "STRASSE.py", "only by case"),
        (["data/a.py", "Data/b.py"], "Data/b.py", "differs from data/ only by case"),
        (["models/a.py", "models"], "models", "folder of that name"),
        (["models", "models/a.py"], "models/a.py", "a file has that name"),
        (["Models", "models/a.py"], "models/a.py", "a file has that name"),
        (["a.py", "a.py"], "a.py", "twice"),
        (["caf\u00e9.py", "cafe\u0301.py"], "cafe\u0301.py", "twice"),
        (["../a.py", "b.py"], "../a.py", "climbs"),
        (["readme.MD"], "readme.MD", "run itself"),
        (["README.md/a.py"], "README.md/a.py", "a file has that name"),
    ],
)
def test_what_collides_is_named(files: list[str], faulty: str, reason: str) -> None:
    faults = path_faults(files, reserved=["README.md"])
    assert list(faults) == [faulty]
    assert reason in faults[faulty]


def test_files_past_the_limit_are_named() -> None:
    faults = path_faults(f"f{number}.py" for number in range(paths.MAX_FILES + 2))
    assert list(faults) == ["f1000.py", "f1001.py"]
    assert "more than 1000" in faults["f1000.py"]


@given(st.lists(st.lists(AWKWARD, min_size=1, max_size=3).map("/".join), max_size=12))
def test_paths_without_faults_can_be_written_side_by_side(files: list[str]) -> None:
    faults = path_faults(files)
    kept = [safe_path(path) for path in files if path not in faults]
    folded = [path.casefold() for path in kept]
    assert len(set(folded)) == len(folded)
    folders = {parent.as_posix() for path in folded for parent in PurePosixPath(path).parents}
    assert not folders.intersection(folded)


def test_the_examples_hold() -> None:
    assert doctest.testmod(paths).failed == 0
