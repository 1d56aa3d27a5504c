"""The blocks that every prompt of a run starts with, in pipeline order.

A later prompt repeats an earlier one's blocks byte for byte and adds to them, so that the provider's prompt
cache serves the paper and the design to every call after the first.
"""

from paper2code.artifacts import Architecture, Dependencies, ExperimentConfig, Plan
from paper2code.papers.model import Paper
from paper2code.prompts import render


def blocks(
    paper: Paper,
    plan: Plan | None = None,
    architecture: Architecture | None = None,
    dependencies: Dependencies | None = None,
    config: ExperimentConfig | None = None,
) -> tuple[str, ...]:
    """The blocks of what is known so far, each as Markdown."""
    known: tuple[tuple[str, object], ...] = (
        ("plan", plan),
        ("architecture", architecture),
        ("dependencies", dependencies),
        ("config", config),
    )
    paper_block = render("paper", text=paper.to_markdown())
    return (paper_block, *(render(name, **{name: value}) for name, value in known if value is not None))
