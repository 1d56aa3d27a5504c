"""Nodes that may ask a human: while one does, files stop waiting for others, so that the run can pause."""

import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TypeGuard

from langchain_core.runnables import Runnable, RunnableConfig
from langgraph.config import get_config
from langgraph.errors import GraphInterrupt
from langgraph.runtime import get_runtime

from paper2code.checkpointing import CHECKPOINTER
from paper2code.context import Context
from paper2code.errors import InputError
from paper2code.state import FileState, Node


def pausing(node: Node) -> Node:
    """A node that may ask a human: while it does, the other files stop waiting, so that the run can pause."""
    if isinstance(node, Runnable):

        async def run(state: FileState, config: RunnableConfig) -> object:
            with _pausing():
                return await node.ainvoke(state, config)

        return run

    if _is_async(node):

        @wraps(node)
        async def wait(*args: object, **kwargs: object) -> object:
            with _pausing():
                return await node(*args, **kwargs)

        return wait

    @wraps(node)
    def call(*args: object, **kwargs: object) -> object:
        with _pausing():
            return node(*args, **kwargs)

    return call


def _is_async(node: Callable[..., object]) -> TypeGuard[Callable[..., Awaitable[object]]]:
    """Whether it is a coroutine function, or an object that is called like one."""
    return inspect.iscoroutinefunction(node) or inspect.iscoroutinefunction(type(node).__call__)


@contextmanager
def _pausing() -> Iterator[None]:
    try:
        yield
    except GraphInterrupt:
        get_runtime(Context).context.run.board.paused = True
        raise


def require_a_checkpointer() -> None:
    """Raise where a question would be put and nobody could go on with the answer.

    Raises:
        InputError: The graph has no checkpointer, nor has one around it.
    """
    if get_config().get("configurable", {}).get(CHECKPOINTER) is None:
        raise InputError(
            "ask and approve stop the run for an answer, which needs a checkpointer to go on from: "
            "build_graph(checkpointer=InMemorySaver()), and a thread_id in the config"
        )
