"""One session of a run: what happens in the process that is killed.

Each way ends the process with 0 when the run has come to its end.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.torture.machine import Machine

SECONDS = 0.01
"""How long an answer takes, and an execution."""


@dataclass(frozen=True)
class Task:
    """What a session does: all that its process is told."""

    way: str
    paper: Path
    folder: Path
    url: str


def session(task: Task) -> None:
    """Begin the run or go on with it, in a process of its own."""
    # A screen of its own is not what is measured.
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    os.environ.pop("OPENAI_API_KEY", None)
    with Machine(SECONDS).standing_in():
        WAYS[task.way](task)


def by_command(task: Task) -> None:
    """Without a checkpointer, as the command line does it."""
    from paper2code.cli import main  # noqa: PLC0415 - as a process of its own would

    sys.argv = ["paper2code", "run", str(task.paper), "-o", str(task.folder), "--model", "openai:toy"]
    sys.argv += ["--base-url", task.url]
    main()


def by_async_sqlite(task: Task) -> None:
    """With `AsyncSqliteSaver`, through `ainvoke`."""
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver  # noqa: PLC0415 - not all ways need it

    from paper2code import build_graph  # noqa: PLC0415

    async def run() -> None:
        async with AsyncSqliteSaver.from_conn_string(_database(task)) as saver:
            graph = build_graph(checkpointer=saver)
            state = await graph.aget_state(_THREAD)
            given = None if state.next else {"paper": str(task.paper)}
            await graph.ainvoke(given, _THREAD, context=_context(task))

    asyncio.run(run())


def by_sqlite(task: Task) -> None:
    """With `SqliteSaver`, through `invoke`."""
    import sqlite3  # noqa: PLC0415

    from langgraph.checkpoint.sqlite import SqliteSaver  # noqa: PLC0415

    from paper2code import build_graph  # noqa: PLC0415

    with closing(sqlite3.connect(_database(task), check_same_thread=False)) as connection:
        graph = build_graph(checkpointer=SqliteSaver(connection))
        given = None if graph.get_state(_THREAD).next else {"paper": str(task.paper)}
        graph.invoke(given, _THREAD, context=_context(task))


WAYS: dict[str, Callable[[Task], None]] = {
    "run": by_command,
    "AsyncSqliteSaver": by_async_sqlite,
    "SqliteSaver": by_sqlite,
}

_THREAD: Any = {"configurable": {"thread_id": "1"}}


def _database(task: Task) -> str:
    return str(task.folder.with_name(f"{task.folder.name}.sqlite"))


def _context(task: Task) -> Any:
    from paper2code import Context  # noqa: PLC0415

    return Context(model="openai:toy", base_url=task.url, output_dir=task.folder, execute=True)
