"""What is asked about packages, and what is made of the answers."""

import ast
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper2code.checks.source import third_party
from paper2code.checks.source.scopes import scopes_of
from paper2code.checks.source.third_party import Answer, Call, Lookup, findings_from, lookups
from tests.checks.cases import inspected

ONE = Call(positional=1, keywords=(), is_open=False)


def asked(text: str, *packages: str) -> set[tuple[str, str]]:
    return {(each.dotted, each.member) for each in lookups(scopes_of(text), packages or ("torch",))}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import torch.nn as nn\nnn.Linear(1, 2)\n", {"torch.nn", "torch.nn.Linear"}),
        ("from torch import nn\nnn.init.zeros_\n", {"torch.nn", "torch.nn.init.zeros_"}),
        ("import torch\nimport torch.nn\ntorch.nn.Linear\n", {"torch", "torch.nn"}),
        ("from torch.optim import SGD as Descent\nDescent([])\n", {"torch.optim.SGD"}),
        ("import torch\ndef f(torch):\n    return torch.nothing\n", {"torch"}),
        ("import torch\ntorch = None\ntorch.nothing\n", {"torch"}),
        ("from .torch import x\nx.y()\n", set()),
        ("import numpy as np\nnp.mean\n", set()),
        ("import torch\ntorch.backends.cudnn.benchmark = True\n", {"torch"}),
        ("from torch import *\n", {"torch"}),
        ("import torch\nif hasattr(torch, 'compile'):\n    torch.compile(1)\n", {"torch"}),
        ("import torch\ntry:\n    torch.compile\nexcept AttributeError:\n    x = 1\n", {"torch"}),
    ],
)  # fmt: skip
def test_only_certain_names_are_asked_for(text: str, names: set[str]) -> None:
    assert {dotted for dotted, _ in asked(text)} == names


def test_methods_of_evident_instances_are_asked_for() -> None:
    text = (
        "import torch\noptimizer = torch.optim.SGD([], lr=1)\noptimizer.step(3)\n"
        "other = torch.rand(3)\nother.f()\n"
    )
    assert ("torch.optim.SGD", "step") in asked(text)
    assert not any(member == "f" for _, member in asked(text))


def test_a_call_is_described_as_far_as_it_is_seen() -> None:
    text = "import torch\ntorch.f(1, *x, 2, a=1, **y)\n"
    assert lookups(scopes_of(text), ["torch"])[-1].call == Call(positional=1, keywords=("a",), is_open=True)


@pytest.mark.parametrize(
    ("lookup", "state"),
    [
        (Lookup(line=1, dotted="yaml.safe_load"), "there"),
        (Lookup(line=1, dotted="yaml.safe_lod"), "missing"),
        (Lookup(line=1, dotted="networkx.algorithms.dag"), "there"),
        (Lookup(line=1, dotted="networkx.algorithms.dags"), "missing"),
        (Lookup(line=1, dotted="no_such_package.thing"), "unknown"),
        (Lookup(line=1, dotted="yaml.__version__.nothing"), "unknown"),
        (Lookup(line=1, dotted="pydantic.BaseSettings"), "unknown"),
        (Lookup(line=1, dotted="networkx.Graph", member="add_nod"), "missing"),
        (Lookup(line=1, dotted="networkx.Graph", member="add_node"), "there"),
        (Lookup(line=1, dotted="networkx.path_graph", member="add_node"), "unknown"),
    ],
)
def test_the_inspector_tells_what_is_there(lookup: Lookup, state: str) -> None:
    (answer,) = inspected([lookup])
    assert answer.state == state


def test_the_inspector_binds_calls_and_quotes_signatures() -> None:
    def call(positional: int, *keywords: str, is_open: bool = False) -> Call:
        return Call(positional=positional, keywords=keywords, is_open=is_open)

    answers = inspected(
        [
            Lookup(line=1, dotted="yaml.safe_load", call=call(1)),
            Lookup(line=1, dotted="yaml.safe_load", call=call(0)),
            Lookup(line=1, dotted="yaml.safe_load", call=call(0, is_open=True)),
            Lookup(line=1, dotted="yaml.safe_load", call=call(0, "steam")),
            Lookup(line=1, dotted="networkx.Graph", member="add_edge", call=call(2, "weight")),
            Lookup(line=1, dotted="networkx.Graph", member="add_edge", call=call(1)),
        ]
    )
    problems = [answer.problem for answer in answers]
    assert [bool(problem) for problem in problems] == [False, True, False, True, False, True]
    assert answers[3].signature == "(stream)"
    assert answers[3].close == ("stream",)
    assert answers[5].signature == "(u_of_edge, v_of_edge, **attr)"


def test_what_packages_print_does_not_spoil_the_answers() -> None:
    # The module `this` of the standard library prints when it is imported.
    (answer,) = inspected([Lookup(line=1, dotted="this.s")])
    assert answer.state == "there"


def test_the_inspector_needs_no_new_syntax() -> None:
    ast.parse(third_party.inspector_source(), feature_version=(3, 9))


def test_the_inspector_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(third_party.inspector_source())
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    assert imported <= sys.stdlib_module_names


def test_findings_quote_what_there_is() -> None:
    lookup = Lookup(line=4, dotted="torch.optim.SGD", call=ONE)
    missing = Answer(state="missing", parent="torch.optim", part="SDG", close=("SGD",))
    refused = Answer(state="there", problem="missing a required argument: 'lr'", signature="(params, lr)")
    wrapped = refused.model_copy(update={"is_certain": False})
    unknown = Answer(state="unknown")
    findings = findings_from([lookup] * 4, [missing, refused, wrapped, unknown])
    assert [(each.rule, each.severity, each.line) for each in findings] == [
        ("third-party-name", "blocker", 4),
        ("third-party-call", "blocker", 4),
        ("third-party-call", "major", 4),
    ]
    assert "torch.optim, as installed, has no SDG; it has SGD" in findings[0].problem
    assert "`torch.optim.SGD(params, lr)`" in findings[1].problem


def test_a_name_used_often_is_one_finding_a_line() -> None:
    lookup = Lookup(line=4, dotted="torch.optim.SDG")
    answer = Answer(state="missing", parent="torch.optim", part="SDG")
    assert len(findings_from([lookup, lookup], [answer, answer])) == 1


@pytest.mark.parametrize("output", ["", "Segmentation fault", "{}", '[{"state": "odd"}]', "[1]"])
def test_other_output_is_refused(output: str) -> None:
    with pytest.raises(ValueError, match="validation error"):
        third_party.answers_in(output)


@given(st.lists(st.builds(Lookup, line=st.integers(0, 9), dotted=st.text(max_size=20), call=st.just(ONE))))
def test_questions_are_what_the_inspector_reads(asked: list[Lookup]) -> None:
    read = json.loads(third_party.questions(asked))
    assert [each["dotted"] for each in read] == [each.dotted for each in asked]


def test_any_question_is_answered() -> None:
    odd = ["", ".", "..", "yaml.", ".yaml", "yaml..x", "a b", "\u0000", "os.path", "sys.exit", "1"]
    answers = inspected([Lookup(line=1, dotted=dotted, member=m) for dotted in odd for m in ("", "x", "a.b")])
    assert len(answers) == 3 * len(odd)


def test_the_inspector_is_a_program_of_its_own() -> None:
    run = subprocess.run(
        [sys.executable, "-I", "-c", third_party.inspector_source()],
        input="[]", capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert run.stdout == "[]"
