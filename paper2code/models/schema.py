"""JSON schemas in the dialect that strict structured output accepts.

Strict mode asks that every object is closed and requires all its properties, that a reference stands alone,
and knows only a part of JSON Schema (OpenAI, "Structured Outputs: Supported schemas").
"""

from typing import TypeAlias, cast

from pydantic import BaseModel

Schema: TypeAlias = dict[str, object]

_KEPT = ("type", "enum", "const", "description")
_DEFS = "#/$defs/"


def strict_schema(model: type[BaseModel]) -> dict[str, object]:
    """The schema of a model's answer; the same for the same model, down to the order of its keys.

    Bounds are left to the validation of the answer; those of lists are told in their description.

    Raises:
        TypeError: A field is one that strict mode cannot hold, such as an open dictionary.
    """
    raw = cast("Schema", model.model_json_schema())
    builder = _Strict(cast("dict[str, Schema]", raw.pop("$defs", {})))
    top = builder.definitions[_name(raw)] if "$ref" in raw else raw
    root = builder.convert(top, model.__name__)
    return {**root, "$defs": builder.used} if builder.used else root


class _Strict:
    """Converts the schema of one model, and collects the definitions that it refers to."""

    def __init__(self, definitions: dict[str, Schema]) -> None:
        self.definitions = definitions
        self.used: dict[str, Schema] = {}

    def convert(self, schema: Schema, where: str) -> Schema:
        """The strict form of one schema; `where` names it in errors."""
        if "$ref" in schema:
            return self._reference(schema)
        kept = {key: schema[key] for key in _KEPT if key in schema}
        variants = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
        if variants:
            kept["anyOf"] = [self.convert(part, where) for part in cast("list[Schema]", variants)]
        elif schema.get("type") == "object":
            kept.update(self._closed(schema, where))
        elif schema.get("type") == "array":
            kept.update(self._list(schema, where))
        elif not kept.keys() & {"type", "enum", "const"}:
            raise TypeError(f"{where} may hold anything, which a strict schema cannot say")
        return kept

    def _reference(self, schema: Schema) -> Schema:
        name = _name(schema)
        if name not in self.used:
            self.used[name] = {}  # a definition may refer to itself
            self.used[name] = self.convert(self.definitions[name], name)
        if "description" not in schema:
            return {"$ref": _DEFS + name}
        # A reference may have no neighbours, so one with its own description is wrapped.
        return {"anyOf": [{"$ref": _DEFS + name}], "description": schema["description"]}

    def _closed(self, schema: Schema, where: str) -> Schema:
        if "properties" not in schema:
            if schema.get("additionalProperties", True) is not False:
                raise TypeError(
                    f"{where} is an open dictionary, which a strict schema cannot hold; use a list"
                )
            return {"properties": {}, "required": [], "additionalProperties": False}
        properties = cast("dict[str, Schema]", schema["properties"])
        return {
            "properties": {key: self.convert(value, f"{where}.{key}") for key, value in properties.items()},
            "required": list(properties),
            "additionalProperties": False,
        }

    def _list(self, schema: Schema, where: str) -> Schema:
        if "items" not in schema:
            raise TypeError(f"{where} is a list of fixed or open form, which a strict schema cannot hold")
        result: Schema = {"items": self.convert(cast("Schema", schema["items"]), f"{where}[]")}
        told = [str(schema["description"])] if "description" in schema else []
        if "maxItems" in schema:
            told.append(f"({schema.get('minItems', 0)} to {schema['maxItems']} items)")
        if told:
            result["description"] = " ".join(told)
        return result


def _name(schema: Schema) -> str:
    return str(schema["$ref"]).removeprefix(_DEFS)
