"""Papers whose models answer after a random time: what a schedule could do at best is known of them."""

import asyncio
import hashlib
import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

import networkx as nx
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult
from pydantic import PrivateAttr

from paper2code.artifacts import FileAnalysis, FileReview, Finding, Property
from paper2code.papers.model import Paper, Section
from paper2code.testing import Answer, Question, ScriptedModel, ToyProject

PLANNING = ("planner", "architect", "dependency_analyst", "config_writer", "reviewer")
ORIGINAL_PLANNING = 4

_SENTENCE = "The estimator is evaluated on every split of the data, and its variance is reported beside it. "


def a_paper(characters: int) -> Paper:
    """A paper of that length, in sections of 3,000 characters."""
    text = _SENTENCE * (3_000 // len(_SENTENCE))
    sections = tuple(
        Section(id=f"s{n}", level=1, title=f"Part {n}", text=text)
        for n in range(1, max(1, characters // 3_000) + 1)
    )
    digest = hashlib.sha256(str(characters).encode()).hexdigest()
    return Paper(title="A Simulated Paper", sections=sections, source="text", sha256=digest, extractor="none")


def random_imports(random: Random, count: int | None = None) -> dict[str, list[str]]:
    """For each of so many files, by default 12 to 40, those that it imports, in 3 to 7 generations."""
    count, generations = count or random.randint(12, 40), random.randint(3, 7)
    extra = [random.randrange(generations) for _ in range(count - generations)]
    levels: list[list[str]] = [[] for _ in range(generations)]
    for number, level in enumerate(sorted([*range(generations), *extra])):
        levels[level].append(f"file_{number:02}.py")
    imports: dict[str, list[str]] = {name: [] for name in levels[0]}
    for nearest, level in pairwise(levels):
        earlier = list(imports)
        for name in level:
            others = random.sample(earlier, random.randint(0, 2))
            imports[name] = sorted({random.choice(nearest), *others})
    return imports


@dataclass(frozen=True)
class Simulation:
    """One paper: its files, how long each call takes, how often each file is revised."""

    imports: Mapping[str, Sequence[str]]
    seed: int
    median: float = 0.1
    """Seconds of a call; 0 for models that answer at once."""
    spread: float = 0.5
    """Of the logarithms of these seconds; 0 for calls that all take the same."""
    revision_chance: float = 0.25
    max_revisions: int = 3

    def seconds(self, role: str, target: str, number: int) -> float:
        """How long the call of that number takes: log-normal, from a third to three times the median."""
        drawn = self._random(role, target, number).lognormvariate(0, self.spread)
        return self.median * min(max(drawn, 1 / 3), 3)

    def revisions(self, path: str) -> int:
        """How often the reviewer sends a file back."""
        return next(
            n
            for n in range(self.max_revisions + 1)
            if n == self.max_revisions or self._random("revise", path, n).random() > self.revision_chance
        )

    def _random(self, *key: object) -> Random:
        return Random(f"{self.seed} {key}")

    @property
    def work(self) -> float:
        """Seconds of all calls together."""
        calls = (self._analysis(p) + self._writing(p) + self._lesser_draft(p) for p in self.imports)
        return self._frame + sum(calls)

    @property
    def critical_path(self) -> float:
        """Seconds that no schedule can beat.

        A file is written once it is analysed and its imports stand, and checked once its tests are there.
        """
        graph = nx.DiGraph((needed, path) for path, needs in self.imports.items() for needed in needs)
        graph.add_nodes_from(self.imports)
        done: dict[str, float] = {}
        for path in nx.topological_sort(graph):
            ready = max((done[needed] for needed in self.imports[path]), default=0.0)
            done[path] = max(ready, self._analysis(path)) + self._writing(path)
        return self._frame + max(done.values())

    @property
    def original(self) -> float:
        """Seconds of the original's sequence: four calls to plan, then two for each file."""
        planning = sum(self.seconds(role, "", 0) for role in PLANNING[:ORIGINAL_PLANNING])
        return planning + sum(self._analysis(p) + self.seconds("coder", p, 0) for p in self.imports)

    @property
    def _frame(self) -> float:
        """What comes before all files, and after them."""
        return sum(self.seconds(role, "", 0) for role in (*PLANNING, "auditor"))

    def _analysis(self, path: str) -> float:
        return self.seconds("analyst", path, 0)

    def _writing(self, path: str) -> float:
        rounds = range(self.revisions(path) + 1)
        reviewed = sum(self.seconds("reviewer", path, n) for n in rounds)
        revised = sum(self.seconds("coder", path, n) for n in rounds[1:])
        return max(self._drafts(path)) + reviewed + revised

    def _lesser_draft(self, path: str) -> float:
        return min(self._drafts(path))

    def _drafts(self, path: str) -> tuple[float, float]:
        """The first draft, and its tests, which are written beside it."""
        return self.seconds("coder", path, 0), self.seconds("tester", path, 0)


@dataclass
class Sent:
    """A prompt on its way: when it was sent, and when its answer was there."""

    role: str
    target: str
    prompt: str
    task: int
    """Where the part begins that is its own."""
    begins: float
    ends: float = math.inf


class SimulatedModel(ScriptedModel):
    """Answers as the simulation says, and remembers what was asked when."""

    simulation: Simulation
    keep: bool = True
    """Whether prompts are remembered."""

    _numbers: Counter[tuple[str, str]] = PrivateAttr(default_factory=Counter)
    _sent: list[Sent] = PrivateAttr(default_factory=list)
    _calls: int = PrivateAttr(default=0)
    _busy: float = PrivateAttr(default=0.0)

    @property
    def sent(self) -> list[Sent]:
        """All prompts, in the order in which they came."""
        return self._sent

    @property
    def calls(self) -> int:
        """How often it was asked."""
        return self._calls

    @property
    def busy(self) -> float:
        """Seconds that it worked, its waiting left out."""
        return self._busy

    async def _agenerate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        begins = time.perf_counter()
        result = self._result(messages)
        question = self._asked.pop()
        target = question.target if question.target in self.simulation.imports else ""
        number = self._numbers[question.role, target]
        self._numbers[question.role, target] += 1
        self._calls += 1
        sent = Sent(question.role, target, "", 0, begins)
        if self.keep:
            sent.prompt = "\0".join(str(message.content) for message in messages)
            sent.task = sent.prompt.rindex("# YOUR TASK")
            self._sent.append(sent)
        self._busy += time.perf_counter() - begins
        await asyncio.sleep(
            begins + self.simulation.seconds(question.role, target, number) - time.perf_counter()
        )
        sent.ends = time.perf_counter()
        return result


_ANALYSIS = FileAnalysis(
    steps=("Write it.",),
    traps=(),
    properties=(Property(requirements=(), statement="It is a number.", check="Call it."),),
)
"""With something that must hold, so that tests are written of it."""


def _tests_of(path: str) -> str:
    module = path.removesuffix(".py")
    return f"```python\nimport {module}\n\n\ndef test_it():\n    assert {module}.value_of_{module}() > 0\n```"


@dataclass
class Script:
    """The answers of one run: a toy project whose reviewer sends some files back."""

    simulation: Simulation
    padding: int = 2_000
    _given: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._toy = ToyProject(self.simulation.imports, padding=self.padding)

    def __call__(self, question: Question) -> Answer:
        if question.role == "analyst":
            return _ANALYSIS
        if question.role == "tester":
            return _tests_of(question.target)
        answer = self._toy.answer(question)
        if isinstance(answer, FileReview):
            self._given[question.target] += 1
            if self._given[question.target] <= self.simulation.revisions(question.target):
                finding = Finding(severity="major", line=1, problem="Not as s1 says.", fix="Do as s1 says.")
                return answer.model_copy(update={"accepted": False, "findings": (finding,)})
        return answer


def a_model(simulation: Simulation, *, padding: int = 2_000, keep: bool = True) -> SimulatedModel:
    """A new model for one run of a simulation; `padding` is about the size of each file."""
    return SimulatedModel(answer=Script(simulation, padding), simulation=simulation, keep=keep)
