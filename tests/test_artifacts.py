"""The artifacts: what no model may say twice, and what a revision changes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from paper2code.artifacts import (
    Ambiguity,
    Architecture,
    ArchitectureRevision,
    Dependencies,
    DependenciesRevision,
    Plan,
    PlanRevision,
)
from tests.designs import (
    a_file,
    a_plan,
    a_requirement,
    an_architecture,
    the_dependencies,
    the_needs,
)
from tests.script import PAIR, a_misfit

NO_CHANGE_OF_PLAN = PlanRevision(summary="", requirements=(), withdrawn=(), ambiguities=())
NO_CHANGE_OF_DESIGN = ArchitectureRevision(
    approach="", files=(), removed=(), class_diagram="", sequence_diagram="", commands=()
)
NO_CHANGE_OF_DEPENDENCIES = DependenciesRevision(files=(), packages=(), shared_knowledge="", misfits=())


def an_ambiguity(ambiguity_id: str, choice: str = "yes") -> Ambiguity:
    return Ambiguity(id=ambiguity_id, question="?", options=("yes", "no"), choice=choice, reason="Usual.")


# ------------------------------------------------------------------ what may stand once


def test_two_requirements_cannot_share_an_id() -> None:
    with pytest.raises(ValidationError, match="requirements share an id: R2"):
        a_plan("R1", "R2", "R2")


def test_two_ambiguities_cannot_share_an_id() -> None:
    with pytest.raises(ValidationError, match="ambiguities share an id: A1"):
        Plan(summary="", requirements=(a_requirement("R1"),), ambiguities=(an_ambiguity("A1"),) * 2)


def test_a_path_cannot_be_planned_twice() -> None:
    with pytest.raises(ValidationError, match=r"files planned twice: model\.py"):
        an_architecture(a_file("model.py"), a_file("model.py"))


def test_ids_and_paths_are_taken_without_the_spaces_around_them() -> None:
    assert a_requirement(" R1 ").id == "R1"
    assert a_file(" model.py\n").path == "model.py"


@pytest.mark.parametrize("artifact", [Plan, Architecture])
def test_what_holds_nothing_is_no_artifact(artifact: type[Any]) -> None:
    with pytest.raises(ValidationError, match="at least 1 item"):
        artifact.model_validate(
            dict.fromkeys(artifact.model_fields, ())
            | {"summary": "", "approach": "", "class_diagram": "", "sequence_diagram": ""}
        )


def test_artifacts_stay_as_they_are() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        a_plan("R1").summary = "Another."  # type: ignore[misc]  # that it is frozen is the point


# ------------------------------------------------------------------ revisions


def test_a_revision_of_a_plan_replaces_adds_and_withdraws() -> None:
    plan = Plan(
        summary="Old.",
        requirements=tuple(map(a_requirement, ("R1", "R2", "R3"))),
        ambiguities=(an_ambiguity("A1"), an_ambiguity("A2")),
    )
    revised = PlanRevision(
        summary="  ",
        requirements=(a_requirement("R3", statement="New."), a_requirement("R4")),
        withdrawn=("R1",),
        ambiguities=(an_ambiguity("A2", choice="no"),),
    ).apply_to(plan)

    assert [r.id for r in revised.requirements] == ["R2", "R3", "R4"]
    assert revised.requirement("R3") == a_requirement("R3", statement="New.")
    assert revised.requirement("R1") is None
    assert [a.choice for a in revised.ambiguities] == ["yes", "no"]
    assert revised.summary == "Old."


def test_a_plan_cannot_lose_its_last_requirement() -> None:
    everything = NO_CHANGE_OF_PLAN.model_copy(update={"withdrawn": ("R1",)})
    with pytest.raises(ValidationError):
        everything.apply_to(a_plan("R1"))


def test_a_revision_of_an_architecture_replaces_adds_and_removes() -> None:
    old = an_architecture(a_file("a.py"), a_file("b.py"), a_file("c.py"), commands=["python c.py"])
    revised = NO_CHANGE_OF_DESIGN.model_copy(
        update={"files": (a_file("c.py", "NEW = 1"), a_file("d.py")), "removed": ("a.py",)}
    ).apply_to(old)

    assert [f.path for f in revised.files] == ["b.py", "c.py", "d.py"]
    assert revised.file("c.py") == a_file("c.py", "NEW = 1")
    assert revised.file("a.py") is None
    assert revised.commands == old.commands


def test_a_revision_of_dependencies_forgets_files_that_are_no_longer_planned() -> None:
    old = the_dependencies(
        the_needs("a.py"), the_needs("b.py", imports=["a.py"]), packages={"numpy": "numpy"}
    )
    revised = NO_CHANGE_OF_DEPENDENCIES.model_copy(update={"files": (the_needs("b.py"),)}).apply_to(
        old, an_architecture(a_file("b.py"))
    )
    assert revised.files == (the_needs("b.py"),)
    assert revised.packages == old.packages


def test_misfits_that_are_not_repeated_are_mended() -> None:
    old = a_misfit(PAIR, "data.py")
    assert NO_CHANGE_OF_DEPENDENCIES.apply_to(old, PAIR.architecture()).misfits == ()


def test_of_a_file_that_nobody_analysed_nothing_is_known() -> None:
    assert PAIR.dependencies().of("plots.py") == the_needs("plots.py")


# ------------------------------------------------------------------ what holds for all revisions

IDS = [f"R{number}" for number in range(1, 7)]
REQUIREMENTS = st.builds(a_requirement, st.sampled_from(IDS), statement=st.sampled_from(["One.", "Two."]))


def distinct(requirements: st.SearchStrategy[Any], min_size: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(requirements, unique_by=lambda r: r.id, min_size=min_size).map(tuple)


PLANS = st.builds(
    Plan, summary=st.just("Old."), requirements=distinct(REQUIREMENTS, min_size=1), ambiguities=st.just(())
)
REVISIONS = st.builds(
    PlanRevision,
    summary=st.just(""),
    requirements=distinct(REQUIREMENTS, min_size=1),
    withdrawn=st.lists(st.sampled_from(IDS)).map(tuple),
    ambiguities=st.just(()),
)


@given(PLANS, REVISIONS)
def test_a_revision_has_the_last_word(plan: Plan, revision: PlanRevision) -> None:
    revised = revision.apply_to(plan)
    assert set(revision.requirements) <= set(revised.requirements)
    assert {r.id for r in revised.requirements} == (
        {r.id for r in plan.requirements} - set(revision.withdrawn)
    ) | {r.id for r in revision.requirements}


@given(PLANS)
def test_a_revision_that_says_nothing_changes_nothing(plan: Plan) -> None:
    assert NO_CHANGE_OF_PLAN.apply_to(plan) == plan


def test_saying_nothing_changes_no_design() -> None:
    assert NO_CHANGE_OF_DESIGN.apply_to(PAIR.architecture()) == PAIR.architecture()
    dependencies: Dependencies = PAIR.dependencies()
    assert NO_CHANGE_OF_DEPENDENCIES.apply_to(dependencies, PAIR.architecture()) == dependencies
