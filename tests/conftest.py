"""Fixtures that all tests share: a small paper, and runs that write into folders of their own."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, settings

from paper2code.context import Context, ModelChoice
from paper2code.papers.model import Paper
from tests.example import PAPER

# LangGraph reads it when it is imported, which no module above does: checkpoints may then hold no types but
# those that the state names.
os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"

# Dozens of tests start a Python that imports the package; its bytecode is worth keeping.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


# The same examples on every machine, however slow it is.
settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")


_LONG = {
    "test_notebooks.py",
    "test_replays.py",
    "test_torture.py",
    "test_draining.py",
    "test_checkpointers.py",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no worker is left with one of them at the end."""
    items.sort(key=lambda item: item.path.name not in _LONG)


class ContextFor(Protocol):
    """Makes the context of a run that asks `model` and writes into `folder`, below the test's own."""

    def __call__(self, model: ModelChoice, folder: str = "out", **settings: Any) -> Context: ...


@pytest.fixture
def paper() -> Paper:
    return PAPER


@pytest.fixture
def context_for(tmp_path: Path) -> ContextFor:
    def make(model: ModelChoice, folder: str = "out", **settings: Any) -> Context:
        return Context(model=model, output_dir=tmp_path / folder, **settings)

    return make


@pytest.fixture(autouse=True)
def no_strange_types_in_checkpoints() -> Iterator[None]:
    """Fails a test whose checkpoints hold a type that the state does not name."""
    from langgraph.checkpoint.serde.event_hooks import register_serde_event_listener  # noqa: PLC0415

    strange: list[object] = []
    stop_listening = register_serde_event_listener(strange.append)
    yield
    stop_listening()
    assert strange == []
