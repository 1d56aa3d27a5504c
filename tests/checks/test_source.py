"""Checks of one draft without a model."""

import time
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paper2code.artifacts import ExperimentConfig, FileReview, Finding, Package, SourceFile
from paper2code.checks.packages import installed, third_party
from paper2code.checks.source import check_source
from tests.designs import a_file, an_architecture, the_dependencies, the_needs

CONFIG = "train:\n  lr: 0.1\n  epochs: 3\nmodel:\n  layers: [{width: 8}]\n"
ENCODER = """\
import torch
SIZE = 3

def build(width):
    return width

class Encoder(torch.nn.Module):
    depth = 2
"""


SOUND = """\
import argparse
import sklearn.linear_model as linear
import torch.nn as nn
from models.encoder import SIZE, Encoder, build
import models.encoder
from utils import seed

def main():
    seed()
    return Encoder(), models.encoder.build(SIZE), nn, linear, argparse, build
"""
STUB = """\
SIZE: int
def loss(x: Tensor, y: Tensor, *, weight: float = 1.0) -> Tensor:
    '''Mean over [B].'''
    ...
class Encoder(nn.Module):
    width: int
    def __init__(self, width: int, depth: int = 2): ...
    def forward(self, x: Tensor) -> Tensor: ...
    @property
    def size(self) -> int: ...
"""
KEPT = """\
import torch
SIZE = 3
def loss(x, y, scale=2.0, *, weight=0.5, name=None):
    return x - y
class Encoder(torch.nn.Module):
    def __init__(self, width, depth=3, heads=4):
        self.width = width
    def forward(self, x, mask=None):
        return x
    @property
    def size(self):
        return 3
    def extra(self):
        return 1
"""


def check(
    text: str,
    path: str = "train.py",
    interface: str = "",
    texts: Mapping[str, str] | None = None,
    command: str = "python train.py",
) -> tuple[Finding, ...]:
    """The findings in one file; tests/test_train.py imports train.py, that models/encoder.py, that utils."""
    paths = (
        "utils.py",
        "models/encoder.py",
        "train.py",
        "tests/test_train.py",
        "plots.py",
        "data/__init__.py",
    )
    planned = dict.fromkeys((*paths, path), "")
    planned[path] = interface
    architecture = an_architecture(*(a_file(p, stub) for p, stub in planned.items()), commands=[command])
    dependencies = the_dependencies(
        the_needs("utils.py"),
        the_needs("models/encoder.py", ["utils.py"], ["torch"]),
        the_needs("train.py", ["models/encoder.py"], ["torch"]),
        the_needs("tests/test_train.py", ["train.py"]),
        packages={"torch": "torch", "scikit-learn": "sklearn"},
    )
    return check_source(
        SourceFile(path=path, text=text, revision=0),
        architecture,
        dependencies,
        ExperimentConfig(yaml=CONFIG, values=()),
        {"models/encoder.py": ENCODER, "utils.py": "def seed(): pass\n"} if texts is None else texts,
    )


def only(findings: tuple[Finding, ...]) -> Finding:
    (finding,) = findings
    return finding


class TestRules:
    def test_every_finding_names_its_rule(self) -> None:
        assert only(check("import pandas\n")).rule == "package"

    def test_a_reviewer_is_not_asked_for_one(self) -> None:
        assert "rule" not in str(FileReview.model_json_schema())

    def test_findings_of_older_journals_have_none(self) -> None:
        old = {"severity": "major", "line": 3, "problem": "The sign is wrong.", "fix": "Turn it."}
        assert Finding.model_validate(old).rule == ""


class TestPackages:
    @pytest.mark.parametrize(
        ("distribution", "declared", "name"),
        [
            ("scikit-learn", "scikit-learn", "sklearn"),
            ("opencv-python", "opencv", "cv2"),
            ("Pillow", "pillow", "PIL"),
            ("PyYAML", "pyyaml", "yaml"),
            ("huggingface_hub", "", "huggingface_hub"),
            ("lightning[extra]", "pl", "lightning"),
        ],
    )
    def test_a_wrongly_declared_import_name_is_no_fault_of_the_coder(
        self, distribution: str, declared: str, name: str
    ) -> None:
        package = Package.model_construct(
            distribution=distribution, import_name=declared, version="", reason=""
        )
        needs = the_dependencies(the_needs("train.py", packages=[name]))
        declaring = needs.model_copy(update={"packages": (package,)})
        assert name in installed(declaring)
        assert third_party(declaring) == (package,)


class TestSyntax:
    def test_a_sound_file_has_no_findings(self) -> None:
        assert check(SOUND) == ()

    def test_a_syntax_error_quotes_its_line(self) -> None:
        finding = only(check("x = 1\ndef f(:\n    pass\n"))
        assert (finding.severity, finding.line) == ("blocker", 2)
        assert "`def f(:`" in finding.problem

    @pytest.mark.parametrize("text", ["return 1\n", "x = 1\x00", "\udc80", "(" * 500, "await x = 3"])
    def test_whatever_keeps_python_from_reading_is_a_blocker(self, text: str) -> None:
        assert only(check(text)).severity == "blocker"

    @pytest.mark.parametrize("text", ["", " \n\n", "# Nothing yet.\n", '"""Only words."""\n'])
    def test_a_file_without_code_is_a_blocker(self, text: str) -> None:
        assert only(check(text)).severity == "blocker"

    @pytest.mark.parametrize("path", ["models/__init__.py", "py.typed"])
    def test_some_files_are_empty_on_purpose(self, path: str) -> None:
        assert check("", path) == ()

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("a.yaml", "a: [1"), ("a.yml", "a: b: c"), ("a.json", "{'a': 1}"), ("a.ipynb", "no"),
            ("a.toml", "a = "), ("a.sh", " \n"), ("a.json", "[" * 100_000), ("NOTES.txt", ""),
        ],
    )  # fmt: skip
    def test_other_files_parse_as_what_their_names_say(self, path: str, text: str) -> None:
        assert only(check(text, path)).severity == "blocker"

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("a.yaml", "a: 1"),
            ("a.json", "{}"),
            ("a.toml", "a = 1"),
            ("a.sh", "python train.py"),
            ("a.md", "def f(:"),
        ],
    )
    def test_other_files_may_be_anything_that_parses(self, path: str, text: str) -> None:
        assert check(text, path) == ()


class TestUnfinished:
    @pytest.mark.parametrize(
        "body",
        ["pass", "...", '"""Does it."""', '"""Does it."""\n    ...', "raise NotImplementedError",
         "raise NotImplementedError('later')"],
    )  # fmt: skip
    def test_a_function_without_a_body_is_major(self, body: str) -> None:
        finding = only(check(f"X = 1\ndef loss(x):\n    {body}\n"))
        assert (finding.severity, finding.line) == ("major", 2)
        assert "loss has no body" in finding.problem

    def test_methods_and_nested_functions_count(self) -> None:
        inner = "def f(self):\n        def g():\n            pass\n        return g\n"
        findings = check(f"class A:\n    {inner}    def h(self): ...\n")
        assert [finding.line for finding in findings] == [3, 6]

    @pytest.mark.parametrize(
        "text",
        [
            "from typing import Protocol\nclass Loss(Protocol):\n    def __call__(self, x): ...\n",
            "import abc\nclass Loss(abc.ABC):\n    def value(self, x):\n        raise NotImplementedError\n",
            "import abc\nclass Loss(metaclass=abc.ABCMeta):\n    def value(self, x): ...\n",
            "import abc\nclass Loss:\n    @abc.abstractmethod\n    def value(self, x): ...\n",
            "from typing import overload\n@overload\ndef f(x: int) -> int: ...\ndef f(x):\n    return x\n",
            "class Base:\n    def f(self):\n        raise NotImplementedError\nclass A(Base):\n    x = 1\n",
            'import torch\nimport typing\n@torch.group()\ndef cli():\n    """Commands."""\n',
            "class LossError(Exception): ...\n",
            "def f():\n    return None\n",
            "def f():\n    try:\n        return 1\n    except ValueError:\n        pass\n",
        ],
    )
    def test_some_bodies_are_empty_on_purpose(self, text: str) -> None:
        assert check(text) == ()

    @pytest.mark.parametrize(
        "comment",
        [
            "# TODO: the loss",
            "# FIXME",
            "# ... rest of the code",
            "# your code here",
            "# implementation omitted for brevity",
        ],
    )
    def test_comments_that_put_work_off_are_major(self, comment: str) -> None:
        finding = only(check(f"x = 1\ny = 2  {comment}\n"))
        assert (finding.severity, finding.line) == ("major", 2)

    @pytest.mark.parametrize(
        "text", ["x = 'TODO'\n", "x = 1  # the method of todorov\n", "x = 1  # the remainder of the batch\n"]
    )
    def test_other_words_are_not(self, text: str) -> None:
        assert check(text) == ()


class TestImports:
    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("import pandas as pd", "package pandas"),
            ("from transformers.models import bert", "package transformers"),
            (
                "import models.decoder",
                "No planned file is the module models.decoder; did you mean models.encoder?",
            ),
            ("from models.decoder import Decoder", "No planned file is the module models.decoder"),
            ("from models import decoder", "The folder models/ has no decoder; did you mean encoder?"),
            ("from models.encoder import Encodr", "models/encoder.py has no Encodr; did you mean Encoder?"),
            ("import plots", "doesn't declare that it imports plots.py"),
            ("from tests import test_train", "closes a circle"),
            ("import train", "imports itself"),
            ("from . import utils", "run as a script"),
        ],
    )
    def test_imports_that_fail_are_blockers(self, line: str, words: str) -> None:
        finding = only(check(f"x = 1\n{line}\n"))
        assert (finding.severity, finding.line) == ("blocker", 2)
        assert words in finding.problem

    def test_a_fix_names_what_there_is(self) -> None:
        assert "Encoder, SIZE, build, torch" in only(check("from models.encoder import Decoder\n")).fix
        assert "joblib, numpy, pytest, scipy, sklearn, torch" in only(check("import pandas\n")).fix

    @pytest.mark.parametrize(
        "text",
        [
            "import models.encoder\nmodels.encoder.decode(3)\n",
            "import models.encoder as enc\nenc.decode(3)\n",
            "from models import encoder\nencoder.decode(3)\n",
            "from models import encoder as enc\ndef f():\n    return enc.decode\n",
        ],
    )
    def test_attributes_of_planned_modules_must_exist(self, text: str) -> None:
        finding = only(check(text))
        assert finding.severity == "blocker"
        assert "models/encoder.py has no decode" in finding.problem
        assert check(text.replace("decode", "build")) == ()

    def test_a_name_that_means_something_else_too_is_not_followed(self) -> None:
        assert check("from models import encoder\ndef f(encoder):\n    return encoder.decode\n") == ()

    @pytest.mark.parametrize(
        "text",
        [
            "try:\n    import pandas\nexcept ImportError:\n    pandas = None\n",
            "try:\n    import pandas\nexcept (ImportError, OSError):\n    pandas = None\n",
            "import typing\nif typing.TYPE_CHECKING:\n    import pandas\n    from plots import Figure\n",
        ],
    )
    def test_an_import_may_fail_where_that_is_provided_for(self, text: str) -> None:
        assert check(text) == ()

    def test_an_import_inside_a_function_counts(self) -> None:
        assert only(check("def f():\n    import pandas\n    return pandas\n")).line == 2

    def test_star_imports_are_major(self) -> None:
        assert only(check("from models.encoder import *\n")).severity == "major"

    def test_what_comes_through_an_import_is_there_too(self) -> None:
        assert check("from utils import seed\nseed()\n") == ()

    def test_names_of_a_file_that_tells_nothing_are_believed(self) -> None:
        for text in ("from torch import *", "def __getattr__(name): return 1", "def f(:"):
            assert check("from models.encoder import Anything\n", texts={"models/encoder.py": text}) == ()
        assert check("from models.encoder import Anything\n", texts={}) == ()

    def test_files_that_happen_to_be_finished_change_nothing(self) -> None:
        finding = only(check("from plots import draw\n", texts={"plots.py": "def draw(): return 1\n"}))
        assert "doesn't declare" in finding.problem

    def test_a_package_is_its_init(self) -> None:
        text = "from data import load\n"
        planned = only(check(text))
        assert "data/__init__.py" in planned.problem

    def test_relative_imports_follow_the_folder(self) -> None:
        finding = only(check("from ..utils import seed\nx = seed\n", "models/encoder.py"))
        assert "lies in no such package" in finding.problem
        finding = only(check("from .decoder import x\n", "models/encoder.py"))
        assert "models.decoder" in finding.problem

    def test_relative_imports_within_a_package(self) -> None:
        texts = {"pkg/base.py": "class Base: x = 1\n"}
        architecture = an_architecture(
            a_file("pkg/base.py"), a_file("pkg/sub/a.py"), commands=["python -m pkg.sub.a"]
        )
        dependencies = the_dependencies(the_needs("pkg/base.py"), the_needs("pkg/sub/a.py", ["pkg/base.py"]))
        config = ExperimentConfig(yaml="{}", values=())
        for text in ("from ..base import Base\n", "from .. import base\nx = base.Base\n"):
            draft = SourceFile(path="pkg/sub/a.py", text=text, revision=0)
            assert check_source(draft, architecture, dependencies, config, texts) == ()
            wrong = draft.model_copy(update={"text": text.replace("Base", "Lost")})
            assert "no Lost" in only(check_source(wrong, architecture, dependencies, config, texts)).problem

    def test_a_script_has_no_package(self) -> None:
        finding = only(
            check("from .encoder import build\n", "models/run.py", command="python models/run.py --smoke")
        )
        assert "run as a script" in finding.problem

    def test_tests_may_use_pytest(self) -> None:
        assert check("import pytest\nfrom train import main\n", "tests/test_train.py", texts={}) == ()


class TestInterface:
    def check(self, text: str, stub: str = STUB) -> tuple[Finding, ...]:
        return check(text, "models/encoder.py", stub)

    def test_more_than_was_promised_is_welcome(self) -> None:
        assert self.check(KEPT) == ()

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            ("SIZE = 3", "SIZES = 3", "SIZE isn't what models/encoder.py promises: it's missing"),
            ("def loss(x, y,", "def loss(y, x,", "parameter x stands at another position"),
            ("def loss(x, y, ", "def loss(x, ", "parameter y is missing"),
            ("scale=2.0", "scale", "extra parameter scale needs a default"),
            ("weight=0.5", "weight", "parameter weight needs a default"),
            ("y, scale=2.0, *,", "scale=2.0, *, y,", "parameter y can't be passed as promised"),
            ("depth=3, ", "", "parameter depth is missing"),
            ("def forward", "def encode", "Encoder.forward isn't what"),
            ("    @property\n", "", "it must be read without a call, and is a function"),
            ("def loss(", "def _loss(", "loss isn't what"),
            ("(torch.nn.Module)", "", "lacks a base class"),
        ],
    )
    def test_a_broken_promise_is_major_and_quotes_it(self, old: str, new: str, words: str) -> None:
        text = KEPT.replace(old, new).replace("return x - y", "return x")
        finding = only(self.check(text))
        assert finding.severity == "major"
        assert words in finding.problem
        assert "Promised: `" in finding.problem

    def test_the_promised_signature_is_quoted_in_full(self) -> None:
        finding = only(self.check(KEPT.replace("def loss(x, y,", "def loss(y, x,")))
        assert "`def loss(x: Tensor, y: Tensor, *, weight: float=1.0) -> Tensor`" in finding.problem
        assert finding.line == 3

    def test_a_class_may_become_whatever_offers_the_same(self) -> None:
        stub = "class Config:\n    lr: float\n    def __init__(self, lr: float): ...\n"
        assert (
            self.check(
                "from dataclasses import dataclass\n@dataclass\nclass Config:\n    lr: float = 0.1\n", stub
            )
            == ()
        )
        assert self.check("from utils import Config\n", stub)[0].severity == "blocker"
        assert (
            self.check("from typing import NamedTuple\nclass Config(NamedTuple):\n    lr: float\n", stub)
            == ()
        )

    def test_what_a_base_class_has_is_inherited(self) -> None:
        stub = "class A:\n    def run(self): ...\n    def __len__(self): ...\n"
        base = "class Base:\n    def run(self):\n        return 1\n    def __len__(self):\n        return 0\n"
        assert self.check(f"{base}class A(Base):\n    x = 1\n", stub) == ()
        planned = "from utils import seed\nimport utils\nclass A(utils.seed):\n    x = 1\n"
        assert self.check(planned, stub) == ()
        foreign = "import torch\nclass A(torch.nn.Module):\n    x = 1\n"
        assert "A.run" in only(self.check(foreign, stub)).problem

    def test_a_promise_may_be_kept_by_an_assignment_or_a_branch(self) -> None:
        stub = "def loss(x): ...\nLossFn: Callable\nDEVICE: str\n"
        text = (
            "import functools\nimport utils\nloss = functools.partial(max, 3)\ndef LossFn(x):\n    return x\n"
            "if utils.seed():\n    DEVICE = 'cpu'\nelse:\n    DEVICE = 'cuda'\n"
        )
        assert self.check(text, stub) == ()

    def test_what_every_object_has_is_kept_by_any_class(self) -> None:
        stub = (
            "class A:\n    def __init__(self): ...\n    def __repr__(self): ...\n    def __len__(self): ...\n"
        )
        assert "A.__len__" in only(self.check("class A:\n    x = 1\n", stub)).problem
        stub = "class A:\n    def __init__(self, width): ...\n"
        assert "A.__init__" in only(self.check("class A:\n    x = 1\n", stub)).problem

    def test_a_cached_property_is_a_property(self) -> None:
        stub = "class A:\n    @cached_property\n    def size(self): ...\n    def width(self): ...\n"
        body = "    @functools.cached_property\n    def size(self):\n        return 1\n"
        text = f"import functools\nclass A:\n{body}{body.replace('size', 'width')}"
        assert "A.width isn't" in only(self.check(text, stub)).problem

    def test_prose_promises_nothing(self) -> None:
        assert self.check("x = 1\n", "The entry point. Run it with --smoke.") == ()


class TestConfigKeys:
    @pytest.mark.parametrize(
        "read", ["config['train']['lr']", "cfg['lr']", "self.config['model']['layers'][0]['width']"]
    )
    def test_keys_that_stand_anywhere_in_the_configuration_are_known(self, read: str) -> None:
        assert check(f"def f(self, config, cfg):\n    return {read}\n") == ()

    def test_keys_that_stand_nowhere_are_major(self) -> None:
        finding = only(check("def f(config):\n    return config['train']['epoch']\n"))
        assert (finding.severity, finding.line) == ("major", 2)
        assert "no key 'epoch' there; did you mean epochs?" in finding.problem

    @pytest.mark.parametrize(
        "text",
        [
            "def f(config):\n    config['seed'] = 1\n    return config['seed']\n",
            "config = {'seed': 1}\nx = config['seed']\n",
            "config = dict(seed=1)\nx = config['seed']\n",
            "def f(config):\n    return config.get('seed', 0)\n",
            "def f(batch):\n    return batch['seed']\n",
            "def f(config, name):\n    return config[name]\n",
        ],
    )
    def test_keys_that_the_file_makes_itself_are_known(self, text: str) -> None:
        assert check(text) == ()


LINES = [
    *ENCODER.splitlines(), "from models.encoder import *", "import models.encoder as e", "e.x.y.z()",
    "@property", "def f(self, *a, b=1, **c): ...", "class A(B, metaclass=C):", "    x: int", "if x:", "del x",
    "from ... import y", "global x", "config['a']['b']", "# TODO", "async def g(): await f()", "x: int = 3",
    "lambda: (yield)", "match x:", "    case A(x=1):", "__all__ = ['f']", "type X = int",
    "from __future__ import annotations", "f'{x!r:>{width}}'",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(LINES), max_size=12).map("\n".join) | st.text(max_size=200),
    st.lists(st.sampled_from(LINES), max_size=8).map("\n".join),
    st.sampled_from(
        ["train.py", "models/encoder.py", "models/__init__.py", "a.yaml", "b.json", "c.toml", "lost/d.py"]
    ),
)
@settings(max_examples=120, deadline=None)
def test_any_text_gives_findings_not_errors(text: str, stub: str, path: str) -> None:
    for finding in check(text, path, stub, texts={"models/encoder.py": stub}):
        assert finding.problem
        assert finding.fix
        assert 0 <= finding.line <= text.count("\n") + 2


def test_a_long_file_is_checked_in_a_blink() -> None:
    body = "z = x * 3 + y\n    return torch.relu(z) if z > 0 else [z for _ in range(9)]"
    text = "import torch\n" + "".join(f"def f{i}(x, y):\n    {body}\n\n" for i in range(250))
    stub = "".join(f"def f{i}(x, y): ...\n" for i in range(250))
    start = time.perf_counter()
    assert check(text, "models/encoder.py", stub) == ()
    assert time.perf_counter() - start < 60
