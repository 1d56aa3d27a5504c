"""Whatever a model sends, the source checks have an answer, and keep their time."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paper2code.artifacts import ExperimentConfig, Finding, SourceFile
from paper2code.checks.repository import check_repository
from paper2code.checks.source import check_source, third_party
from paper2code.checks.source.scopes import scopes_of
from tests.checks.cases import PACKAGES, read_cases
from tests.designs import a_file, an_architecture, the_dependencies, the_needs

TEXTS = [text for case in read_cases() for path, text in case.files.items() if path.endswith(".py")]
LINES = sorted({line for text in TEXTS for line in text.splitlines(keepends=True)})
ODD = [
    "", "\x00", "\ufeffx = 1\n", "\udc80", "x = '\udcff'\n", "# -*- coding: utf-7 -*-\n", "\r\rx = 1\r\n",
    "\x0c\n", "(" * 10_000, "[" * 90 + "]" * 90, "-" * 5_000 + "1", "x = " + "1 + " * 5_000 + "1",
    "x = " + "f(" * 80 + ")" * 80, "x" + ".y" * 150, "x = '" + "a" * 1_000_000 + "'",
    "\x7fELF\x02\x01\x01" * 99,
    "if x:\n" + "".join(" " * n + "if x:\n" for n in range(1, 99)) + " " * 99 + "y = 1\n",
    "if a: pass\n" + "elif a: pass\n" * 150, "class A(A): pass\nA()()\nA.b()\nA().b.c()\n",
    "class A(B): pass\nclass B(A): pass\nB(1)\nB().f()\n", "x = x\nx()\nx.y()\n",
    "def f(self, /): f(f)\nf()\n",
    "class A:\n def f(): self.g()\n def h(): pass\nA.f()\nA().f()\nA().h(1)\n",
    "config['a'] = config\nconfig['b']\n", "config = config['a']\nconfig['b']['c']\n",
    "a = b\nb = a\na.c\nb['d']\n", "import\n", "from . import *\n", "from .. import x\nx()\n",
    "from ....a.b import c as d\nd()\n", "del x, y[0]\nlambda: (yield)\n",
    "match x:\n case [1, *_, {'a': b, **c}] | b: pass\n", "global x\nx: int\nnonlocal_ = 1\n",
    "𝔵 = 1\nprint(x)\n", "@f\n@g(1)\nclass A(*b, **c): x: int = y = z\n",
    "try: pass\nexcept* E as e: raise e from None\n",
    "async def f():\n async with a as b, c: return [x async for x in y]\n",
    "print(*a, **b, *c)\nf(**{}, **{})\n", "'%s %(x)s' % x\n'{' .format()\n'{0.a[b]!r:{1}}'.format(1, 2)\n",
    "'%' % ()\n'%y' % 1\n", "type X[T] = list[T]\ndef f[T: int](x: T) -> T: return x\nclass A[T]: y: T\n",
    "__all__ = [1, *x] + y\n",
    "open()\nopen('a.json', mode)\nopen(*a)\n(x / 'a.json').open('w').read_text()\nPath('').write_text('')\n",
]  # fmt: skip


def check(text: str, interface: str = "", config: str = "a: {b: 1}\n") -> tuple[Finding, ...]:
    """The findings in train.py, which imports model.py; both have the same text."""
    design = (
        an_architecture(
            a_file("model.py"), a_file("train.py", interface, ["R1"]), commands=["python train.py"]
        ),
        the_dependencies(the_needs("model.py"), the_needs("train.py", ["model.py"]), packages=PACKAGES),
        ExperimentConfig(yaml=config, values=()),
    )
    files = {"model.py": text, "train.py": text}
    check_repository(files, *design)
    return check_source(SourceFile(path="train.py", text=text, revision=0), *design, files)


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_texts(text: str) -> None:
    for finding in check(text, text if text.isascii() and len(text) < 2_000 else ""):
        assert finding.rule
        assert 0 <= finding.line <= text.count("\n") + text.count("\r") + 1


@given(
    st.text(max_size=200) | st.binary(max_size=200).map(lambda data: data.decode("latin-1")),
    st.text(max_size=40),
)
def test_any_text(text: str, config: str) -> None:
    check(text, text, config)


@settings(max_examples=120)
@given(st.lists(st.sampled_from(LINES), max_size=20).map("".join))
def test_lines_in_any_order(text: str) -> None:
    check(text)


@settings(max_examples=80)
@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4).map("\n".join), st.data())
def test_texts_that_break_off(text: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(text)))
    check(text[:cut])
    check(text[cut:])


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4).map("\n".join))
def test_any_program_can_be_asked_about(text: str) -> None:
    try:
        scopes = scopes_of(text)
    except SyntaxError:
        return
    third_party.lookups(scopes, PACKAGES.values())


def test_a_file_of_300_lines_takes_milliseconds() -> None:
    body = (
        "    z = F.mse_loss(x, y) + config['a']['b']\n"
        "    return torch.relu(z) if z > 0 else [z for _ in x]\n\n\n"
    )
    text = "import torch\nimport torch.nn.functional as F\n\n\n" + "".join(
        f"def f{n}(x, y, config):\n{body}" for n in range(60)
    )
    check(text)
    start = time.process_time()
    assert check(text + "# another file\n") == ()  # what is known of a text is not worked out again
    assert time.process_time() - start < 2  # some 30 ms where nothing else runs
