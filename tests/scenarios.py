"""Runs that between them take every edge of the graph: what the models say, and where that leads."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from paper2code.artifacts import FileStatus, RunResult, Step
from paper2code.executor import GATE
from tests.route import Edge, edges_of
from tests.script import (
    BROKEN,
    CHAIN,
    PAIR,
    UNPROMISED,
    UNUSABLE,
    WITHOUT_ITS_IMPORT,
    Script,
    a_cycle,
    a_hole,
    a_misfit,
    a_refusal,
    a_ruling,
    a_run,
    a_step,
    an_audit,
    an_objection,
    an_open_plan,
    proposing,
    reseeded,
    with_properties,
)

ASKED = "reader planner researcher"
DESIGNED = "reader planner architect dependency_analyst"
REDESIGNED = "architect dependency_analyst"
REVIEWED = "config_writer design_reviewer"
WRITTEN = "approval file arbiter auditor"
JUDGED_AGAIN = "file arbiter auditor"

FIRST_TIME = "analyst await_imports coder checker reviewer publish"
TESTED = "analyst await_imports coder tester checker reviewer publish"
REPAIRED = "await_imports coder checker reviewer publish"
CHECKED_AGAIN = "await_imports checker publish"
MENDED = "checker reviewer publish"


@dataclass(frozen=True)
class Scenario:
    """A run that is told beforehand."""

    name: str
    script: Callable[[], Script]
    """Made anew for each run, since a script is used up."""
    route: str
    """The nodes of the whole graph that it goes through."""
    rounds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What files go through in each round; those not named are written and accepted at once."""
    file_status: Mapping[str, FileStatus] = field(default_factory=dict)
    """What becomes of files that are not accepted."""
    status: Literal["accepted", "incomplete"] = "accepted"
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What the caller chooses in `Context`."""
    runs: Mapping[str, tuple[Step | RunResult, ...]] = field(default_factory=dict)
    """How the tests of files end, and under the name of the gate, how the repository fares; what is not named
    is not run."""
    researcher: tuple[Mapping[str, Any], ...] = ()
    """What the researcher answers to one question after the other."""

    def __str__(self) -> str:
        return self.name

    @property
    def edges_of_the_whole(self) -> set[Edge]:
        """The edges that it takes in the graph of the run."""
        return set(edges_of(self.route))

    @property
    def edges_of_files(self) -> Iterator[Edge]:
        """The edges that it takes in the graph of a single file, mends left out."""
        for path, rounds in {"": (FIRST_TIME,), **self.rounds}.items():
            for route in rounds:
                if not route.startswith("checker"):
                    yield from edges_of(route, finished=self.file_status.get(path) != "failed")

    @property
    def edges_of_mends(self) -> Iterator[Edge]:
        """The edges that it takes in the graph of a mended file."""
        routes = (route for rounds in self.rounds.values() for route in rounds)
        for route in routes:
            if route.startswith("checker"):
                yield from edges_of(route)


SCENARIOS = (
    Scenario(
        "a faultless run",
        script=lambda: Script(PAIR),
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    # ---------------------------------------------------------------- the design
    Scenario(
        "a researcher who agrees with the planner",
        script=lambda: Script(PAIR).says("planner", an_open_plan(PAIR)),
        settings={"ask": True},
        researcher=({"A1": "", "A2": ""},),
        route=f"{ASKED} {REDESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    Scenario(
        "a researcher who chooses otherwise",
        script=lambda: Script(PAIR).says("planner", an_open_plan(PAIR)),
        settings={"ask": True},
        researcher=({"A1": 2},),
        route=f"{ASKED} planner {REDESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    Scenario(
        "imports that form a cycle",
        script=lambda: Script(PAIR).says("dependency_analyst", a_cycle(PAIR)),
        route=f"{DESIGNED} {REDESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    Scenario(
        "an interface that does not fit",
        script=lambda: Script(PAIR).says("dependency_analyst", a_misfit(PAIR, "data.py")),
        route=f"{DESIGNED} {REDESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    Scenario(
        "a requirement without an owner, though asked for three times",
        script=lambda: Script(PAIR).says("architect", *[a_hole(PAIR)] * 3),
        route=f"{DESIGNED} {REDESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    Scenario(
        "a cycle that outlasts the budget of redesigns",
        script=lambda: Script(PAIR).insists("dependency_analyst", a_cycle(PAIR)),
        settings={"max_redesigns": 1},
        route=f"{DESIGNED} {REDESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    Scenario(
        "a review that objects to the plan",
        script=lambda: Script(PAIR).says("reviewer", an_objection("plan"), about="design"),
        route=f"{DESIGNED} {REVIEWED} planner {REDESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    Scenario(
        "a review that objects to the architecture",
        script=lambda: Script(PAIR).says("reviewer", an_objection("architecture"), about="design"),
        route=f"{DESIGNED} {REVIEWED} {REDESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    Scenario(
        "a review that objects to matters of taste",
        script=lambda: Script(PAIR).says("reviewer", an_objection("plan", "minor"), about="design"),
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    Scenario(
        "a review that never tires of objecting",
        script=lambda: Script(PAIR).insists("reviewer", an_objection("plan"), about="design"),
        settings={"max_replans": 1},
        route=f"{DESIGNED} {REVIEWED} planner {REDESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    # ---------------------------------------------------------------- the researcher
    Scenario(
        "a researcher who agrees",
        script=lambda: Script(PAIR),
        settings={"approve": True},
        researcher=({"approve": True},),
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    Scenario(
        "a researcher who wants a change",
        script=lambda: Script(PAIR),
        settings={"approve": True},
        researcher=({"approve": False, "remark": "Leave the ablation out."}, {"approve": True}),
        route=f"{DESIGNED} {REVIEWED} approval planner {REDESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    # ---------------------------------------------------------------- one file
    Scenario(
        "a draft that cannot run",
        script=lambda: Script(PAIR).says("coder", BROKEN, about="model.py"),
        rounds={"model.py": ("analyst await_imports coder checker coder checker reviewer publish",)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    Scenario(
        "drafts that never run",
        script=lambda: Script(PAIR).insists("coder", BROKEN, about="model.py"),
        settings={"max_fixes": 1},
        rounds={"model.py": ("analyst await_imports coder checker coder checker publish",)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
        file_status={"model.py": "rejected"},
        status="incomplete",
    ),
    Scenario(
        "drafts that run and lack what was promised",
        script=lambda: (
            Script(PAIR)
            .insists("coder", UNPROMISED, about="model.py")
            .insists("reviewer", a_refusal(PAIR, "model.py"), about="model.py")
        ),
        settings={"max_fixes": 1, "max_revisions": 0},
        rounds={"model.py": ("analyst await_imports coder checker coder checker reviewer publish",)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
        file_status={"model.py": "rejected"},
        status="incomplete",
    ),
    Scenario(
        "a draft that its reviewer sends back",
        script=lambda: Script(PAIR).says("reviewer", a_refusal(PAIR, "model.py"), about="model.py"),
        rounds={"model.py": ("analyst await_imports coder checker reviewer coder checker reviewer publish",)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    Scenario(
        "a reviewer who is never content",
        script=lambda: Script(PAIR).insists("reviewer", a_refusal(PAIR, "model.py"), about="model.py"),
        settings={"max_revisions": 1},
        rounds={"model.py": ("analyst await_imports coder checker reviewer coder checker reviewer publish",)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
        file_status={"model.py": "rejected"},
        status="incomplete",
    ),
    Scenario(
        "a coder who never answers to the point",
        script=lambda: Script(CHAIN).insists("coder", UNUSABLE, about="train.py"),
        rounds={"train.py": ("analyst await_imports coder",)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
        file_status={"train.py": "failed"},
        status="incomplete",
    ),
    # ---------------------------------------------------------------- its tests
    Scenario(
        "a file with tests that pass",
        script=lambda: Script(PAIR).says("analyst", with_properties(), about="model.py"),
        runs={"model.py": (a_step("passed"),)},
        rounds={"model.py": (TESTED,)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    Scenario(
        "a file whose tests fail once",
        script=lambda: Script(PAIR).says("analyst", with_properties(), about="model.py"),
        runs={"model.py": (a_step("failed"), a_step("passed"))},
        rounds={"model.py": ("analyst await_imports coder tester checker coder checker reviewer publish",)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    Scenario(
        "a file whose tests never pass, though its reviewer is content",
        script=lambda: Script(PAIR).says("analyst", with_properties(), about="model.py"),
        settings={"max_fixes": 0},
        runs={"model.py": (a_step("failed"),)},
        rounds={"model.py": (TESTED,)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
        file_status={"model.py": "rejected"},
        status="incomplete",
    ),
    Scenario(
        "a file whose tests nobody can write",
        script=lambda: (
            Script(PAIR)
            .says("analyst", with_properties(), about="model.py")
            .insists("tester", UNUSABLE, about="model.py")
        ),
        rounds={"model.py": (TESTED,)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    # ---------------------------------------------------------------- interfaces
    Scenario(
        "a coder who asks for another interface and gets it",
        script=lambda: (
            Script(CHAIN)
            .says("coder", proposing(CHAIN, "model.py", about="data.py"), about="model.py")
            .says("arbiter", a_ruling("data.py", "model.py"))
        ),
        rounds={
            "data.py": (FIRST_TIME, REPAIRED),
            "model.py": (FIRST_TIME, REPAIRED),
            "train.py": (FIRST_TIME, CHECKED_AGAIN),
        },
        route=f"{DESIGNED} {REVIEWED} approval file arbiter {JUDGED_AGAIN} runner publisher",
    ),
    Scenario(
        "a coder who asks for another interface in vain",
        script=lambda: Script(PAIR).says(
            "coder", proposing(PAIR, "model.py", about="data.py"), about="model.py"
        ),
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    # ---------------------------------------------------------------- the whole repository
    Scenario(
        "an audit with tickets to two files, one of which imports the other",
        script=lambda: Script(CHAIN).says(
            "auditor", an_audit(CHAIN, tickets=("model.py", "data.py")), about="repository"
        ),
        rounds={
            "data.py": (FIRST_TIME, REPAIRED),
            "model.py": (FIRST_TIME, REPAIRED),
            "train.py": (FIRST_TIME, CHECKED_AGAIN),
        },
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} {JUDGED_AGAIN} runner publisher",
    ),
    Scenario(
        "an audit that never runs out of tickets",
        script=lambda: Script(PAIR).insists(
            "auditor", an_audit(PAIR, tickets=("model.py",)), about="repository"
        ),
        settings={"max_repairs": 1},
        rounds={"model.py": (FIRST_TIME, REPAIRED)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} {JUDGED_AGAIN} runner publisher",
        status="incomplete",
    ),
    Scenario(
        "an audit that misses a requirement",
        script=lambda: Script(PAIR).insists(
            "auditor", an_audit(PAIR, missing=("data.py",)), about="repository"
        ),
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
        status="incomplete",
    ),
    # ---------------------------------------------------------------- the execution gate
    Scenario(
        "a repository that runs",
        script=lambda: Script(PAIR),
        runs={GATE: (a_run("passed"),)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner publisher",
    ),
    Scenario(
        "a repository that runs once it is mended",
        script=lambda: Script(PAIR),
        runs={GATE: (a_run("failed"), a_run("passed"))},
        rounds={"model.py": (FIRST_TIME, MENDED)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner debugger mend runner publisher",
    ),
    Scenario(
        "a mend that its reviewer refuses",
        script=lambda: Script(PAIR).says(
            "reviewer", PAIR.review("model.py"), a_refusal(PAIR, "model.py"), about="model.py"
        ),
        settings={"max_revisions": 0, "max_mends": 1},
        runs={GATE: (a_run("failed"),)},
        rounds={"model.py": (FIRST_TIME, MENDED)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner debugger mend runner publisher",
        status="incomplete",
    ),
    Scenario(
        "a mend that breaks the tests, and is mended itself",
        script=lambda: Script(PAIR).says("analyst", with_properties(), about="model.py"),
        runs={
            GATE: (a_run("failed"), a_run("passed")),
            "model.py": (a_step("passed"), a_step("failed"), a_step("passed")),
        },
        rounds={"model.py": (TESTED, "checker coder checker reviewer publish")},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner debugger mend runner publisher",
    ),
    Scenario(
        "a mend that its reviewer sends back",
        script=lambda: Script(PAIR).says(
            "reviewer", PAIR.review("model.py"), a_refusal(PAIR, "model.py"), about="model.py"
        ),
        runs={GATE: (a_run("failed"), a_run("passed"))},
        rounds={"model.py": (FIRST_TIME, "checker reviewer coder checker reviewer publish")},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner debugger mend runner publisher",
    ),
    Scenario(
        "a mend that never runs",
        script=lambda: Script(PAIR).says("debugger", f"model.py\n{WITHOUT_ITS_IMPORT}"),
        settings={"max_fixes": 0, "max_mends": 1},
        runs={GATE: (a_run("failed"),)},
        rounds={"model.py": (FIRST_TIME, "checker publish")},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner debugger mend runner publisher",
        status="incomplete",
    ),
    Scenario(
        "a mend after which the tests of another file pass, too",
        script=lambda: (
            Script(PAIR)
            .says("analyst", with_properties(), about="model.py")
            .says("debugger", PAIR.mend("data.py"))
        ),
        settings={"max_fixes": 0},
        runs={GATE: (a_run("failed"), a_run("passed")), "model.py": (a_step("failed"),)},
        rounds={"model.py": (TESTED,), "data.py": (FIRST_TIME, MENDED)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner debugger mend runner publisher",
    ),
    Scenario(
        "settings that are mended",
        script=lambda: Script(PAIR).says("debugger", reseeded()),
        runs={GATE: (a_run("failed"), a_run("passed"))},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner debugger runner publisher",
    ),
    Scenario(
        "a debugger who finds nothing",
        script=lambda: Script(PAIR).insists("debugger", UNUSABLE),
        runs={GATE: (a_run("failed"),)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner debugger publisher",
        status="incomplete",
    ),
    Scenario(
        "mends that make it worse, and are undone",
        script=lambda: Script(PAIR),
        settings={"max_mends": 1},
        runs={GATE: (a_run("failed"), a_run("failed", "failed"))},
        rounds={"model.py": (FIRST_TIME, MENDED)},
        route=f"{DESIGNED} {REVIEWED} {WRITTEN} runner debugger mend runner publisher",
        status="incomplete",
    ),
)
