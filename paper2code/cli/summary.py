"""The end of a run in words: what came out, what it took, and what to do next."""

import json
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from paper2code.artifacts import FileReview
from paper2code.cli.execution_facts import Fact, failures, test_tally, unrun, what_ran
from paper2code.cli.failures import ACCEPTED, NOT_ACCEPTED
from paper2code.cli.live_screen import cost, tokens
from paper2code.cli.marks import marks_for
from paper2code.cli.progress import Progress
from paper2code.cli.text import counted, dollars, duration, printable, tally
from paper2code.state import Output

_REPORTS = (Path(".paper2code") / "report.html", Path("TRACEABILITY.md"), Path("README.md"))
_INDENT = 3
_GAP = 3


def exit_code(output: Output) -> int:
    """0 when the run accepted everything, else 1."""
    return ACCEPTED if output.get("status") == "accepted" else NOT_ACCEPTED


def result_line(output: Output, output_dir: Path) -> str:
    """The last line of `--json`."""
    ran = output.get("run")
    record = {
        "event": "result",
        "status": output.get("status", "incomplete"),
        "output_dir": str(output_dir),
        "file_status": output.get("file_status", {}),
        "run": ran.model_dump(exclude={"steps": {"__all__": {"output"}}}) if ran else {},
        "usage": output.get("usage", {}),
    }
    return json.dumps(record, default=str)


def show_summary(console: Console, output: Output, output_dir: Path, progress: Progress) -> None:
    """Print the summary of a finished run."""
    marks = marks_for(console.encoding)
    accepted = exit_code(output) == ACCEPTED
    mark = (marks.done, "bold green") if accepted else (marks.rejected, "bold red")
    title = printable(output.get("title", "") or progress.title)
    console.print()
    console.print(Text.assemble(" ", mark, " ", (title, "bold")))
    console.print(Text(f"   {_status(output)}", mark[1]))
    _facts(console, _result_facts(output, output_dir, progress))
    if lost := tuple(_losses(output)):
        _facts(console, lost, "Not accepted", "red")
    if failed := tuple(failures(output)):
        _facts(console, failed, "Failed when it was run", "red")
    if left := tuple(unrun(output)):
        _facts(console, left, "Could not be run", "yellow")
    _facts(console, _next_steps(output, output_dir), "Next", "cyan")
    console.print()


def _status(output: Output) -> str:
    if exit_code(output) == ACCEPTED:
        return "accepted"
    all_accepted = {"accepted"} >= set(output.get("file_status", {}).values())
    fails = all_accepted and any(failures(output))
    return f"finished, but not all of it {'runs' if fails else 'is accepted'}"


def _result_facts(output: Output, output_dir: Path, progress: Progress) -> Iterator[Fact]:
    if files := Counter[str](output.get("file_status", {}).values()):
        yield "files", tally(files, ("accepted", "rejected", "failed"))
    if verdicts := Counter[str](traced.verdict for traced in output.get("requirements", ())):
        yield "requirements", tally(verdicts, ("met", "partly", "missing", "contradicts"))
    if tests := test_tally(output):
        yield "tests", tests
    yield "run", what_ran(output)
    spending = progress.spending
    replayed = f", {spending.replayed} from the journal" if spending.replayed else ""
    yield "calls", f"{counted(spending.calls, 'call')}{replayed}; {tokens(progress)}"
    before = f", {dollars(spending.usd_before)} of it by earlier runs" if spending.usd_before else ""
    yield "cost", cost(progress) + before
    yield "time", duration(progress.elapsed)
    yield "repository", str(output_dir)
    report = next((place for place in _REPORTS if (output_dir / place).is_file()), None)
    if report:
        yield "report", str(output_dir / report)


def _losses(output: Output) -> Iterator[Fact]:
    """The files that were not accepted, each with the worst that its reviewer found."""
    reviews = output.get("reviews", {})
    for path, status in output.get("file_status", {}).items():
        if status != "accepted":
            yield printable(path), _worst(reviews.get(path)) or status


def _worst(review: FileReview | None) -> str:
    findings = review.findings if review else ()
    order = ("blocker", "major", "minor")
    worst = min(findings, key=lambda finding: order.index(finding.severity), default=None)
    return printable(worst.problem) if worst else ""


def _next_steps(output: Output, output_dir: Path) -> Iterator[Fact]:
    yield f"cd {shlex.quote(str(output_dir))}", ""
    if "requirements.txt" in output.get("files", {}):
        yield "pip install -r requirements.txt", ""
    architecture = output.get("architecture")
    for command in architecture.commands if architecture else ():
        yield printable(command.command), printable(command.purpose)


def _facts(console: Console, facts: Iterable[Fact], heading: str = "", style: str = "") -> None:
    """Two columns, the second of them wrapped; under a heading the first one matters, else the second."""
    facts = tuple(facts)
    console.print()
    if heading:
        console.print(Text(f" {heading}", f"bold {style}"))
    widest = console.width // 2 - _INDENT
    column = max((len(name) for name, _ in facts if len(name) + _GAP <= widest), default=_GAP) + _GAP
    name_style, value_style = ("", "dim") if heading else ("dim", "")
    for name, value in facts:
        for line in _rows(Text(name, name_style), Text(value, value_style), column, console):
            line.rstrip()
            console.print(line, soft_wrap=True)


def _rows(name: Text, value: Text, column: int, console: Console) -> Iterator[Text]:
    """One fact; a name too long for its column, such as a command, takes a line of its own."""
    indent = " " * _INDENT
    wrapped = value.wrap(console, max(20, console.width - _INDENT - column)) if value else [Text()]
    if name.cell_len + _GAP > column:
        yield Text.assemble(indent, name)
        name = Text()
    for line in wrapped:
        if name or line:
            yield Text.assemble(indent, name, " " * (column - name.cell_len), line)
        name = Text()
