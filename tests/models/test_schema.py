"""JSON schemas for strict structured output."""

import json
from collections.abc import Iterator
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from paper2code import artifacts
from paper2code.models.schema import strict_schema

ALLOWED = {
    "type", "enum", "const", "description", "anyOf", "properties", "required", "additionalProperties",
    "items", "$ref", "$defs",
}  # fmt: skip
ARTIFACTS = [
    kind
    for kind in vars(artifacts).values()
    if isinstance(kind, type)
    and issubclass(kind, artifacts.Artifact)
    and kind.__module__.startswith(artifacts.__name__)
]


def _schemas(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema and all schemas in it; the names of properties are none of them."""
    yield schema
    for part in ("properties", "$defs"):
        for inner in schema.get(part, {}).values():
            yield from _schemas(inner)
    if "items" in schema:
        yield from _schemas(schema["items"])
    for inner in schema.get("anyOf", []):
        yield from _schemas(inner)


def _check(model: type[BaseModel]) -> dict[str, Any]:
    root: dict[str, Any] = strict_schema(model)
    assert root["type"] == "object"
    for schema in _schemas(root):
        assert set(schema) <= ALLOWED
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False
            assert schema["required"] == list(schema["properties"])
        if "$ref" in schema:
            assert set(schema) == {"$ref"}
            assert schema["$ref"].removeprefix("#/$defs/") in root["$defs"]
    return root


@pytest.mark.parametrize("model", ARTIFACTS)
def test_every_artifact_has_a_strict_schema(model: type[BaseModel]) -> None:
    assert json.dumps(_check(model)) == json.dumps(strict_schema(model))


@pytest.mark.parametrize("model", ARTIFACTS)
def test_every_description_of_a_field_is_kept(model: type[BaseModel]) -> None:
    properties = _check(model)["properties"]
    for name, field in model.model_fields.items():
        if any(isinstance(each, SkipJsonSchema) for each in field.metadata):
            continue
        assert (field.description or "") in properties[name].get("description", "")


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Leaf(BaseModel):
    title: str = Field(default="x", max_length=5, description="Its title")
    format: int = Field(ge=0, le=9, examples=[3])


class Tree(BaseModel):
    """A tree."""

    default: Leaf = Field(description="The leaf to start with")
    leaves: Annotated[list[Leaf], Field(min_length=1, max_length=3, description="All leaves")]
    children: tuple["Tree", ...]
    colour: Colour
    kind: Literal["oak"] = "oak"
    note: str | None = None


def test_properties_may_have_the_names_of_keywords() -> None:
    root = _check(Tree)
    assert root["properties"]["default"] == {
        "anyOf": [{"$ref": "#/$defs/Leaf"}],
        "description": "The leaf to start with",
    }
    leaf = root["$defs"]["Leaf"]
    assert leaf["properties"] == {
        "title": {"type": "string", "description": "Its title"},
        "format": {"type": "integer"},
    }


def test_recursion_enums_and_optional_fields_are_kept() -> None:
    root = _check(Tree)
    assert root["description"] == "A tree."
    assert root["properties"]["children"]["items"] == {"$ref": "#/$defs/Tree"}
    assert root["$defs"]["Colour"]["enum"] == ["red", "blue"]
    assert root["properties"]["note"]["anyOf"] == [{"type": "string"}, {"type": "null"}]
    assert root["properties"]["kind"]["const"] == "oak"


def test_bounds_of_lists_are_told() -> None:
    assert _check(Tree)["properties"]["leaves"]["description"] == "All leaves (1 to 3 items)"


class Open(BaseModel):
    values: dict[str, int]


class Anything(BaseModel):
    inner: list[Any]


class Fixed(BaseModel):
    pair: tuple[int, str]


@pytest.mark.parametrize("model", [Open, Anything, Fixed])
def test_what_strict_mode_cannot_hold_is_refused(model: type[BaseModel]) -> None:
    with pytest.raises(TypeError, match=model.__name__):
        strict_schema(model)
