"""The blocks that every prompt of a run starts with, in pipeline order.

A later prompt repeats an earlier one's blocks byte for byte and adds to them, so that the provider's prompt
cache serves the paper and the design to every call after the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from paper2code.artifacts import Architecture, Dependencies, ExperimentConfig, Plan
from paper2code.papers.model import Paper
from paper2code.prompts import render


@dataclass(frozen=True)
class Briefing:
    """What is known so far; iterating gives the blocks, each as Markdown."""

    paper: Paper
    plan: Plan | None = None
    architecture: Architecture | None = None
    dependencies: Dependencies | None = None
    config: ExperimentConfig | None = None

    def __iter__(self) -> Iterator[str]:
        return iter(self.blocks)

    @cached_property
    def blocks(self) -> tuple[str, ...]:
        """The blocks in pipeline order: the paper, then what exists of the design."""
        known: tuple[tuple[str, object], ...] = (
            ("plan", self.plan),
            ("architecture", self.architecture),
            ("dependencies", self.dependencies),
            ("config", self.config),
        )
        paper_block = render("paper", text=self.paper.to_markdown())
        return (paper_block, *(render(name, **{name: value}) for name, value in known if value is not None))
