"""Finds the route of a request among the few that begin like its path.

The framework asks every route of every router one after the other, and twice, since routers are nested: with a few
hundred routes that costs more than most answers. Which route it would have found does not change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from re import Pattern
from typing import Any, Final, NoReturn

from fastapi.routing import APIRoute, iter_route_contexts
from starlette.convertors import Convertor
from starlette.routing import BaseRoute, Match, NoMatchFound, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

HEAD_PARTS: Final = 3
"""So many parts of a path say which routes come into question: ``/api/v1/activities``."""

ANSWERED_BY: Final = "topform.answered_by"

Head = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    route: APIRoute
    app: ASGIApp
    pattern: Pattern[str]
    convertors: dict[str, Convertor[Any]]
    endpoint: Any


class DirectRoutes(BaseRoute):
    """Stands before all routes and answers for those that it knows; what it does not know goes on to the others."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._by_head: dict[tuple[str, Head], list[_Known]] = {}
        self._left_alone: set[str] = set()
        open_heads: list[tuple[str, _Known]] = []
        for context in iter_route_contexts(routes):
            route = context.original_route
            if isinstance(route, WebSocketRoute):
                continue
            if not isinstance(route, APIRoute):
                if not isinstance(route, Route) or "{" in route.path:
                    break  # It may take any path: what comes after it is left to the framework.
                self._left_alone.add(route.path)
                continue
            known = _Known(route, context.app, context.path_regex, context.param_convertors, context.endpoint)
            head = _head(context.path or "")
            for method in context.methods or ():
                if any("{" in part for part in head):
                    open_heads.append((method, known))
                    for (other, _), found in self._by_head.items():
                        if other == method:
                            found.append(known)
                else:
                    before = [one for at, one in open_heads if at == method]
                    self._by_head.setdefault((method, head), before).append(known)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return the first route that takes the request, as the framework would in its order."""
        if scope["type"] != "http" or scope.get("root_path"):
            return Match.NONE, {}
        path = scope["path"]
        if path in self._left_alone:
            return Match.NONE, {}
        for known in self._by_head.get((scope["method"], _head(path)), ()):
            found = known.pattern.match(path)
            if found is not None:
                parameters = {name: known.convertors[name].convert(value) for name, value in found.groupdict().items()}
                return Match.FULL, {
                    "route": known.route,
                    "endpoint": known.endpoint,
                    "path_params": parameters,
                    ANSWERED_BY: known.app,
                }
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route that was found answer."""
        app: ASGIApp = scope[ANSWERED_BY]
        await app(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> NoReturn:
        """Leave addresses to the routes themselves."""
        raise NoMatchFound(name, path_params)


def _head(path: str) -> Head:
    return tuple(path.split("/", HEAD_PARTS + 1)[1 : HEAD_PARTS + 1])
