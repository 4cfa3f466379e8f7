"""Examples in the OpenAPI document, for every JSON body and every path: made from the schemas, which they follow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from topform.entrypoints.api.example_values import (
    ABSENT,
    ANSWERS,
    BODIES,
    BY_FORMAT,
    BY_NAME,
    BY_PATTERN,
    BY_PLACE,
    BY_UNIT,
    LISTS,
    OF_A_QUANTITY,
)

Schema = Mapping[str, Any]

JSON: Final = ("application/json", "application/x-www-form-urlencoded")
METHODS: Final = frozenset({"get", "put", "post", "patch", "delete"})


def add_examples(document: dict[str, Any]) -> None:
    """Put an example to every JSON body, sent or answered, and to every parameter in a path."""
    schemas = document.get("components", {}).get("schemas", {})
    for path in document["paths"].values():
        for method in path.keys() & METHODS:
            _add_to(path[method], schemas)


def _add_to(operation: dict[str, Any], schemas: Mapping[str, Schema]) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            parameter["example"] = example(parameter["schema"], schemas, name=parameter["name"])
    bodies = [(operation.get("requestBody", {}), True)]
    bodies += [(answer, False) for status, answer in operation["responses"].items() if status.startswith("2")]
    for body, is_sent in bodies:
        for kind, content in body.get("content", {}).items():
            if kind in JSON and "schema" in content:
                said = (BODIES if is_sent else ANSWERS).get(operation["operationId"])
                content["example"] = example(content["schema"], schemas, is_sent=is_sent) if said is None else said


def example(schema: Schema, schemas: Mapping[str, Schema], *, name: str = "", is_sent: bool = False) -> Any:
    """Return a value that the schema allows.

    Parameters
    ----------
    schema : mapping
        A JSON schema as OpenAPI 3.1 has it.
    schemas : mapping
        The schemas that it may refer to.
    name : str
        What the value is called where it stands; it chooses among the allowed ones.
    is_sent : bool
        Whether it stands in a request: of an object only what has to be there, or the first thing where nothing has to.

    Examples
    --------
    >>> example({"type": "array", "items": {"type": "number", "maximum": 120}}, {}, name="hr_bpm")
    [120]
    """
    return _Maker(schemas, is_sent).of(schema, name, ())


class _Maker:
    def __init__(self, schemas: Mapping[str, Schema], is_sent: bool) -> None:
        self._schemas, self._is_sent = schemas, is_sent

    def of(self, schema: Schema, name: str, above: tuple[str, ...]) -> Any:
        if "$ref" in schema:
            referred = schema["$ref"].rpartition("/")[2]
            return self.of(self._schemas[referred], name, (*above, referred))
        for given in ("example", "const"):
            if given in schema:
                return schema[given]
        for several in ("examples", "enum"):
            if schema.get(several):
                return schema[several][0]
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema:
                return self._chosen(schema[choice], name, above)
        match schema.get("type"):
            case "object":
                return self._object(schema, name, above)
            case "array":
                return self._array(schema, name, above)
            case "string":
                return _string(schema, name)
            case "integer" | "number":
                return _number(schema, name)
            case "boolean":
                return BY_NAME.get(name, schema.get("default", True))
        return None if schema.get("type") == "null" else {}

    def _chosen(self, choices: list[Schema], name: str, above: tuple[str, ...]) -> Any:
        kinds = [one for one in choices if one.get("type") != "null"]
        is_recursive = any(one.get("$ref", "").rpartition("/")[2] in above for one in kinds)
        if len(kinds) < len(choices) and (name in ABSENT or is_recursive):
            return None
        return self.of(kinds[0], name, above)

    def _object(self, schema: Schema, name: str, above: tuple[str, ...]) -> dict[str, Any]:
        parts: Mapping[str, Schema] = schema.get("properties", {})
        if self._is_sent and parts:
            needed = schema.get("required") or list(parts)[:1]
            parts = {key: parts[key] for key in parts if key in needed}
        made = {key: self._field(part, key, name, above) for key, part in parts.items()}
        others = schema.get("additionalProperties")
        if isinstance(others, dict) and others and not parts:
            key = self._key(schema, name, above)
            made[key] = self.of(others, key if key in BY_NAME or _unit_value(key) is not None else name, above)
        return made

    def _field(self, schema: Schema, key: str, name: str, above: tuple[str, ...]) -> Any:
        place = f"{above[-1]}.{key}" if above else key
        if place in BY_PLACE:
            return BY_PLACE[place]
        return self.of(schema, name if _is_part_of(key, name) else key, above)

    def _key(self, schema: Schema, name: str, above: tuple[str, ...]) -> str:
        if "propertyNames" in schema:
            return str(self.of(schema["propertyNames"], "", above))
        return str(BY_NAME.get(name, "1200" if name.startswith("best_") else "power_w"))

    def _array(self, schema: Schema, name: str, above: tuple[str, ...]) -> list[Any]:
        if name in LISTS and "$ref" not in schema.get("items", {}):
            return list(LISTS[name])
        if "prefixItems" in schema:
            return [self.of(one, name, above) for one in schema["prefixItems"]]
        items: Schema = schema.get("items", {})
        least, most = schema.get("minItems", 0), schema.get("maxItems", math.inf)
        is_recursive = items.get("$ref", "").rpartition("/")[2] in above
        count = least if is_recursive or (self._is_sent and not least) else min(max(1, least), most)
        return [self.of(items, name, above) for _ in range(count)]


def _is_part_of(key: str, name: str) -> bool:
    return key in OF_A_QUANTITY and _unit_value(name) is not None


def _string(schema: Schema, name: str) -> str:
    if "format" in schema:
        return str(BY_FORMAT.get(schema["format"], "..."))
    pattern = schema.get("pattern")
    text = str(BY_PATTERN.get(pattern, BY_NAME.get(name, "watch")) if pattern else BY_NAME.get(name, name or "power_w"))
    least, most = schema.get("minLength", 0), schema.get("maxLength", len(text))
    repeated = text * math.ceil(least / len(text)) if len(text) < least else text
    return repeated[:most]


def _number(schema: Schema, name: str) -> float:
    given = BY_NAME.get(name)
    value = given if isinstance(given, int | float) else _unit_value(name)
    if value is None:
        value = 0.8 if schema["type"] == "number" else 3
    least = schema.get("minimum", schema.get("exclusiveMinimum", -math.inf))
    most = schema.get("maximum", schema.get("exclusiveMaximum", math.inf))
    if not least <= value <= most:
        value = least if value < least else most
    if value == schema.get("exclusiveMinimum") or value == schema.get("exclusiveMaximum"):
        value = (least + most) / 2 if math.isfinite(least + most) else value + 1
    return round(value) if schema["type"] == "integer" else value


def _unit_value(name: str) -> float | None:
    return next((value for unit, value in BY_UNIT.items() if name.endswith(unit)), None)
