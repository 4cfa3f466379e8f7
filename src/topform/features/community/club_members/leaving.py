"""What a club does when somebody goes, and who hears of a change in it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.community.club_members.repository import ClubPeopleRepository, ClubRepository
from topform.features.community.events import CLUB_CHANGED, CLUB_DELETED
from topform.features.community.topics import RELATIONS
from topform.platform.events import announce, hold, publish

TOLD_AT_MOST: Final = 200
"""Members who are told of a change at once; those of larger clubs see it when they look next."""

News = set[tuple[UUID, UUID, str]]
"""Whom to tell, of which club, and what."""


async def tell_club(session: AsyncSession, club_id: UUID, *people: UUID, all_members: bool = True) -> None:
    """Have clients fetch a club again: of some people, of who runs it, and of its members if they can see the change.

    The event holds the id of the club only; whoever hears of it asks for the club themselves.
    """
    await _tell(session, await _changed(session, club_id, *people, all_members=all_members))


async def delete_club(session: AsyncSession, club_id: UUID) -> None:
    """Delete a club; what was shared with it is its authors' alone again."""
    await _tell(session, await _deleted(session, club_id))


async def end_membership(session: AsyncSession, club_id: UUID, athlete_id: UUID) -> None:
    """Take somebody out of a club that is locked; who owned it is followed by another, or the club goes."""
    await _tell(session, await _ended(session, club_id, athlete_id))


async def hand_over(session: AsyncSession, club_id: UUID, successor: UUID) -> None:
    """Make somebody the owner of a club that has none; whom they block, or who blocks them, is not in it any more."""
    await _tell(session, await _handed_over(session, club_id, successor))


async def leave_all(session: AsyncSession, athlete_id: UUID) -> None:
    """Take somebody out of all clubs."""
    news: News = set()
    for club_id in await ClubPeopleRepository(session).clubs_of(athlete_id):
        if await ClubRepository(session).lock(club_id) is not None:
            news |= await _ended(session, club_id, athlete_id)
    await _tell(session, news, also=[athlete_id])


async def part_in_clubs(session: AsyncSession, one: UUID, other: UUID) -> None:
    """Have a block between an owner and somebody else end what binds that person to the club."""
    known = ClubPeopleRepository(session)
    news: News = set()
    for club_id, owner in await known.clubs_between(one, other):
        if await ClubRepository(session).lock(club_id) is not None:
            news |= await _changed(session, club_id, *await known.part(club_id, owner))
    await _tell(session, news, also=[one, other])


async def _ended(session: AsyncSession, club_id: UUID, athlete_id: UUID) -> News:
    clubs = ClubRepository(session)
    if await clubs.standing(AthleteId(athlete_id), club_id) != "owner":
        await clubs.drop(club_id, athlete_id)
        return await _changed(session, club_id, athlete_id)
    successor = await ClubPeopleRepository(session).successor(club_id, besides=athlete_id)
    if successor is None:
        return await _deleted(session, club_id)
    await clubs.drop(club_id, athlete_id)
    return {(athlete_id, club_id, CLUB_CHANGED), *await _handed_over(session, club_id, successor)}


async def _handed_over(session: AsyncSession, club_id: UUID, successor: UUID) -> News:
    await ClubRepository(session).set_standing(club_id, successor, "owner", since=None)
    return await _changed(session, club_id, *await ClubPeopleRepository(session).part(club_id, successor))


async def _changed(session: AsyncSession, club_id: UUID, *people: UUID, all_members: bool = True) -> News:
    known = ClubPeopleRepository(session)
    told = {*people, *await known.runners(club_id)}
    if all_members:
        told.update(await known.members(club_id, limit=TOLD_AT_MOST))
    return {(person, club_id, CLUB_CHANGED) for person in told}


async def _deleted(session: AsyncSession, club_id: UUID) -> News:
    known = ClubPeopleRepository(session)
    told = {*await known.runners(club_id), *await known.waiting(club_id)}
    told.update(await known.members(club_id, limit=TOLD_AT_MOST))
    await ClubRepository(session).remove(club_id)
    return {(person, club_id, CLUB_DELETED) for person in told}


async def _tell(session: AsyncSession, news: News, *, also: Collection[UUID] = ()) -> None:
    """Publish in one order of people, those included whom the caller tells later: nobody waits for each other then."""
    for person in sorted({*also, *(told for told, _, _ in news)}):
        await hold(session, person)
        for _, club_id, event in sorted(one for one in news if one[0] == person):
            await publish(session, person, event, {"id": str(club_id)})
    await announce(session, RELATIONS)
