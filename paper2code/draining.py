"""A run that is asked to drain: what is under way comes to its end, and nothing else begins."""

from langgraph.config import get_config
from langgraph.errors import GraphDrained
from langgraph.runtime import get_runtime


def give_way() -> None:
    """Leave the node here if the run is asked to drain; outside of a run, nothing.

    Raises:
        GraphDrained: It is. The node runs again when the run goes on.
    """
    try:
        get_config()
    except RuntimeError:
        return
    runtime = get_runtime()
    if runtime.drain_requested:
        raise GraphDrained(runtime.drain_reason or "drain requested")
