"""By the dependency analyst: what files need of each other, and what all coders must know."""

from pydantic import Field

from paper2code.artifacts.architecture import Architecture
from paper2code.artifacts.base import Artifact, Id, Line, RepoPath, Text, merged


class FileDependencies(Artifact):
    """What one file needs from others."""

    path: RepoPath
    imports: tuple[RepoPath, ...] = Field(description="Paths of the planned files that it imports directly")
    packages: tuple[Id, ...] = Field(description="Import names of third-party packages that it uses")
    logic: Text = Field(
        description="What its coder must know beyond the interface: which function of which imported file it "
        "calls for what, in which order; where state lives; who owns which conversion. 2 to 8 sentences."
    )
    config_keys: tuple[Id, ...] = Field(
        description="Dotted keys of config.yaml whose values it takes from the configuration, as attributes "
        "of the typed one too; a section's name stands for all of its keys"
    )


class Package(Artifact):
    """A third-party package of the repository."""

    distribution: Id = Field(description="Name to install, such as scikit-learn")
    import_name: Id = Field(description="Name to import, such as sklearn")
    version: Line = Field(description="Version range such as '>=2.1,<3', or empty")
    reason: Line = Field(description="What it is used for")


class Misfit(Artifact):
    """A place where a promised interface cannot serve the files that need it."""

    path: RepoPath = Field(description="The file whose interface must change")
    problem: Line = Field(description="Who needs what of it, and why the promise cannot give that")
    proposal: Line = Field(description="The signature or the new file that would do")


class Dependencies(Artifact):
    """The imports between files, the packages, and what all coders must know."""

    files: tuple[FileDependencies, ...] = Field(
        description="One entry for every planned file, none left out", max_length=1_000
    )
    packages: tuple[Package, ...] = Field(description="Every third-party package used", max_length=60)
    shared_knowledge: Text = Field(
        description="Conventions that all files keep: array layouts and dtypes, seeds, devices, units, "
        "logging, the form of result files, error handling"
    )
    misfits: tuple[Misfit, ...] = Field(
        description="Interfaces that do not fit; empty when the files can be written as promised",
        max_length=40,
    )

    def of(self, path: str) -> FileDependencies:
        """The entry of a path; an empty one where the analysis left it out."""
        known = next((f for f in self.files if f.path == path), None)
        return known or FileDependencies(path=path, imports=(), packages=(), logic="", config_keys=())


class DependenciesRevision(Artifact):
    """Changes to the dependencies: entries named replace those of the same path, or are added."""

    files: tuple[FileDependencies, ...] = Field(
        description="Only entries that are new or change", max_length=1_000
    )
    packages: tuple[Package, ...] = Field(
        description="All packages, if any of them changes; else empty", max_length=60
    )
    shared_knowledge: Text = Field(description="The new text, or empty to keep the old one")
    misfits: tuple[Misfit, ...] = Field(
        description="Interfaces that do not fit now; empty when the files can be written as promised",
        max_length=40,
    )

    def apply_to(self, dependencies: Dependencies, architecture: Architecture) -> Dependencies:
        """The dependencies with these changes, without entries of files that are no longer planned."""
        planned = {file.path for file in architecture.files}
        entries = merged(dependencies.files, self.files, "path")
        return Dependencies(
            files=tuple(entry for entry in entries if entry.path in planned),
            packages=self.packages or dependencies.packages,
            shared_knowledge=self.shared_knowledge.strip() or dependencies.shared_knowledge,
            misfits=self.misfits,
        )
