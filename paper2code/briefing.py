"""The blocks that every prompt of a run starts with, in pipeline order.

A later prompt repeats an earlier one's blocks byte for byte and adds to them, so that the provider's prompt
cache serves the paper and the design to every call after the first. What a cache serves is paid for all the
same, at half the price or a tenth, in each of some four calls a file: those are shown what all files share,
and what concerns their own file stands behind it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from paper2code.artifacts import Ambiguity, Architecture, Dependencies, ExperimentConfig, Plan
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
    in_short: bool = False
    """Whether single files are asked about: then other files' requirements and interfaces are not shown."""
    left_out: tuple[str, ...] = ()
    """The sections that `paper` lacks, to be named in the prompt."""

    def __iter__(self) -> Iterator[str]:
        return iter(self.blocks)

    @cached_property
    def blocks(self) -> tuple[str, ...]:
        """The blocks in pipeline order: the paper, then what exists of the design."""
        known: tuple[tuple[str, object], ...] = (
            ("plan", self.plan),
            ("architecture", self.architecture),
            ("dependencies", self.dependencies),
        )
        blocks = [render("paper", text=self.paper.to_markdown(), left_out=self.left_out)]
        blocks += [self._block(name, value) for name, value in known if value is not None]
        blocks += [render("config", config=self.config)] if self.config is not None else []
        return tuple(blocks)

    def _block(self, name: str, value: object) -> str:
        if not self.in_short:
            return render(name, **{name: value})
        return render(f"{name}_in_short", **{name: value}, choices=self._choices)

    @property
    def _choices(self) -> tuple[Ambiguity, ...]:
        settled = (self.plan, self.architecture)
        return tuple(choice for part in settled if part is not None for choice in part.ambiguities)
