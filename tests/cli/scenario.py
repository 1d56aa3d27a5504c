"""A plausible run of fourteen files as a list of timed events, the same every time."""

import heapq
from collections.abc import Iterator
from itertools import count

from paper2code.artifacts import RunResult, Step
from paper2code.events import Event

Timed = tuple[float, Event]

TITLE = "Attention Is All You Need"
MODEL = "openai:gpt-5-mini"
FILES: dict[str, tuple[str, ...]] = {
    "config.py": (),
    "data/vocabulary.py": (),
    "model/attention.py": (),
    "model/embedding.py": (),
    "data/translation.py": ("data/vocabulary.py",),
    "model/layers.py": ("model/attention.py",),
    "model/encoder.py": ("model/layers.py",),
    "model/decoder.py": ("model/layers.py",),
    "model/transformer.py": ("model/encoder.py", "model/decoder.py", "model/embedding.py"),
    "training/schedule.py": ("config.py",),
    "training/label_smoothing.py": ("config.py",),
    "training/loop.py": ("model/transformer.py", "training/schedule.py", "training/label_smoothing.py"),
    "train.py": ("training/loop.py", "data/translation.py"),
    "evaluate.py": ("model/transformer.py", "data/translation.py"),
}
REVISED = {"model/attention.py": 1, "training/schedule.py": 2, "model/decoder.py": 1}
REJECTED = {"training/schedule.py": "the decay starts before the warm-up ends, against s5.3"}
PLANNING = {
    "reader": (3.0, "13 sections, 9 equations, 11k tokens"),
    "planner": (41.0, "34 requirements, 5 left open by the paper"),
    "architect": (38.0, "14 files"),
    "dependency_analyst": (27.0, "22 imports, 4 packages"),
    "config_writer": (15.0, "31 values, 4 of them assumed"),
    "design_reviewer": (22.0, "no finding that needs a change"),
}
TESTED = {"model/attention.py", "model/layers.py", "training/schedule.py", "training/label_smoothing.py"}
PASSED = RunResult(
    steps=(
        Step(kind="install", command="pip install -r requirements.txt", ending="passed", seconds=14.2),
        Step(
            kind="imports",
            command=f"python -c 'import {', '.join(path[:-3].replace('/', '.') for path in FILES)}'",
            ending="passed",
            seconds=3.1,
        ),
        Step(kind="tests", command="python -m pytest -q", ending="passed", reason="31 passed", seconds=9.4),
        Step(kind="help", target="train.py", command="python train.py --help", ending="passed", seconds=1.9),
        Step(
            kind="smoke", target="train.py", command="python train.py --smoke", ending="passed", seconds=6.3
        ),
    ),
    sandbox="bubblewrap",
    python="3.12.4",
)
FAULT = "exit code 1: RuntimeError: mat1 and mat2 shapes cannot be multiplied (8x512 and 64x512)"
FAILED = PASSED.model_copy(
    update={
        "steps": (
            *PASSED.steps[:-1],
            PASSED.steps[-1].model_copy(update={"ending": "failed", "reason": FAULT}),
        )
    }
)
MENDED = "model/attention.py"


def call(role: str, target: str, state: str, revision: int = 0, **facts: object) -> Event:
    """A call event; counts and seconds are 0 unless they are given."""
    zeros = {"seconds": 0.0, "input_tokens": 0, "cached_tokens": 0, "output_tokens": 0, "usd": 0.0}
    given = {"replayed": False, "note": "", **zeros, **facts}
    return {"event": "call", "state": state, "role": role, "target": target, "revision": revision, **given}  # type: ignore[return-value,typeddict-item]


def file(path: str, state: str, revision: int = 0, note: str = "") -> Event:
    """A file event."""
    return {"event": "file", "path": path, "state": state, "revision": revision, "note": note}  # type: ignore[typeddict-item]


def stage(node: str, state: str, note: str = "") -> Event:
    """A stage event."""
    return {"event": "stage", "node": node, "state": state, "note": note}  # type: ignore[typeddict-item]


def step(told: Step) -> Event:
    """The event of a step."""
    facts = told.model_dump(include={"kind", "command", "ending", "reason", "seconds"})
    return {"event": "step", **facts}  # type: ignore[return-value,typeddict-item]


def paper(*warnings: str) -> Event:
    """The event of a paper that was read."""
    return {"event": "paper", "title": TITLE, "warnings": list(warnings)}


def design(title: str = TITLE, files: tuple[str, ...] = tuple(FILES), requirements: int = 34) -> Event:
    """The design event."""
    return {"event": "design", "title": title, "files": list(files), "requirements": requirements}


def planning(*, usd: float | None = 0.012) -> list[Timed]:
    """The events up to the standing design."""
    now, events = 0.0, []
    for node, (seconds, note) in PLANNING.items():
        events.append((now, stage(node, "started")))
        if node != "reader":
            events += [(now, call(node, "", "queued")), (now, call(node, "", "started"))]
            if node == "architect":
                events.append((now + 9, call(node, "", "retrying", note="429 rate limit, waiting 4 s")))
        now += seconds
        if node != "reader":
            used = {"input_tokens": 12_000, "cached_tokens": 9_000 if now > 50 else 0, "output_tokens": 3_100}
            events.append((now, call(node, "", "finished", seconds=seconds, usd=usd, **used)))
        events.append((now, stage(node, "finished", note)))
    return [*events, (now, design())]


def coding(start: float = 146.0, *, usd: float | None = 0.012, limit: int = 6) -> list[Timed]:
    """The events of all files, with at most `limit` calls at once."""
    simulation = _Simulation(limit, usd)
    for path in FILES:
        simulation.spawn(simulation.life(path), start)
    return simulation.run()


def finishing(start: float, *, usd: float | None = 0.012) -> list[Timed]:
    """The events of the audit, of two runs with a mend between them, and of the publisher."""
    used = {"input_tokens": 41_000, "cached_tokens": 11_000, "output_tokens": 4_000}
    judging = start + 30
    mending = judging + 40
    again = mending + 40
    return [
        (start, stage("arbiter", "started")),
        (start, stage("arbiter", "finished", "")),
        (start, stage("auditor", "started")),
        (start, call("reviewer", "repository", "started")),
        (judging, call("reviewer", "repository", "finished", seconds=30.0, usd=usd, **used)),
        (judging, stage("auditor", "finished", "33 of 34 requirements met, no ticket")),
        *_gate(judging, FAILED, "4 passed, 1 failed"),
        (mending, stage("debugger", "started")),
        (mending, call("debugger", "", "started")),
        (mending + 20, call("debugger", "", "finished", seconds=20.0, usd=usd, **used)),
        (mending + 20, stage("debugger", "finished", MENDED)),
        (mending + 20, file(MENDED, "checker", 2)),
        (mending + 22, file(MENDED, "reviewer", 2)),
        (mending + 22, call("reviewer", MENDED, "started", 2)),
        (again, call("reviewer", MENDED, "finished", 2, seconds=18.0, usd=usd, **used)),
        (again, file(MENDED, "accepted", 2)),
        *_gate(again, PASSED, "5 passed"),
        (again + 40, stage("publisher", "started")),
        (again + 41, stage("publisher", "finished", "repository written")),
    ]


def _gate(start: float, result: RunResult, note: str) -> list[Timed]:
    """The events of the runner, in real seconds."""
    now, events = start, [(start, stage("runner", "started"))]
    for told in result.steps:
        now += told.seconds
        events.append((now, step(told)))
    return [*events, (now, stage("runner", "finished", note))]


class _Simulation:
    """Files that wait for each other and for a free place among the calls, in simulated seconds."""

    def __init__(self, limit: int, usd: float | None) -> None:
        self.free, self.usd, self.now = limit, usd, 0.0
        self.events: list[Timed] = []
        self.accepted: set[str] = set()
        self._ready: list[tuple[float, int, Iterator[float]]] = []
        self._order = count()

    def spawn(self, life: Iterator[float], when: float) -> None:
        heapq.heappush(self._ready, (when, next(self._order), life))

    def run(self) -> list[Timed]:
        while self._ready:
            self.now, _, life = heapq.heappop(self._ready)
            pause = next(life, None)
            if pause is not None:
                self.spawn(life, self.now + pause)
        return self.events

    def life(self, path: str) -> Iterator[float]:
        weight = 1 + len(path) % 5 / 4
        self.say(file(path, "analyst"))
        yield from self.ask("analyst", path, 0, 14 * weight)
        self.say(file(path, "await_imports"))
        while not set(FILES[path]) <= self.accepted:
            yield 0.5
        for revision in range(REVISED.get(path, 0) + 1):
            note = "2 findings, 1 of them major" if revision else ""
            self.say(file(path, "coder", revision, note))
            if path in TESTED and not revision:
                self.say(file(path, "tester"))
                place = f"tests/test_{path.rpartition('/')[2]}"
                self.spawn(self.ask("tester", place, 0, 25 * weight), self.now)
            yield from self.ask("coder", path, revision, 30 * weight)
            self.say(file(path, "checker", revision))
            yield 1.0
            self.say(file(path, "reviewer", revision))
            yield from self.ask("reviewer", path, revision, 17 * weight)
        self.accepted.add(path)
        outcome = "rejected" if path in REJECTED else "accepted"
        self.say(file(path, outcome, REVISED.get(path, 0), REJECTED.get(path, "")))

    def ask(self, role: str, path: str, revision: int, seconds: float) -> Iterator[float]:
        self.say(call(role, path, "queued", revision))
        while not self.free:
            yield 0.5
        self.free -= 1
        self.say(call(role, path, "started", revision))
        yield seconds
        self.free += 1
        used = {"input_tokens": 15_000, "cached_tokens": 12_000, "output_tokens": 2_400}
        self.say(call(role, path, "finished", revision, seconds=seconds, usd=self.usd, **used))

    def say(self, event: Event) -> None:
        self.events.append((self.now, event))
