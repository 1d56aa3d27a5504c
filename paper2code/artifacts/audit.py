"""The whole repository, by the auditor, and the trace that comes of it."""

from typing import Literal

from pydantic import ConfigDict, Field

from paper2code.artifacts.base import Artifact, Id, Line, RepoPath, Text
from paper2code.artifacts.file import RequirementVerdict, Verdict
from paper2code.artifacts.plan import Requirement


class AuditVerdict(RequirementVerdict):
    """A requirement's verdict over the whole repository."""

    path: Line = Field(description="The file that meets it; empty if none does")


class Ticket(Artifact):
    """A repair of one file that the audit asks for."""

    path: RepoPath
    severity: Literal["blocker", "major"]
    problem: Line = Field(
        description="What is wrong, with the other file or the place in the paper that shows it"
    )
    change: Line = Field(description="What to change, exactly")
    keep: Line = Field(description="What must stay as it is, because others rely on it")
    requirements: tuple[Id, ...] = Field(description="Ids of the requirements it bears on; may be empty")


class Audit(Artifact):
    """The reviewer's opinion of the whole repository."""

    assessment: Text
    verdicts: tuple[AuditVerdict, ...] = Field(
        description="One for every requirement, none left out", max_length=1_000
    )
    tickets: tuple[Ticket, ...] = Field(
        description="At most one a file; only what is worth paying for", max_length=60
    )


class TracedRequirement(Artifact):
    """A requirement with what the run made of it: a row of TRACEABILITY.md."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    requirement: Requirement
    path: str = ""
    symbol: str = ""
    lines: str = ""
    verdict: Verdict = "missing"
    note: str = ""
    tests: tuple[str, ...] = ()
    """The tests whose docstrings name it, as pytest does: `tests/test_model.py::test_shapes`."""
