"""One cell of the matrix: the command line against an endpoint with the fault, and what became of it."""

import ast
import asyncio
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal
from unittest import mock

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from typer.testing import CliRunner

from paper2code import build_graph
from paper2code.cli.app import app
from paper2code.models.specs import load_model
from paper2code.testing import Question, ToyProject
from tests.faults.fault import Asked, Cell
from tests.faults.project import PAPER, Executions, Model
from tests.folders import repository_in
from tests.models.server import Answer, ChatServer, Request

Kind = Literal["complete", "honest", "clear", "WRONG"]

MOST_REQUESTS = 100
"""A run of a faultless model needs nineteen."""

MOST_CHARACTERS = 2_000_000
"""Of all requests; a run of a faultless model sends a hundred thousand."""

_SPOKEN: dict[str, type[BaseMessage]] = {
    "system": SystemMessage,
    "user": HumanMessage,
    "assistant": AIMessage,
}
_CUT = "Your answer was cut"
_WAY_ON = re.compile(
    r"\b(?:choose|give|check|set|again|free|make room|wait|leave out|lower|mend|raise)\b", re.IGNORECASE
)
_ANOTHER_MODEL = "--agent-model"
_UNTESTED = "no usable tests were written for it"
_REPORTS = {"README.md", "TRACEABILITY.md"}


@dataclass(frozen=True)
class Outcome:
    """What became of a run: `complete` is the repository of a faultless one.

    `honest` is one that says which files are not accepted, or what failed, with exit code 1; `clear` is one
    line that says what to do, with exit code 2 or 3, after which the run can be gone on with. All else is
    `WRONG`.
    """

    kind: Kind
    told: str


@dataclass
class _Endpoint:
    """Answers as a faultless model does, but for the fault of a cell."""

    cell: Cell | None
    model: Model
    asked: set[str] = field(default_factory=set)
    is_met: bool = False

    def __call__(self, request: Request) -> Answer:
        question = question_of(request)
        whole = self.model(question)
        if self.cell and self.cell.stage.asks(question) and self._is_due():
            self.is_met = True
            return self.cell.fault.spoil(Asked(question, self.cell.stage, self.model))
        return _rest(whole, request)

    def _is_due(self) -> bool:
        assert self.cell
        return self.cell.often == "always" or not self.is_met


def question_of(request: Request) -> Question:
    """The question that a request asks."""
    return Question.of([_SPOKEN[m["role"]](m["content"]) for m in request.messages])


def _rest(whole: str, request: Request) -> str:
    """The answer, or what is left of it where the model is asked to go on."""
    *_, said, last = request.messages
    if last["content"].startswith(_CUT) and whole.startswith(said["content"]):
        return whole[len(said["content"]) :]
    return whole


@dataclass(frozen=True)
class _Ran:
    exit_code: int
    out: str
    err: str
    folder: Path
    requests: tuple[Request, ...]

    @property
    def repository(self) -> dict[str, bytes]:
        return repository_in(self.folder) if self.folder.exists() else {}

    @property
    def result(self) -> dict[str, Any]:
        """The last line of `--json`."""
        result: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return result

    @property
    def not_accepted(self) -> set[str]:
        return {path for path, status in self.result["file_status"].items() if status != "accepted"}


def tried(cell: Cell) -> Outcome:
    """What becomes of a run that meets the fault."""
    with tempfile.TemporaryDirectory() as name:
        parent = Path(name).resolve()
        endpoint = _Endpoint(cell, Model(cell.fault.project))
        ran = _run(parent, endpoint, cell)
        fault = _wrong(ran, cell, parent)
        if fault is None and not endpoint.is_met and not ran.exit_code:
            fault = "the fault was never met"
        if fault:
            return Outcome("WRONG", fault)
        if ran.exit_code == 0:
            return Outcome("honest", _UNTESTED) if _says_untested(ran) else Outcome("complete", "")
        if ran.exit_code == 1:
            left = ", ".join(sorted(ran.not_accepted)) or "what was run"
            return Outcome("honest", f"not accepted: {left}")
        told = ran.err.strip().removeprefix("paper2code: ")
        again = _gone_on_with(parent, cell, told)
        return Outcome("WRONG", f"{told} / and then: {again}") if again else Outcome("clear", told)


def _wrong(ran: _Ran, cell: Cell, parent: Path) -> str | None:
    """What no run may do, or None."""
    lines = ran.err.splitlines()
    sent = sum(len(str(message["content"])) for request in ran.requests for message in request.messages)
    strays = {path.name for path in parent.iterdir()} - {"paper.md", "out"}
    if strays:
        return f"files outside of the repository: {strays}"
    if len(ran.requests) > MOST_REQUESTS:
        return f"{len(ran.requests)} requests"
    if sent > MOST_CHARACTERS:
        return f"{sent:,} characters sent"
    if ran.exit_code in (2, 3):
        return _unclear(lines)
    if ran.exit_code in (0, 1):
        return f"an error beside exit code {ran.exit_code}: {lines[0]}" if lines else _unlike(ran, cell)
    return f"exit code {ran.exit_code}: {' / '.join(lines)[:300]}"


def _unclear(lines: list[str]) -> str | None:
    if len(lines) != 1 or not lines[0].startswith("paper2code: "):
        return f"not one line: {lines}"
    if "Traceback" in lines[0] or not _WAY_ON.search(lines[0]):
        return f"says not what to do: {lines[0]}"
    return f"{len(lines[0])} characters long: {lines[0]}" if len(lines[0]) > 600 else None


def _unlike(ran: _Ran, cell: Cell) -> str | None:
    """How the repository differs from that of a faultless run where it does not say so, or None."""
    imports = cell.fault.project.imports
    expected = faultless_repository(tuple((path, tuple(needs)) for path, needs in imports.items()))
    got = ran.repository
    # A reviewer with a fault may not send the file back, which then lacks the remark of the second draft.
    remarks = cell.stage.name != "reviewer"
    bare = partial(_bare, remarks=remarks)
    differing = {path for path in expected if bare(path, got) != bare(path, expected)} - _REPORTS
    if ran.exit_code == 0:
        if _says_untested(ran):
            differing = {path for path in differing if path.endswith(".py") and not _is_test(path)}
        return f"accepted, but other than expected: {sorted(differing)}" if differing else None
    run_failed = any(step["ending"] == "failed" for step in ran.result["run"].get("steps", ()))
    unsaid = {path for path in differing if path.endswith(".py") and not _is_test(path)} - ran.not_accepted
    if not (ran.not_accepted or run_failed or ran.result["status"] == "incomplete"):
        return "exit code 1, and nothing is said to be wrong"
    return f"other than expected, and not said: {sorted(unsaid)}" if unsaid and not run_failed else None


def _bare(path: str, files: Mapping[str, bytes], *, remarks: bool) -> object:
    """The file; of code what it does, and its remarks: docstrings are what faults of fences stand in."""
    data = files.get(path)
    if data is None or not path.endswith(".py"):
        return data
    tree = ast.parse(data)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body = [statement for statement in node.body if not _is_string(statement)]
    return ast.dump(tree), re.findall(rb"^ *# .*$", data, re.MULTILINE) if remarks else []


def _is_string(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _says_untested(ran: _Ran) -> bool:
    return _UNTESTED in ran.repository["README.md"].decode()


def _is_test(path: str) -> bool:
    return path.startswith("tests/")


def _gone_on_with(parent: Path, cell: Cell, told: str) -> str | None:
    """What is wrong when the run goes on without the fault, as the error says; None if nothing is."""
    options = [_ANOTHER_MODEL, f"{_role_in(told)}=openai:other"] if _ANOTHER_MODEL in told else []
    ran = _run(parent, _Endpoint(None, Model(cell.fault.project)), None, *options)
    if ran.exit_code != 0:
        return f"exit code {ran.exit_code}: {ran.err.strip()[:300]}"
    return _unlike(ran, cell)


def _role_in(told: str) -> str:
    found = re.search(rf"{_ANOTHER_MODEL} (\w+)=", told)
    return found[1] if found else ""


def _run(parent: Path, endpoint: _Endpoint, cell: Cell | None, *options: str) -> _Ran:
    paper, folder = parent / "paper.md", parent / "out"
    paper.write_text(PAPER, encoding="utf-8")
    fault = cell.fault if cell else None
    with ChatServer(endpoint) as server, _quickly():
        given = ["run", str(paper), "-o", str(folder), "--json", "--base-url", server.url]
        given += ["--model", "openai:toy", *options, *(fault.options if fault else ())]
        graph = partial(_Graph, streams=bool(fault and fault.streams))
        with fault.around(folder) if fault else _quickly():
            ended = CliRunner().invoke(app, given, obj=graph)
        return _Ran(ended.exit_code, ended.stdout, ended.stderr, folder, tuple(server.requests))


@contextmanager
def _quickly() -> Iterator[None]:
    """Waits between attempts take no time, nothing is executed, and no certificate is read for loopback."""
    sleep = asyncio.sleep

    async def no_sleep(seconds: float) -> None:
        del seconds
        await sleep(0)

    with (
        mock.patch("ssl.SSLContext.load_verify_locations"),
        mock.patch("paper2code.models.transport.asyncio.sleep", no_sleep),
        mock.patch("paper2code.run.Executor", Executions()),
    ):
        yield


class _Graph:
    """The graph of this package, built once, whose models may be asked for their answers in pieces."""

    def __init__(self, *, streams: bool, **_: object) -> None:
        self._streams = streams

    def astream(self, *given: Any, context: Any, **options: Any) -> Any:
        if self._streams:
            model = load_model(context.model, base_url=context.base_url, timeout=context.timeout)
            model.streaming = True  # type: ignore[attr-defined]
            context = context.model_copy(update={"model": model})
        return _graph().astream(*given, context=context, **options)


@cache
def _graph() -> Any:
    return build_graph()


@cache
def faultless_repository(imports: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, bytes]:
    """What comes out where nothing goes wrong, by the imports of the project."""
    project = ToyProject(dict(imports))
    with tempfile.TemporaryDirectory() as name:
        ran = _run(Path(name).resolve(), _Endpoint(None, Model(project)), None)
        assert ran.exit_code == 0, ran.err
        return ran.repository
