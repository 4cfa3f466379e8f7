"""Query parameters that an operation does not know are refused: a misspelt filter must not look like an answer."""

from __future__ import annotations

from difflib import get_close_matches

from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from topform.core.errors import InvalidInputError


class UnknownParameterError(InvalidInputError):
    """A query parameter is none of the operation's."""

    code = "parameter_unknown"


class KnownParameters:
    """What each operation takes, looked up once for each."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[APIRoute, frozenset[str]]] = {}

    async def refuse_others(self, connection: HTTPConnection) -> None:
        """Refuse query parameters that the operation does not take; who sends no credentials is asked for those first.

        Raises
        ------
        UnknownParameterError
            With the parameter and the names that the operation takes.
        """
        if not connection.scope["query_string"]:
            return
        route = connection.scope.get("route")
        has_credentials = "authorization" in connection.headers or bool(connection.cookies)
        if not has_credentials or not isinstance(route, APIRoute) or not route.include_in_schema:
            return
        known = self._of(route)
        for name in connection.query_params:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                takes = f"It takes: {', '.join(sorted(known))}." if known else "It takes none."
                raise UnknownParameterError(
                    f"This operation knows no query parameter {name[:50]!r}.",
                    remedy=f"Did you mean {near[0]!r}? {takes}" if near else takes,
                    parameter=name[:50],
                )

    def _of(self, route: APIRoute) -> frozenset[str]:
        """Return the names that a route takes; routes are no keys, and each is kept so that its id stays its own."""
        found = self._known.get(id(route))
        if found is None:
            names = (field.alias for field in get_flat_params(route.dependant) if isinstance(field.field_info, Query))
            found = self._known[id(route)] = (route, frozenset(names))
        return found[1]
