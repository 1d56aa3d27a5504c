"""What was found wrong with a design: by the reviewer, and by checks."""

from typing import Literal

from pydantic import Field

from paper2code.artifacts.base import Artifact, Line, Severity, Text

FaultRule = Literal["hole", "cycle", "path", "import", "unknown", "misfit", "config"]


class DesignFinding(Artifact):
    """Something wrong with the plan or the design."""

    concerns: Literal["plan", "architecture", "dependencies", "config"] = Field(
        description="The artifact that must change"
    )
    severity: Severity = Field(
        description="blocker: the repository would be wrong or incomplete. major: it would suffer. "
        "minor: worth knowing, not worth another round."
    )
    subject: Line = Field(
        description="The requirement id, path, or config key it is about; the place of what is missing"
    )
    problem: Line = Field(description="What is wrong, with the place in the paper that shows it")
    fix: Line = Field(description="What to write instead")

    @property
    def is_weighty(self) -> bool:
        """Whether it asks for a change; a minor one is told and left."""
        return self.severity != "minor"


class DesignReview(Artifact):
    """The reviewer's opinion of plan and design, before any code is paid for."""

    assessment: Text = Field(description="Two to four sentences: what was checked, and how good it is")
    findings: tuple[DesignFinding, ...] = Field(max_length=60)


class DesignFault(Artifact):
    """A fault of the design that code found, not a model."""

    rule: FaultRule
    subject: Line
    problem: Line
