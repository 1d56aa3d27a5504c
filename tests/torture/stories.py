"""What models say in runs that take the longer ways through the graph, as functions of the question alone.

A process that is killed forgets what was asked; a call that was under way is asked again and must get the
same answer. So nothing here counts: whether something was said before is read in the prompt.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from paper2code.artifacts import FileAnalysis, FileReview, Property
from paper2code.testing import Answer, Question, ToyProject, a_file
from tests.script import BROKEN, CHAIN, DIAMOND, a_refusal, a_ruling, an_audit, an_objection, proposing

FAILS = "# It fails."
"""A line for which the scripted gate has one failed step."""

WRONG = "# It is wrong."
"""A line for which the tests of its file fail."""

HOLLOW = "# Hollow."
"""A line for which the reviewer refuses a mend."""


@dataclass(frozen=True)
class Story:
    """A project, and what is said about it other than by a faultless model.

    Args:
        name: One word, for the table.
        project: The project.
        said: For roles, what they say instead; None leaves it to the project.
        change: What somebody does to the folder of a finished run, so that the next one is what is killed.
    """

    name: str
    project: ToyProject
    said: Mapping[str, Callable[[Question], Answer | None]] = field(default_factory=dict)
    change: Callable[[Path], None] | None = None

    def answer(self, question: Question) -> Answer:
        """The answer to a question, however often it is asked."""
        say = self.said.get(question.role)
        answer = say(question) if say else None
        return self.project.answer(question) if answer is None else answer

    def __str__(self) -> str:
        return self.name


def text_of(project: ToyProject, path: str, *lines: str) -> str:
    """A file of the project, with further lines."""
    _, text, _ = project.code(path).split("```")
    return text.removeprefix("python\n") + "".join(f"{line}\n" for line in lines)


def fenced(text: str) -> str:
    """As a coder answers."""
    return f"```python\n{text}```"


def _task(question: Question) -> str:
    return question.prompt[question.prompt.rindex("# YOUR TASK") :]


# ------------------------------------------------------------------ drafts that are refused


def _objects_once(question: Question) -> Answer | None:
    """To the architecture; then to the first draft of a file."""
    task = _task(question)
    if question.target == "design" and "In an earlier round" not in task:
        return an_objection("architecture")
    if question.target == "model.py" and "(revision 0," in task:
        return a_refusal(DIAMOND, "model.py")
    return None


REVISED = Story(
    "revised",
    DIAMOND,
    {
        "reviewer": _objects_once,
        "coder": lambda q: BROKEN if q.target == "loss.py" and not q.revising else None,
    },
)
"""A design that is sent back, a draft that cannot run, a draft that the reviewer sends back."""


# ------------------------------------------------------------------ tests


def _with_properties(project: ToyProject, path: str) -> FileAnalysis:
    holds = Property(
        requirements=(project.requirement_ids[path],), statement="It is a number.", check="Call it."
    )
    return FileAnalysis(steps=(f"Write {path}.",), traps=(), properties=(holds,))


def _wrong_at_first(project: ToyProject, path: str) -> Callable[[Question], Answer | None]:
    wrong = fenced(text_of(project, path, WRONG))
    return lambda q: wrong if q.target == path and not q.revising else None


TESTED = Story(
    "tested",
    CHAIN,
    {
        "analyst": lambda q: _with_properties(CHAIN, q.target),
        "coder": _wrong_at_first(CHAIN, "model.py"),
    },
)
"""Every file has tests, and one does not pass them at first."""


# ------------------------------------------------------------------ rounds


def _tickets_once(question: Question) -> Answer | None:
    again = "Your tickets of the round before" in _task(question)
    return None if again else an_audit(DIAMOND, tickets=["data.py", "loss.py"])


def _proposes_once(question: Question) -> Answer | None:
    if question.target != "model.py" or question.revising:
        return None
    return proposing(DIAMOND, "model.py", about="data.py")


REPAIRED = Story(
    "repaired",
    DIAMOND,
    {
        "analyst": lambda q: _with_properties(DIAMOND, q.target) if q.target == "data.py" else None,
        "coder": _proposes_once,
        "arbiter": lambda _: a_ruling("data.py", "model.py"),
        "auditor": _tickets_once,
    },
)
"""A ruling on an interface, and then tickets of the audit: each has files written again, others checked."""


# ------------------------------------------------------------------ mends


def _mends(question: Question) -> Answer:
    """First makes it worse, then hollows it out, then finds the cause."""
    task = _task(question)
    if "What was refused of your last mend" in task:
        good = a_file("main.py", text_of(DIAMOND, "main.py", "# It works."))
        return f"{good}\n\nconfig.yaml\n```yaml\nseed: 1\n```"
    if "Your last mend was undone" in task:
        return a_file("main.py", text_of(DIAMOND, "main.py", HOLLOW))
    worse = a_file("main.py", text_of(DIAMOND, "main.py", FAILS, "# Twice.", FAILS))
    return f"{worse}\n\nconfig.yaml\n```yaml\nseed: 7\n```"


def _refuses_what_is_hollow(question: Question) -> FileReview | None:
    if question.target == "main.py" and HOLLOW in _task(question):
        return a_refusal(DIAMOND, "main.py")
    return None


def _fails_at_first(question: Question) -> Answer | None:
    if question.target != "main.py":
        return None
    if question.revising:
        return fenced(text_of(DIAMOND, "main.py", HOLLOW, "# Still."))
    return fenced(text_of(DIAMOND, "main.py", FAILS))


DEBUGGED = Story(
    "debugged",
    DIAMOND,
    {
        "analyst": lambda q: _with_properties(DIAMOND, q.target) if q.target == "train.py" else None,
        "coder": _fails_at_first,
        "debugger": _mends,
        "reviewer": _refuses_what_is_hollow,
    },
)
"""A repository that fails: one mend is undone, one refused, one helps and changes the configuration."""


# ------------------------------------------------------------------ a run after a change


def _by_hand(folder: Path) -> None:
    """A requirement is reworded, a value changed, and a file of the repository."""
    plan = folder / ".paper2code" / "artifacts" / "plan.json"
    for place, old, new in (
        (plan, "model.py returns its own number.", "model.py returns its number."),
        (folder / "config.yaml", "seed: 0", "seed: 1"),
        (folder / "data.py", "return 1", "return 1  # mine"),
    ):
        text = place.read_text()
        if old not in text:
            raise ValueError(f"{place} has no {old!r}")
        place.write_text(text.replace(old, new))


CHANGED = Story("changed", DIAMOND, change=_by_hand)
"""A finished run whose plan, configuration and one file are then changed by hand."""

STORIES = (REVISED, TESTED, REPAIRED, DEBUGGED, CHANGED)
