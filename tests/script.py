"""What the models say in a test: the answers of a faultless project, but for those that the test is about.

`Script(PAIR).says("reviewer", a_refusal(PAIR, "model.py"), about="model.py")` is such a script.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, Self

from paper2code.artifacts import (
    Ambiguity,
    Architecture,
    Audit,
    Dependencies,
    DesignFinding,
    DesignReview,
    Ending,
    FileAnalysis,
    FileReview,
    Finding,
    InterfaceChange,
    Misfit,
    NewInterface,
    Plan,
    Property,
    RequirementVerdict,
    Ruling,
    RunResult,
    Severity,
    Step,
    Ticket,
)
from paper2code.executor import GATE
from paper2code.testing import Answer, Question, ToyProject

PAIR = ToyProject({"data.py": [], "model.py": ["data.py"]})
"""Two files, one of which imports the other."""

CHAIN = ToyProject({"data.py": [], "model.py": ["data.py"], "train.py": ["model.py"]})
"""Three files in a row."""

DIAMOND = ToyProject(
    {
        "data.py": [],
        "model.py": ["data.py"],
        "loss.py": ["data.py"],
        "train.py": ["model.py", "loss.py"],
        "main.py": ["train.py"],
    }
)
"""Five files, two of which can be written at the same time."""

BROKEN = "```python\ndef value_of_model(:\n    return 1\n```"
"""A draft of `model.py` that cannot run."""

UNPROMISED = "```python\nfrom data import value_of_data\n\nNUMBER = 1 + value_of_data()\n```"
"""A draft of `model.py` that runs, and lacks what it promised."""

WITHOUT_ITS_IMPORT = (
    "```python\nfrom dota import value_of_data\n\n\ndef value_of_model() -> int:\n    return 2\n```"
)
"""A draft of `model.py` that can be read, and cannot run."""

UNUSABLE = "I would rather not."
"""An answer that holds nothing that was asked for."""


class Script:
    """The answers of a project, but for what is said here instead.

    Args:
        project: Whose faultless answers are given where nothing else is said.
    """

    def __init__(self, project: ToyProject) -> None:
        self.project = project
        self._first: dict[tuple[str, str], deque[Answer]] = {}
        self._always: dict[tuple[str, str], Answer] = {}

    def says(self, role: str, *answers: Answer, about: str = "") -> Self:
        """Let an agent give these answers first, and faultless ones afterwards."""
        self._first.setdefault((role, about), deque()).extend(answers)
        return self

    def insists(self, role: str, answer: Answer, about: str = "") -> Self:
        """Let an agent give the same answer as often as it is asked."""
        self._always[role, about] = answer
        return self

    def __call__(self, question: Question) -> Answer:
        """The answer to the next question."""
        asked = (question.role, question.target)
        if first := self._first.get(asked):
            return first.popleft()
        return self._always[asked] if asked in self._always else self.project.answer(question)


# ------------------------------------------------------------------ the design


def an_open_plan(project: ToyProject) -> Plan:
    """The paper leaves two things open, of which the first bears on all requirements."""
    norm = Ambiguity(
        id="A1",
        question="Where is the norm?",
        options=("before the block", "after the block"),
        choice="before the block",
        reason="As in the authors' code.",
        requirements=tuple(project.requirement_ids.values()),
    )
    seeds = Ambiguity(
        id="A2", question="How many seeds?", options=("3", "5"), choice="3", reason="Usual.", requirements=()
    )
    return project.plan().model_copy(update={"ambiguities": (norm, seeds)})


def a_cycle(project: ToyProject) -> Dependencies:
    """Its first file imports its last one, too."""
    first, *others = project.dependencies().files
    circle = first.model_copy(update={"imports": (others[-1].path,)})
    return project.dependencies().model_copy(update={"files": (circle, *others)})


def a_misfit(project: ToyProject, path: str) -> Dependencies:
    """What a file promises cannot serve those that need it."""
    misfit = Misfit(path=path, problem="Nobody can give it a seed.", proposal="seed: int = 0")
    return project.dependencies().model_copy(update={"misfits": (misfit,)})


def a_hole(project: ToyProject) -> Architecture:
    """Nobody owns the requirement of its last file."""
    *files, last = project.architecture().files
    disowned = last.model_copy(update={"requirements": ()})
    return project.architecture().model_copy(update={"files": (*files, disowned)})


def an_objection(
    concerns: Literal["plan", "architecture", "dependencies", "config"], severity: Severity = "major"
) -> DesignReview:
    """The design review finds one thing wrong."""
    finding = DesignFinding(
        concerns=concerns, severity=severity, subject="R1", problem="It is vague.", fix="Say it exactly."
    )
    return DesignReview(assessment="Nearly good.", findings=(finding,))


# ------------------------------------------------------------------ one file


def a_finding(severity: Severity = "major") -> Finding:
    """Something wrong with a file."""
    return Finding(severity=severity, line=1, problem="The sign is wrong.", fix="Turn it.")


def a_refusal(project: ToyProject, path: str) -> FileReview:
    """The review sends a file back."""
    verdict = RequirementVerdict(
        requirement=project.requirement_ids[path], verdict="contradicts", symbol="", note="It adds."
    )
    return FileReview(verdicts=(verdict,), findings=(a_finding(),), accepted=False)


def with_properties() -> FileAnalysis:
    """The analyst knows what must hold of a file, so that it gets tests."""
    holds = Property(requirements=("R2",), statement="It is a number.", check="Call it.")
    return FileAnalysis(steps=("Write it.",), traps=(), properties=(holds,))


# ------------------------------------------------------------------ interfaces


def proposing(project: ToyProject, path: str, about: str) -> str:
    """The file, and the wish for another interface of one that it imports."""
    change = InterfaceChange(
        path=about, symbol="value_of_data", signature="def value_of_data() -> int: ...",
        reason="R2 needs at least 1.",
    )  # fmt: skip
    return f"{project.code(path)}\n\n<interface_change>{change.model_dump_json()}</interface_change>"


def a_ruling(path: str, *others: str) -> Ruling:
    """The interface of a file changes, and others have to follow."""
    interface = "def value_of_data() -> int: ...  # at least 1"
    tickets = tuple(map(a_ticket, (path, *others)))
    return Ruling(interfaces=(NewInterface(path=path, interface=interface),), tickets=tickets, refusals=())


# ------------------------------------------------------------------ what is run


def a_step(ending: Ending) -> Step:
    """How tests, or a program, ended."""
    output = "model.py:6: AssertionError" if ending == "failed" else ""
    return Step(
        kind="tests", target="model.py", command="python -m pytest", ending=ending, reason=f"1 {ending}",
        output=output,
    )  # fmt: skip


def a_run(*endings: Ending) -> RunResult:
    """How the steps of the execution gate ended."""
    return RunResult(steps=tuple(map(a_step, endings)), sandbox="a script")


def reseeded() -> str:
    """The debugger changes a value of the configuration."""
    return "config.yaml\n```yaml\nseed: 1\n```"


class ScriptedRuns:
    """In place of the executor: tests and gates that end as a script says, and else are not run."""

    def __init__(self, runs: Mapping[str, Sequence[Step | RunResult]]) -> None:
        self._left = {target: deque(results) for target, results in runs.items()}

    def __call__(self, *_: object) -> Self:
        """The executor of a run."""
        return self

    def prepare(self, requirements: str) -> None:
        """Nothing has to be prepared."""

    async def run_tests(self, path: str, *_: object) -> Step:
        """The next ending of the tests of a file."""
        step = self._next(path)
        assert step is None or isinstance(step, Step)
        return step or Step(kind="tests", ending="not run", reason="it is a script")

    async def run_gate(self, *_: object) -> RunResult:
        """The next ending of the gate."""
        result = self._next(GATE)
        assert result is None or isinstance(result, RunResult)
        return result or RunResult(steps=(Step(kind="install", ending="not run", reason="it is a script"),))

    async def close(self) -> None:
        """Nothing is under way."""

    def _next(self, target: str) -> Step | RunResult | None:
        """The last result stays."""
        left = self._left.get(target)
        if not left:
            return None
        return left.popleft() if len(left) > 1 else left[0]


# ------------------------------------------------------------------ the whole repository


def a_ticket(path: str) -> Ticket:
    """The audit wants a file repaired."""
    return Ticket(
        path=path,
        severity="major",
        problem=f"The number of {path} is off by one.",
        change="Count from zero.",
        keep="The signature.",
        requirements=(),
    )


def an_audit(project: ToyProject, tickets: Iterable[str] = (), missing: Iterable[str] = ()) -> Audit:
    """An audit with tickets for some files, and a verdict that others miss their requirement."""
    unmet = {project.requirement_ids[path] for path in missing}
    audit = project.audit()
    verdicts = tuple(
        v.model_copy(update={"verdict": "missing"}) if v.requirement in unmet else v for v in audit.verdicts
    )
    return audit.model_copy(update={"verdicts": verdicts, "tickets": tuple(map(a_ticket, tickets))})
