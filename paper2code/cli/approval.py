"""The design before it is paid for: shown to a person, who lets it pass or says what should change."""

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from paper2code.artifacts import Architecture, Plan
from paper2code.cli.following import Answer, Question
from paper2code.cli.person import forget_typed_keys, read_line
from paper2code.cli.text import counted, printable
from paper2code.errors import RunError

_QUESTION = "Write these files? y for yes, n for no, or say what should change: "
_REMARK = "What should change? (empty: stop here) "
_TURNED_DOWN = "stopped before the first file; the same command shows the design again"


class Approval:
    """Shows the design and reads the answer from standard input."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __call__(self, question: Question) -> Answer:
        """Ask about the design of a run that waits.

        Args:
            question: What the graph asks with: `plan`, `architecture`, and `notes` in words.

        Raises:
            NotApprovedError: The answer is no, and names nothing to change.
        """
        _show_plan(self._console, Plan.model_validate(question["plan"]))
        _show_files(self._console, Architecture.model_validate(question["architecture"]))
        _show_notes(self._console, question.get("notes", ()))
        self._console.print()
        forget_typed_keys()
        answer = ""
        while not answer:
            answer = self._read(_QUESTION)
        if answer.lower() in ("y", "yes"):
            return {"approve": True}
        remark = self._read(_REMARK) if answer.lower() in ("n", "no") else answer
        if not remark:
            raise NotApprovedError(_TURNED_DOWN)
        return {"approve": False, "remark": remark}

    def _read(self, question: str) -> str:
        answer = read_line(self._console, question)
        if answer is None:
            raise NotApprovedError(_TURNED_DOWN)
        return answer


class NotApprovedError(RunError):
    """The design was turned down with nothing to change."""

    exit_code = 1


def _show_plan(console: Console, plan: Plan) -> None:
    _heading(console, "Plan")
    for paragraph in plan.summary.split("\n\n"):
        console.print(Padding(Text(printable(paragraph)), (0, 0, 1, 2)))
    rows = [(r.id, r.kind, r.priority, r.statement, ", ".join(r.places)) for r in plan.requirements]
    _heading(console, counted(len(rows), "requirement"))
    _table(console, rows, ("bold", "dim", "dim", "", "dim"))
    if plan.ambiguities:
        _heading(console, "Left open by the paper")
        _table(console, [(a.id, a.question, a.choice) for a in plan.ambiguities], ("bold", "", "green"))


def _show_files(console: Console, architecture: Architecture) -> None:
    _heading(console, counted(len(architecture.files), "file"))
    rows = [(f.path, f.purpose, " ".join(f.requirements)) for f in architecture.files]
    _table(console, rows, ("bold", "", "dim"))


def _show_notes(console: Console, notes: Sequence[str]) -> None:
    if notes:
        _heading(console, "Settled without asking a model")
        _table(console, [(note,) for note in notes], ("",))


def _heading(console: Console, text: str) -> None:
    console.print(Text(f"\n {text}", "bold cyan"))
    console.print()


def _table(console: Console, rows: Sequence[Sequence[str]], styles: Sequence[str]) -> None:
    table = Table.grid(padding=(0, 2, 0, 0))
    for style in styles:
        table.add_column(style=style)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console.print(Padding(table, (0, 0, 0, 2)))
