"""What other servers ask for: WebFinger, NodeInfo, people, their public posts, and inboxes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError, TooLargeError
from topform.core.ids import AthleteId
from topform.features.community.federation import documents
from topform.features.community.federation.addresses import Place, RemoteAddressError, person_in
from topform.features.community.federation.inbox import Inbox, InboxLimits, Message
from topform.features.community.federation.remote_repository import RemoteRepository
from topform.features.community.federation.repository import ActorRepository
from topform.features.community.federation_tables import ActorRow
from topform.features.community.publishing.service import own_words
from topform.features.community.tables import PersonRow
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page
from topform.platform.web.resources import Use

router = APIRouter(include_in_schema=False)

MESSAGE_BYTES = 256 * 1024
PAGE = 20
FRESH = {"Cache-Control": "no-cache"}
"""What was taken back must not be told by a cache."""


async def _place(use: Use) -> Place:
    return Place.of(use.settings)


async def _limits(request: Request) -> InboxLimits:
    kept: InboxLimits = request.app.state.inbox_limits
    return kept


Here = Annotated[Place, Depends(_place)]


@router.get("/.well-known/webfinger")
async def webfinger(use: Use, place: Here, resource: Annotated[str, Query(max_length=2100)]) -> Response:
    """Return where a person is found (RFC 7033)."""
    async with use.database.transaction() as session:
        actors = ActorRepository(session)
        if resource.startswith("acct:"):
            found = await actors.named(_handle_in(resource.removeprefix("acct:"), place))
        else:
            actor_id = place.id_in(resource, "actors")
            found = None if actor_id is None else await actors.known(actor_id)
    if found is None:
        raise NotFoundError("There is no such person.")
    return _answer(documents.webfinger_document(*found, place), documents.JRD_JSON)


@router.get("/.well-known/nodeinfo")
async def nodeinfo_links(place: Here) -> Response:
    """Return where this server says what it is."""
    link = {"rel": documents.NODEINFO, "href": f"{place.base}/federation/nodeinfo/2.1"}
    return _answer({"links": [link]}, "application/json")


@router.get("/federation/nodeinfo/2.1")
async def nodeinfo(use: Use, _place: Here) -> Response:
    """Return what this server is."""
    document = documents.nodeinfo_document(is_open=use.settings.sign_up == "open")
    return _answer(document, "application/json")


@router.get("/federation/actors/{actor_id}")
async def actor(actor_id: UUID, use: Use, place: Here) -> Response:
    """Return a person."""
    async with use.database.transaction() as session:
        return _answer(documents.actor_document(*await _known(session, actor_id), place))


@router.get("/federation/actors/{actor_id}/followers")
async def followers(actor_id: UUID, use: Use, _place: Here) -> Response:
    """Return how many follow a person from other servers; who they are is theirs."""
    async with use.database.transaction() as session:
        known, _ = await _known(session, actor_id)
        total, _ = await RemoteRepository(session).counts(AthleteId(known.athlete_id))
    return _answer(documents.collection(f"{known.address}/followers", total=total))


@router.get("/federation/actors/{actor_id}/outbox")
async def outbox(
    actor_id: UUID,
    use: Use,
    place: Here,
    page: Annotated[bool, Query()] = False,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Return a person's posts for everybody: how many, or a page of them, newest first."""
    async with use.database.transaction() as session:
        known, _ = await _known(session, actor_id)
        address = f"{known.address}/outbox"
        actors = ActorRepository(session)
        if not page:
            total = await actors.note_count(known.athlete_id)
            return _answer(documents.collection(address, total=total, first=f"{address}?page=true"))
        after: tuple[datetime, UUID] | None = decode_cursor(cursor)
        found = await actors.notes(known.athlete_id, after=after, limit=PAGE + 1)
        shown, has_more = split_page(found, PAGE)
        reader = await own_words(session, AthleteId(known.athlete_id))
        items = [
            documents.about_note(
                "Create", documents.note_document(known, note, post, reader, place), at=post.created_at
            )
            for note, post in shown
        ]
    last = encode_cursor(shown[-1][1].created_at, shown[-1][1].id) if has_more else None
    following = None if last is None else f"{address}?page=true&cursor={last}"
    own = f"{address}?page=true" + ("" if cursor is None else f"&cursor={cursor}")
    return _answer(documents.collection_page(address, own, items, following=following))


@router.get("/federation/notes/{note_id}")
async def note(note_id: UUID, use: Use, place: Here) -> Response:
    """Return a post for everybody."""
    async with use.database.transaction() as session:
        found = await ActorRepository(session).note(note_id)
        if found is None:
            raise NotFoundError("There is no such post.")
        row, post, author = found
        reader = await own_words(session, AthleteId(author.athlete_id))
        document = documents.note_document(author, row, post, reader, place)
    return _answer({"@context": documents.STREAMS, **document})


@router.post("/federation/actors/{actor_id}/inbox", status_code=202)
async def take_message(
    actor_id: UUID, request: Request, use: Use, _place: Here, limits: Annotated[InboxLimits, Depends(_limits)]
) -> Response:
    """Take a message to a person."""
    message = Message(
        client=request.client.host if request.client is not None else "",
        path=request.url.path,
        query=request.url.query,
        headers={name.lower(): value for name, value in request.headers.items()},
        content=await _content(request),
    )
    await Inbox(use, limits).take(actor_id, message)
    return Response(status_code=202)


async def _content(request: Request) -> bytes:
    content = bytearray()
    async for block in request.stream():
        content += block
        if len(content) > MESSAGE_BYTES:
            raise TooLargeError(f"A message has at most {MESSAGE_BYTES // 1024} KiB.")
    return bytes(content)


async def _known(session: AsyncSession, actor_id: UUID) -> tuple[ActorRow, PersonRow]:
    found = await ActorRepository(session).known(actor_id)
    if found is None:
        raise NotFoundError("There is no such person.")
    return found


def _handle_in(address: str, place: Place) -> str:
    """Return the handle of an address of this server; of another one nobody is found."""
    try:
        name, host = person_in(address)
    except RemoteAddressError as error:
        raise NotFoundError("There is no such person.") from error
    if host != place.host:
        raise NotFoundError("There is no such person.")
    return name


def _answer(document: dict[str, Any], kind: str = documents.ACTIVITY_JSON) -> JSONResponse:
    return JSONResponse(document, media_type=kind, headers=FRESH)
