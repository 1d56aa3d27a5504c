"""The prompts, each with all that it can hold; `make snapshots` accepts them as they are now."""

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import jinja2
import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from paper2code import Plan, SourceFile, build_graph, prompts
from paper2code.artifacts import FileReview, InterfaceChange, Step
from paper2code.briefing import Briefing
from paper2code.checks.contract import find_config_faults, find_faults
from paper2code.checks.symbols import signatures
from paper2code.design import Design
from paper2code.models.schema import strict_schema
from paper2code.prompts import render
from paper2code.testing import ScriptedModel
from tests.conftest import ContextFor
from tests.example import (
    ANALYSIS,
    ARCHITECTURE,
    AUDIT,
    CONFIG,
    DEPENDENCIES,
    DESIGN_REVIEW,
    DRAFT,
    FAULT,
    FINDINGS,
    PAPER,
    PLAN,
    REVIEW,
    SOURCES,
    TICKET,
)
from tests.script import DIAMOND, Script, an_objection

FENCED = re.compile(r"^(`{3,}).*?^\1$", re.DOTALL | re.MULTILINE)
TEMPLATES = {path.name.removesuffix(".md.jinja") for path in Path(prompts.__file__).parent.glob("*.jinja")}
DESIGN = Design(PAPER, PLAN, ARCHITECTURE, DEPENDENCIES, CONFIG)


def of_file(path: str, **values: object) -> dict[str, object]:
    """What every prompt about a file shows, and other values besides."""
    return DESIGN.facts(path) | values


def for_sheet(path: str) -> dict[str, object]:
    """What the sheet of a file shows."""
    users = {"training.py": "It calls norm_step once a step."} if path == STEP else {}
    entry = DEPENDENCIES.of(path)
    return of_file(path, dependencies=entry, imports=entry.imports, further=(), users=users, tested={})


def for_coder(path: str, **values: object) -> dict[str, object]:
    """What the coder of a file sees when nothing is written yet, but for the values given."""
    nothing = {
        "imported": {},
        "draft": None,
        "tests": None,
        "tried": None,
        "findings": (),
        "review": None,
        "is_reviewed": True,
        "ticket": None,
    }
    return of_file(path, analysis=ANALYSIS) | nothing | values


def for_reviewer(path: str, **values: object) -> dict[str, object]:
    """What the reviewer of a file sees for the first time, but for the values given."""
    nothing = {
        "imported": {},
        "draft": DRAFT,
        "tests": None,
        "tried": None,
        "findings": (),
        "earlier": None,
        "is_same": False,
        "ticket": None,
        "changes": "",
    }
    return of_file(path) | nothing | values


def for_planner(**values: object) -> dict[str, object]:
    """What a planner is told when a plan is sent back."""
    return {"findings": [], "remark": "", "settled": [], "paper_changes": ()} | values


def for_planner_of_a_part(**values: object) -> dict[str, object]:
    """What a planner is told that reads the first two of three sections."""
    *read, last = PAPER.sections
    nothing = {"plan": None, "next_requirement": 1, "next_ambiguity": 1}
    return {"sections": read, "to_come": [last]} | nothing | values


def for_architect(**values: object) -> dict[str, object]:
    """What an architect is told when a design is sent back."""
    return {"faults": (), "findings": [], "plan_changes": (), "holes": None} | values


def about(*concerns: str) -> list[Any]:
    """The findings of the design review on some artifacts."""
    return [finding for finding in DESIGN_REVIEW.findings if finding.concerns in concerns]


def for_auditor(**values: object) -> dict[str, object]:
    """What the auditor of a small repository sees for the first time."""
    return {
        "files": SOURCES,
        "others": {},
        "owned": {"moons.py": ["R1"], "methods/norm_step.py": ["R2", "R3", "R4"]},
        "whole": True,
        "file_status": {"moons.py": "accepted", "methods/norm_step.py": "rejected"},
        "test_results": {"moons.py": PASSED},
        "findings": [],
        "earlier": None,
        "most_output": 3_000,
        "kept": [],
    } | values


def for_debugger(**values: object) -> dict[str, object]:
    """What the debugger sees the first time."""
    return {
        "failed": (CRASHED,),
        "passed": (PASSED,),
        "relapse": (),
        "refused": {},
        "files": {**SOURCES, "config.yaml": CONFIG.yaml},
        "requirements": DESIGN.requirements_of(STEP),
        "choices": DESIGN.choices_for(STEP),
        "others": {"training.py": "def train(seed: int) -> float: ..."},
        "kept": [],
        "may_ask": True,
    } | values


STEP = "methods/norm_step.py"
ACCEPTED = FileReview(verdicts=(), findings=(), accepted=True)
CHOICES = (*PLAN.ambiguities, *ARCHITECTURE.ambiguities)
TESTS = SourceFile(
    path="tests/test_norm_step.py",
    text='def test_length():\n    """R2: the step has the length of the rate."""\n    assert True\n',
    revision=0,
)
IN_TESTS = FINDINGS[0].model_copy(update={"in_tests": True, "line": 3})
PASSED = Step(kind="tests", command="python -m pytest", ending="passed", reason="4 passed")
NOT_RUN = PASSED.model_copy(update={"ending": "not run", "reason": "no sandbox works here"})
FAILED = PASSED.model_copy(
    update={"ending": "failed", "reason": "1 failed, 3 passed", "output": "E   assert 0.5 == 1.0\n"}
)
CRASHED = Step(
    kind="smoke",
    target="training.py",
    command="python training.py --smoke",
    ending="failed",
    reason="exit code 1",
    output='  File "training.py", line 8, in train\nTypeError: norm_step() missing 1 required argument\n',
)
REVISED = SourceFile(path=STEP, text=DRAFT.text, revision=1)
MISFIT = FAULT.model_copy(update={"rule": "misfit", "subject": "training.py", "problem": "It has no seed."})

VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    # ---------------------------------------------------------------- what all prompts share
    "system": ("system", {}),
    "paper": ("paper", {"text": PAPER.to_markdown(), "left_out": ()}),
    "paper without proofs": ("paper", {"text": PAPER.to_markdown(), "left_out": ("sB.1", "sB.2")}),
    "plan": ("plan", {"plan": PLAN}),
    "plan without ambiguities": ("plan", {"plan": PLAN.model_copy(update={"ambiguities": ()})}),
    "architecture": ("architecture", {"architecture": ARCHITECTURE}),
    "architecture without choices": (
        "architecture",
        {"architecture": ARCHITECTURE.model_copy(update={"ambiguities": ()})},
    ),
    "dependencies": ("dependencies", {"dependencies": DEPENDENCIES}),
    "config": ("config", {"config": CONFIG}),
    "plan in short": ("plan_in_short", {"plan": PLAN, "choices": CHOICES}),
    "plan in short without ambiguities": ("plan_in_short", {"plan": PLAN, "choices": ()}),
    "architecture in short": ("architecture_in_short", {"architecture": ARCHITECTURE}),
    "dependencies in short": ("dependencies_in_short", {"dependencies": DEPENDENCIES}),
    "file": ("file", for_sheet(STEP)),
    "file without requirements": ("file", for_sheet("training.py")),
    "file of tests": (
        "file",
        for_sheet("training.py") | {"tested": {STEP: "What it promises.", "moons.py": "Two moons."}},
    ),
    "tested": ("tested", of_file(STEP, logic="The norm is that of all parameters together.")),
    "tested, without requirements": ("tested", of_file("training.py", logic="")),
    "requirements": ("requirements", {"requirements": DESIGN.requirements_of(STEP)}),
    "promises": ("promises", {"files": ARCHITECTURE.files[:2]}),
    "left out": (
        "left_out",
        {"parts": ("sections of its appendix: sA, sB", "dependencies of moons.py, plots.py")},
    ),
    # ---------------------------------------------------------------- the design
    "planner": ("planner", {"figures": ()}),
    "planner that sees": ("planner", {"figures": ("fig1", "fig3")}),
    "planner of the first part": ("planner_part", for_planner_of_a_part()),
    "planner of the last part": (
        "planner_part",
        for_planner_of_a_part(to_come=(), plan=PLAN, next_requirement=6, next_ambiguity=3),
    ),
    "planner again, after a review": ("planner_revise", for_planner(findings=about("plan"))),
    "planner again, after a remark": ("planner_revise", for_planner(remark="Leave table 1 out.")),
    "planner again, after a new version of the paper": (
        "planner_revise",
        for_planner(paper_changes=("s2", "eq1")),
    ),
    "planner again, after answers": ("planner_revise", for_planner(settled=PLAN.ambiguities)),
    "architect": ("architect", {}),
    "architect again, after faults": ("architect_revise", for_architect(faults=(FAULT, MISFIT))),
    "architect again, after a review": (
        "architect_revise",
        for_architect(findings=about("architecture", "config")),
    ),
    "architect again, after a new plan": (
        "architect_revise",
        for_architect(plan_changes=("R1", "R5"), holes="No file owns these requirements: R5."),
    ),
    "dependency analyst": ("dependency_analyst", {}),
    "dependency analyst again": ("dependency_analyst_revise", {"changes": ("table1.py", "plots.py")}),
    "dependency analyst again, of the same files": ("dependency_analyst_revise", {"changes": ()}),
    "config writer": ("config_writer", {"previous": None, "findings": []}),
    "config writer again": ("config_writer", {"previous": CONFIG, "findings": about("config")}),
    "design reviewer": ("design_reviewer", {"earlier": None, "settled": ()}),
    "design reviewer, after answers": ("design_reviewer", {"earlier": None, "settled": ("A1", "A3")}),
    "design reviewer of the first part": (
        "design_reviewer_part",
        {"sections": PAPER.sections[:2], "first": True},
    ),
    "design reviewer of another part": (
        "design_reviewer_part",
        {"sections": PAPER.sections[2:], "first": False},
    ),
    "design reviewer again": ("design_reviewer", {"earlier": DESIGN_REVIEW, "settled": ()}),
    # ---------------------------------------------------------------- one file
    "analyst": ("analyst", of_file(STEP)),
    "analyst of a file without requirements": ("analyst", of_file("training.py")),
    "coder": ("coder", for_coder(STEP)),
    "coder of a file with imports": ("coder", for_coder("training.py", imported=SOURCES)),
    "coder of a file that nobody analysed": ("coder", for_coder("table1.py", analysis=None)),
    "coder of a test": (
        "coder",
        for_coder("tests/test_norm_step.py", imported=SOURCES),
    ),
    "coder of a draft that checks refuse": ("coder", for_coder(STEP, draft=DRAFT, findings=FINDINGS)),
    "coder of a draft that the reviewer refuses": ("coder", for_coder(STEP, draft=DRAFT, review=REVIEW)),
    "coder of a draft that both refuse": (
        "coder",
        for_coder(STEP, draft=REVISED, findings=FINDINGS, review=REVIEW, is_reviewed=False),
    ),
    "coder of a file whose tests fail": ("coder", for_coder(STEP, draft=DRAFT, tests=TESTS, tried=FAILED)),
    "coder of a file whose tests passed, after a review": (
        "coder",
        for_coder(
            STEP,
            draft=DRAFT,
            tests=TESTS,
            tried=PASSED,
            review=REVIEW.model_copy(update={"findings": (*REVIEW.findings, IN_TESTS)}),
        ),
    ),
    "coder of tests that fail": (
        "coder",
        for_coder("tests/test_norm_step.py", draft=TESTS, tried=FAILED),
    ),
    "coder of a repair": ("coder", for_coder(STEP, draft=DRAFT, ticket=TICKET)),
    "tester": (
        "tester",
        of_file(
            STEP,
            place="tests/test_norm_step.py",
            properties=ANALYSIS.properties,
            visible=("moons.py",),
        ),
    ),
    "reviewer": ("reviewer", for_reviewer(STEP)),
    "reviewer of a test": ("reviewer", for_reviewer("tests/test_norm_step.py", imported=SOURCES)),
    "reviewer of a file without requirements": (
        "reviewer",
        for_reviewer("training.py", imported={path: signatures(text) for path, text in SOURCES.items()}),
    ),
    "reviewer of a draft that checks refuse": ("reviewer", for_reviewer(STEP, findings=FINDINGS)),
    "reviewer of a file whose tests passed": ("reviewer", for_reviewer(STEP, tests=TESTS, tried=PASSED)),
    "reviewer of a file whose tests failed": ("reviewer", for_reviewer(STEP, tests=TESTS, tried=FAILED)),
    "reviewer of a file whose tests could not be run": (
        "reviewer",
        for_reviewer(STEP, tests=TESTS, tried=NOT_RUN),
    ),
    "reviewer of a test that failed": (
        "reviewer",
        for_reviewer("tests/test_norm_step.py", imported=SOURCES, tried=FAILED),
    ),
    "reviewer again": ("reviewer", for_reviewer(STEP, draft=REVISED, earlier=REVIEW)),
    "reviewer of a repair": (
        "reviewer",
        for_reviewer(STEP, draft=REVISED, ticket=TICKET, changes="-norm = 0\n+norm = 1", earlier=ACCEPTED),
    ),
    # ---------------------------------------------------------------- the whole repository
    "auditor": ("auditor", for_auditor()),
    "auditor of a file whose tests fail": ("auditor", for_auditor(test_results={"moons.py": FAILED})),
    "auditor beside a file that is kept": ("auditor", for_auditor(kept=["moons.py"])),
    "auditor again": ("auditor", for_auditor(earlier=AUDIT)),
    "auditor who is told what checks found": (
        "auditor",
        for_auditor(findings=[("moons.py", "No file reads `moons.noise`.", "Read it, or leave it out.")]),
    ),
    "auditor of a part": (
        "auditor",
        for_auditor(
            files={STEP: SOURCES[STEP]}, others={"moons.py": signatures(SOURCES["moons.py"])}, whole=False
        ),
    ),
    "arbiter": (
        "arbiter",
        {
            "proposals": (
                InterfaceChange(
                    path=STEP,
                    symbol="norm_step",
                    signature="def norm_step(gradient: Tensor, rate: float, floor: float) -> Tensor: ...",
                    reason="R2 has a floor, and the promised signature takes none.",
                ),
            ),
            "dependants": {STEP: ("training.py",)},
            "files": SOURCES,
        },
    ),
    "debugger": ("debugger", for_debugger()),
    "debugger beside a file that is kept": ("debugger", for_debugger(kept=["moons.py"])),
    "debugger again": (
        "debugger",
        for_debugger(relapse=(CRASHED,), refused={STEP: REVIEW}, passed=(), others={}, may_ask=False),
    ),
    # ---------------------------------------------------------------- answers
    "changes form": ("changes_form", {}),
    "changes again": ("changes_again", {"fault": "its SEARCH text stands nowhere in the file."}),
    "answer form": ("answer_form", {"schema": json.dumps(strict_schema(Plan))}),
    "answer again, code": ("answer_again", {"fault": "The answer is a patch.", "code": True}),
    "answer again, artifact": ("answer_again", {"fault": "`summary` is missing.", "code": False}),
    "continue": ("continue", {}),
}

every_variant = pytest.mark.parametrize(
    ("template", "values"),
    VARIANTS.values(),
    ids=[name.replace(",", "").replace(" ", "-") for name in VARIANTS],
)


class MarkdownSnapshot(SingleFileSnapshotExtension):
    """One readable file a prompt."""

    file_extension = "md"
    _write_mode = WriteMode.TEXT


@every_variant
def test_prompt(template: str, values: dict[str, Any], snapshot: SnapshotAssertion) -> None:
    assert render(template, **values) + "\n" == snapshot(extension_class=MarkdownSnapshot)


@every_variant
def test_a_prompt_is_clean_markdown(template: str, values: dict[str, Any]) -> None:
    text = render(template, **values)
    prose = FENCED.sub("(code)", text)
    assert text == text.strip()
    assert "\n\n\n" not in prose
    assert " \n" not in prose
    assert not re.search(r"\{\{|\{%", prose)


@pytest.mark.parametrize("template", sorted({name for name, values in VARIANTS.values() if values}))
def test_a_prompt_that_lacks_its_values_is_not_sent(template: str) -> None:
    with pytest.raises(jinja2.UndefinedError):
        render(template)


def test_every_template_is_tried() -> None:
    assert {template for template, _ in VARIANTS.values()} == TEMPLATES


def test_the_example_is_a_sound_design() -> None:
    assert find_faults(PLAN, ARCHITECTURE, DEPENDENCIES) == ()
    assert find_config_faults(CONFIG, DEPENDENCIES) == ()


# ------------------------------------------------------------------ the growing prefix


def briefing_of(prompt: str) -> str:
    return prompt.partition("# YOUR TASK")[0]


async def test_each_prompt_begins_with_the_one_before_it(context_for: ContextFor) -> None:
    model = ScriptedModel(answer=Script(DIAMOND))
    await build_graph().ainvoke({"paper": PAPER}, context=context_for(model))

    planning = [briefing_of(q.prompt) for q in model.asked if "# THE FILE" not in q.prompt]
    assert all(later.startswith(earlier) for earlier, later in pairwise(planning))
    assert len(set(planning)) == 5, "paper, plan, architecture, dependencies and config add a block each"
    assert len({question.prompt for question in model.asked}) == len(model.asked)


async def test_all_prompts_about_files_begin_alike_and_those_about_one_with_its_sheet(
    context_for: ContextFor,
) -> None:
    model = ScriptedModel(answer=Script(DIAMOND))
    await build_graph().ainvoke({"paper": PAPER}, context=context_for(model))

    briefings = [briefing_of(q.prompt).partition("# THE FILE") for q in model.asked]
    about_files = [(shared, sheet) for shared, there, sheet in briefings if there]
    assert len({shared for shared, _ in about_files}) == 1
    sheets = Counter(
        sheet.partition("## What the files that it imports promise")[0] for _, sheet in about_files
    )
    assert len(sheets) == len(DIAMOND.imports)
    assert set(sheets.values()) <= {3, 4}, "analyst, coder and reviewer, and a tester where there are tests"


async def test_every_prompt_begins_with_the_paper_whatever_is_designed_anew(context_for: ContextFor) -> None:
    objections = an_objection("architecture"), an_objection("plan")
    model = ScriptedModel(answer=Script(DIAMOND).says("reviewer", *objections, about="design"))
    await build_graph().ainvoke({"paper": PAPER}, context=context_for(model))

    (paper,) = Briefing(PAPER)
    assert all(question.prompt.startswith(paper) for question in model.asked)
