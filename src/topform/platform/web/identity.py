"""Who is asking: a bearer token or the session cookie, and the guard against requests forged by other sites."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from topform.core.errors import AuthenticationError, PermissionDeniedError
from topform.core.ids import AthleteId

SESSION_COOKIE = "topform_session"
CLIENT_HEADER = "X-TopForm-Client"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Identify = Callable[[str], Awaitable[AthleteId | None]]
"""Looks up the athlete of a session token; None when the token is unknown or expired."""

_bearer = HTTPBearer(auto_error=False, description="For native clients and scripts.")
_cookie = APIKeyCookie(
    name=SESSION_COOKIE,
    auto_error=False,
    description=f"For browsers; every method but GET also needs the header `{CLIENT_HEADER}: 1`.",
)


class ForgedRequestError(PermissionDeniedError):
    """A request with the session cookie lacks the header that only our own pages send."""

    code = "client_header_missing"


async def session_token(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)] = None,
    cookie: Annotated[str | None, Security(_cookie)] = None,
) -> str:
    """Return the caller's session token."""
    if bearer is not None:
        return bearer.credentials
    if cookie is None:
        raise AuthenticationError("You are not signed in.", remedy="Sign in and try again.")
    if request.method not in SAFE_METHODS and request.headers.get(CLIENT_HEADER) != "1":
        raise ForgedRequestError(
            "The request carries the session cookie but not the client header.",
            remedy=f"Send the header {CLIENT_HEADER}: 1, or a bearer token instead of the cookie.",
        )
    return cookie


async def signed_in(request: Request, token: Annotated[str, Depends(session_token)]) -> AthleteId:
    """Return the athlete who is asking."""
    identify: Identify = request.app.state.identify
    athlete_id = await identify(token)
    if athlete_id is None:
        raise AuthenticationError("The session has ended.", remedy="Sign in again.")
    return athlete_id


SessionToken = Annotated[str, Depends(session_token)]
SignedInAthlete = Annotated[AthleteId, Depends(signed_in)]
