"""The tools of an assistant: chosen operations of our own API, answered without what sources keep from assistants."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import httpx
from fastapi import FastAPI

from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.athletes.public import reading_for, restricting_sources
from topform.features.consents.public import ConsentPurpose, require_consent
from topform.platform.web.identity import Identity, acting_as, area_of
from topform.platform.web.resources import Resources

API_ROOT: Final = "/api/v1"
PLACES: Final = frozenset({"route_preview"})
WITHHELD: Final = "withheld_from_assistants"


@dataclass(frozen=True, slots=True)
class Tool:
    """One operation of the API under the name an assistant calls it by."""

    name: str
    method: str
    path: str
    title: str
    suggests: bool = False
    """Leaves a proposal that only the athlete can accept; every other tool only reads."""
    rests_on_all: bool = False
    """Its answer was computed from all rows of the athlete, so it is withheld when some are kept from assistants."""


TOOLS: Final = (
    Tool("list_activities", "get", "/activities", "Activities"),
    Tool("get_activity", "get", "/activities/{activity_id}", "One activity"),
    Tool("get_fitness", "get", "/fitness", "Fitness, fatigue and form"),
    Tool("get_best_efforts", "get", "/fitness/curve", "Best efforts"),
    Tool("get_readiness", "get", "/readiness", "Readiness of a day"),
    Tool("get_load_warnings", "get", "/readiness/warnings", "What speaks for caution"),
    Tool("get_red_flag", "get", "/readiness/red-flag", "Whether a symptom stops training"),
    Tool("get_daily_values", "get", "/wellness", "Sleep, weight, resting heart rate and the like"),
    Tool("get_thresholds", "get", "/athletes/me/thresholds", "Thresholds with their evidence"),
    Tool("get_zones", "get", "/athletes/me/zones", "Zones"),
    Tool("predict_race", "get", "/predictions", "Race time"),
    Tool("list_form_checks", "get", "/form-checks", "Form checks"),
    Tool("get_form_check", "get", "/form-checks/{form_check_id}", "One form check"),
    Tool("list_connections", "get", "/connections", "Services and how their last runs went"),
    Tool("get_plan", "get", "/plans/current", "The plan", rests_on_all=True),
    Tool("get_plan_adherence", "get", "/plans/{plan_id}/adherence", "How sessions went", rests_on_all=True),
    Tool("list_plan_proposals", "get", "/plans/proposals", "Waiting proposals", rests_on_all=True),
    Tool("try_plan_change", "post", "/plans/{plan_id}/what-if", "Try a change of the plan", rests_on_all=True),
    Tool(
        "propose_plan_change",
        "post",
        "/plans/{plan_id}/what-if/proposals",
        "Suggest a change of the plan",
        suggests=True,
        rests_on_all=True,
    ),
)


class UnknownToolError(NotFoundError):
    """There is no tool of this name."""

    code = "tool_unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an assistant gets: the document of the API, or its problem document."""

    is_error: bool
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Assistant:
    """An assistant of one athlete; it asks the application in this process, as a program with few scopes."""

    app: FastAPI
    athlete_id: AthleteId
    may_suggest: bool

    def tools(self) -> list[Tool]:
        """Return the tools that it may use."""
        return [tool for tool in TOOLS if self.may_suggest or not tool.suggests]

    async def require_consent(self) -> None:
        """Raise `ConsentMissingError` unless the athlete agrees, at this moment, that assistants read their data."""
        resources: Resources = self.app.state.resources
        async with resources.database.transaction() as session:
            await require_consent(session, self.athlete_id, ConsentPurpose.ASSISTANT)

    async def call(self, name: str, arguments: Mapping[str, Any]) -> Answer:
        """Use a tool.

        Raises
        ------
        UnknownToolError
            If there is no such tool, or it may not use it.
        InvalidInputError
            If an argument of the path is missing or no id.
        """
        tool = next((tool for tool in self.tools() if tool.name == name), None)
        if tool is None:
            raise UnknownToolError(f"There is no tool {name!r}.", remedy="List the tools and choose one.")
        if tool.rests_on_all and (kept := await self._kept_sources()):
            return Answer(True, _withheld(kept))
        document = self.app.openapi()
        path, query, body = _placed(document, tool, arguments)
        area = area_of(operation_of(document, tool)["tags"])
        scope = f"{area}:{'write' if tool.method != 'get' else 'read'}"
        identity = Identity(self.athlete_id, scopes=frozenset({scope}))
        with reading_for(Purpose.ASSISTANT), acting_as(identity):
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(self.app), base_url="http://topform.invalid"
            ) as client:
                answer = await client.request(
                    tool.method,
                    path,
                    params=query,
                    json=body,
                    headers={"Authorization": "Bearer this-program-itself"},
                )
        shown = _without_places(json.loads(answer.content) if answer.content else None)
        return Answer(answer.is_error, shown if isinstance(shown, dict) else {"result": shown})

    async def _kept_sources(self) -> set[str]:
        resources: Resources = self.app.state.resources
        async with resources.database.transaction() as session:
            return await restricting_sources(session, self.athlete_id)


def _without_places(document: Any) -> Any:
    """Return a document without where the athlete was."""
    match document:
        case dict():
            return {name: _without_places(value) for name, value in document.items() if name not in PLACES}
        case list():
            return [_without_places(item) for item in document]
        case _:
            return document


def operation_of(document: Mapping[str, Any], tool: Tool) -> dict[str, Any]:
    """Return the operation of the API document behind a tool."""
    operation: dict[str, Any] = document["paths"][f"{API_ROOT}{tool.path}"][tool.method]
    return operation


def input_schema(document: Mapping[str, Any], tool: Tool) -> dict[str, Any]:
    """Return the JSON schema of a tool's arguments: parameters and the members of the body, side by side."""
    operation = operation_of(document, tool)
    properties: dict[str, Any] = {}
    required: list[str] = []
    for parameter in _parameters(operation):
        properties[parameter["name"]] = {
            **parameter["schema"],
            **({"description": parameter["description"]} if "description" in parameter else {}),
        }
        if parameter.get("required"):
            required.append(parameter["name"])
    body = _body_schema(document, operation)
    properties |= body.get("properties", {})
    required += body.get("required", [])
    schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return _with_definitions(document, schema)


def _placed(
    document: Mapping[str, Any], tool: Tool, arguments: Mapping[str, Any]
) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
    """Return path, query and body of the request that a call becomes."""
    operation = operation_of(document, tool)
    path, query = tool.path, {}
    left = dict(arguments)
    for parameter in _parameters(operation):
        name = parameter["name"]
        value = left.pop(name, None)
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", _id(name, value))
        elif value is not None:
            query[name] = value
    known = _body_schema(document, operation).get("properties", {})
    if unknown := left.keys() - known.keys():
        raise InvalidInputError(f"There is no argument {min(unknown)}.", remedy="Look at the tool's schema.")
    return f"{API_ROOT}{path}", query, left if known else None


def _id(name: str, value: Any) -> str:
    """Return an argument of the path, which is always an id, in the form that the API's addresses have."""
    try:
        return str(UUID(value if isinstance(value, str) else ""))
    except ValueError as error:
        raise InvalidInputError(f"The argument {name} is missing or no id.", remedy="Take it from a list.") from error


def _parameters(operation: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [parameter for parameter in operation.get("parameters", ()) if parameter["in"] in ("path", "query")]


def _body_schema(document: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return {}
    schema: dict[str, Any] = content["schema"]
    return _resolved(document, schema["$ref"]) if "$ref" in schema else schema


def _resolved(document: Mapping[str, Any], reference: str) -> dict[str, Any]:
    schema: dict[str, Any] = document["components"]["schemas"][reference.rpartition("/")[2]]
    return schema


def _with_definitions(document: Mapping[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Make a schema stand alone: what it refers to comes along under ``$defs``."""
    definitions: dict[str, Any] = {}

    def local(part: Any) -> Any:
        match part:
            case {"$ref": str(reference)}:
                name = reference.rpartition("/")[2]
                if name not in definitions:
                    definitions[name] = {}
                    definitions[name] = local(_resolved(document, reference))
                return {**{key: local(value) for key, value in part.items()}, "$ref": f"#/$defs/{name}"}
            case dict():
                return {key: local(value) for key, value in part.items()}
            case list():
                return [local(item) for item in part]
            case _:
                return part

    alone: dict[str, Any] = local(schema)
    return {**alone, "$defs": definitions} if definitions else alone


def _withheld(sources: set[str]) -> dict[str, Any]:
    names = ", ".join(sorted(name.capitalize() for name in sources))
    return {
        "code": WITHHELD,
        "detail": f"This rests also on data from {names}, whose terms keep them from assistants.",
        "remedy": "The athlete sees it in the app. Connect the device's own service instead to have it here too.",
    }
