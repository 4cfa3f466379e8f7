"""Composes the API process: resources, routes, middleware."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.routing import Route

from topform import __version__
from topform.core.clock import Clock, SystemClock
from topform.core.errors import DatabaseUnavailableError
from topform.entrypoints.api import assistant, boards, events, operations
from topform.entrypoints.api.coached import coached_router
from topform.entrypoints.api.descriptions import add_descriptions, add_scopes
from topform.entrypoints.api.direct_routes import DirectRoutes
from topform.entrypoints.api.examples import add_examples
from topform.entrypoints.api.middleware import (
    API_ROOT,
    EntityTags,
    HttpMetrics,
    RequestLimits,
    RequestSpans,
    SecurityHeaders,
)
from topform.entrypoints.api.problems import Problem, install_problem_handlers
from topform.entrypoints.api.web_app import WebApp
from topform.entrypoints.reactions import REACTIONS
from topform.features.accounts.app_routes import router as apps_router
from topform.features.accounts.identity_routes import router as identities_router
from topform.features.accounts.passkey_routes import router as passkeys_router
from topform.features.accounts.public import Accounts, EmailLinks, Identities, Security, Sessions, ThirdPartyApps
from topform.features.accounts.routes import router as accounts_router
from topform.features.accounts.security_routes import router as account_security_router
from topform.features.activities.routes import router as activities_router
from topform.features.activities.source_routes import router as activity_sources_router
from topform.features.administration.routes import router as administration_router
from topform.features.athletes.routes import router as athletes_router
from topform.features.coaches.routes import router as coaches_router
from topform.features.community.blocks.routes import router as blocks_router
from topform.features.community.challenges.routes import router as challenges_router
from topform.features.community.challenges.team_routes import router as challenge_teams_router
from topform.features.community.clubs.routes import router as clubs_router
from topform.features.community.federation.protocol_routes import router as fediverse_router
from topform.features.community.federation.routes import router as federation_router
from topform.features.community.moderation.routes import router as moderation_router
from topform.features.community.posts.routes import router as posts_router
from topform.features.community.public import BoardRooms, CommunityLimits, InboxLimits, OpenPosts
from topform.features.community.publishing.routes import router as publishing_router
from topform.features.community.relations.routes import router as relations_router
from topform.features.community.signals.routes import router as signals_router
from topform.features.connections.routes import router as connections_router
from topform.features.consents.routes import router as consents_router
from topform.features.form_checks.label_routes import router as form_labels_router
from topform.features.form_checks.routes import router as form_checks_router
from topform.features.improvement.routes import label_queue_router
from topform.features.improvement.routes import router as improvement_router
from topform.features.jobs.routes import router as jobs_router
from topform.features.live_rooms.public import LiveRooms
from topform.features.live_rooms.routes import router as live_rooms_router
from topform.features.models.routes import device_models_router
from topform.features.models.routes import router as models_router
from topform.features.notices.routes import router as notices_router
from topform.features.plans.adapting_routes import calendar_router as plan_calendar_router
from topform.features.plans.adapting_routes import router as plan_changes_router
from topform.features.plans.routes import forecast_router as fitness_forecast_router
from topform.features.plans.routes import router as plans_router
from topform.features.predictions.routes import router as predictions_router
from topform.features.privacy.routes import router as privacy_router
from topform.features.privacy_zones.routes import router as privacy_zones_router
from topform.features.readiness.routes import router as readiness_router
from topform.features.segments.routes import router as segments_router
from topform.features.thresholds.routes import router as thresholds_router
from topform.features.training_load.routes import router as training_load_router
from topform.features.wellness.routes import router as wellness_router
from topform.platform.database import Database
from topform.platform.events import EventHub
from topform.platform.map_tiles import tile_origin
from topform.platform.objects import ObjectStore
from topform.platform.settings import Settings, load_settings
from topform.platform.tracing import Tracer
from topform.platform.web.identity import OWNER_AREAS, area_of
from topform.platform.web.parameters import KnownParameters
from topform.platform.web.rate_limits import RateLimits
from topform.platform.web.resources import Resources

OPENAPI_URL = "/api/openapi.json"
ROUTERS = (
    accounts_router,
    account_security_router,
    passkeys_router,
    identities_router,
    apps_router,
    athletes_router,
    activities_router,
    activity_sources_router,
    relations_router,
    blocks_router,
    posts_router,
    publishing_router,
    challenges_router,
    challenge_teams_router,
    clubs_router,
    live_rooms_router,
    moderation_router,
    signals_router,
    federation_router,
    connections_router,
    jobs_router,
    notices_router,
    readiness_router,
    training_load_router,
    thresholds_router,
    form_checks_router,
    form_labels_router,
    plans_router,
    plan_changes_router,
    plan_calendar_router,
    predictions_router,
    fitness_forecast_router,
    privacy_router,
    privacy_zones_router,
    segments_router,
    consents_router,
    administration_router,
    models_router,
    device_models_router,
    improvement_router,
    label_queue_router,
    coaches_router,
    wellness_router,
)
DESCRIPTION = """\
Your training, your technique, your plan; on your own machine.

Errors are `application/problem+json` with a stable `code` and, where there is one, a `remedy`. Lists are pages with an
opaque cursor; a query parameter that is not known is refused. `GET` answers carry an `ETag`. Writes take an
`Idempotency-Key`. Work that takes time becomes a job; its progress arrives on the WebSocket `/api/v1/events` as
`{id, type, data}`: `job.updated`, `activity.created`,
`activity.updated`, `activities.imported`, `activities.recomputed`, `activity.deleted`, `form_check.created`,
`form_check.deleted`, `plan.created`, `plan.proposed`, `plan.proposal_decided`, `plan.session_told`,
`fitness.changed`, `wellness.changed`,
`readiness.changed`, `connection.updated`, `connection.deleted`, `coaching.changed`,
`athlete.updated`, `athlete.age_changed`, `consents.changed`, `privacy_zones.changed`,
`community.relations_changed`, `community.post_changed`, `community.posts_changed`, `community.post_deleted`,
`community.challenge_changed`, `community.challenge_deleted`, `community.removal_changed`, `segments.changed`,
`community.club_changed`, `community.club_deleted`, `community.rooms_changed`, `notices.changed`,
`account.erasure_changed`, `account.restored`,
and `resync` when events were dropped and everything is to be fetched again.
"""
PROBLEM_CONTENT = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "model": Problem,
        "description": "The request cannot be answered; `code` and `remedy` say why. Of 429 the header `Retry-After` "
        "says after how many seconds to ask again.",
    },
    "5XX": {
        "model": Problem,
        "description": "The server failed; of 503, while something it needs is away, `Retry-After` says the same.",
    },
}


NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""The framework's own would send paths, queries and messages of exceptions as soon as the environment names a place."""


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> FastAPI:
    """Return the application; it connects when it starts and disconnects when it stops."""
    used = load_settings() if settings is None else settings
    registry = _registry()
    tracer = None if used.traces_endpoint is None else Tracer(used.traces_endpoint, service="topform-api")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        resources = open_resources(used, clock=clock or SystemClock())
        app.state.resources = resources
        app.state.rate_limits = RateLimits(resources)
        app.state.accounts = Accounts(resources, Sessions(resources), app.state.rate_limits)
        app.state.security = Security(resources, app.state.accounts)
        app.state.third_party_apps = ThirdPartyApps(resources)
        app.state.identities = Identities(resources, app.state.accounts)
        app.state.email_links = EmailLinks(resources, app.state.accounts)
        app.state.identify = app.state.accounts.sessions.identify
        app.state.event_clients = {}
        app.state.watching_clients = {}
        app.state.community_limits = CommunityLimits(app.state.rate_limits)
        app.state.inbox_limits = InboxLimits(app.state.rate_limits)
        async with EventHub(resources.database) as hub:
            app.state.hub = hub
            app.state.board_rooms = BoardRooms(resources.database, hub)
            app.state.open_posts = OpenPosts(resources.database, hub)
            app.state.live_rooms = LiveRooms(resources, hub)
            registry.register(_HubMetrics(hub))
            if tracer is not None:
                tracer.watch(resources.database.engine)
            async with mcp.running(), contextlib.nullcontext() if tracer is None else tracer.running():
                yield
        await resources.database.close()

    app = FastAPI(
        title="TopForm",
        version=__version__,
        description=DESCRIPTION,
        openapi_url=OPENAPI_URL,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
        telemetry=NO_TELEMETRY,
    )
    mcp = assistant.McpEndpoint(app)
    app.state.registry = registry
    routers = (*ROUTERS, coached_router(), assistant.router)
    app.state.areas = frozenset({area_of(router.tags) for router in routers} | {"events"}) - OWNER_AREAS
    install_problem_handlers(app)
    strict = [Depends(KnownParameters().refuse_others)]
    api = APIRouter(prefix=API_ROOT, responses=PROBLEM_RESPONSES, dependencies=strict)
    for router in routers:
        api.include_router(router)
    api.include_router(events.router)
    api.include_router(boards.router)
    app.include_router(api)
    app.include_router(operations.router)
    app.include_router(fediverse_router)
    app.router.routes.append(Route(assistant.MCP_PATH, mcp))
    app.router.default = WebApp(used.web_dir)
    app.router.routes.insert(0, DirectRoutes(app.router.routes))
    _complete_document(app)
    _add_middleware(app, used, registry)
    if tracer is not None:
        app.add_middleware(RequestSpans, tracer=tracer)
    return app


def _add_middleware(app: FastAPI, settings: Settings, registry: CollectorRegistry) -> None:
    """Let every answer pass through what all of them need; the last is the outermost."""
    tiles = settings.map_tiles_url
    for middleware in (RequestLimits, EntityTags):
        app.add_middleware(middleware)
    app.add_middleware(SecurityHeaders, image_origin=None if tiles is None else tile_origin(tiles))
    app.add_middleware(HttpMetrics, registry=registry)


def open_resources(settings: Settings, *, clock: Clock) -> Resources:
    """Return the database and the object store that the settings name."""
    if settings.database_url is None:
        raise DatabaseUnavailableError(
            "This process was started without a database.",
            remedy="Start everything with `topform serve`, or set TOPFORM_DATABASE_URL.",
        )
    return Resources(
        settings=settings,
        database=Database(
            settings.database_url.get_secret_value(), application_name="topform-api", reactions=REACTIONS
        ),
        store=ObjectStore.from_settings(settings),
        clock=clock,
    )


def _operation_id(route: APIRoute) -> str:
    return route.name


def _complete_document(app: FastAPI) -> None:
    """Give error responses their true media type, drop the framework's own shape, add descriptions and examples."""
    build = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = build()
            for path in document["paths"].values():
                for operation in path.values():
                    responses = operation["responses"]
                    responses.pop("422", None)
                    for status in responses.keys() & {"4XX", "5XX"}:
                        responses[status].update(PROBLEM_CONTENT)
            for unused in ("HTTPValidationError", "ValidationError"):
                document["components"]["schemas"].pop(unused, None)
            add_descriptions(document)
            add_scopes(document)
            add_examples(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


class _HubMetrics(Collector):
    def __init__(self, hub: EventHub) -> None:
        self._hub = hub

    def collect(self) -> list[GaugeMetricFamily]:
        """Return the number of connected clients."""
        return [
            GaugeMetricFamily(
                "topform_event_clients", "Clients connected to the event stream.", value=self._hub.subscriber_count
            )
        ]
