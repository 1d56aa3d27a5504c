"""One file on its way: by the analyst, the coder, the checks and the reviewer."""

from typing import Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from paper2code.artifacts.base import Artifact, Id, Line, RepoPath, Severity

FileStatus = Literal["accepted", "rejected", "failed"]
Verdict = Literal["met", "partly", "missing", "contradicts"]

MOST_FINDINGS = 40
"""Of one review."""


class Property(Artifact):
    """Something true of a correct file that a CPU can check in seconds."""

    requirements: tuple[Id, ...] = Field(description="Ids of the requirements it bears on; may be empty")
    statement: Line = Field(description="What must hold, with numbers where the paper gives any")
    check: Line = Field(description="How to check it on tiny synthetic inputs")


class FileAnalysis(Artifact):
    """What was still undecided for one file."""

    steps: tuple[Line, ...] = Field(
        description="The implementation in order: each step with its equation id, the shapes going in and "
        "out, and the value or config key it uses",
        max_length=40,
    )
    traps: tuple[Line, ...] = Field(
        description="Where a quick implementation would go wrong: signs, axes, broadcasting, averaging, "
        "detached gradients, edge cases, numerical range",
        max_length=20,
    )
    properties: tuple[Property, ...] = Field(max_length=20)


class SourceFile(Artifact):
    """A file of the repository as its coder wrote it."""

    path: RepoPath
    text: str
    revision: int = Field(ge=0)


class Finding(Artifact):
    """Something that its coder must change in one file."""

    severity: Severity
    line: int = Field(description="Line in the file, 0 if it is about the whole", ge=0)
    in_tests: bool = Field(
        default=False, description="True if it is about the file's tests, not the file itself"
    )
    problem: Line = Field(description="What is wrong, and how the paper or the interface shows it")
    fix: Line = Field(description="What to write instead, so exact that it can be done without asking")
    rule: SkipJsonSchema[str] = ""
    """The check that found it, such as `undefined-name`; empty for a reviewer, who isn't asked for it."""

    @property
    def is_weighty(self) -> bool:
        """Whether it asks for a change; a minor one is told and left."""
        return self.severity != "minor"


class RequirementVerdict(Artifact):
    """Whether one requirement is met, and by what."""

    requirement: Id
    verdict: Verdict
    symbol: Line = Field(description="Function, Class or Class.method that meets it; empty if none does")
    note: Line = Field(description="The evidence in one sentence: which lines do what")


class FileReview(Artifact):
    """The reviewer's opinion of one file."""

    verdicts: tuple[RequirementVerdict, ...] = Field(
        description="One for every requirement that the file owns, none left out", max_length=400
    )
    findings: tuple[Finding, ...] = Field(max_length=MOST_FINDINGS)
    accepted: bool = Field(
        description="True when every owned requirement is met and no blocker or major finding is left"
    )
