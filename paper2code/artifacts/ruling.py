"""The architect's ruling on interfaces that coders found wrong."""

from pydantic import Field

from paper2code.artifacts.architecture import Architecture
from paper2code.artifacts.audit import Ticket
from paper2code.artifacts.base import Artifact, Line, RepoPath, Text


class NewInterface(Artifact):
    """The interface of a file in place of the one that was promised."""

    path: RepoPath
    interface: Text = Field(description="The whole stub, in the form of the architecture")


class Ruling(Artifact):
    """What becomes of the changes that were proposed."""

    interfaces: tuple[NewInterface, ...] = Field(max_length=60)
    tickets: tuple[Ticket, ...] = Field(
        description="One for each file that must be written again", max_length=200
    )
    refusals: tuple[Line, ...] = Field(
        description="For each refused proposal why, and how it goes without", max_length=60
    )

    def apply_to(self, architecture: Architecture) -> Architecture:
        """The architecture with the new interfaces."""
        new = {entry.path: entry.interface for entry in self.interfaces}
        files = tuple(
            file.model_copy(update={"interface": new[file.path]}) if file.path in new else file
            for file in architecture.files
        )
        return architecture.model_copy(update={"files": files})
