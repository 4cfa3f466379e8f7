"""Clubs, their people, and what is shared in them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from topform.features.community.challenges.schemas import ChallengePage
from topform.features.community.challenges.service import challenges_of_club
from topform.features.community.clubs import service
from topform.features.community.clubs.schemas import (
    Club,
    ClubChange,
    ClubPage,
    ClubPeople,
    ClubPerson,
    ListedClubs,
    NewClub,
    Standing,
    StandingWish,
)
from topform.features.community.limits import UseLimits
from topform.features.community.posts.schemas import PostPage
from topform.features.community.relations.schemas import HandleInPath
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.pages import CursorParameter, Limit
from topform.platform.web.resources import Use

router = APIRouter(prefix="/community/clubs", tags=["community"])


@router.get("")
async def list_clubs(
    use: Use,
    athlete_id: SignedInAthlete,
    limits: UseLimits,
    which: Annotated[
        ListedClubs, Query(description="`mine`: you are in, ask to join, or were asked; `listed`: the others.")
    ] = "mine",
    q: Annotated[str, Query(max_length=60, description="A part of the name.")] = "",
    cursor: CursorParameter = None,
    limit: Limit = 20,
) -> ClubPage:
    """Return your clubs, or those on this server that want to be found, the newest first."""
    if q:
        await limits.count("search", athlete_id)
    async with use.database.reading() as session:
        return await service.list_clubs(session, athlete_id, which=which, words=q, cursor=cursor, limit=limit)


@router.get("/{club_id}/challenges")
async def list_challenges_of_club(
    club_id: UUID, use: Use, athlete_id: SignedInAthlete, cursor: CursorParameter = None, limit: Limit = 20
) -> ChallengePage:
    """Return the challenges of a club that are not over, those made last first; nothing if you are not in it."""
    async with use.database.reading() as session:
        await service.get_club(session, athlete_id, club_id)
        return await challenges_of_club(session, athlete_id, club_id, now=use.clock.now(), cursor=cursor, limit=limit)


@router.post("", status_code=201)
async def make_club(new: NewClub, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits) -> Club:
    """Make a club; you own it. It is hidden unless you say otherwise."""
    await limits.count("club", athlete_id)
    return await once.write(
        use, athlete_id, new, lambda session, now: service.create(session, athlete_id, new, now=now), Club
    )


@router.get("/{club_id}")
async def get_club(club_id: UUID, use: Use, athlete_id: SignedInAthlete) -> Club:
    """Return a club that you may see."""
    async with use.database.reading() as session:
        return await service.get_club(session, athlete_id, club_id)


@router.patch("/{club_id}")
async def change_club(
    club_id: UUID, change: ClubChange, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits
) -> Club:
    """Change a club that you own or organise."""
    await limits.count("club", athlete_id)
    return await once.write(
        use,
        athlete_id,
        change,
        lambda session, now: service.change(session, athlete_id, club_id, change, now=now),
        Club,
    )


@router.delete("/{club_id}", status_code=204)
async def delete_club(club_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Delete the club that you own; what was shared with it is its authors' alone again."""
    await once.write(use, athlete_id, None, lambda session, _: service.delete(session, athlete_id, club_id), Nothing)


@router.put("/{club_id}/membership")
async def join_club(club_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits) -> Club:
    """Join a club, ask to, or say yes to an invitation; `standing` in the answer says which it was."""
    await limits.count("club", athlete_id)
    return await once.write(
        use, athlete_id, None, lambda session, now: service.join(session, athlete_id, club_id, now=now), Club
    )


@router.delete("/{club_id}/membership", status_code=204)
async def leave_club(club_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Leave a club, take your request back, or say no to an invitation.

    The club of an owner who leaves goes to who is longest an organiser, else to who is longest in it; with the last
    person it is gone.
    """
    await once.write(use, athlete_id, None, lambda session, _: service.leave(session, athlete_id, club_id), Nothing)


@router.get("/{club_id}/people")
async def list_club_people(
    club_id: UUID,
    use: Use,
    athlete_id: SignedInAthlete,
    standing: Annotated[
        Standing | None,
        Query(description="Only who stands so; absent: all who are in it. Requests are for those who run it."),
    ] = None,
) -> ClubPeople:
    """Return who is in a club of yours, without those whom you block or who block you."""
    async with use.database.reading() as session:
        return await service.people(session, athlete_id, club_id, standing)


@router.put("/{club_id}/people/{handle}")
async def set_club_standing(
    club_id: UUID,
    handle: HandleInPath,
    wish: StandingWish,
    use: Use,
    athlete_id: SignedInAthlete,
    once: DoOnce,
    limits: UseLimits,
) -> ClubPerson:
    """Ask somebody into your club, say yes to a request, give a role, hand the club over, or keep somebody out."""
    await limits.count("follow" if wish.standing == "invited" else "club", athlete_id)
    return await once.write(
        use,
        athlete_id,
        wish,
        lambda session, now: service.set_standing(session, athlete_id, club_id, handle, wish.standing, now=now),
        ClubPerson,
    )


@router.delete("/{club_id}/people/{handle}", status_code=204)
async def remove_from_club(
    club_id: UUID, handle: HandleInPath, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> None:
    """Remove somebody, refuse a request, take an invitation back, or let in again whom you kept out."""
    await once.write(
        use, athlete_id, None, lambda session, _: service.remove(session, athlete_id, club_id, handle), Nothing
    )


@router.get("/{club_id}/posts")
async def list_posts_of_club(
    club_id: UUID, use: Use, athlete_id: SignedInAthlete, cursor: CursorParameter = None, limit: Limit = 20
) -> PostPage:
    """Return what the people of your club share with it, newest first."""
    async with use.database.reading() as session:
        return await service.posts(session, athlete_id, club_id, cursor=cursor, limit=limit)
