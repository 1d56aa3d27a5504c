"""Files out of what models write."""

import ast
import contextlib
import heapq
import inspect
import textwrap
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paper2code.models.answers import AnswerFault, read_code
from paper2code.models.answers.placeholders import find_placeholder

CODE = 'import math\n\n\ndef area(r):\n    """The area."""\n    return math.pi * r**2\n'

QUOTING = '''"""A model.

```python
from model import Model
```

and

```
output
```
"""


class Model:
    """Use it so:

        ```
        Model()
        ```
    """

    def __call__(self):
        return "```"
'''

README = """# Title

Install:

```bash
pip install -r requirements.txt
```

Then:

```
python train.py
```

Done.
"""


def fenced(text: str, info: str = "python", fence: str = "```") -> str:
    return f"{fence}{info}\n{text}{fence}\n"


BASH = fenced("pip install torch numpy scipy pandas matplotlib scikit-learn tqdm pyyaml einops\n", "bash")
LONGER = fenced("x = 1\n" * 50)
USAGE = fenced("from model import area\n\nprint(area(2))\n")

CODE_FORMS = {
    "a fence": fenced(CODE),
    "no label": fenced(CODE, ""),
    "another label": fenced(CODE, "Python3"),
    "label in braces": fenced(CODE, "{.python .numberLines}"),
    "title": fenced(CODE, 'python title="model.py"'),
    "path as label": fenced(CODE, "model.py"),
    "tildes": fenced(CODE, "python", "~~~"),
    "wide fence": fenced(CODE, "python", "`````"),
    "prose around": f"Here is the file.\n\n{fenced(CODE)}\nIt computes the area of `r`.",
    "no line feed at the end": fenced(CODE).rstrip("\n"),
    "more line feeds": fenced(f"\n\n{CODE}\n\n\n"),
    "carriage returns": fenced(CODE).replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + fenced(CODE),
    "thinking": f"<think>\nLike this?\n```python\ndraft = 1\n```\n</think>\n\n{fenced(CODE)}",
    "thinking opened by the prompt": f"Like this?\n```python\ndraft = 1\n```\n</think>\n\n{fenced(CODE)}",
    "shell before": f"{BASH}\n{fenced(CODE)}",
    "shell before, no labels": BASH.replace("bash", "") + fenced(CODE, ""),
    "shell after": f"{fenced(CODE)}\n{BASH}",
    "usage after": f"{fenced(CODE)}\nUse it:\n\n{USAGE}",
    "usage before": f"You will use it so:\n\n{USAGE}\n{fenced(CODE)}",
    "output after": f"{fenced(CODE)}\n" + fenced("12.566\n" * 50, "output"),
    "named, beside a longer one": f"`model.py`:\n{fenced(CODE)}\n**`train.py`**\n\n{LONGER}",
    "only the other is named": f"{fenced(CODE)}\n### train.py\n{LONGER}",
    "indented as in a list": "1. The file:\n\n" + textwrap.indent(fenced(CODE), "   "),
    "deeply indented": textwrap.indent(fenced(CODE), "      "),
    "no fence": CODE,
    "no fence but the last": CODE + "```\n",
    "one fence too many": fenced(CODE) + "```\n",
}


@pytest.mark.parametrize("form", CODE_FORMS)
def test_a_python_file_is_read_in_every_form(form: str) -> None:
    assert read_code(CODE_FORMS[form], "model.py") == CODE


@pytest.mark.parametrize(
    "answer",
    [
        fenced(QUOTING),
        fenced(QUOTING, ""),
        fenced(QUOTING, "python", "````"),
        QUOTING,
        f"Here it is:\n{fenced(QUOTING)}\nRun it:\n{BASH}",
        f"{BASH}\n{fenced(QUOTING)}\nUse it:\n{USAGE}",
        textwrap.indent(fenced(QUOTING), "  "),
    ],
)
def test_fences_inside_docstrings_belong_to_the_file(answer: str) -> None:
    assert read_code(answer, "src/model.py") == QUOTING


@pytest.mark.parametrize(
    "answer",
    [
        fenced(README, "markdown"),
        fenced(README, "md", "````"),
        fenced(README, ""),
        f"Here is the file:\n\n{fenced(README, 'markdown')}",
        f"{fenced(README, 'markdown')}\nRun it:\n\n{BASH}",
        README,
    ],
)
def test_fences_inside_markdown_belong_to_the_file(answer: str) -> None:
    assert read_code(answer, "docs/USE.md") == README


@pytest.mark.parametrize(
    ("path", "label", "text"),
    [
        ("run.sh", "bash", "#!/bin/sh\npython train.py\n"),
        ("configs/a.yaml", "yml", "lr: 0.1\nsteps: 3\n"),
        ("data.json", "json", '{"a": [1, 2]}\n'),
        ("pyproject.toml", "toml", '[project]\nname = "x"\n'),
        ("setup.cfg", "ini", "[metadata]\nname = x\n"),
        ("Makefile", "makefile", "test:\n\tpytest\n"),
        ("Dockerfile", "dockerfile", "FROM python:3.12\n"),
        ("kernels/op.cu", "cuda", "__global__ void f() {}\n"),
        ("list.txt", "", "one\ntwo\n"),
        ("list.txt", "text", "one\ntwo\n"),
        ("unknown.xyz", "xyz", "one\ntwo\n"),
    ],
)
def test_other_kinds_of_files(path: str, label: str, text: str) -> None:
    assert read_code(f"Here:\n{fenced(text, label)}Done.", path) == text
    other = fenced("echo x\n" * 9, "bash") if label != "bash" else fenced("x = 1\n" * 9)
    assert read_code(f"{other}\n{fenced(text, label)}", path) == text
    if path.endswith((".sh", ".yaml", ".json", ".toml")):
        assert read_code(text, path) == text
    else:
        with pytest.raises(AnswerFault):
            read_code(text, path)


def test_tabs_are_kept() -> None:
    code = "def f():\n\treturn 1\n"
    assert read_code(fenced(code), "a.py") == code


TEMPLATE = "Answer so:\n\n```json\n{}\n```\n\nEnd.\n"


def test_fences_with_a_label_inside_a_text_belong_to_it() -> None:
    assert read_code(fenced(TEMPLATE, "") + "\nDone.\n" + BASH, "prompts/answer.txt") == TEMPLATE
    assert (
        read_code(fenced("a: |\n  ```\n  x\n  ```\nb: 1\n", "yaml"), "p.yaml")
        == "a: |\n  ```\n  x\n  ```\nb: 1\n"
    )


def test_blocks_without_a_label_part_each_other() -> None:
    assert read_code(fenced("one\n", "") + fenced("two, three\n", ""), "list.txt") == "two, three\n"


def test_faulty_python_is_the_checks_business() -> None:
    broken = "def f(:\n    return 1\n"
    assert read_code(fenced(broken), "a.py") == broken
    for after in (BASH, fenced("output\n" * 9, ""), fenced("x\n" * 20, "")):
        assert read_code(f"{fenced(broken)}\n{after}", "a.py") == broken
        assert read_code(f"{fenced(broken * 3, '')}\n{after}", "a.py") == broken * 3


def test_tags_of_thinking_in_the_code_are_kept() -> None:
    code = 'START, END = "<think>", "</think>"\nTEMPLATE = """\n<think>\nx\n</think>\n"""\n'
    assert read_code(fenced(code), "a.py") == code
    assert read_code(f"<think>Hm.</think>{fenced(code)}", "a.py") == code


def test_an_empty_package_file_may_be_empty() -> None:
    assert read_code("```python\n```", "pkg/__init__.py") == "\n"
    assert read_code(fenced("# Models.\n"), "pkg/__init__.py") == "# Models.\n"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("", "no fenced block"),
        ("I cannot help with that.", "no fenced block"),
        ("Sorry", "no fenced block"),
        ("Note: see below", "no fenced block"),
        ("<think>Let me see", "no fenced block"),
        ("Here is the file:\n\n" + CODE, "no fenced block"),
        (BASH, "no fenced block"),
        ("```python\n```\n", "empty"),
        ("```python\n\n\n```\n", "empty"),
        ("```python\n" + CODE, "cut"),
        (fenced(CODE) + "\n```bash\npip in", "cut"),
        (f"### train.py\n{fenced(CODE)}", "holds train.py, but model.py was asked for"),
        (f"Part 1:\n{fenced(CODE)}\nPart 2:\n{fenced(CODE)}", "in pieces"),
        (fenced("--- a/model.py\n+++ b/model.py\n@@ -1 +1 @@\n-x\n+y\n", ""), "a patch"),
        (fenced("@@ -1,3 +1,4 @@\n x = 1\n+y = 2\n", "python"), "a patch"),
        (fenced("<<<<<<< SEARCH\nx = 1\n=======\ny = 2\n>>>>>>> REPLACE\n"), "a patch"),
        (fenced("--- a/m.py\n+++ b/m.py\n", "diff"), "no fenced block"),
        (fenced("import math\n\n# ... existing code ...\n\nx = 1\n"), "leaves something out"),
        (fenced("x = 1\n# rest of the file unchanged\n"), "'# rest of the file unchanged'"),
        (fenced(QUOTING.replace("class Model:", "class (")), "four backticks"),
        (fenced("a = (\n") + fenced("b = (\n"), "No fenced block of the answer is valid Python (line 1"),
    ],
)
def test_what_is_no_whole_file_is_refused(answer: str, told: str) -> None:
    with pytest.raises(AnswerFault) as caught:
        read_code(answer, "model.py")
    assert told in str(caught.value)


# ------------------------------------------------------------------ placeholders


@pytest.mark.parametrize(
    "line",
    [
        "# ... existing code ...",
        "    # ...existing code...",
        "# … rest of the class …",
        "# ... (rest of the code remains the same)",
        "# ... rest unchanged ...",
        "# ... other methods ...",
        "# ... previous imports",
        "# ... same as before ...",
        "# (rest of the code remains unchanged)",
        "# Rest of the file is unchanged.",
        "# The rest of the function stays the same",
        "# existing code",
        "# Existing imports here",
        "# other methods remain unchanged",
        "# all other functions are the same as before",
        "# Same as before.",
        "# Code unchanged from above",
        "# Implementation omitted for brevity",
        "// ... existing code ...",
        "<!-- rest of the file unchanged -->",
        "... rest of the code ...",
        "    ... (remaining methods unchanged)",
    ],
)
def test_a_line_that_stands_for_code_is_found(line: str) -> None:
    assert find_placeholder(f"a = 1\n{line}\nb = 2\n", ".py") == line.strip()


@pytest.mark.parametrize(
    "line",
    [
        "    ...",
        "# ...",
        "def f(self) -> int: ...",
        "# the rest of the batch is padded with zeros",
        "# x_1, x_2, ..., x_n",
        "# ... x_{t-1}, x_t",
        "# remaining steps follow eq. 3",
        "# same as before, but with momentum",
        "# other losses are averaged over the batch",
        "# previous value of the loss",
        "# keep the rest of the graph",
        "# existing checkpoints are kept",
        "# unchanged",
        "print('... existing code ...')",
        "# class balance: the same number of samples of each",
        "# the files that remain are read in order",
        "#!/usr/bin/env python",
        "x = 1  # the rest of the code path",
    ],
)
def test_an_honest_line_is_let_be(line: str) -> None:
    assert find_placeholder(f"a = 1\n{line}\nb = 2\n", ".py") == ""


def test_headings_are_no_comments() -> None:
    assert find_placeholder("# Existing code\n\nText.\n", ".md") == ""
    assert find_placeholder("<!-- existing code -->\n", ".md") == "<!-- existing code -->"


# ------------------------------------------------------------------ cuts and any text


@pytest.mark.parametrize("fence", ["```", "````"])
@pytest.mark.parametrize("code", [CODE, QUOTING, inspect.getsource(heapq.merge)])
def test_no_cut_of_a_fenced_file_is_taken(code: str, fence: str) -> None:
    answer = f"Here it is:\n\n{fenced(code, 'python', fence)}".rstrip("\n")
    assert read_code(answer, "a.py") == code
    for cut in range(0, len(answer) - 1, 1 if len(code) < 1_000 else 7):
        with pytest.raises(AnswerFault):
            read_code(answer[:cut], "a.py")


def test_no_cut_of_a_fenced_readme_is_taken() -> None:
    answer = fenced(README, "markdown").rstrip("\n")
    for cut in range(len(answer) - 1):
        with pytest.raises(AnswerFault):
            read_code(answer[:cut], "USE.md")


LINES = st.sampled_from(
    [
        *("```", "```python", "```bash", "````", "~~~", "    ```", "<think>", "</think>", "model.py"),
        *("x = 1", "def f():", "    return 1", '"""', "'''", "text", "", "# ... existing code ..."),
    ]
)
BODIES = st.lists(
    st.sampled_from(
        [
            "x = 1",
            "y = [1,\n     2]",
            "s = '```'",
            "# ```",
            "def f(a):\n    return a",
            '"""Doc.\n\n```\nx\n```\n"""',
            "'''~~~\n````\n'''",
            "class A:\n    '''Doc.\n\n    ```python\n    A()\n    ```\n    '''",
        ]
    ),
    min_size=1,
    max_size=6,
)


@settings(deadline=None)
@given(BODIES, st.sampled_from(["", "Sure:\n\n", BASH]), st.sampled_from(["", "\nDone.", "\n" + BASH]))
def test_any_file_comes_back(bodies: list[str], before: str, after: str) -> None:
    code = "\n\n".join(bodies) + "\n"
    ast.parse(code)
    assert read_code(before + fenced(code) + after, "a.py") == code


@settings(deadline=None, max_examples=120)
@given(
    st.one_of(st.text(), st.lists(LINES).map("\n".join)),
    st.sampled_from(["a.py", "a.md", "a.yaml", "a.json", "a"]),
)
def test_any_text_is_read_or_refused(text: str, path: str) -> None:
    with contextlib.suppress(AnswerFault):
        code = read_code(text, path)
        assert code.endswith("\n")
        assert not code.endswith("\n\n")
        assert "\r" not in code
        assert code.strip()
        code.encode()


@pytest.mark.parametrize(
    "answer",
    [
        "```\n" * 10**5,
        "```python\nx = 1\n```\n" * 300,
        "```" + "a" * 500_000 + "\nx\n",
        "```" + " " * 500_000 + "x\n",
        "`" * 10**6,
        "```python\n#" + "rest of the code " * 30_000 + "\n",
        "```python\n" + "(" * 10**5,
        "<think>\n" * 10**5,
        "a." * 10**5 + "\n```python\n",
        ("    " * 200 + "```\n") * 500,
        "x" * 5_000_000,
    ],
    ids=range(11),
)
def test_hostile_text_takes_bounded_time(answer: str) -> None:
    start = time.process_time()
    for path in ("a.py", "a.md", "a.yaml"):
        with contextlib.suppress(AnswerFault):
            read_code(answer, path)
    assert time.process_time() - start < 10
