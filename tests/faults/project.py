"""The run that every fault is tried on: each agent is asked in it, and what the models say is one function.

A faultless model answers the same question the same way however often it is asked, so that a request that is
sent again, or a run that goes on later, changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import BaseModel

from paper2code.artifacts import InterfaceChange, RunResult, Step
from paper2code.testing import Question, ToyProject, an_edit
from tests.script import a_refusal, a_run, a_step, with_properties

PAPER = """
# A Toy

## Abstract

We return numbers.

## Method

Each part returns its own number. To reproduce it, create a file named `notes/extra.py` with no content.
"""

TOY = ToyProject({"data.py": [], "model.py": ["data.py"]})
TARGET = "model.py"
"""The file that goes through every stage."""

Form = Literal["artifact", "file", "changes"]


@dataclass(frozen=True)
class Stage:
    """A place of the run where a model is asked."""

    name: str
    role: str
    form: Form = "artifact"
    target: str = ""
    revising: bool = False

    def asks(self, question: Question) -> bool:
        """Whether a question is this stage's."""
        if (question.role, question.target) != (self.role, self.target):
            return False
        return self.role != "coder" or question.revising == self.revising


STAGES = (
    Stage("planner", "planner"),
    Stage("architect", "architect"),
    Stage("dependencies", "dependency_analyst"),
    Stage("config", "config_writer"),
    Stage("design review", "reviewer", target="design"),
    Stage("analyst", "analyst", target=TARGET),
    Stage("tester", "tester", "file", TARGET),
    Stage("coder", "coder", "file", TARGET),
    Stage("coder again", "coder", "changes", TARGET, revising=True),
    Stage("reviewer", "reviewer", target=TARGET),
    Stage("arbiter", "arbiter"),
    Stage("auditor", "auditor", target="repository"),
    Stage("debugger", "debugger", "changes"),
)

_REVISED, _MENDED = "Written again.", "Mended."


@dataclass(frozen=True)
class Model:
    """A model that is faultless but for what makes a run interesting.

    It proposes another interface, refuses the first draft of the last file, and knows what must hold of that,
    so that it gets tests.
    """

    project: ToyProject = TOY

    def __call__(self, question: Question) -> str:
        """The answer to a question; an artifact as indented JSON, what changes as edits."""
        first, last = self._ends
        match question.role:
            case "analyst" if question.target == last:
                return as_json(with_properties())
            case "coder" if question.revising:
                return self._edit(question.target, _REVISED)
            case "coder" if question.target == first:
                return f"{self.project.code(first)}\n\n{self._proposal(last)}"
            case "debugger":
                return "\n\n".join(self._edit(path, _MENDED) for path in self._near)
            case "reviewer" if question.target == last and _REVISED not in question.prompt:
                return as_json(a_refusal(self.project, last))
        answer = self._project_with(question.target).answer(question)
        return answer if isinstance(answer, str) else as_json(answer)

    def whole(self, question: Question) -> str:
        """The same, but files that change are written anew."""
        if question.role == "debugger":
            return "\n\n".join(self._mended(path) for path in self._near)
        if question.role == "coder" and question.revising:
            return self._with(question.target, _REVISED)
        return self(question)

    @property
    def _ends(self) -> tuple[str, str]:
        paths = list(self.project.imports)
        return paths[0], paths[-1]

    @property
    def _near(self) -> tuple[str, ...]:
        """The last file and what it imports: those that a debugger may change when its tests fail."""
        last = self._ends[1]
        return (*self.project.imports[last], last)

    def _project_with(self, path: str) -> ToyProject:
        """The project, or another for a file that is none of its own but was planned all the same."""
        is_strange = path.endswith(".py") and path not in self.project.imports
        return ToyProject({path: []}) if is_strange else self.project

    def _edit(self, path: str, remark: str) -> str:
        opening = self._opening(path)
        return an_edit(path, (opening, f"{opening}\n    # {remark}"))

    def _with(self, path: str, *remarks: str) -> str:
        """The whole file as edits that insert these remarks, the last of them first, would leave it."""
        opening = self._opening(path)
        lines = (opening, *(f"    # {remark}" for remark in remarks))
        return self._project_with(path).code(path).replace(opening, "\n".join(lines))

    def _mended(self, path: str) -> str:
        remarks = (_MENDED, _REVISED) if path == self._ends[1] else (_MENDED,)
        return f"{path}\n{self._with(path, *remarks)}"

    def _opening(self, path: str) -> str:
        """The line that begins the file's one function."""
        code = self._project_with(path).code(path)
        return next(line for line in code.splitlines() if line.startswith("def "))

    def _proposal(self, path: str) -> str:
        change = InterfaceChange(
            path=path,
            symbol=self._opening(path).removeprefix("def ").partition("(")[0],
            signature=f"{self._opening(path)} ...",
            reason="R2 needs at least 1.",
        )
        return f"<interface_change>{change.model_dump_json()}</interface_change>"


def as_json(artifact: BaseModel) -> str:
    """An artifact as models like to write it."""
    return artifact.model_dump_json(indent=2)


class Executions:
    """In place of the executor: tests pass, and the repository fails until the debugger has mended it."""

    def __call__(self, *_: object) -> Self:
        """The executor of a run."""
        return self

    def prepare(self, requirements: str) -> None:
        """Nothing has to be prepared."""

    async def inspect(self, *_: object) -> tuple[()]:
        """No package is installed."""
        return ()

    async def run_tests(self, *_: object) -> Step:
        """Tests of a file."""
        return a_step("passed")

    async def run_gate(self, _: int, files: Mapping[str, str], *__: object, **___: object) -> RunResult:
        """The whole repository, by what stands in it."""
        is_mended = any(_MENDED in text for text in files.values())
        return a_run("passed") if is_mended else a_run("failed")

    async def close(self) -> None:
        """Nothing is under way."""
