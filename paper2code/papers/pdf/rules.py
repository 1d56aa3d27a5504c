"""The ruled lines of tables that are drawn cell by cell, put together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from paper2code.papers.pdf.spans import Item, Rule

_TOUCHING = 1.0  # points; the bars of neighbouring fractions are further apart
_FEWEST = 3


def join_rules(items: Sequence[Item]) -> list[Item]:
    """Replace each run of rules that touch each other by one rule, in the place of the first one drawn.

    Word processors draw the borders of every cell by themselves. Two such pieces may be bars of fractions.
    """
    levels: dict[int, list[Rule]] = defaultdict(list)
    for item in items:
        if isinstance(item, Rule):
            levels[round(item.y)].append(item)
    order = {id(item): index for index, item in enumerate(items)}
    joined: dict[int, Rule] = {}
    dropped: set[int] = set()
    for rules in levels.values():
        for run in _runs(sorted(rules, key=lambda rule: rule.x)):
            first, *others = sorted((id(rule) for rule in run), key=order.__getitem__)
            left, right = run[0].x, max(rule.right for rule in run)
            joined[first] = replace(run[0], x=left, width=right - left)
            dropped.update(others)
    return [joined.get(id(item), item) for item in items if id(item) not in dropped]


def _runs(rules: Sequence[Rule]) -> list[list[Rule]]:
    """The runs of touching rules that are long enough, among rules of one height from the left."""
    runs: list[list[Rule]] = []
    for rule in rules:
        if runs and rule.x - max(before.right for before in runs[-1]) <= _TOUCHING:
            runs[-1].append(rule)
        else:
            runs.append([rule])
    return [run for run in runs if len(run) >= _FEWEST]
