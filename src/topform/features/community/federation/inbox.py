"""Messages of other servers: who sent them is proven first, each is handled once, what is unknown is nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError, NotFoundError, PermissionDeniedError, RateLimitedError
from topform.core.ids import AthleteId
from topform.features.community.events import POST_CHANGED, POST_DELETED, RELATIONS_CHANGED
from topform.features.community.federation.addresses import MOST_CHARACTERS, Place
from topform.features.community.federation.documents import activity
from topform.features.community.federation.fetching import Lookup
from topform.features.community.federation.reading import address_of, read_note
from topform.features.community.federation.remote_repository import RemoteRepository
from topform.features.community.federation.repository import ActorRepository
from topform.features.community.federation.sending import send_later, signer_of
from topform.features.community.federation.signatures import (
    TARGET,
    Signature,
    SignatureInvalidError,
    read_signature,
    require_digest,
    require_recent,
    target_of,
    verify,
)
from topform.features.community.federation_tables import ActorRow, RemoteActorRow
from topform.platform.events import publish
from topform.platform.web.rate_limits import RateLimit, RateLimits, network_of
from topform.platform.web.resources import Resources
from topform.providers.errors import ProviderError, RemoteItemMissingError

TOLD_AT_MOST: Final = 200
LOOKED_UP_AFTER: Final = timedelta(minutes=5)
"""Sooner than this nobody is looked up again because of a signature that does not fit."""
MINUTE: Final = timedelta(minutes=1)
BY_CLIENT: Final = RateLimit("inbox_client", 600, MINUTE)
BY_HOST: Final = RateLimit("inbox_host", 600, MINUTE)
BY_ACTOR: Final = RateLimit("inbox_actor", 120, MINUTE)
LOOKUPS_BY_CLIENT: Final = RateLimit("inbox_lookups_by_client", 60, MINUTE)
LOOKUPS_OF_HOST: Final = RateLimit("inbox_lookups_of_host", 60, MINUTE)

Document = Mapping[str, Any]


class ServerShutOutError(PermissionDeniedError):
    """A moderator decided that this server has nothing to do with the sender's."""

    code = "server_shut_out"


@dataclass(frozen=True, slots=True)
class Message:
    """A request to an inbox."""

    client: str
    path: str
    query: str
    headers: Mapping[str, str]
    content: bytes


class InboxLimits:
    """Counts messages, for all processes together."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits

    async def count(self, limit: RateLimit, whose: str) -> None:
        """Count one, and refuse it when there were too many."""
        if not await self._limits.hit(limit, whose):
            raise RateLimitedError("That is a lot in a short time.", remedy="Send it again later.")


@dataclass(frozen=True, slots=True)
class Inbox:
    """Takes the messages to people of this server."""

    resources: Resources
    limits: InboxLimits

    async def take(self, actor_id: UUID, message: Message) -> None:
        """Handle one message to a person.

        Raises
        ------
        NotFoundError
            If there is no such person for other servers.
        SignatureInvalidError
            If it does not prove who sent it.
        """
        place, now = Place.of(self.resources.settings), self.resources.clock.now()
        await self.limits.count(BY_CLIENT, network_of(message.client))
        async with self.resources.database.transaction() as session:
            found = await ActorRepository(session).known(actor_id)
        if found is None:
            raise NotFoundError("There is no such person.")
        signature = read_signature(message.headers.get("signature"))
        require_recent(message.headers.get("date"), now=now)
        require_digest(message.headers.get("digest"), message.content)
        said = _read(message.content)
        sender = await self._sender(signature, message, said, place, now=now, to=found[0].athlete_id)
        if sender is None:
            return
        await self.limits.count(BY_HOST, sender.host)
        await self.limits.count(BY_ACTOR, sender.address)
        async with self.resources.database.transaction() as session:
            address = str(said["id"])
            if await RemoteRepository(session).is_new(hashlib.sha256(address.encode()).digest(), now=now):
                await Handling(session, place, sender, now).handle(said)

    async def _sender(
        self, signature: Signature, message: Message, said: Document, place: Place, *, now: datetime, to: UUID
    ) -> RemoteActorRow | None:
        """Return who signed a message; None when somebody nobody knows says that they are gone."""
        host = place.host_of(signature.key_id)
        if host is None or host == place.host:
            raise SignatureInvalidError("The key is on no server that could be asked for it.")
        async with self.resources.database.transaction() as session:
            remote = RemoteRepository(session)
            if await remote.is_host_blocked(host):
                raise ServerShutOutError("This server has nothing to do with yours.")
            known = await remote.actor_of_key(signature.key_id)
            actor = await ActorRepository(session).own(AthleteId(to))
        if known is None and said["type"] == "Delete" and address_of(said.get("object")) == _actor_of(said):
            return None
        # The host is the one that others know this server by, whatever a proxy made of the header.
        values = {**message.headers, "host": place.host, TARGET: target_of("POST", message.path, message.query)}
        if known is None or not verify(signature, values, known.public_key):
            if known is not None and now - known.fetched_at < LOOKED_UP_AFTER:
                raise SignatureInvalidError("The signature is not one of the sender's key.")
            await self.limits.count(LOOKUPS_BY_CLIENT, network_of(message.client))
            await self.limits.count(LOOKUPS_OF_HOST, host)
            signer = None if actor is None else signer_of(self.resources, actor)
            known = await self._looked_up(signature, Lookup(place, self.resources.clock, signer), now=now)
            if not verify(signature, values, known.public_key):
                raise SignatureInvalidError("The signature is not one of the sender's key.")
        if _actor_of(said) != known.address or place.host_of(said["id"]) != known.host:
            raise SignatureInvalidError("Who signed the message is not who it says it is from.")
        return known

    async def _looked_up(self, signature: Signature, lookup: Lookup, *, now: datetime) -> RemoteActorRow:
        try:
            found = await lookup.owner_of(signature.key_id)
        except RemoteItemMissingError as error:
            raise SignatureInvalidError("The other server knows no such key.") from error
        except ProviderError as error:
            raise SignatureInvalidError(f"The key could not be fetched: {error.message}") from error
        if found is None:
            raise SignatureInvalidError("The other server does not say whose key it is.")
        async with self.resources.database.transaction() as session:
            return await RemoteRepository(session).save_actor(found, now=now)


@dataclass(frozen=True, slots=True)
class Handling:
    """What one message changes, within one transaction."""

    session: AsyncSession
    place: Place
    sender: RemoteActorRow
    now: datetime

    async def handle(self, said: Document) -> None:
        """Do what a message asks for; what is not known is nothing."""
        thing = said.get("object")
        match said["type"]:
            case "Follow":
                await self._follow(said)
            case "Undo" if isinstance(thing, Mapping) and thing.get("type") == "Follow":
                await self._unfollow(thing)
            case "Accept":
                await self._answered(thing, accepted=True)
            case "Reject":
                await self._answered(thing, accepted=False)
            case "Block":
                await self._blocked(thing)
            case "Create" | "Update":
                await self._note(thing, edited=said["type"] == "Update")
            case "Delete":
                await self._gone(thing)
            case _:
                return

    async def _meant(self, thing: object) -> AthleteId | None:
        """Return the person here that an address means."""
        actor_id = self.place.id_in(address_of(thing) or "", "actors")
        found = None if actor_id is None else await ActorRepository(self.session).known(actor_id)
        return None if found is None else AthleteId(found[0].athlete_id)

    async def _follow(self, said: Document) -> None:
        athlete_id = await self._meant(said.get("object"))
        if athlete_id is None:
            return
        standing = await RemoteRepository(self.session).ask(athlete_id, self.sender, str(said["id"]), now=self.now)
        actor = await ActorRepository(self.session).own(athlete_id)
        if actor is None:
            return
        if standing is None or standing.accepted_at is not None:
            # Who is blocked is refused as anybody may be; who follows already is told so again.
            await answer_request(
                self.session, actor, self.sender, str(said["id"]), accepted=standing is not None, now=self.now
            )
        await publish(self.session, athlete_id, RELATIONS_CHANGED, {})

    async def _unfollow(self, undone: Document) -> None:
        athlete_id = await self._meant(undone.get("object"))
        if athlete_id is None:
            return
        if await RemoteRepository(self.session).drop_follower(athlete_id, self.sender.id) is not None:
            await publish(self.session, athlete_id, RELATIONS_CHANGED, {})

    async def _answered(self, thing: object, *, accepted: bool) -> None:
        follow_id = self.place.id_in(address_of(thing) or "", "follows")
        if follow_id is None:
            return
        remote = RemoteRepository(self.session)
        if accepted:
            whose = await remote.accepted(follow_id, self.sender.id, now=self.now)
        else:
            whose = await remote.refused(follow_id, self.sender.id)
        if whose is not None:
            await publish(self.session, whose, RELATIONS_CHANGED, {})

    async def _blocked(self, thing: object) -> None:
        athlete_id = await self._meant(thing)
        if athlete_id is None:
            return
        remote = RemoteRepository(self.session)
        await remote.drop_follower(athlete_id, self.sender.id)
        await remote.unfollow(athlete_id, self.sender.id)
        await publish(self.session, athlete_id, RELATIONS_CHANGED, {})

    async def _note(self, thing: object, *, edited: bool) -> None:
        note = read_note(thing, self.sender.address, self.place)
        readers = await RemoteRepository(self.session).readers(self.sender.id)
        if note is None or not readers:
            if edited and note is None and isinstance(thing, Mapping) and thing.get("type") == "Note":
                await self._gone(thing)  # no longer for everybody
            return
        if not edited and await RemoteRepository(self.session).is_known(self._gone_mark(note.address)):
            return  # it was deleted before it arrived
        post_id = await RemoteRepository(self.session).save_post(self.sender.id, note, now=self.now, edited=edited)
        if post_id is not None:
            await self._tell(readers, POST_CHANGED, post_id)

    async def _gone(self, thing: object) -> None:
        address, remote = address_of(thing), RemoteRepository(self.session)
        readers = await remote.readers(self.sender.id)
        if address == self.sender.address:
            await remote.forget_actor(self.sender.id)
            for reader in readers[:TOLD_AT_MOST]:
                await publish(self.session, reader, RELATIONS_CHANGED, {})
            return
        if address is None:
            return
        await remote.is_new(self._gone_mark(address), now=self.now)
        post_id = await remote.drop_post(self.sender.id, address)
        if post_id is not None:
            await self._tell(readers, POST_DELETED, post_id)

    def _gone_mark(self, address: str) -> bytes:
        """Return what says that a note of the sender is gone; others cannot say so of it."""
        return hashlib.sha256(f"gone {self.sender.address} {address}".encode()).digest()

    async def _tell(self, readers: list[UUID], event: str, post_id: UUID) -> None:
        for reader in readers if len(readers) <= TOLD_AT_MOST else []:
            await publish(self.session, reader, event, {"id": str(post_id)})


async def answer_request(
    session: AsyncSession, actor: ActorRow, follower: RemoteActorRow, request: str, *, accepted: bool, now: datetime
) -> None:
    """Have somebody told whether they may follow."""
    asked = {"id": request, "type": "Follow", "actor": follower.address, "object": actor.address}
    kind = "Accept" if accepted else "Reject"
    digest = hashlib.sha256(f"{request} {now.timestamp()}".encode()).hexdigest()[:32]
    document = activity(kind, actor.address, asked, address=f"{actor.address}#{kind.lower()}s/{digest}")
    await send_later(session, actor, [follower.inbox], document, now=now)


def _read(content: bytes) -> Document:
    """Return a message with its type, its address and its actor."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError("The message is no JSON.") from error
    if (
        not isinstance(document, dict)
        or not isinstance(document.get("type"), str)
        or not isinstance(document.get("id"), str)
        or len(document["id"]) > MOST_CHARACTERS
        or _actor_of(document) is None
    ):
        raise InvalidInputError("The message is no activity with a type, an id and an actor.")
    return document


def _actor_of(said: Document) -> str | None:
    return address_of(said.get("actor"))
