"""Which way a run went: the nodes of the whole graph, and those that each file went through."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Any

from langgraph.graph import END, START

Edge = tuple[str, str]


@dataclass
class Route:
    """The nodes of a run in the order in which they began, followed in its stream.

    Stream with `stream_mode="tasks"`, `subgraphs=True` and `version="v2"`.
    """

    nodes: list[str] = field(default_factory=list)
    """Of the whole graph; files that are written at once count as one node."""

    rounds: dict[str, list[list[str]]] = field(default_factory=dict)
    """Of each file, one list for each round in which it was written."""

    _paths: dict[str, str] = field(default_factory=dict)
    _round_of: dict[str, list[str]] = field(default_factory=dict)

    def follow(self, part: Mapping[str, Any]) -> None:
        """Take note of one part of the stream."""
        begins = part["type"] == "tasks" and "triggers" in part["data"]
        if begins and part["ns"]:
            self._enter_file(part["ns"][0], part["data"]["name"])
        elif begins:
            self._enter(part["data"])

    def _enter(self, task: Mapping[str, Any]) -> None:
        if task["name"] in {"file", "mend"}:
            self._paths[f"{task['name']}:{task['id']}"] = task["input"]["path"]
        # A node that was interrupted begins again when its run goes on.
        if self.nodes[-1:] != [task["name"]]:
            self.nodes.append(task["name"])

    def _enter_file(self, namespace: str, node: str) -> None:
        if namespace not in self._round_of:
            self._round_of[namespace] = []
            self.rounds.setdefault(self._paths[namespace], []).append(self._round_of[namespace])
        self._round_of[namespace].append(node)


def edges_of(route: str, *, finished: bool = True) -> Iterator[Edge]:
    """The edges between the nodes of a route, with those that lead into it and, if it finished, out of it.

    A tester works at the same time as the coder that is named before it.
    """
    steps = route.replace("coder tester", "coder|tester").split()
    for before, after in pairwise((START, *steps, *([END] if finished else []))):
        yield from product(before.split("|"), after.split("|"))
