"""Connecting services, looking at how they work, fetching again, disconnecting, and their notifications."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from topform.core.errors import TooLargeError
from topform.core.ids import AthleteId
from topform.features.connections import authorization, service, webhooks
from topform.features.connections.schemas import (
    Authorization,
    AuthorizationAnswer,
    AuthorizationRequest,
    Connection,
    ConnectionCalendar,
    ConnectionDetail,
    Connections,
    FetchRequest,
    FolderSignIn,
    KeySignIn,
)
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Resources, Use
from topform.providers.protocols import WebhookRequest

router = APIRouter(prefix="/connections", tags=["connections"])

MAX_NOTIFICATION_BYTES = 256 * 1024
ProviderId = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$", description="`provider` of the list.")]


@router.get("")
async def list_connections(use: Use, athlete_id: SignedInAthlete) -> Connections:
    """Return the services that this server offers, connected or not."""
    async with use.database.transaction() as session:
        return await service.list_connections(session, athlete_id, use.settings)


@router.post("/authorizations/{provider}", status_code=201)
async def start_authorization(
    provider: ProviderId, body: AuthorizationRequest, use: Use, athlete_id: SignedInAthlete
) -> Authorization:
    """Return the service's page on which you give permission; it leads back to the app with a code."""
    return await authorization.start_authorization(use, athlete_id, provider, since=body.since)


@router.post("/authorizations", status_code=201)
async def finish_authorization(answer: AuthorizationAnswer, use: Use, athlete_id: SignedInAthlete) -> Connection:
    """Connect the service with what its page sent back, and begin the import."""
    row = await authorization.finish_authorization(use, athlete_id, answer)
    return await _shown(use, athlete_id, row.id)


@router.post("/keys/{provider}", status_code=201)
async def connect_with_key(provider: ProviderId, body: KeySignIn, use: Use, athlete_id: SignedInAthlete) -> Connection:
    """Connect a service with a personal key that you made there, and begin the import."""
    row = await authorization.connect_with_key(use, athlete_id, provider, key=body.key, since=body.since)
    return await _shown(use, athlete_id, row.id)


@router.post("/folder", status_code=201)
async def connect_folder(body: FolderSignIn, use: Use, athlete_id: SignedInAthlete) -> Connection:
    """Have your folder on the server looked through for new recordings."""
    row = await authorization.connect_folder(use, athlete_id)
    return await _shown(use, athlete_id, row.id)


@router.get("/{connection_id:uuid}")
async def get_connection(connection_id: UUID, use: Use, athlete_id: SignedInAthlete) -> ConnectionDetail:
    """Return a connection with its last runs and what could not be had, with the reasons."""
    async with use.database.transaction() as session:
        return await service.get_connection(session, athlete_id, connection_id, use.settings)


@router.get("/{connection_id:uuid}/calendar")
async def get_connection_calendar(
    connection_id: UUID,
    use: Use,
    athlete_id: SignedInAthlete,
    first: Annotated[date, Query(alias="from", description="The first day.")],
    last: Annotated[date, Query(alias="to", description="The last day.")],
) -> ConnectionCalendar:
    """Return which days have data, and which lack it against your habit."""
    async with use.database.transaction() as session:
        return await service.calendar(session, athlete_id, connection_id, first=first, last=last, now=use.clock.now())


@router.post("/{connection_id:uuid}/fetches", status_code=202)
async def fetch_again(
    connection_id: UUID, body: FetchRequest, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> ConnectionDetail:
    """Fetch a range of days again, what is known already included; nothing is stored twice."""
    now = use.clock.now()
    async with use.database.transaction() as session:

        async def work() -> ConnectionDetail:
            await service.fetch_again(session, athlete_id, connection_id, body, now=now)
            return await service.get_connection(session, athlete_id, connection_id, use.settings)

        return await once.run(
            session,
            athlete_id,
            now=now,
            content=body.model_dump(mode="json"),
            work=work,
            answer_type=ConnectionDetail,
        )


@router.post("/{connection_id:uuid}/looks", status_code=202)
async def look_now(connection_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> ConnectionDetail:
    """Look for what is new now instead of within the hour."""
    now = use.clock.now()
    async with use.database.transaction() as session:

        async def work() -> ConnectionDetail:
            await service.look_now(session, athlete_id, connection_id, now=now)
            return await service.get_connection(session, athlete_id, connection_id, use.settings)

        return await once.run(session, athlete_id, now=now, content=None, work=work, answer_type=ConnectionDetail)


@router.delete("/{connection_id:uuid}", status_code=204)
async def disconnect(
    connection_id: UUID,
    use: Use,
    athlete_id: SignedInAthlete,
    once: DoOnce,
    stored: Annotated[
        Literal["keep", "delete"], Query(description="What happens to what the service delivered.")
    ] = "keep",
) -> None:
    """Withdraw the permission at the service and forget it; what it delivered stays or goes, as you choose."""
    now = use.clock.now()
    async with use.database.transaction() as session:

        async def work() -> Nothing:
            await service.disconnect(session, athlete_id, connection_id, delete_data=stored == "delete", now=now)
            return Nothing()

        await once.run(session, athlete_id, now=now, content=stored, work=work, answer_type=Nothing)


@router.get("/notifications/{provider}", include_in_schema=False)
@router.head("/notifications/{provider}", include_in_schema=False)
@router.post("/notifications/{provider}", include_in_schema=False)
async def take_notification(provider: ProviderId, request: Request, use: Use) -> Response:
    """Take a service's notification, or its check that this address is ours."""
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > MAX_NOTIFICATION_BYTES:
            raise TooLargeError("The notification is too large.")
    answer = await webhooks.take_notification(
        use,
        provider,
        WebhookRequest(
            method=request.method,
            query=dict(request.query_params),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=bytes(body),
            received_at=use.clock.now(),
        ),
    )
    if answer.text is not None:
        return PlainTextResponse(answer.text)
    return JSONResponse(dict(answer.document or {}))


async def _shown(use: Resources, athlete_id: AthleteId, connection_id: UUID) -> Connection:
    async with use.database.transaction() as session:
        return (await service.connections_of(session, athlete_id, use.settings, only=connection_id))[0]
