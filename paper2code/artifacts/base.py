"""What all artifacts share: frozen, bounded, without open dictionaries, as strict schemas demand."""

from collections.abc import Iterable
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

Severity = Literal["blocker", "major", "minor"]

Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
# Far beyond what a good answer needs: a limit that an answer meets would cost a second one.
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=8_000)]
Text = Annotated[str, StringConstraints(max_length=100_000)]
RepoPath = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


class Artifact(BaseModel):
    """Base of all artifacts. Unknown keys of a model's answer are dropped; missing ones are faults."""

    model_config = ConfigDict(frozen=True, extra="ignore")


ArtifactT = TypeVar("ArtifactT", bound=Artifact)


def merged(old: Iterable[ArtifactT], new: Iterable[ArtifactT], key: str) -> tuple[ArtifactT, ...]:
    """The old items in order, each replaced by the new one of the same key, then those that are new."""
    result = {getattr(item, key): item for item in old}
    result.update({getattr(item, key): item for item in new})
    return tuple(result.values())
