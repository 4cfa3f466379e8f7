"""The examples of the API's document: one for every body, as the schema and the program's own rules want it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import TypeAdapter, ValidationError

from topform.entrypoints.api import create_app
from topform.entrypoints.api.examples import example
from topform.platform.settings import Settings

JSON = ("application/json", "application/x-www-form-urlencoded")


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(Settings())


@pytest.fixture(scope="module")
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def bodies(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Return operation, ``sent`` or status, and content of every JSON body."""
    for path in document["paths"].values():
        for operation in path.values():
            sent = [("sent", operation.get("requestBody", {}))]
            answered = [(status, said) for status, said in operation["responses"].items() if status.startswith("2")]
            for where, body in sent + answered:
                for kind, content in body.get("content", {}).items():
                    if kind in JSON and content.get("schema"):
                        yield operation["operationId"], where, content


def test_every_body_has_an_example_that_its_schema_allows(document: dict[str, Any]) -> None:
    wrong, seen = [], 0
    for name, where, content in bodies(document):
        seen += 1
        if "example" not in content:
            wrong.append((name, where, "missing"))
            continue
        schema = jsonschema_rs.Draft202012Validator({**content["schema"], "components": document["components"]})
        wrong += [(name, where, error.message) for error in schema.iter_errors(content["example"])]
    assert wrong == []
    assert seen > 300


def test_the_programs_own_rules_take_every_example(app: FastAPI, document: dict[str, Any]) -> None:
    routes = {
        context.original_route.name: context.original_route
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute)
    }
    wrong, seen = [], 0
    for name, where, content in bodies(document):
        route = routes[name]
        model: Any = route.response_model
        if where == "sent":
            model = None if route.body_field is None else route.body_field.field_info.annotation
        if model is None:
            continue
        seen += 1
        try:
            TypeAdapter(model).validate_json(json.dumps(content["example"]))
        except ValidationError as error:
            wrong.append((name, where, str(error)))
    assert wrong == []
    assert seen > 300


def test_every_parameter_in_a_path_has_an_example(document: dict[str, Any]) -> None:
    parameters = [
        one
        for path in document["paths"].values()
        for operation in path.values()
        for one in operation.get("parameters", ())
        if one["in"] == "path"
    ]
    assert len(parameters) > 100
    assert [one["name"] for one in parameters if "example" not in one] == []


@pytest.mark.parametrize(
    ("schema", "name", "expected"),
    [
        ({"type": "number", "minimum": 200}, "hr_bpm", 200),
        ({"type": "number", "exclusiveMaximum": 100, "minimum": 0}, "power_w", 50),
        ({"type": "integer"}, "hr_mean_bpm", 142),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "next_cursor", None),
        ({"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 4}]}, "title", "Morn"),
        ({"type": "array", "minItems": 2, "items": {"type": "boolean"}}, "is_on", [True, True]),
        ({"type": "string", "enum": ["fit", "tcx"]}, "format", "fit"),
        ({"$ref": "#/components/schemas/Tree"}, "", {"title": "Morning run", "below": []}),
    ],
)
def test_a_value_keeps_to_its_schema(schema: dict[str, Any], name: str, expected: Any) -> None:
    tree = {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}
    schemas = {"Tree": {"type": "object", "properties": {"title": {"type": "string"}, "below": tree}}}
    assert example(schema, schemas, name=name) == expected


def test_a_request_says_what_it_must_and_no_more() -> None:
    parts = {"title": {"type": "string"}, "notes": {"type": "string"}}
    assert example({"type": "object", "properties": parts, "required": ["notes"]}, {}, is_sent=True) == {
        "notes": "Windy on the way back."
    }
    assert example({"type": "object", "properties": parts}, {}, is_sent=True) == {"title": "Morning run"}
