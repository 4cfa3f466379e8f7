"""Finding a route by the beginning of its path finds the one that asking them all in turn does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import Match, Route

from topform.entrypoints.api import create_app
from topform.entrypoints.api.direct_routes import ANSWERED_BY, DirectRoutes
from topform.platform.settings import Settings

SAMPLES = {"uuid": str(UUID(int=7)), "int": "7", "path": "deep/er", "str": "word"}


def sample_path(context: RouteContext) -> str:
    """Return a path that the route takes."""
    path = context.path or ""
    for name, convertor in context.param_convertors.items():
        kind = type(convertor).__name__.removesuffix("Convertor").lower()
        sample = SAMPLES["str" if kind == "string" else kind]
        path = path.replace(f"{{{name}:{kind}}}", sample).replace(f"{{{name}}}", sample)
    return path


def first_in_turn(contexts: list[RouteContext], method: str, path: str) -> APIRoute:
    """Return the first route whose pattern and method fit."""
    found = next(one for one in contexts if method in (one.methods or ()) and one.path_regex.match(path))
    assert isinstance(found.original_route, APIRoute)
    return found.original_route


def scope(method: str, path: str, **more: Any) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, **more}


@pytest.fixture(scope="module")
def routes() -> Iterator[tuple[DirectRoutes, list[RouteContext]]]:
    """The application's routes, as found directly and in their order."""
    app = create_app(Settings())
    direct = app.router.routes[0]
    assert isinstance(direct, DirectRoutes)
    contexts = [one for one in iter_route_contexts(app.router.routes[1:]) if isinstance(one.original_route, APIRoute)]
    yield direct, contexts


def test_every_operation_is_found_as_in_turn(routes: tuple[DirectRoutes, list[RouteContext]]) -> None:
    direct, contexts = routes
    assert len(contexts) > 200
    for context in contexts:
        path = sample_path(context)
        has_open_head = any("{" in part for part in (context.path or "").split("/")[1:4])
        for method in context.methods or ():
            match, found = direct.matches(scope(method, path))
            assert match is Match.FULL or has_open_head, (method, path)
            if match is Match.NONE:  # left to the framework
                continue
            assert found["route"] is first_in_turn(contexts, method, path), (method, path)
            assert callable(found[ANSWERED_BY])


def test_parameters_are_converted(routes: tuple[DirectRoutes, list[RouteContext]]) -> None:
    direct, _ = routes
    _, found = direct.matches(scope("GET", f"/api/v1/activities/{UUID(int=7)}/streams"))
    assert found["path_params"] == {"activity_id": UUID(int=7)}
    assert found["route"].path_format == "/activities/{activity_id}/streams"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", ""),
        ("GET", "/index.html"),
        ("GET", "/api/openapi.json"),
        ("GET", "/api/v1/activities/"),
        ("GET", "/api/v1/activities/word"),
        ("GET", "/api/v1/nothing"),
        ("PUT", "/api/v1/activities"),
        ("BREW", "/api/v1/activities"),
    ],
)
def test_what_is_not_known_is_left_to_the_others(
    routes: tuple[DirectRoutes, list[RouteContext]], method: str, path: str
) -> None:
    direct, _ = routes
    assert direct.matches(scope(method, path)) == (Match.NONE, {})


def test_other_connections_and_mounted_applications_are_left_to_the_others(
    routes: tuple[DirectRoutes, list[RouteContext]],
) -> None:
    direct, _ = routes
    assert direct.matches(scope("GET", "/api/v1/activities", root_path="/x")) == (Match.NONE, {})
    assert direct.matches({"type": "websocket", "path": "/api/v1/events"}) == (Match.NONE, {})


def test_a_route_with_an_open_beginning_keeps_its_place() -> None:
    async def answer() -> None: ...

    async def other(_request: Any) -> Any: ...

    early, late = APIRouter(), APIRouter()
    early.add_api_route("/{any}/b/c", answer, name="open")
    late.add_api_route("/a/b/c", answer, name="closed")
    late.add_api_route("/a/b/c/d", answer, name="longer")
    both = APIRouter()
    both.include_router(early)
    both.include_router(late)
    direct = DirectRoutes([*both.routes, Route("/{rest:path}", other), *late.routes])
    for path, name in (("/a/b/c", "open"), ("/a/b/c/d", "longer")):
        assert direct.matches(scope("GET", path))[1]["route"].name == name
    # Nothing closed begins like it: the framework, which has all patterns, finds it.
    assert direct.matches(scope("GET", "/x/b/c")) == (Match.NONE, {})
