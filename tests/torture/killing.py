"""Killing the process of a run at random moments, until one session is let come to its end."""

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random

from paper2code.testing import Question
from tests.folders import calls_in, repository_in
from tests.models.server import ChatServer, Reply, Request
from tests.test_over_http import question_of
from tests.torture.sessions import SECONDS, Task, session
from tests.torture.stories import Story

PAPER = """# Step Sizes that Follow the Gradient

We divide the step of gradient descent by the norm of the gradient and compare it with SGD.

## 1 Method

With the gradient g over a batch, the step size is eta / (1 + ||g||), where eta is tuned.

## 2 Experiments

We train a network of one hidden layer on two moons and report the mean error over five seeds.
"""

_NOT_KNOWN = 255
"""What multiprocessing says of a process that was killed before the fork server took note of it."""

LONGEST_SESSION = 120.0
"""Seconds after which a session that was not killed is taken to hang."""


@dataclass(frozen=True)
class Ending:
    """What a run left."""

    kills: int
    repository: dict[str, bytes]
    requests: Counter[str]
    """How often each request is in the journal as finished."""
    strays: tuple[str, ...]
    """Files that were on their way somewhere."""
    asked: int
    """Requests that reached the endpoint."""
    seconds: float


@dataclass(frozen=True)
class Broken:
    """A run that was killed, beside one that was not."""

    kills: int
    repeated: int
    """Finished calls and executions that were made again."""
    other: int
    """Requests that the unbroken run did not make, or that only it made."""
    lost: int
    """Calls that were under way when the process was killed, and had to be made again."""
    differing: tuple[str, ...]
    strays: tuple[str, ...]
    seconds: float

    @property
    def is_sound(self) -> bool:
        """Whether the kills left no trace."""
        return not (self.repeated or self.other or self.differing or self.strays)


def processes() -> ForkServerContext:
    """What makes processes that have imported everything already, so that kills meet runs and no imports."""
    os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        [
            "tests.torture.sessions",
            "paper2code.graph",
            "paper2code.cli.app",
            "paper2code.cli.running",
            "paper2code.papers.markdown",
            "langchain_openai",
            "langgraph.checkpoint.sqlite.aio",
        ]
    )
    return context


@contextmanager
def endpoint(story: Story) -> Iterator[ChatServer]:
    """The models of a story, over HTTP."""

    def answer(request: Request) -> Reply:
        question: Question = question_of(request)
        said = story.answer(question)
        text = said if isinstance(said, str) else said.model_dump_json()
        # Calls differ in length, by the question and not by chance.
        return Reply(text, seconds=SECONDS * (1 + len(question.prompt) % 5))

    with ChatServer(answer) as server:
        yield server


class Torturer:
    """Runs one story in one way, unbroken or not.

    Args:
        story: What the models say.
        way: One of `sessions.WAYS`.
        folder: Where runs may write.
        context: What makes processes.
    """

    def __init__(self, story: Story, way: str, folder: Path, context: ForkServerContext) -> None:
        self.story, self.way, self.folder, self._context = story, way, folder, context
        self._paper = folder / "paper.md"
        self._paper.write_text(PAPER)

    def unbroken(self) -> Ending:
        """A run that nothing happens to."""
        return self._run("unbroken", Random(0), kills=0)

    def broken(self, seed: int, kills: int, unbroken: Ending) -> Broken:
        """A run that is killed, and what it left other than an unbroken one.

        Args:
            seed: Decides the moments.
            kills: How often at most; fewer where a session comes to its end before.
            unbroken: What an unbroken run left.
        """
        ending = self._run(f"broken-{seed}", Random(seed), kills, longest=unbroken.seconds)
        paths = {*ending.repository, *unbroken.repository}
        return Broken(
            kills=ending.kills,
            repeated=sum(ending.requests.values()) - len(ending.requests),
            other=len({*ending.requests} ^ {*unbroken.requests}),
            lost=ending.asked - unbroken.asked,
            differing=tuple(
                sorted(p for p in paths if ending.repository.get(p) != unbroken.repository.get(p))
            ),
            strays=ending.strays,
            seconds=ending.seconds,
        )

    def _run(self, name: str, random: Random, kills: int, longest: float = 0.0) -> Ending:
        start = time.monotonic()
        folder = self.folder / name
        with endpoint(self.story) as server:
            task = Task(self.way, self._paper, folder, server.url)
            if self.story.change:
                self._finish(task, name)
                self.story.change(folder)
            killed = 0
            # Sessions that go on are quick at first: many kills shall find one in that.
            while killed < kills and self._is_killed(
                task, random.uniform(0.0, longest * random.choice((0.2, 0.5, 1.0)))
            ):
                killed += 1
            self._finish(task, name)
            asked = len(server.requests)
        calls = calls_in(folder)
        private = folder / ".paper2code"
        strays = [*private.glob("tmp/*"), *folder.rglob("*.part")]
        return Ending(
            kills=killed,
            repository=repository_in(folder),
            requests=Counter(call.request for call in calls),
            strays=tuple(sorted(path.name for path in strays)),
            asked=asked,
            seconds=time.monotonic() - start,
        )

    def _finish(self, task: Task, name: str) -> None:
        """One more session, which nothing happens to."""
        if self._is_killed(task, LONGEST_SESSION):
            raise RuntimeError(f"{self.story}, {self.way}, {name}: the last session hangs")

    def _is_killed(self, task: Task, seconds: float) -> bool:
        """Whether a session had to be killed after so long, because it was not at its end."""
        process = self._context.Process(target=session, args=(task,))
        process.start()
        process.join(seconds)
        process.kill()
        process.join()
        code = process.exitcode
        process.close()
        if code not in (0, -signal.SIGKILL, _NOT_KNOWN):
            raise RuntimeError(f"{self.story}, {self.way}: a session ended with {code}")
        return code != 0
