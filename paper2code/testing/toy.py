"""A toy project: every answer that its repository needs, and none that contradicts another."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from paper2code.artifacts import (
    Architecture,
    ArchitectureRevision,
    Audit,
    AuditVerdict,
    Command,
    Dependencies,
    DependenciesRevision,
    DesignReview,
    ExperimentConfig,
    FileAnalysis,
    FileDependencies,
    FileReview,
    Plan,
    PlannedFile,
    PlanRevision,
    Requirement,
    RequirementVerdict,
    Ruling,
)
from paper2code.testing.scripted import Answer, Question


@dataclass(frozen=True)
class ToyProject:
    """A consistent set of answers: files that import each other and each meet one requirement.

    Args:
        imports: For each file the files that it imports; all are Python modules in the root.
    """

    imports: Mapping[str, Sequence[str]]
    padding: int = 0
    """Characters of comment that each file carries, to give it a size."""

    requirement_ids: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        ids = {path: f"R{number}" for number, path in enumerate(self.imports, 1)}
        object.__setattr__(self, "requirement_ids", ids)

    def answer(self, question: Question) -> Answer:
        """What a content and faultless model would answer."""
        path = question.target
        answers: dict[str, Callable[[], Answer]] = {
            "planner": self.plan_revision if question.revising else self.plan,
            "architect": self.architecture_revision if question.revising else self.architecture,
            "dependency_analyst": self.dependencies_revision if question.revising else self.dependencies,
            "config_writer": self.config,
            "analyst": lambda: FileAnalysis(steps=(f"Write {path}.",), traps=(), properties=()),
            "coder": lambda: self.code(path, remark="Written again." if question.revising else ""),
            "tester": lambda: self.tests(path),
            "debugger": lambda: self.mend(list(self.imports)[-1]),
            "arbiter": lambda: Ruling(interfaces=(), tickets=(), refusals=("It serves as it is.",)),
            "reviewer": lambda: self.review(path) if path in self.imports else self.design_review(),
            "auditor": self.audit,
        }
        return answers[question.role]()

    def plan(self) -> Plan:
        """One requirement a file."""
        requirements = tuple(
            Requirement(
                id=i,
                kind="method",
                statement=f"{path} returns its own number.",
                places=("s1",),
                quote="",
                forbids=(),
                priority="must",
            )
            for path, i in self.requirement_ids.items()
        )
        return Plan(summary="A toy.", requirements=requirements, ambiguities=())

    def architecture(self) -> Architecture:
        """One function a file."""
        files = tuple(
            PlannedFile(
                path=path,
                purpose=f"Holds {_function(path)}.",
                interface=f"def {_function(path)}() -> int: ...",
                requirements=(self.requirement_ids[path],),
            )
            for path in self.imports
        )
        last = list(self.imports)[-1]
        command = Command(command=f"python {last}", purpose="runs it", minutes=0)
        return Architecture(
            approach="Each file calls those it imports.",
            files=files,
            class_diagram="classDiagram",
            sequence_diagram="sequenceDiagram",
            commands=(command,),
        )

    def dependencies(self) -> Dependencies:
        """The imports as given."""
        files = tuple(
            FileDependencies(path=path, imports=tuple(needs), packages=(), logic="", config_keys=())
            for path, needs in self.imports.items()
        )
        return Dependencies(files=files, packages=(), shared_knowledge="None.", misfits=())

    def config(self) -> ExperimentConfig:
        """One value, which no file reads."""
        return ExperimentConfig(yaml="seed: 0\n", values=())

    def plan_revision(self) -> PlanRevision:
        """The whole plan once more, which mends whatever was wrong with it."""
        plan = self.plan()
        return PlanRevision(summary="", requirements=plan.requirements, withdrawn=(), ambiguities=())

    def architecture_revision(self) -> ArchitectureRevision:
        """All files once more."""
        return ArchitectureRevision(
            approach="",
            files=self.architecture().files,
            removed=(),
            class_diagram="",
            sequence_diagram="",
            commands=(),
        )

    def dependencies_revision(self) -> DependenciesRevision:
        """All imports once more, and no misfit left."""
        return DependenciesRevision(
            files=self.dependencies().files, packages=(), shared_knowledge="", misfits=()
        )

    def design_review(self) -> DesignReview:
        """Content."""
        return DesignReview(assessment="It holds together.", findings=())

    def code(self, path: str, remark: str = "") -> str:
        """The file's text in a fence."""
        needs = self.imports[path]
        lines = [f"from {p.removesuffix('.py').replace('/', '.')} import {_function(p)}" for p in needs]
        total = " + ".join(["1", *(f"{_function(p)}()" for p in needs)])
        lines += ["", "", f"def {_function(path)}() -> int:", f"    return {total}", ""]
        lines += [f"# {'-' * 76}"] * (self.padding // 80)
        lines += [f"# {remark}"] if remark else []
        lines += ["", 'if __name__ == "__main__":', f"    print({_function(path)}())"]
        return "```python\n" + "\n".join(lines) + "\n```"

    def mend(self, path: str) -> str:
        """The file named and whole, as an answer of one who may change several."""
        return f"{path}\n{self.code(path, remark='Mended.')}"

    def tests(self, path: str) -> str:
        """A test of the file's one function, in a fence."""
        module = path.removesuffix(".py").replace("/", ".")
        return "\n".join(
            [
                "```python",
                f"from {module} import {_function(path)}",
                "",
                "",
                "def test_its_number():",
                f'    """{self.requirement_ids[path]}: one, and the numbers of all that it imports."""',
                f"    assert {_function(path)}() == {self._number(path)}",
                "```",
            ]
        )

    def _number(self, path: str) -> int:
        return 1 + sum(map(self._number, self.imports[path]))

    def review(self, path: str) -> FileReview:
        """Content."""
        verdict = RequirementVerdict(
            requirement=self.requirement_ids[path], verdict="met", symbol=_function(path), note="It does."
        )
        return FileReview(verdicts=(verdict,), findings=(), accepted=True)

    def audit(self) -> Audit:
        """Nothing to repair."""
        verdicts = tuple(
            AuditVerdict(requirement=i, verdict="met", symbol=_function(path), note="It does.", path=path)
            for path, i in self.requirement_ids.items()
        )
        return Audit(assessment="Whole.", verdicts=verdicts, tickets=())


def _function(path: str) -> str:
    return "value_of_" + re.sub(r"\W", "_", path.removesuffix(".py"))
