"""What operators and orchestrators ask: alive, ready, numbers."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from pydantic import BaseModel, SecretStr
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from topform import __version__
from topform.features.accounts.public import scopes_of
from topform.features.administration.public import QueueState, queue_states
from topform.features.improvement.public import alarms_by_kind
from topform.features.predictions.public import intervals_held
from topform.platform.outages import OUTAGES
from topform.platform.web.resources import Resources, Use

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """The process runs."""

    status: Literal["ok"] = "ok"
    version: str = __version__


class Readiness(BaseModel):
    """Whether the process can serve."""

    status: Literal["ready", "not_ready"]
    database: Literal["ok", "unreachable"]


def _may_measure(request: Request, token: SecretStr | None) -> bool:
    if token is not None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), token.get_secret_value().encode())
    try:
        # A proxy is believed only as the settings say; behind one that is not, everybody looks like this machine.
        is_forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
        return request.client is not None and not is_forwarded and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


@router.get("/.well-known/oauth-authorization-server", include_in_schema=False)
async def oauth_metadata(request: Request) -> JSONResponse:
    """Tell apps of others where and how they get tokens (RFC 8414)."""
    issuer: str = request.app.state.third_party_apps.issuer
    areas: frozenset[str] = request.app.state.areas
    return JSONResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/api/v1/oauth/token",
            "revocation_endpoint": f"{issuer}/api/v1/oauth/revoke",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
            "authorization_response_iss_parameter_supported": True,
            "scopes_supported": scopes_of(areas),
        }
    )


@router.get("/healthz")
async def healthz() -> Health:
    """Answer as long as the process runs."""
    return Health()


@router.get(
    "/readyz", response_model=Readiness, responses={503: {"model": Readiness, "description": "Not ready to serve."}}
)
async def readyz(use: Use) -> Response:
    """Answer 200 when the database can be reached, 503 otherwise."""
    try:
        await use.database.ping()
    except (*OUTAGES, OSError, SQLAlchemyError):
        body = Readiness(status="not_ready", database="unreachable")
        return JSONResponse(body.model_dump(), status_code=503)
    return JSONResponse(Readiness(status="ready", database="ok").model_dump())


@router.get("/metrics", response_class=Response, include_in_schema=False)
async def metrics(request: Request, use: Use) -> Response:
    """Return the process's numbers for Prometheus: to this machine, or to who has the token where one is set."""
    if not _may_measure(request, use.settings.metrics_token):
        raise HTTPException(404)
    own: bytes = generate_latest(request.app.state.registry)
    return Response(own + await _stored(use), media_type=CONTENT_TYPE_LATEST)


async def _stored(use: Resources) -> bytes:
    """Return what the database knows, the same from every process; nothing while /readyz says that it is away."""
    try:
        async with use.database.transaction() as session:
            alarms = await alarms_by_kind(session)
            held, races = await intervals_held(session)
            queues = await queue_states(session, now=use.clock.now())
    except (*OUTAGES, OSError, SQLAlchemyError):
        return b""
    registry = CollectorRegistry()
    raised = Gauge("topform_model_alarms", "Alarms of drifting models so far.", ["kind"], registry=registry)
    last = Gauge(
        "topform_model_last_alarm_timestamp_seconds", "When the last alarm was raised.", ["kind"], registry=registry
    )
    for one in alarms:
        raised.labels(one.kind).set(one.count)
        if one.last_at is not None:
            last.labels(one.kind).set(one.last_at.timestamp())
    predicted = Gauge("topform_predicted_races", "Last races that were predicted, at most 100.", registry=registry)
    predicted.set(races)
    within = Gauge("topform_predicted_races_held", "Of these, within the 80 % interval shown.", registry=registry)
    within.set(held)
    _tell_of_queues(queues, registry)
    return generate_latest(registry)


def _tell_of_queues(states: list[QueueState], registry: CollectorRegistry) -> None:
    jobs = Gauge(
        "topform_jobs",
        "Jobs of a queue: waiting is due and not begun, scheduled due later; failed was given up, of the last 100000.",
        ["queue", "state"],
        registry=registry,
    )
    longest = Gauge(
        "topform_jobs_longest_wait_seconds", "How long the oldest job that is due waits.", ["queue"], registry=registry
    )
    for one in states:
        for state in ("waiting", "scheduled", "running", "failed"):
            jobs.labels(one.queue, state).set(getattr(one, state))
        longest.labels(one.queue).set(one.longest_wait_s or 0.0)
