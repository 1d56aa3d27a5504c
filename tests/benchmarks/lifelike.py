"""Answers as long as those of the two recorded runs, of 11 and of 41 files."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import mean
from typing import TypeVar

from paper2code.artifacts import (
    Ambiguity,
    Architecture,
    Artifact,
    Audit,
    Dependencies,
    DesignReview,
    ExperimentConfig,
    FileAnalysis,
    FileReview,
    Finding,
    Plan,
    Property,
    Requirement,
)
from paper2code.demo import packaged_demo
from paper2code.models.journal import Recording
from paper2code.testing import Answer, Question, ToyProject, an_edit
from tests.benchmarks.simulation import Simulation

Made = TypeVar("Made", bound=Artifact)

_PINN = Path(__file__).parents[1] / "journals" / "pinn.jsonl.xz"
_WORDS = "The value is that of the equation and not the library's default, as the text around it says; "
_ONE_A_RUN = frozenset({"planner", "architect", "dependency_analyst", "config_writer", "design", "auditor"})
_REQUIREMENTS = 3
"""A file, on average: 7 and 2."""


def _kind(role: str, target: str, revision: int) -> str:
    if target.startswith("("):
        return "design" if target.startswith("(design") else "auditor"
    return f"{role} again" if role == "coder" and revision else role


@cache
def _recorded() -> tuple[tuple[int, Mapping[str, float]], ...]:
    """For each run how many files it has and how many characters each kind of answer has for a file."""
    with packaged_demo() as (_, journal):
        recordings = (Recording.read(journal), Recording.read(_PINN))
    return tuple(_measured(recording) for recording in recordings)


def _measured(recording: Recording) -> tuple[int, Mapping[str, float]]:
    lengths: dict[str, list[int]] = defaultdict(list)
    for entry in recording.entries:
        lengths[_kind(entry.role, entry.target, entry.revision)].append(len(entry.answer))
    files = len({entry.target for entry in recording.entries if entry.role == "coder"})
    each = {
        # A design that was revised came in pieces.
        kind: max(found) / files if kind in _ONE_A_RUN else mean(found)
        for kind, found in lengths.items()
    }
    return files, each


def characters(kind: str, files: int) -> int:
    """How long an answer of that kind is for a file of so many; between the two runs on a log scale."""
    (few, small), (many, large) = _recorded()
    share = math.log(files / few) / math.log(many / few)
    share = min(max(share, 0.0), 1.0)
    return round(small[kind] ** (1 - share) * large[kind] ** share)


def words(length: int) -> str:
    """So many characters of prose, one sentence."""
    return (_WORDS * (max(0, length) // len(_WORDS) + 1))[: max(0, length)].rstrip()


@dataclass
class LifelikeProject:
    """A toy project whose answers have the length of recorded ones; some files are sent back once."""

    simulation: Simulation
    _sent_back: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._files = len(self.simulation.imports)
        self._toy = ToyProject(self.simulation.imports)

    def __call__(self, question: Question) -> Answer:
        role, path = question.role, question.target
        answers: dict[str, Callable[[], Answer]] = {
            "planner": self._plan,
            "architect": self._architecture,
            "dependency_analyst": self._dependencies,
            "config_writer": self._config,
            "analyst": lambda: self._analysis(path),
            "tester": lambda: _lengthened(str(self._toy.answer(question)), self._length("tester")),
            "coder": lambda: self._code(question),
            "reviewer": lambda: self._design_review() if path == "design" else self._review(path),
            "auditor": self._audit,
        }
        return answers[role]()

    def _length(self, kind: str) -> int:
        return characters(kind, self._files)

    def _plan(self) -> Plan:
        plan = self._toy.plan()
        owned = plan.requirements

        def made(room: int) -> Plan:
            requirements = tuple(self._requirement(r, n, room) for r in owned for n in range(_REQUIREMENTS))
            choices = tuple(self._ambiguity(n, room) for n, _ in enumerate(owned, 1))
            return Plan(summary=words(1_500), requirements=requirements, ambiguities=choices)

        return _grown(made, self._length("planner") * self._files, (_REQUIREMENTS + 1) * self._files)

    def _requirement(self, one: Requirement, number: int, room: int) -> Requirement:
        name = one.id if number == 0 else f"{one.id}{'abc'[number]}"
        statement = f"{one.statement} {words(room)}"
        return one.model_copy(update={"id": name, "statement": statement})

    def _ambiguity(self, number: int, room: int) -> Ambiguity:
        half = words(room // 2)
        return Ambiguity(
            id=f"A{number}", question="Which of the two?", options=("One", "Two"), choice=half, reason=half
        )

    def _architecture(self) -> Architecture:
        toy = self._toy.architecture()

        def made(room: int) -> Architecture:
            files = tuple(
                f.model_copy(
                    update={
                        "purpose": f"{f.purpose} {words(160)}",
                        "interface": f.interface.replace("...", f'\n    """{words(room)}"""\n    ...'),
                        "requirements": tuple(f"{i}{n}" for i in f.requirements for n in ("", "b", "c")),
                    }
                )
                for f in toy.files
            )
            return toy.model_copy(update={"approach": words(1_500), "files": files})

        return _grown(made, self._length("architect") * self._files, self._files)

    def _dependencies(self) -> Dependencies:
        toy = self._toy.dependencies()

        def made(room: int) -> Dependencies:
            files = tuple(f.model_copy(update={"logic": words(room)}) for f in toy.files)
            return toy.model_copy(update={"files": files, "shared_knowledge": words(5_000)})

        return _grown(made, self._length("dependency_analyst") * self._files, self._files)

    def _config(self) -> ExperimentConfig:
        # About a third of the answer is the text that later prompts show, the rest says where values stand.
        length = self._length("config_writer") * self._files
        comments = "\n".join(f"# {words(90)}" for _ in range(length // 3 // 92))
        return ExperimentConfig(yaml=f"{comments}\nseed: 0\n", values=())

    def _analysis(self, path: str) -> FileAnalysis:
        name = self._toy.requirement_ids[path]
        share = self._length("analyst") // 9

        def entry() -> Property:
            return Property(requirements=(name,), statement=words(share // 2), check=words(share // 2))

        return FileAnalysis(
            steps=tuple(words(share) for _ in range(3)),
            traps=tuple(words(share) for _ in range(2)),
            properties=tuple(entry() for _ in range(4)),
        )

    def _code(self, question: Question) -> str:
        if not question.revising:
            return _lengthened(str(self._toy.answer(question)), self._length("coder"))
        comment = "\n".join(f"# {words(70)}" for _ in range(self._length("coder again") // 72))
        old = "    return "
        line = next(text for text in self._toy.code(question.target).splitlines() if text.startswith(old))
        return an_edit(question.target, (line, f"{line}\n{comment}"))

    def _review(self, path: str) -> FileReview:
        review = self._toy.review(path)
        (verdict,) = review.verdicts
        note = words(self._length("reviewer") // _REQUIREMENTS - 100)
        names = [verdict.requirement, *(f"{verdict.requirement}{n}" for n in "bc")]
        verdicts = tuple(verdict.model_copy(update={"requirement": i, "note": note}) for i in names)
        review = review.model_copy(update={"verdicts": verdicts})
        if path in self._sent_back or not self.simulation.revisions(path):
            return review
        self._sent_back.add(path)
        finding = Finding(severity="major", line=1, problem=words(200), fix=words(200))
        return review.model_copy(update={"accepted": False, "findings": (finding,)})

    def _design_review(self) -> DesignReview:
        return DesignReview(assessment=words(self._length("design") * self._files), findings=())

    def _audit(self) -> Audit:
        audit = self._toy.audit()
        note = words(self._length("auditor") // _REQUIREMENTS - 100)
        verdicts = tuple(
            v.model_copy(update={"requirement": f"{v.requirement}{n}", "note": note})
            for v in audit.verdicts
            for n in ("", "b", "c")
        )
        return audit.model_copy(update={"verdicts": verdicts})


def _grown(made: Callable[[int], Made], length: int, places: int) -> Made:
    """What is made with as much room in each of its places as brings it to that length."""
    return made(max(0, length - len(made(0).model_dump_json())) // places)


def _lengthened(answer: str, length: int) -> str:
    """Code in a fence with documented functions more, until it has that length."""
    body, fence = answer.rsplit("\n```", 1)
    lines = "\n".join(f"    x = x * y + {n}.0  # {words(40)}" for n in range(5))
    parts: list[str] = []
    while len(body) + sum(map(len, parts)) < length:
        head = f"def step_{len(parts)}(x: float, y: float = 0.0) -> float:"
        parts.append(f'\n\n\n{head}\n    """{words(150)}"""\n{lines}\n    return x')
    return f"{body}{''.join(parts)}\n```{fence}"
