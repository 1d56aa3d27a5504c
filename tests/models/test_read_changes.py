"""Changes of files out of what models write, and what is left of the files."""

import contextlib
import time
from collections.abc import Sequence
from difflib import SequenceMatcher

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from paper2code.models.answers import AnswerFault, read_changed
from paper2code.models.answers.nearest import nearest
from paper2code.testing import a_file, an_edit

MODEL = 'import math\n\n\ndef area(r):\n    """The area."""\n    return math.pi * r**2\n'
MENDED = MODEL.replace("r**2", "r * r")
TRAIN = "from src.model import area\n\nprint(area(2))\n"
README = "# Use\n\nInstall:\n\n```bash\npip install x\n```\n\nRun:\n\n```\npython train.py\n```\n\nDone.\n"
TEXTS = {"src/model.py": MODEL, "train.py": TRAIN, "README.md": README, "Makefile": "test:\n\tpytest\n"}

BLOCK = """\
<<<<<<< SEARCH
    return math.pi * r**2
=======
    return math.pi * r * r
>>>>>>> REPLACE
"""
PATHLESS = f"```python\n{BLOCK}```"


def changed(answer: str, default: str = "src/model.py", **texts: str) -> dict[str, str]:
    return dict(read_changed(answer, texts or TEXTS, default).texts)


def fault(answer: str, default: str = "src/model.py", **texts: str) -> str:
    with pytest.raises(AnswerFault) as caught:
        changed(answer, default, **texts)
    return str(caught.value)


def edited(text: str, old: str, new: str) -> str:
    """The only file after one edit of it."""
    return changed(an_edit("a.txt", (old, new)), "a.txt", **{"a.txt": text})["a.txt"]


# ------------------------------------------------------------------ forms

FORMS = {
    "path above": f"src/model.py\n{PATHLESS}",
    "backticks": f"`src/model.py`\n{PATHLESS}",
    "bold": f"**src/model.py**\n\n{PATHLESS}",
    "heading": f"### 1. `src/model.py`\n\n{PATHLESS}",
    "colon": f"File: src/model.py:\n{PATHLESS}",
    "dot and slash": f"./src/model.py\n{PATHLESS}",
    "end of the path": f"model.py\n{PATHLESS}",
    "in a sentence": f"Now I mend `src/model.py` so that it squares:\n\n{PATHLESS}",
    "prose between": f"src/model.py\n\nThis squares by hand.\n\n{PATHLESS}",
    "info": f"```python src/model.py\n{BLOCK}```",
    "title": f'```python title="src/model.py"\n{BLOCK}```',
    "label": f"```src/model.py\n{BLOCK}```",
    "in the fence": f"```python\nsrc/model.py\n{BLOCK}```",
    "comment in the fence": f"```python\n# src/model.py\n{BLOCK}```",
    "no path": PATHLESS,
    "no label": f"src/model.py\n```\n{BLOCK}```",
    "diff label": f"src/model.py\n```diff\n{BLOCK}```",
    "tildes": f"src/model.py\n~~~\n{BLOCK}~~~",
    "no fence": f"src/model.py\n{BLOCK}",
    "no fence, no path": BLOCK,
    "an attribute for a heading": f"src/model.py\n\n### `math.pi`\n\n{PATHLESS}",
    "other lengths": f"src/model.py\n{PATHLESS}".replace("<<<<<<<", "<<<<<").replace(">>>>>>>", ">>>>>>>>>"),
    "short divider": f"src/model.py\n{PATHLESS}".replace("=======", "====="),
    "spaces behind markers": f"src/model.py\n{PATHLESS}".replace("SEARCH\n", "SEARCH  \n"),
    "carriage returns": f"src/model.py\n{PATHLESS}\n".replace("\n", "\r\n"),
    "thinking": f"<think>\ntrain.py\n{PATHLESS}\n</think>\nsrc/model.py\n{PATHLESS}",
    "words around": f"Sure!\n\nsrc/model.py\n{PATHLESS}\n\nThis should do.",
    "a command behind": f"src/model.py\n{PATHLESS}\n\nRun it:\n\n```bash\npython train.py\n```",
    "in a list": "1. src/model.py\n" + "".join(f"   {line}\n" for line in PATHLESS.split("\n")),
    "whole": f"src/model.py\n```python\n{MENDED}```",
    "whole, info": f"```python src/model.py\n{MENDED}```",
    "whole, comment": f"```python\n{MENDED}```",
    "whole, no path": f"```python\n{MENDED}```",
    "whole, no fence": MENDED,
    "whole, wide fence": f"src/model.py\n````python\n{MENDED}````",
    "whole, a command behind": f"src/model.py\n```python\n{MENDED}```\n\nRun:\n```bash\npython train.py\n```",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_change_is_read_in_every_form(form: str) -> None:
    assert changed(FORMS[form]) == {"src/model.py": MENDED}
    assert read_changed(FORMS[form], {"src/model.py": MODEL}, "src/model.py").texts == {
        "src/model.py": MENDED
    }


def test_a_path_in_the_first_comment_names_a_whole_file() -> None:
    answer = f"```python\n# train.py\nprint(1)\n```\n\n```python\n# src/model.py\n{MENDED}```"
    assert changed(answer) == {
        "train.py": "# train.py\nprint(1)\n",
        "src/model.py": f"# src/model.py\n{MENDED}",
    }


def test_several_files_in_both_ways() -> None:
    answer = "\n\n".join(
        (
            an_edit(
                "src/model.py",
                ("import math\n", "from math import pi\n"),
                ("    return math.pi * r**2", "    return pi * r**2"),
            ),
            a_file("train.py", "print(3)\n"),
            an_edit("Makefile", ("\tpytest", "\tpytest -q")),
        )
    )  # fmt: skip
    assert changed(answer) == {
        "src/model.py": MODEL.replace("import math", "from math import pi").replace("math.pi", "pi"),
        "train.py": "print(3)\n",
        "Makefile": "test:\n\tpytest -q\n",
    }


def test_a_block_without_a_path_is_about_the_file_before() -> None:
    first = an_edit("train.py", ("print(area(2))", "print(area(3))"))
    second = an_edit("", ("from src.model import area", "from src.model import area  # m^2")).lstrip()
    assert changed(f"{first}\n\nAnd the unit:\n\n{second}") == {
        "train.py": "from src.model import area  # m^2\n\nprint(area(3))\n"
    }


def test_without_a_default_each_change_gives_its_path() -> None:
    assert changed(FORMS["path above"], "") == {"src/model.py": MENDED}
    assert changed(FORMS["whole"], "") == {"src/model.py": MENDED}
    assert "An edit has no path" in fault(PATHLESS, "")
    assert "has no path" in fault(f"```python\n{MENDED}```", "")
    assert "holds no change" in fault("I would rather not.", "")
    assert changed(PATHLESS, "", **{"src/model.py": MODEL}) == {"src/model.py": MENDED}


def test_each_edit_meets_the_file_as_those_before_left_it() -> None:
    answer = an_edit("a.txt", ("one", "two"), ("two", "three\nfour"), ("three", "5"))
    assert changed(answer, "a.txt", **{"a.txt": "one\n"}) == {"a.txt": "5\nfour\n"}


def test_files_that_stay_as_they_are_are_left_out() -> None:
    answer = f"{a_file('train.py', TRAIN)}\n\n{a_file('src/model.py', MENDED)}"
    assert set(changed(answer)) == {"src/model.py"}


@pytest.mark.parametrize(
    "answer", [a_file("new.py", "x = 1\n"), an_edit("new.py", ("", "x = 1")), "```\nx = 1\n```"]
)
def test_the_default_may_be_a_new_file(answer: str) -> None:
    assert changed(answer, "new.py") == {"new.py": "x = 1\n"}


def test_a_recorded_answer_of_one_file_still_reads() -> None:
    """Also where the file quotes fences and names others, as `read_code` allows."""
    quoting = f'"""A model.\n\n```python\nfrom model import x\n```\n"""\n\n{MENDED}'
    for answer in (f"```python\n{quoting}```", f"Here:\n```python\n{quoting}```\n\nUse:\n```bash\nls\n```"):
        assert changed(answer) == {"src/model.py": quoting}
    fenced = f"```markdown\n{README}More.\n```"
    assert changed(fenced, "README.md") == {"README.md": f"{README}More.\n"}


# ------------------------------------------------------------------ fences, dividers, line ends


def test_fences_of_a_readme_are_edited_like_other_lines() -> None:
    old, new = "```bash\npip install x\n```", "```bash\npip install y\n```\n\n````\nls\n````"
    for answer in (
        an_edit("README.md", (old, new)),
        an_edit("README.md", (old, new)).replace("````\n<", "```\n<"),
    ):
        assert changed(f"{answer}\n\n{an_edit('train.py', ('print(area(2))', 'area(3)'))}") == {
            "README.md": README.replace(old, new),
            "train.py": TRAIN.replace("print(area(2))", "area(3)"),
        }


def test_half_a_fence_is_edited() -> None:
    assert changed(an_edit("README.md", ("```bash", "```sh")))["README.md"] == README.replace(
        "```bash", "```sh"
    )


def test_a_whole_readme_among_others_must_end_beyond_doubt() -> None:
    wide = f"README.md\n````markdown\n{README}More.\n````\n\n{a_file('train.py', 'x = 1')}"
    assert changed(wide) == {"README.md": f"{README}More.\n", "train.py": "x = 1\n"}
    narrow = wide.replace("````markdown", "```markdown").replace("More.\n````", "More.\n```")
    assert "Fence it with four backticks" in fault(narrow)
    bare = narrow.replace("```bash\npip install x\n```\n\nRun:\n\n", "Run.\n\n")
    assert "begins with 'Done.' has no path" in fault(bare)


RST = "Title\n=======\n\nText.\n\nOthers\n=======\n\nEnd.\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Title\n=======", "Caption\n======="),
        ("Title\n=======\n\nText.", "Title\n=======\n\nMore.\n\nNew\n=======\n\nText."),
        ("Text.", "Text.\n\nMiddle\n=======\n\nText."),
        ("Text.\n\nOthers\n=======", ""),
        ("=======\n\nText.", "-----\n\nText."),
        ("Title", "Titles"),
    ],
)
def test_lines_like_the_divider_may_be_changed(old: str, new: str) -> None:
    removed = RST.replace(old + "\n", "", 1)
    assert edited(RST, old, new) == (RST.replace(old, new, 1) if new else removed)


def test_conflict_markers_may_be_resolved() -> None:
    conflict = "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> other"
    assert edited(f"x = 0\n{conflict}\ny = 0\n", conflict, "a = 2") == "x = 0\na = 2\ny = 0\n"


def test_a_slip_beside_a_divider_never_makes_a_shorter_text_match() -> None:
    with pytest.raises(AnswerFault, match="unclear which of the lines ======="):
        edited(RST, "Title\n=======\n\nWrong.", "Caption\n=======\n\nWrong.")


def test_line_ends_are_the_files_own() -> None:
    crlf = MODEL.replace("\n", "\r\n")
    assert changed(PATHLESS, **{"src/model.py": crlf}) == {"src/model.py": MENDED.replace("\n", "\r\n")}
    assert edited("a\r\nb", "b", "c\nd") == "a\r\nc\r\nd"
    assert edited("a\nb", "b", "c") == "a\nc"
    assert edited("a\nb\n", "b", "") == "a\n"
    assert edited("a\n\n\n", "a", "b") == "b\n\n\n"
    assert edited("a\x0cb\u2028\nc\n", "c", "d") == "a\x0cb\u2028\nd\n"


# ------------------------------------------------------------------ what is forgiven, and what is not


def test_whitespace_at_the_ends_of_lines_is_forgiven_and_kept_where_lines_stay() -> None:
    assert edited("a  \nb\t\nc\n", "a\nb\nc", "a\nB\nc") == "a  \nB\nc\n"
    assert edited("a\nb\nc\n", "a \nb  \nc", "a \nB\nc") == "a\nB\nc\n"
    assert edited("x  \nx\n", "x", "y") == "x  \ny\n", "an exact match comes first"


@pytest.mark.parametrize(
    ("old", "new"),
    [("\nb\n\n", "\nB\n\n"), ("\n\nb", "\n\nB"), ("b\n\n", "B"), ("\nb", "B"), (" \nb", " \nB")],
)
def test_blank_lines_at_the_edges_are_forgiven(old: str, new: str) -> None:
    block = f"<<<<<<< SEARCH\n{old}\n=======\n{new}\n>>>>>>> REPLACE"
    assert changed(block, "a.txt", **{"a.txt": "a\nb\nc\n"}) == {"a.txt": "a\nB\nc\n"}


@pytest.mark.parametrize(
    "old", ["return math.pi * r**2", "        return math.pi * r**2", "\treturn math.pi * r**2"]
)
def test_an_indent_that_is_off_is_told(old: str) -> None:
    told = fault(an_edit("src/model.py", (old, f"{old}\n")))
    assert "which differ in indentation only, are 6 to 6" in told
    assert "````\n    return math.pi * r**2\n````" in told


REFUSED = {
    "not there": (an_edit("src/model.py", ("def aera(r):", "def area(q):")), "lines are 4 to 4"),
    "nothing like it": (an_edit("src/model.py", ("qqqqqqqq", "x")), "nor anything like it"),
    "part of a line": (an_edit("src/model.py", ("math.pi * r**2", "r")), "not in the file"),
    "twice": (an_edit("README.md", ("```", "````")), "more than once in the file, at lines 7, 11, 13"),
    "elsewhere": (an_edit("src/model.py", ("print(area(2))", "x")), "(It stands in train.py:"),
    "empty": (an_edit("src/model.py", ("", "x = 1")), "SEARCH text is empty, but the file exists"),
    "blank": (an_edit("src/model.py", ("\n\n", "x = 1")), "SEARCH text is empty"),
    "nothing new": (an_edit("src/model.py", ("import math", "import math")), "edit 1: it changes nothing"),
    "the same file": (a_file("src/model.py", MODEL), "changes nothing"),
    "the same files": (f"{a_file('src/model.py', MODEL)}\n{a_file('train.py', TRAIN)}", "changes nothing"),
    "not allowed": (
        an_edit("setup.py", ("x", "y")),
        "setup.py is not among the files that may change: Makefile, README.md, src/model.py, train.py",
    ),
    "not allowed, whole": (a_file("other/model.py", "x = 1"), "other/model.py is not among the files"),
    "not Python": (an_edit("src/model.py", ("def area(r):", "def area(r:")), "line 4: '(' was never closed"),
    "shows the line": (an_edit("src/model.py", ("def area(r):", "def area(r:")), "4 | def area(r:"),
    "not Python, whole": (a_file("src/model.py", "def f(:\n"), "src/model.py would be no valid Python"),
    "a placeholder": (
        an_edit("src/model.py", ("import math", "import math\n# ... existing code ...")),
        "leaves something out: '# ... existing code ...'",
    ),
    "a placeholder, whole": (a_file("train.py", "x = 1\n# ... rest of the code ..."), "leaves something out"),
    "cut": (PATHLESS.partition(">>>>")[0], "no line >>>>>>> REPLACE before the end"),
    "cut behind the edits": (PATHLESS.removesuffix("```"), "cut"),
    "not closed": (PATHLESS.replace(">>>>>>> REPLACE\n", BLOCK), "before the next one begins"),
    "no divider": (PATHLESS.replace("=======\n", ""), "no line ======="),
    "other markers": ("train.py\n```\n------- SEARCH\nx\n=======\ny\n+++++++ REPLACE\n```", "REPLACE"),
    "markers in a text": (
        an_edit("README.md", ("Done.", "x\n<<<<<<< SEARCH it\ny")),
        "README.md would hold the marker '<<<<<<< SEARCH it'",
    ),
    "between edits": (f"src/model.py\n```python\n{BLOCK}\nx = 1\n```", "The line 'x = 1' stands in a fence"),
    "no path": (f"{PATHLESS}\n\n```python\nx = 1\n```", "begins with 'x = 1' has no path"),
    "twice whole": (
        f"{a_file('train.py', 'x = 1')}\n{a_file('train.py', 'x = 2')}",
        "train.py comes whole and once more",
    ),
    "whole and edited": (
        f"{a_file('train.py', 'x = 1')}\n{an_edit('train.py', ('print(area(2))', ''))}",
        "comes whole and once more",
    ),
    "a patch": ("train.py\n```diff\n--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-x\n+y\n```", "has no path"),
    "nothing": ("I would rather not.", "no fenced block"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_made_beyond_doubt_is_refused(case: str) -> None:
    answer, told = REFUSED[case]
    assert told in fault(answer)


def test_all_faults_are_told_at_once() -> None:
    answer = an_edit("train.py", ("x", "y"), ("print(area(2))", "pass"), ("z", "y"))
    told = fault(f"{answer}\n\n{an_edit('README.md', ('```', ''))}")
    assert [
        part in told for part in ("train.py, edit 1", "edit 2", "train.py, edit 3", "README.md, edit 1")
    ] == [
        True,
        False,
        True,
        True,
    ]


def test_a_short_name_of_several_files_is_refused() -> None:
    texts = {"a/util.py": "x = 1\n", "b/util.py": "x = 1\n"}
    assert "util.py may be any of a/util.py, b/util.py" in fault(
        an_edit("util.py", ("x = 1", "")), "a/util.py", **texts
    )


def test_yaml_that_could_be_parsed_stays_so() -> None:
    told = fault(an_edit("c.yaml", ("a: 1", "a: [1")), "c.yaml", **{"c.yaml": "a: 1\n"})
    assert told == "c.yaml could not be parsed any more as yaml."
    assert changed(an_edit("c.yaml", ("a: [2", "a: [1")), "c.yaml", **{"c.yaml": "a: [2\n"})


def test_a_file_about_markers_can_be_changed() -> None:
    prompt = f'FORM = """\n{BLOCK}"""\nx = 1\n'
    texts = {"prompt.py": prompt}
    assert changed(an_edit("prompt.py", ("x = 1", "x = 2")), "prompt.py", **texts)["prompt.py"].endswith(
        "x = 2\n"
    )
    whole = prompt.replace("x = 1", "x = 3")
    assert changed(f"```python\n{whole}```", "prompt.py", **texts) == {"prompt.py": whole}


# ------------------------------------------------------------------ the nearest place


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        (["b", "c"], range(1, 3)),
        (["x", "c", "d"], range(1, 4)),
        (["return alhpa"], range(5, 6)),
        (["", "return alpha + 1", ""], range(4, 7)),
        (["zzz"], None),
        ([""], None),
        ([], None),
    ],
)
def test_the_nearest_place(wanted: list[str], place: range | None) -> None:
    assert nearest(["a", "b", "c", "d", "", "    return alpha", ""], wanted) == place


# ------------------------------------------------------------------ any text

LINES = st.sampled_from(
    [
        *(
            "a",
            "b",
            "    a",
            "",
            "```",
            "```python",
            "````",
            "=======",
            "x = 1",
            "=====",
            "<think>",
            "# a.txt",
        ),
        *("<<<<<<< HEAD", ">>>>>>> other", "Title", "...", "README.md", "a.txt", "\f", "\u2028", "a  "),
    ]
)
MARKED = st.one_of(
    LINES,
    st.sampled_from(
        [
            "<<<<<<< SEARCH",
            ">>>>>>> REPLACE",
            "=======",
            "src/model.py",
            "<interface_change>",
            "</interface_change>",
        ]
    ),
)


@settings(deadline=None, max_examples=150)
@given(
    st.one_of(st.text(), st.lists(MARKED, max_size=30).map("\n".join)),
    st.sampled_from(["a.txt", "a.py", "a.md"]),
)
def test_any_text_is_read_or_refused(text: str, path: str) -> None:
    texts = {path: "a\nb\nTitle\n=======\n", "src/model.py": MODEL}
    with contextlib.suppress(AnswerFault):
        result = read_changed(text, texts, path)
        assert set(result.texts) <= set(texts)
        assert all(texts[name] != new for name, new in result.texts.items())


def edits_between(old: Sequence[str], new: Sequence[str]) -> list[tuple[list[str], list[str]]]:
    """Edits that make one text of the other, each with as many lines around as make its place unique."""
    edits: list[tuple[list[str], list[str]]] = []
    now = list(old)
    for tag, start, end, first, last in reversed(
        SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    ):
        if tag == "equal":
            continue
        low, high = start, end
        while not is_unique(now, now[low:high]):
            low, high = max(low - 1, 0), min(high + 1, len(now))
            if (low, high) == (0, len(now)):
                break
        replaced = [*now[low:start], *new[first:last], *now[end:high]]
        edits.append((now[low:high], replaced))
        now = [*now[:start], *new[first:last], *now[end:]]
    return edits


def is_unique(lines: Sequence[str], part: Sequence[str]) -> bool:
    places = [n for n in range(len(lines)) if list(lines[n : n + len(part)]) == list(part)]
    return len(places) == 1 and any(line.strip() for line in part)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(LINES, min_size=1, max_size=25),
    st.lists(LINES, min_size=1, max_size=25),
    st.sampled_from(["```", "`````"]),
)
def test_edits_make_one_text_of_any_other(old: list[str], new: list[str], fence: str) -> None:
    """But for dividers that could be taken either way: those are refused, never guessed."""
    assume(any(map(str.strip, old)))
    assume("".join(old).strip() != "".join(new).strip())
    before, after = "\n".join(old) + "\n", "\n".join(new) + "\n"
    edits = edits_between(old, new)
    assume(all(any(map(str.strip, search)) for search, _ in edits))
    blocks = [
        "\n".join(("<<<<<<< SEARCH", *search, "=======", *replace, ">>>>>>> REPLACE"))
        for search, replace in edits
    ]
    answer = "\n".join(("a.txt", fence, *blocks, fence))
    if "=======" not in (*old, *new):
        assert changed(answer, "a.txt", **{"a.txt": before}) == {"a.txt": after}
        return
    with contextlib.suppress(AnswerFault):
        assert changed(answer, "a.txt", **{"a.txt": before}) == {"a.txt": after}


@pytest.mark.parametrize(
    "answer",
    [
        BLOCK * 100_000,
        "<<<<<<< SEARCH\n" + "=======\n" * 80_000 + ">>>>>>> REPLACE\n",
        "<<<<<<< SEARCH\n" + "a\n" * 200_000 + "=======\nb\n>>>>>>> REPLACE\n",
        "<<<<<<< SEARCH\n" + "x y z " * 90_000 + "\n=======\nb\n>>>>>>> REPLACE\n",
        "<interface_change>" * 30_000,
        "<<<<<<< SEARCH\n" * 40_000,
        "src/model.py\n```\n" * 30_000,
        "src/model.py\n```\nx\n```\n" * 300,
    ],
    ids=range(8),
)
def test_hostile_text_takes_bounded_time(answer: str) -> None:
    start = time.process_time()
    texts = {"src/model.py": "a\n" * 100_000 + "b c d\n" * 50_000, "b.txt": "x y\n" * 50_000}
    with contextlib.suppress(AnswerFault):
        read_changed(answer, texts, "src/model.py")
    assert time.process_time() - start < 10
