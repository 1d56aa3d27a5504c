"""By the config writer: config.yaml, and where each of its values comes from."""

from typing import Literal

from pydantic import Field

from paper2code.artifacts.base import Artifact, Id, Line, Text


class ConfigValue(Artifact):
    """Where a value of config.yaml comes from."""

    key: Id = Field(description="Dotted key, such as training.learning_rate")
    source: Literal["paper", "derived", "assumed"] = Field(
        description="paper: stated there. derived: follows from what is stated. assumed: our choice."
    )
    place: Line = Field(
        description="Id in the paper, of the requirement that gives it, or of the ambiguity that it settles; "
        "empty if none"
    )
    note: Line = Field(description="One line where the value needs explaining, else empty")


class ExperimentConfig(Artifact):
    """The configuration file of the repository, with the source of each value."""

    yaml: Text = Field(description="The whole text of config.yaml, with short comments")
    values: tuple[ConfigValue, ...] = Field(description="One entry a value, in order", max_length=400)
