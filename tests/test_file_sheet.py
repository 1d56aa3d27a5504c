"""What stands between the shared blocks and the task of a prompt about a file."""

from dataclasses import replace

import pytest

from paper2code.artifacts import FileDependencies, PlannedFile
from paper2code.design import Design
from paper2code.file_sheet import file_sheet, file_sheet_with_promises
from tests.example import ARCHITECTURE, CONFIG, DEPENDENCIES, PAPER, PLAN

STEP = "methods/norm_step.py"


def a_design(logic: str = "") -> Design:
    entries = tuple(
        entry.model_copy(update={"logic": logic, "imports": ("moons.py", STEP)})
        if entry.path == "training.py"
        else entry
        for entry in DEPENDENCIES.files
    )
    return Design(PAPER, PLAN, ARCHITECTURE, DEPENDENCIES.model_copy(update={"files": entries}), CONFIG)


def test_it_holds_interface_and_requirements_of_its_file_alone() -> None:
    design = a_design()
    sheet = file_sheet(design, STEP)
    assert design.planned(STEP).interface.strip() in sheet
    owned = {r.id for r in design.requirements_of(STEP)}
    assert owned
    for requirement in PLAN.requirements:
        assert (requirement.statement in sheet) == (requirement.id in owned)


def test_of_those_who_import_it_only_what_they_say_of_it_is_told() -> None:
    logic = "It calls norm_step once a step. Seeds are handed in by the launcher.\nIt logs nothing."
    sheet = file_sheet(a_design(logic), STEP)
    assert "- training.py: It calls norm_step once a step.\n" in f"{sheet}\n"
    assert "Seeds are handed in" not in sheet


def test_promises_of_imported_files_follow_for_who_does_not_see_these() -> None:
    design = a_design()
    sheet = file_sheet_with_promises(design, "training.py")
    assert sheet.startswith(file_sheet(design, "training.py"))
    for path in ("moons.py", STEP):
        assert design.planned(path).interface.strip() in sheet
    assert file_sheet_with_promises(design, STEP) == file_sheet(design, STEP)


TESTS = "tests/test_pipeline.py"


def a_design_with_a_test() -> Design:
    """A planned test of `training.py`, which imports the two others."""
    design = a_design()
    file = PlannedFile(
        path=TESTS, purpose="Goes through all.", interface="def test_run(): ...", requirements=()
    )
    needs = FileDependencies(path=TESTS, imports=("training.py",), packages=(), config_keys=(), logic="")
    return replace(
        design,
        architecture=ARCHITECTURE.model_copy(update={"files": (*ARCHITECTURE.files, file)}),
        dependencies=design.dependencies.model_copy(update={"files": (*design.dependencies.files, needs)}),
    )


def test_that_of_a_test_holds_what_is_promised_and_required_of_all_that_it_reaches() -> None:
    design = a_design_with_a_test()
    sheet = file_sheet_with_promises(design, TESTS)
    for path in ("training.py", "moons.py", STEP):
        assert sheet.count(design.planned(path).interface.strip()) == 1
        assert f"### {path}\n" in sheet
        assert all(requirement.statement in sheet for requirement in design.requirements_of(path))


def test_where_there_is_little_room_what_a_test_imports_itself_goes_first() -> None:
    design = a_design_with_a_test()
    whole = file_sheet(design, TESTS)
    little = file_sheet(design, TESTS, 400)
    assert "### training.py\n" in little
    assert f"### {STEP}\n" not in little
    assert "## What it tests" not in file_sheet(design, TESTS, 20)
    assert file_sheet(design, TESTS, 100_000) == whole


def test_a_file_that_is_not_planned_has_none() -> None:
    with pytest.raises(KeyError):
        file_sheet(a_design(), "nowhere.py")
