"""Messages to other servers: stored with what causes them, sent by jobs, and signed when they are sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.community.federation.addresses import Place
from topform.features.community.federation.documents import (
    ACTIVITY_JSON,
    about_note,
    gone_actor,
    key_of,
    note_document,
)
from topform.features.community.federation.remote_repository import RemoteRepository
from topform.features.community.federation.repository import ActorRepository, DeliveryRepository
from topform.features.community.federation.signatures import Signer
from topform.features.community.federation.tasks import DELIVER_TASK
from topform.features.community.federation_tables import ActorRow, DeliveryRow
from topform.features.community.publishing.service import own_words
from topform.platform.jobs import defer
from topform.platform.logs import get_logger
from topform.platform.sealed_secrets import SealBrokenError, SecretSealer
from topform.platform.web.resources import Resources
from topform.providers.errors import ForbiddenAddressError, ProviderAnswerError
from topform.providers.public_http import PublicHttp

PURPOSE: Final = "federation"
GIVEN_UP_AFTER: Final = timedelta(days=3)

log = get_logger(__name__)


def key_place(actor_id: UUID) -> str:
    """Return the place that an actor's private key is sealed for."""
    return f"federation actor {actor_id}"


def signer_of(resources: Resources, actor: ActorRow) -> Signer:
    """Return whoever signs as a person of this server."""
    sealer = SecretSealer(resources.settings.sealing_keys())
    return Signer(key_of(actor.address), sealer.open(actor.sealed_private_key, place=key_place(actor.id)))


async def send_later(
    session: AsyncSession,
    actor: ActorRow,
    inboxes: Iterable[str],
    document: dict[str, Any],
    *,
    now: datetime,
    note_id: UUID | None = None,
    is_farewell: bool = False,
) -> None:
    """Have a message sent to some inboxes when this transaction commits, but to no server that is shut out.

    Messages to one inbox go one after the other, so that what is deleted is not made known after that.
    """
    deliveries = DeliveryRepository(session)
    asked = sorted(set(inboxes))
    shut_out = await deliveries.blocked_hosts({urlsplit(inbox).netloc for inbox in asked})
    rows = [
        DeliveryRow(
            id=new_id(),
            athlete_id=None if is_farewell else actor.athlete_id,
            actor_id=actor.id,
            actor_address=actor.address,
            sealed_key=actor.sealed_private_key if is_farewell else None,
            inbox=inbox,
            note_id=note_id,
            document=document,
            created_at=now,
        )
        for inbox in asked
        if urlsplit(inbox).netloc not in shut_out
    ]
    await deliveries.add(rows)
    for row in rows:
        lock = f"federation {hashlib.sha256(row.inbox.encode()).hexdigest()[:32]}"
        await defer(session, DELIVER_TASK, lock=lock, delivery_id=row.id)


async def say_farewell(session: AsyncSession, athlete_id: AthleteId, *, now: datetime) -> bool:
    """Have other servers forget a person, and forget the address and its key; False when there was none.

    It goes to whoever follows them or was sent a post, signed with the key as it was.
    """
    actors = ActorRepository(session)
    actor = await actors.locked(athlete_id)
    if actor is None:
        return False
    remote = RemoteRepository(session)
    inboxes = {*await remote.follower_inboxes(athlete_id)}
    for note in await actors.announced(athlete_id):
        inboxes.update(note.sent_to)
    inboxes.update(person.shared_inbox or person.inbox for person, _ in await remote.followed(athlete_id))
    await send_later(session, actor, inboxes, gone_actor(actor.address), now=now, is_farewell=True)
    await actors.remove(athlete_id)
    return True


async def deliver(resources: Resources, delivery_id: UUID) -> None:
    """Send one message; what can never arrive is forgotten, and what may arrive later is an error."""
    async with resources.database.transaction() as session:
        delivery = await DeliveryRepository(session).for_worker(delivery_id)
        if delivery is None:
            return
        inbox, now = delivery.inbox, resources.clock.now()
        prepared = None if now - delivery.created_at > GIVEN_UP_AFTER else await _prepared(resources, session, delivery)
    if prepared is not None:
        content, signer = prepared
        await _post(resources, inbox, content, signer, now=now)
    await give_up(resources, delivery_id)


async def give_up(resources: Resources, delivery_id: UUID) -> None:
    """Forget a message."""
    async with resources.database.transaction() as session:
        await DeliveryRepository(session).drop(delivery_id)


async def _prepared(resources: Resources, session: AsyncSession, delivery: DeliveryRow) -> tuple[bytes, Signer] | None:
    """Return a message as it is to be sent now; None when there is nothing to be said any more."""
    try:
        place = Place.of(resources.settings)
    except NotFoundError:
        return None
    if await DeliveryRepository(session).blocked_hosts({urlsplit(delivery.inbox).netloc}):
        return None
    document, sealed = delivery.document, delivery.sealed_key
    if delivery.athlete_id is not None:
        actor = await ActorRepository(session).own(AthleteId(delivery.athlete_id))
        if actor is None or actor.id != delivery.actor_id:
            return None
        sealed = actor.sealed_private_key
    if delivery.note_id is not None:
        found = await ActorRepository(session).note(delivery.note_id)
        if found is None:
            return None
        note, post, actor = found
        reader = await own_words(session, AthleteId(actor.athlete_id))
        written = note_document(actor, note, post, reader, place)
        document = about_note(str(document["type"]), written, at=post.edited_at or post.created_at)
    if sealed is None:
        return None
    sealer = SecretSealer(resources.settings.sealing_keys())
    try:
        key = sealer.open(sealed, place=key_place(delivery.actor_id))
    except SealBrokenError:
        log.error("federation_key_unreadable")
        return None
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return content, Signer(key_of(delivery.actor_address), key)


async def _post(resources: Resources, inbox: str, content: bytes, signer: Signer, *, now: datetime) -> None:
    place = Place.of(resources.settings)
    try:
        async with PublicHttp(PURPOSE, on_this_machine=place.is_on_this_machine) as http:
            headers = signer.headers("POST", inbox, content=content, now=now)
            answer = await http.request(
                "POST", inbox, headers={**headers, "Content-Type": ACTIVITY_JSON}, content=content
            )
    except (ForbiddenAddressError, ProviderAnswerError) as error:
        log.warning("federation_message_undeliverable", reason=error.code)
        return
    if answer.status >= 300:
        log.info("federation_message_refused", status=answer.status)
