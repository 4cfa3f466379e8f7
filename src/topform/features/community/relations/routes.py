"""Joining, finding people, following and muting."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from topform.features.community.limits import UseLimits
from topform.features.community.relations import service
from topform.features.community.relations.schemas import HandleInPath, Membership, People, Person, ProfileChange
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Resources, Use

router = APIRouter(prefix="/community", tags=["community"])


@router.get("/me")
async def get_community_profile(use: Use, athlete_id: SignedInAthlete) -> Membership:
    """Return how others see you, and how many follow you; `profile` is null until you join."""
    async with use.database.reading() as session:
        return _on_this_server(use, await service.membership(session, athlete_id))


@router.put("/me")
async def set_community_profile(
    change: ProfileChange, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> Membership:
    """Join the community or change your profile; nothing of your training is shared by that."""

    secret = use.settings.signing_key()

    async def saved(session: AsyncSession, now: datetime) -> Membership:
        return _on_this_server(use, await service.save_profile(session, athlete_id, change, secret=secret, now=now))

    return await once.write(use, athlete_id, change, saved, Membership)


def _on_this_server(use: Resources, membership: Membership) -> Membership:
    return membership.model_copy(update={"federates": use.settings.federation != "off"})


@router.get("/people")
async def search_people(
    use: Use,
    athlete_id: SignedInAthlete,
    limits: UseLimits,
    q: Annotated[str, Query(min_length=2, max_length=80, description="How a handle or a name begins.")],
) -> People:
    """Find people on this server who want to be found, at most 20."""
    await limits.count("search", athlete_id)
    async with use.database.reading() as session:
        return await service.search(session, athlete_id, q)


@router.get("/people/{handle}")
async def get_person(handle: HandleInPath, use: Use, athlete_id: SignedInAthlete) -> Person:
    """Return a person; 404 also for those who do not want to be found."""
    async with use.database.reading() as session:
        return await service.get_person(session, athlete_id, handle)


@router.get("/following")
async def list_following(use: Use, athlete_id: SignedInAthlete) -> People:
    """Return whom you follow or asked to follow."""
    async with use.database.reading() as session:
        return await service.followed(session, athlete_id)


@router.put("/following/{handle}")
async def follow_person(
    handle: HandleInPath, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits
) -> Person:
    """Ask to follow a person; what they share with followers appears when they accept."""
    await limits.count("follow", athlete_id)
    return await once.write(
        use, athlete_id, None, lambda session, now: service.follow(session, athlete_id, handle, now=now), Person
    )


@router.delete("/following/{handle}", status_code=204)
async def unfollow_person(handle: HandleInPath, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Stop following a person, or take your request back."""
    await once.write(use, athlete_id, None, lambda session, _: service.unfollow(session, athlete_id, handle), Nothing)


@router.get("/followers")
async def list_followers(use: Use, athlete_id: SignedInAthlete) -> People:
    """Return who follows you."""
    async with use.database.reading() as session:
        return await service.followers(session, athlete_id, accepted=True)


@router.get("/requests")
async def list_follow_requests(use: Use, athlete_id: SignedInAthlete) -> People:
    """Return who asks to follow you."""
    async with use.database.reading() as session:
        return await service.followers(session, athlete_id, accepted=False)


@router.put("/followers/{handle}")
async def accept_follower(handle: HandleInPath, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Person:
    """Let a person follow you who asked to."""
    return await once.write(
        use, athlete_id, None, lambda session, now: service.accept(session, athlete_id, handle, now=now), Person
    )


@router.delete("/followers/{handle}", status_code=204)
async def remove_follower(handle: HandleInPath, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Refuse a request, or end that a person follows you; they get no notice."""
    await once.write(
        use, athlete_id, None, lambda session, _: service.remove_follower(session, athlete_id, handle), Nothing
    )


@router.put("/mutes/{handle}")
async def mute_person(handle: HandleInPath, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Person:
    """Leave a person's posts out of your feed; they do not learn of it."""
    return await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: service.mute(session, athlete_id, handle, muted=True, now=now),
        Person,
    )


@router.delete("/mutes/{handle}")
async def unmute_person(handle: HandleInPath, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Person:
    """Take a person's posts into your feed again."""
    return await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: service.mute(session, athlete_id, handle, muted=False, now=now),
        Person,
    )
