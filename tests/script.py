"""What the models say in a test: the answers of a faultless project, but for those that the test is about.

`Script(PAIR).says("reviewer", a_refusal(PAIR, "model.py"), about="model.py")` is such a script.
"""

from collections import deque
from collections.abc import Iterable
from typing import Literal, Self

from paper2code.artifacts import (
    Architecture,
    Audit,
    Dependencies,
    DesignFinding,
    DesignReview,
    FileReview,
    Finding,
    Misfit,
    RequirementVerdict,
    Severity,
    Ticket,
)
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
