"""Turn a machine-learning paper into the repository that implements it.

>>> from paper2code import Context, build_graph
>>> graph = build_graph()
>>> result = graph.invoke({"paper": "paper.pdf"}, context=Context(output_dir="out"))  # doctest: +SKIP

Names are imported when they are first used, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from paper2code._version import __version__

if TYPE_CHECKING:
    from paper2code.artifacts import (
        Ambiguity,
        Architecture,
        Audit,
        Dependencies,
        DesignReview,
        ExperimentConfig,
        FileAnalysis,
        FileReview,
        Plan,
        Requirement,
        RunResult,
        SourceFile,
        TracedRequirement,
    )
    from paper2code.context import Context, Price
    from paper2code.errors import (
        AnswerError,
        BudgetError,
        ContextError,
        DesignError,
        InputError,
        InterpreterError,
        ModelSpecError,
        Paper2CodeError,
        PaperError,
        ProviderError,
        ReplayError,
        RunError,
        SandboxError,
        WorkspaceError,
    )
    from paper2code.file_graph import build_file_graph
    from paper2code.graph import build_graph
    from paper2code.limits import Limits
    from paper2code.papers.model import Paper
    from paper2code.papers.reader import read_paper
    from paper2code.report import write_repository

_HOME = {
    "artifacts": (
        "Ambiguity",
        "Architecture",
        "Audit",
        "Dependencies",
        "DesignReview",
        "ExperimentConfig",
        "FileAnalysis",
        "FileReview",
        "Plan",
        "Requirement",
        "RunResult",
        "SourceFile",
        "TracedRequirement",
    ),
    "context": ("Context", "Price"),
    "errors": (
        "AnswerError",
        "BudgetError",
        "ContextError",
        "DesignError",
        "InputError",
        "InterpreterError",
        "ModelSpecError",
        "Paper2CodeError",
        "PaperError",
        "ProviderError",
        "ReplayError",
        "RunError",
        "SandboxError",
        "WorkspaceError",
    ),
    "file_graph": ("build_file_graph",),
    "graph": ("build_graph",),
    "limits": ("Limits",),
    "papers.model": ("Paper",),
    "papers.reader": ("read_paper",),
    "report": ("write_repository",),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "Ambiguity",
    "AnswerError",
    "Architecture",
    "Audit",
    "BudgetError",
    "Context",
    "ContextError",
    "Dependencies",
    "DesignError",
    "DesignReview",
    "ExperimentConfig",
    "FileAnalysis",
    "FileReview",
    "InputError",
    "InterpreterError",
    "Limits",
    "ModelSpecError",
    "Paper",
    "Paper2CodeError",
    "PaperError",
    "Plan",
    "Price",
    "ProviderError",
    "ReplayError",
    "Requirement",
    "RunError",
    "RunResult",
    "SandboxError",
    "SourceFile",
    "TracedRequirement",
    "WorkspaceError",
    "__version__",
    "build_file_graph",
    "build_graph",
    "read_paper",
    "write_repository",
]


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
