"""What a coder proposes to change of an interface that the architecture promised."""

from pydantic import Field

from paper2code.artifacts.base import Artifact, Line, RepoPath, Text


class InterfaceChange(Artifact):
    """One name whose promise cannot be kept, or falls short of what a requirement needs."""

    path: RepoPath
    """The file that promises it."""
    symbol: Line = Field(min_length=1)
    """The name as its users write it, such as `Trainer.fit`."""
    signature: Text = Field(min_length=1)
    """What it should be, as it would stand in the interface."""
    reason: Line = Field(min_length=1)
    """Why the paper, or the code that uses it, needs this."""
