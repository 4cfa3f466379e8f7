"""People of other servers: who may follow you from there, whom you follow there, who is shut out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from topform.features.community.federation import service
from topform.features.community.federation.addresses import Place
from topform.features.community.federation.schemas import (
    BlockedHosts,
    FederationChoice,
    FederationState,
    HostBlock,
    HostInPath,
    RemoteAddress,
    RemotePeople,
    RemotePerson,
)
from topform.features.community.limits import UseLimits
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import Moderator, SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/community", tags=["community"])


@router.delete("/me", status_code=204)
async def leave_community(use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Leave: your posts, comments, kudos and follows are deleted at once; your training stays."""
    await once.write(
        use, athlete_id, None, lambda session, now: service.leave_community(session, athlete_id, now=now), Nothing
    )


@router.get("/federation")
async def get_federation(use: Use, athlete_id: SignedInAthlete) -> FederationState:
    """Return whether people of other servers can follow you, and by which address; 404 where federation is off."""
    place = Place.of(use.settings)
    async with use.database.reading() as session:
        return await service.state(session, place, athlete_id)


@router.put("/federation")
async def choose_federation(
    choice: FederationChoice, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> FederationState:
    """Let people of other servers follow you and get what you share with everybody; or have those servers forget you.

    Only for adults who said when they were born. Each request to follow waits until you accept it.
    """
    place = Place.of(use.settings)
    if not choice.is_on:
        return await once.write(
            use,
            athlete_id,
            choice,
            lambda session, now: service.switch_off(session, place, athlete_id, now=now),
            FederationState,
        )
    key = await service.prepared_key()
    return await once.write(
        use,
        athlete_id,
        choice,
        lambda session, now: service.switch_on(session, use, athlete_id, key, now=now),
        FederationState,
    )


@router.get("/remote-followers")
async def list_remote_followers(
    use: Use,
    athlete_id: SignedInAthlete,
    accepted: Annotated[bool, Query(description="Who follows you; otherwise who asks to.")] = True,
) -> RemotePeople:
    """Return who follows you from other servers, or asks to."""
    Place.of(use.settings)
    async with use.database.reading() as session:
        return await service.followers(session, athlete_id, accepted=accepted)


@router.put("/remote-followers/{remote_address}")
async def accept_remote_follower(
    remote_address: RemoteAddress, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> RemotePerson:
    """Let somebody of another server follow you who asked to."""
    Place.of(use.settings)
    return await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: service.accept(session, athlete_id, remote_address, now=now),
        RemotePerson,
    )


@router.delete("/remote-followers/{remote_address}", status_code=204)
async def remove_remote_follower(
    remote_address: RemoteAddress, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> None:
    """Refuse a request of another server, or end that somebody there follows you."""
    Place.of(use.settings)
    await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: service.send_away(session, athlete_id, remote_address, now=now),
        Nothing,
    )


@router.get("/remote-following")
async def list_remote_following(use: Use, athlete_id: SignedInAthlete) -> RemotePeople:
    """Return whom you follow on other servers, or asked to follow."""
    Place.of(use.settings)
    async with use.database.reading() as session:
        return await service.followed(session, athlete_id)


@router.put("/remote-following/{remote_address}")
async def follow_remote_person(
    remote_address: RemoteAddress, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits
) -> RemotePerson:
    """Ask to follow somebody of another server; once they accept, what they share with everybody is in your feed."""
    place = Place.of(use.settings)
    await limits.count("follow", athlete_id)
    found = await service.look_up(use, athlete_id, remote_address)
    return await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: service.follow(session, place, athlete_id, found, now=now),
        RemotePerson,
    )


@router.delete("/remote-following/{remote_address}", status_code=204)
async def unfollow_remote_person(
    remote_address: RemoteAddress, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> None:
    """Stop following somebody of another server, or take your request back."""
    place = Place.of(use.settings)
    await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: service.unfollow(session, place, athlete_id, remote_address, now=now),
        Nothing,
    )


@router.get("/remote-blocks")
async def list_remote_blocks(use: Use, athlete_id: SignedInAthlete) -> RemotePeople:
    """Return whom of other servers you block."""
    Place.of(use.settings)
    async with use.database.reading() as session:
        return await service.blocked(session, athlete_id)


@router.put("/remote-blocks/{remote_address}", status_code=204)
async def block_remote_person(
    remote_address: RemoteAddress, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> None:
    """Block somebody of another server: neither of you follows the other any more, and their requests are refused."""
    place = Place.of(use.settings)
    await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: service.block(session, place, athlete_id, remote_address, now=now),
        Nothing,
    )


@router.delete("/remote-blocks/{remote_address}", status_code=204)
async def unblock_remote_person(
    remote_address: RemoteAddress, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> None:
    """Take a block of somebody of another server back."""
    Place.of(use.settings)
    await once.write(
        use,
        athlete_id,
        None,
        lambda session, _: service.unblock(session, athlete_id, remote_address),
        Nothing,
    )


@router.get("/blocked-hosts")
async def list_blocked_hosts(use: Use, _moderator: Moderator) -> BlockedHosts:
    """Return the servers that this one has nothing to do with; for moderators."""
    Place.of(use.settings)
    async with use.database.reading() as session:
        return await service.blocked_hosts(session)


@router.put("/blocked-hosts/{host}")
async def block_host(host: HostInPath, why: HostBlock, use: Use, moderator: Moderator, once: DoOnce) -> BlockedHosts:
    """Shut a server out: nothing comes from it or goes to it, and its people are forgotten here; for moderators."""
    Place.of(use.settings)
    return await once.write(
        use,
        moderator,
        why,
        lambda session, now: service.block_host(session, host, why.reason, now=now),
        BlockedHosts,
    )


@router.delete("/blocked-hosts/{host}", status_code=204)
async def unblock_host(host: HostInPath, use: Use, moderator: Moderator, once: DoOnce) -> None:
    """Let a server in again; following has to be asked for anew. For moderators."""
    Place.of(use.settings)
    await once.write(use, moderator, None, lambda session, _: service.unblock_host(session, host), Nothing)
