"""Who is asking: a bearer token or the session cookie, and the guard against requests forged by other sites."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from topform.core.errors import AuthenticationError, PermissionDeniedError
from topform.core.ids import AthleteId

SESSION_COOKIE = "topform_session"
CLIENT_HEADER = "X-TopForm-Client"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

OWNER_AREAS: Final = frozenset({"accounts", "privacy", "administration", "notices"})
"""What only a person who signed in may touch: no token of a program ever reaches it."""


class Role(StrEnum):
    """What an account may decide beyond its own data."""

    ATHLETE = "athlete"
    MODERATOR = "moderator"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking; ``scopes`` is None for a person who signed in, who may do everything and has a session."""

    athlete_id: AthleteId
    scopes: frozenset[str] | None = None
    session_id: UUID | None = None
    role: Role = Role.ATHLETE


Identify = Callable[[str], Awaitable[Identity | None]]
"""Looks up whom a token belongs to; None when the token is unknown or expired."""

_acting: ContextVar[Identity | None] = ContextVar("acting", default=None)

_bearer = HTTPBearer(auto_error=False, description="For native clients and scripts.")
_cookie = APIKeyCookie(
    name=SESSION_COOKIE,
    auto_error=False,
    description=f"For browsers; every method but GET also needs the header `{CLIENT_HEADER}: 1`.",
)


class TokenScopeError(PermissionDeniedError):
    """The token of a program does not reach this far."""

    code = "scope_missing"


class RoleError(PermissionDeniedError):
    """The account lacks the role that this needs."""

    code = "role_missing"


class ForgedRequestError(PermissionDeniedError):
    """A request with the session cookie lacks the header that only our own pages send."""

    code = "client_header_missing"


@contextmanager
def acting_as(identity: Identity) -> Iterator[None]:
    """Answer the requests that this program makes to itself in this context as if the identity had signed in."""
    token = _acting.set(identity)
    try:
        yield
    finally:
        _acting.reset(token)


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


def area_of(tags: Iterable[object]) -> str:
    """Return the area of the routes with these tags, as scopes name it: ``form checks`` is ``form_checks``."""
    return next((str(tag).replace(" ", "_") for tag in tags), "")


def require_scope(identity: Identity, area: str, *, writes: bool) -> None:
    """Refuse a program whose token lacks ``<area>:read`` or ``<area>:write``; writing includes reading."""
    if identity.scopes is None:
        return
    if area in OWNER_AREAS:
        raise TokenScopeError("Tokens do not open this.", remedy="Do it in the app, signed in as the athlete.")
    sufficient = {f"{area}:write"} if writes else {f"{area}:read", f"{area}:write"}
    if not identity.scopes & sufficient:
        needed = f"{area}:{'write' if writes else 'read'}"
        raise TokenScopeError(
            f"The token lacks the scope {needed}.", remedy=f"Make a token with the scope {needed}.", scope=needed
        )


async def caller_of(request: Request, token: Annotated[str, Depends(session_token)]) -> Identity:
    """Return who is asking, if the token reaches this far."""
    identify: Identify = request.app.state.identify
    identity = _acting.get() or await identify(token)
    if identity is None:
        raise AuthenticationError("The session has ended.", remedy="Sign in again.")
    area = area_of(getattr(request.scope.get("route"), "tags", ()))
    require_scope(identity, area, writes=request.method not in SAFE_METHODS)
    return identity


def answer_about(request: Request, athlete_id: AthleteId) -> None:
    """Have a request answered with another athlete's data; whoever says so has checked the right to them."""
    request.state.about = athlete_id


async def signed_in(request: Request, caller: Annotated[Identity, Depends(caller_of)]) -> AthleteId:
    """Return the athlete who is asking, or whose data the request was found to have a right to."""
    about: AthleteId | None = getattr(request.state, "about", None)
    return caller.athlete_id if about is None else about


Caller = Annotated[Identity, Depends(caller_of)]
SignedInAthlete = Annotated[AthleteId, Depends(signed_in)]


def require_role(*roles: Role) -> Callable[..., Awaitable[AthleteId]]:
    """Return the dependency that lets only people with one of the roles in, signed in themselves."""

    async def with_role(caller: Caller) -> AthleteId:
        if caller.scopes is not None or caller.role not in roles:
            raise RoleError(
                f"This is for people with the role {' or '.join(role.value for role in roles)}.",
                remedy="Ask the person who runs the server.",
            )
        return caller.athlete_id

    return with_role


Administrator = Annotated[AthleteId, Depends(require_role(Role.ADMIN))]
Moderator = Annotated[AthleteId, Depends(require_role(Role.MODERATOR, Role.ADMIN))]
