"""What the paper leaves open, asked one question after the other."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from paper2code.cli.following import Answer, Question
from paper2code.cli.person import forget_typed_keys, read_line
from paper2code.cli.text import counted, printable
from paper2code.errors import RunError
from paper2code.open_questions import Dependent, OpenQuestion

_LETTERS = "abcdefgh"
_STOP = "q"
_KEPT = ">"
_HELP = (
    f"Enter keeps what the planner would do ({_KEPT}), a letter takes that option, "
    f"other words are an answer of your own. {_STOP} stops here."
)
_SHOWN_DEPENDENTS = 3


class UnansweredError(RunError):
    """The form was left before its end."""

    exit_code = 1


class QuestionForm:
    """Shows the questions, and reads the answers from standard input."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __call__(self, form: Question) -> Answer:
        """Fill in a form.

        Args:
            form: A `paper2code.open_questions.Form`.

        Returns:
            For each question the number of an option, counted from 1, or words; empty where it is left to the
            planner.

        Raises:
            UnansweredError: The person does not want to go on.
        """
        questions: list[OpenQuestion] = form["questions"]
        self._console.print(
            Text(f"\n {counted(len(questions), 'question')} about what the paper leaves open", "bold cyan")
        )
        self._console.print(Padding(Text(_HELP, "dim"), (1, 2, 0, 2)))
        forget_typed_keys()
        answers: dict[str, str | int] = {}
        for number, question in enumerate(questions, start=1):
            self._show(question, f"{number}/{len(questions)}")
            answers[question["id"]] = self._answer(question)
        return answers

    def _show(self, question: OpenQuestion, place: str) -> None:
        rows = Table.grid(padding=(0, 2, 0, 0))
        rows.add_column(no_wrap=True)
        rows.add_column()
        rows.add_row(Text(place, "bold cyan"), Text(printable(question["question"]), "bold"))
        rows.add_row()
        reason = Text(printable(question["reason"]), "dim")
        if question["choice"] not in question["options"]:
            rows.add_row(Text(_KEPT, "green"), Text(printable(question["choice"]), "green"))
            rows.add_row("", reason)
        for letter, option in zip(_LETTERS, question["options"], strict=False):
            is_kept = option == question["choice"]
            style = "green" if is_kept else ""
            rows.add_row(Text(f"{_KEPT if is_kept else ' '} {letter}", style), Text(printable(option), style))
            if is_kept:
                rows.add_row("", reason)
        self._console.print(Padding(rows, (1, 2, 0, 2)))
        if question["bears_on"]:
            self._console.print(Padding(_dependents(question["bears_on"]), (1, 2, 0, 7)))
        self._console.print()

    def _answer(self, question: OpenQuestion) -> str | int:
        """The number of an option, words, or empty for the planner's choice."""
        letters = _LETTERS[: len(question["options"])]
        while True:
            typed = read_line(self._console, f"  {question['id']}: ")
            if typed is None or typed.lower() == _STOP:
                raise UnansweredError("stopped at the questions; the same command asks them again")
            if len(typed) == 1 and typed.lower() in letters:
                return letters.index(typed.lower()) + 1
            if len(typed) != 1 and typed.isprintable():
                return typed
            self._console.print(Text(f"  Enter, {', '.join(letters)}, or words.", "yellow"))


def _dependents(requirements: list[Dependent]) -> Text:
    """The weightiest requirements that depend on an answer, a line each."""
    shown = [(printable(r["id"]), printable(r["statement"])) for r in requirements[:_SHOWN_DEPENDENTS]]
    width = max(len(requirement_id) for requirement_id, _ in shown)
    lines = [f"{requirement_id:{width}}  {statement}" for requirement_id, statement in shown]
    if more := len(requirements) - len(shown):
        lines.append(f"{'':{width}}  and {more} more")
    return Text("\n".join(("What depends on it:", *lines)), "dim", no_wrap=True, overflow="ellipsis")
