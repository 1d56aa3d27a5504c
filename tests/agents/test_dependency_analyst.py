"""The dependency analyst."""

from paper2code.agents.dependency_analyst import analyse_dependencies
from paper2code.artifacts import DependenciesRevision, PlannedFile
from paper2code.state import State
from tests.agents.conftest import Workplace
from tests.script import CHAIN, a_cycle, a_misfit

DESIGNED: State = {
    "plan": CHAIN.plan(),
    "architecture": CHAIN.architecture(),
    "designs": 1,
    "redesigns": 0,
    "design_changes": (),
}


async def test_a_sound_design_has_no_faults(work: Workplace) -> None:
    update = await analyse_dependencies(DESIGNED, work.runtime)
    assert update == {"dependencies": CHAIN.dependencies(), "faults": ()}


async def test_who_leaves_a_file_out_is_asked_again(work: Workplace) -> None:
    some = CHAIN.dependencies().model_copy(update={"files": CHAIN.dependencies().files[:1]})
    work.script.says("dependency_analyst", some)
    update = await analyse_dependencies(DESIGNED, work.runtime)
    assert update["dependencies"] == CHAIN.dependencies()
    assert [question.again for question in work.asked] == [False, True]


async def test_faults_are_told_while_the_architect_can_still_mend_them(work: Workplace) -> None:
    work.script.says("dependency_analyst", a_misfit(CHAIN, "data.py"))
    update = await analyse_dependencies(DESIGNED, work.runtime)
    assert [fault.rule for fault in update["faults"]] == ["misfit"]
    assert "architecture" not in update


async def test_faults_are_settled_when_he_no_longer_can(work: Workplace) -> None:
    work.script.says("dependency_analyst", a_cycle(CHAIN))
    spent: State = {**DESIGNED, "redesigns": work.runtime.context.max_redesigns}
    update = await analyse_dependencies(spent, work.runtime)

    assert update["faults"] == ()
    assert update["dependencies"].of("data.py").imports == ()
    assert "no longer imports" in " ".join(update["notes"])


async def test_after_a_redesign_it_says_only_what_changes(work: Workplace) -> None:
    (data, *_) = CHAIN.dependencies().files
    revision = DependenciesRevision(
        files=(data.model_copy(update={"logic": "It caches."}),),
        packages=(),
        shared_knowledge="",
        misfits=(),
    )
    work.script.says("dependency_analyst", revision)
    known: State = {
        **DESIGNED,
        "designs": 2,
        "dependencies": CHAIN.dependencies(),
        "design_changes": ("data.py",),
    }
    update = await analyse_dependencies(known, work.runtime)

    assert update["dependencies"].of("data.py").logic == "It caches."
    assert update["dependencies"].of("train.py") == CHAIN.dependencies().of("train.py")
    assert work.asked[0].revising


async def test_an_empty_package_marker_leaves_the_design(work: Workplace) -> None:
    sound, needs = CHAIN.architecture(), CHAIN.dependencies()
    marker = PlannedFile(path="tests/__init__.py", purpose="Marks.", interface="# Empty.", requirements=())
    planned = sound.model_copy(update={"files": (*sound.files, marker)})
    entries = (*needs.files, needs.of(marker.path))
    work.script.says("dependency_analyst", needs.model_copy(update={"files": entries}))
    update = await analyse_dependencies({**DESIGNED, "architecture": planned}, work.runtime)
    assert update == {"architecture": sound, "dependencies": needs, "faults": ()}
