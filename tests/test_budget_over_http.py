"""Budgets over real HTTP, with eight calls under way at once."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from paper2code import Context, build_graph
from paper2code.context import Price
from paper2code.errors import BudgetError
from paper2code.models.journal import Recording
from paper2code.models.usage import Usage
from paper2code.testing import ToyProject
from tests.models.server import Answer, ChatServer, Reply, Request
from tests.test_over_http import PAPER, question_of

WIDE = ToyProject({f"part_{number}.py": [] for number in range(12)})
CALLS = 5 + 3 * len(WIDE.imports) + 1
PRICE = Price(input=1.0, cached=0.5, output=4.0)
CONCURRENCY = 8


class Endpoint:
    """Answers after a moment, and sees how many wait at once."""

    def __init__(self) -> None:
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Answer:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            threading.Event().wait(0.02)
            answer = WIDE.answer(question_of(request))
            return Reply(answer if isinstance(answer, str) else answer.model_dump_json())
        finally:
            with self._lock:
                self._at_once -= 1


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer(Endpoint()) as server:
        yield server


@pytest.fixture
def run(server: ChatServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    def run(folder: str = "out", **choices: Any) -> dict[str, Any]:
        context = Context(
            model="toy",
            base_url=server.url,
            output_dir=tmp_path / folder,
            concurrency=CONCURRENCY,
            price=PRICE,
            **choices,
        )
        return build_graph().invoke({"paper": PAPER}, context=context)

    return run


def most_at_once(server: ChatServer) -> int:
    assert isinstance(server.answer, Endpoint)
    return server.answer.most_at_once


def paid(folder: Path) -> Usage:
    entries = Recording.read(folder / ".paper2code" / "journal.jsonl").entries
    return sum((entry.usage for entry in entries), Usage())


@pytest.mark.parametrize(("setting", "step"), [("budget_tokens", 12_000), ("budget_usd", 0.015)])
def test_it_is_never_passed_and_nothing_is_paid_twice(
    run: Any, server: ChatServer, tmp_path: Path, setting: str, step: float
) -> None:
    """A budget that is raised step by step, as by a user who is told to."""
    whole = run("unbroken")
    server.requests.clear()
    stops: list[BudgetError] = []
    for budget in (step * number for number in range(2, 20)):
        try:
            result = run(**{setting: int(budget) if setting == "budget_tokens" else budget})
            break
        except BudgetError as stopped:
            stops.append(stopped)
            used = paid(tmp_path / "out")
            assert used.calls == len(server.requests)
            assert (used.tokens if setting == "budget_tokens" else used.usd or 0) <= budget
    assert len(stops) > 3
    assert {stop.exit_code for stop in stops} == {3}
    assert 1 < most_at_once(server) <= CONCURRENCY
    assert result["files"] == whole["files"]
    assert result["usage"]["calls"] == len(server.requests) == CALLS
    bodies = [str(request.body["messages"]) for request in server.requests]
    assert len(set(bodies)) == len(bodies)


def test_a_budget_that_is_spent_asks_nothing(run: Any, server: ChatServer) -> None:
    for _ in range(2):
        with pytest.raises(BudgetError):
            run(budget_tokens=1)
    assert server.requests == []


def test_a_call_counts_while_it_is_under_way(run: Any, server: ChatServer) -> None:
    """Room for the planning and a call or two more, so that files which could be analysed at once are not."""
    with pytest.raises(BudgetError):
        run(budget_tokens=24_000)
    analysts = [r for r in server.requests if question_of(r).role == "analyst"]
    assert len(analysts) < CONCURRENCY
    assert most_at_once(server) < CONCURRENCY


def test_an_own_price_is_what_calls_cost(run: Any, tmp_path: Path) -> None:
    result = run()
    used = paid(tmp_path / "out")
    expected = (used.input_tokens * PRICE.input + used.output_tokens * PRICE.output) / 1e6
    assert result["usage"]["usd"] == pytest.approx(expected)
    assert result["usage"]["unpriced"] == 0
