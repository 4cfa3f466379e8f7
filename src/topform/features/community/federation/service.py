"""Being known to other servers, following across them, and shutting them out."""

from __future__ import annotations

import asyncio
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import require_may_publish
from topform.features.community.events import RELATIONS_CHANGED
from topform.features.community.federation.addresses import Place, RemoteAddressError, person_in
from topform.features.community.federation.announcing import announce_later
from topform.features.community.federation.documents import activity
from topform.features.community.federation.fetching import Lookup
from topform.features.community.federation.inbox import answer_request
from topform.features.community.federation.reading import RemoteActor
from topform.features.community.federation.remote_repository import RemoteRepository
from topform.features.community.federation.repository import ActorRepository
from topform.features.community.federation.schemas import (
    BlockedHost,
    BlockedHosts,
    FederationState,
    RemotePeople,
    RemotePerson,
)
from topform.features.community.federation.sending import key_place, say_farewell, send_later, signer_of
from topform.features.community.federation.signatures import new_key
from topform.features.community.federation_tables import ActorRow, RemoteActorRow
from topform.features.community.relations.schemas import Following
from topform.features.community.relations.service import leave, require_profile
from topform.platform.events import publish
from topform.platform.sealed_secrets import SecretSealer
from topform.platform.web.idempotency import Nothing
from topform.platform.web.resources import Resources


class NotFederatedError(ConflictError):
    """What was asked needs an address that other servers know."""

    code = "not_federated"


async def state(session: AsyncSession, place: Place, athlete_id: AthleteId) -> FederationState:
    """Return whether other servers know the athlete, and by which address."""
    actor = await ActorRepository(session).own(athlete_id)
    if actor is None:
        return FederationState(is_on=False, address=None, followers=0, requests=0)
    person = await require_profile(session, athlete_id)
    followers, requests = await RemoteRepository(session).counts(athlete_id)
    return FederationState(is_on=True, address=f"@{person.handle}@{place.host}", followers=followers, requests=requests)


async def prepared_key() -> tuple[str, str]:
    """Return a new key pair, computed beside the event loop."""
    return await asyncio.to_thread(new_key)


async def switch_on(
    session: AsyncSession, resources: Resources, athlete_id: AthleteId, key: tuple[str, str], *, now: datetime
) -> FederationState:
    """Let other servers know of the athlete; adults only."""
    place = Place.of(resources.settings)
    await require_may_publish(session, athlete_id, today=now.date())
    person = await require_profile(session, athlete_id)
    actors = ActorRepository(session)
    if await actors.own(athlete_id) is None:
        actor_id, (private, public) = new_id(), key
        sealed = SecretSealer(resources.settings.sealing_keys()).seal(private, place=key_place(actor_id))
        row = ActorRow(
            athlete_id=athlete_id,
            id=actor_id,
            address=place.actor(actor_id),
            public_key=public,
            sealed_private_key=sealed,
            told_handle=person.handle,
            told_name=person.name,
            created_at=now,
        )
        await actors.add(row)
        await announce_later(session, athlete_id)
        await publish(session, athlete_id, RELATIONS_CHANGED, {})
    return await state(session, place, athlete_id)


async def switch_off(session: AsyncSession, place: Place, athlete_id: AthleteId, *, now: datetime) -> FederationState:
    """Have other servers forget the athlete."""
    if await say_farewell(session, athlete_id, now=now):
        await publish(session, athlete_id, RELATIONS_CHANGED, {})
    return await state(session, place, athlete_id)


async def leave_community(session: AsyncSession, athlete_id: AthleteId, *, now: datetime) -> Nothing:
    """Leave the community: whatever was shared and said goes, here and on other servers, and clubs pass to others."""
    await say_farewell(session, athlete_id, now=now)
    return await leave(session, athlete_id)


# ---- who follows the athlete ----


async def followers(session: AsyncSession, athlete_id: AthleteId, *, accepted: bool) -> RemotePeople:
    """Return who follows the athlete from other servers, or asks to."""
    remote = RemoteRepository(session)
    found = await remote.followers(athlete_id, accepted=accepted)
    return RemotePeople(items=[await _person(remote, athlete_id, one) for one in found])


async def accept(session: AsyncSession, athlete_id: AthleteId, address: str, *, now: datetime) -> RemotePerson:
    """Let somebody follow who asked to."""
    remote, person = RemoteRepository(session), await _known(session, address)
    actor = await _own(session, athlete_id)
    standing = await remote.follower(athlete_id, person.id)
    if standing is None:
        raise NotFoundError("They do not ask to follow you.")
    if standing.accepted_at is None:
        standing.accepted_at = now
        await session.flush()
        await answer_request(session, actor, person, standing.activity, accepted=True, now=now)
        await publish(session, athlete_id, RELATIONS_CHANGED, {})
    return await _person(remote, athlete_id, person)


async def send_away(session: AsyncSession, athlete_id: AthleteId, address: str, *, now: datetime) -> Nothing:
    """Refuse a request, or end that somebody follows."""
    person = await _known(session, address)
    if not await _send_away(session, athlete_id, person, now=now):
        raise NotFoundError("They neither follow you nor ask to.")
    await publish(session, athlete_id, RELATIONS_CHANGED, {})
    return Nothing()


async def _send_away(session: AsyncSession, athlete_id: AthleteId, person: RemoteActorRow, *, now: datetime) -> bool:
    gone = await RemoteRepository(session).drop_follower(athlete_id, person.id)
    actor = await ActorRepository(session).own(athlete_id)
    if gone is None or actor is None:
        return False
    await answer_request(session, actor, person, gone.activity, accepted=False, now=now)
    return True


# ---- whom the athlete follows ----


async def followed(session: AsyncSession, athlete_id: AthleteId) -> RemotePeople:
    """Return whom the athlete follows on other servers, or asked to."""
    found = await RemoteRepository(session).followed(athlete_id)
    return RemotePeople(items=[_shown(one, "yes" if follow.accepted_at else "requested") for one, follow in found])


async def look_up(resources: Resources, athlete_id: AthleteId, address: str) -> RemoteActor:
    """Ask another server for whoever has an address, in the athlete's name."""
    place, now = Place.of(resources.settings), resources.clock.now()
    name, host = person_in(address)
    if host == place.host:
        raise RemoteAddressError("That is an address of this server.", remedy=f"Follow @{name} here.")
    async with resources.database.transaction() as session:
        await require_may_publish(session, athlete_id, today=now.date())
        actor = await _own(session, athlete_id)
        if await RemoteRepository(session).is_host_blocked(host):
            raise RemoteAddressError("This server has nothing to do with that one.")
    return await Lookup(place, resources.clock, signer_of(resources, actor)).person(name, host)


async def follow(
    session: AsyncSession, place: Place, athlete_id: AthleteId, found: RemoteActor, *, now: datetime
) -> RemotePerson:
    """Ask somebody of another server whether the athlete may follow them."""
    remote, actor = RemoteRepository(session), await _own(session, athlete_id)
    if await remote.is_host_blocked(found.host):
        raise RemoteAddressError("This server has nothing to do with that one.")
    person = await remote.save_actor(found, now=now)
    if await remote.is_blocked(athlete_id, person.id):
        raise RemoteAddressError("You block them.", remedy="Take the block back first.")
    asked = await remote.request(athlete_id, person.id, now=now)
    if asked is not None:
        document = activity("Follow", actor.address, person.address, address=place.follow(asked.id))
        await send_later(session, actor, [person.inbox], document, now=now)
        await publish(session, athlete_id, RELATIONS_CHANGED, {})
    return await _person(remote, athlete_id, person)


async def unfollow(
    session: AsyncSession, place: Place, athlete_id: AthleteId, address: str, *, now: datetime
) -> Nothing:
    """Stop following somebody of another server, or take the question back."""
    person = await _known(session, address)
    if not await _unfollow(session, place, athlete_id, person, now=now):
        raise NotFoundError("You do not follow them.")
    await publish(session, athlete_id, RELATIONS_CHANGED, {})
    return Nothing()


async def _unfollow(
    session: AsyncSession, place: Place, athlete_id: AthleteId, person: RemoteActorRow, *, now: datetime
) -> bool:
    ended = await RemoteRepository(session).unfollow(athlete_id, person.id)
    actor = await ActorRepository(session).own(athlete_id)
    if ended is None or actor is None:
        return False
    asked = {"id": place.follow(ended.id), "type": "Follow", "actor": actor.address, "object": person.address}
    document = activity("Undo", actor.address, asked, address=f"{place.follow(ended.id)}#undo")
    await send_later(session, actor, [person.inbox], document, now=now)
    return True


# ---- blocks ----


async def blocked(session: AsyncSession, athlete_id: AthleteId) -> RemotePeople:
    """Return whom of other servers the athlete blocks."""
    return RemotePeople(items=[_shown(one, "no") for one in await RemoteRepository(session).blocked(athlete_id)])


async def block(session: AsyncSession, place: Place, athlete_id: AthleteId, address: str, *, now: datetime) -> Nothing:
    """Have nothing to do with somebody of another server: nobody follows anybody any more; they are not told why."""
    person = await _known(session, address)
    await _send_away(session, athlete_id, person, now=now)
    await _unfollow(session, place, athlete_id, person, now=now)
    await RemoteRepository(session).block(athlete_id, person.id, now=now)
    await publish(session, athlete_id, RELATIONS_CHANGED, {})
    return Nothing()


async def unblock(session: AsyncSession, athlete_id: AthleteId, address: str) -> Nothing:
    """Take a block back."""
    person = await _known(session, address)
    if not await RemoteRepository(session).unblock(athlete_id, person.id):
        raise NotFoundError("You do not block them.")
    return Nothing()


async def blocked_hosts(session: AsyncSession) -> BlockedHosts:
    """Return which servers are shut out, for moderators."""
    rows = await RemoteRepository(session).blocked_hosts()
    return BlockedHosts(items=[BlockedHost.model_validate(row, from_attributes=True) for row in rows])


async def block_host(session: AsyncSession, host: str, reason: str, *, now: datetime) -> BlockedHosts:
    """Shut a server out, for moderators: its people are forgotten here, and nothing goes there any more."""
    await RemoteRepository(session).block_host(host.lower(), reason, now=now)
    return await blocked_hosts(session)


async def unblock_host(session: AsyncSession, host: str) -> Nothing:
    """Let a server in again, for moderators."""
    if not await RemoteRepository(session).unblock_host(host.lower()):
        raise NotFoundError("That server is not shut out.")
    return Nothing()


async def _own(session: AsyncSession, athlete_id: AthleteId) -> ActorRow:
    actor = await ActorRepository(session).own(athlete_id)
    if actor is None:
        raise NotFederatedError(
            "Other servers do not know you.", remedy="Switch it on first: PUT /api/v1/community/federation."
        )
    return actor


async def _known(session: AsyncSession, address: str) -> RemoteActorRow:
    name, host = person_in(address)
    person = await RemoteRepository(session).actor_named(f"{name}@{host}")
    if person is None:
        raise NotFoundError("Nobody with this address is known here.")
    return person


async def _person(remote: RemoteRepository, athlete_id: AthleteId, person: RemoteActorRow) -> RemotePerson:
    follow = await remote.follow(athlete_id, person.id)
    return _shown(person, "no" if follow is None else "requested" if follow.accepted_at is None else "yes")


def _shown(person: RemoteActorRow, following: Following) -> RemotePerson:
    return RemotePerson(
        address=f"@{person.handle}", name=person.name, host=person.host, url=person.url, following=following
    )
