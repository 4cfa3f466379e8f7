"""Making clubs, joining and leaving them, and the roles in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, InvalidInputError, NotFoundError, PermissionDeniedError
from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import require_may_share
from topform.features.community.club_members.leaving import delete_club, end_membership, hand_over, tell_club
from topform.features.community.club_members.repository import ClubPeopleRepository, ClubRepository, Seen
from topform.features.community.club_tables import MEMBERS, RUNNING, ClubMemberRow, ClubRow
from topform.features.community.clubs.schemas import (
    Club,
    ClubChange,
    ClubPage,
    ClubPeople,
    ClubPerson,
    GivenStanding,
    ListedClubs,
    NewClub,
    Standing,
)
from topform.features.community.names import NameTakenAwayError, folded, require_group_name
from topform.features.community.posts.schemas import Author, PostPage
from topform.features.community.posts.service import posts_of_club
from topform.features.community.relations.service import person_of, require_profile
from topform.features.community.removal_repository import RemovalRepository
from topform.features.community.tables import PersonRow
from topform.platform.happenings import Happening, happened
from topform.platform.web.idempotency import Nothing
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page

MOST_OWNED: Final = 10
MOST_JOINED: Final = 50
MOST_PEOPLE: Final = 1000
MOST_WAITING: Final = 500
NOT_THERE: Final = "There is no such person in the club."


class ClubRoleError(PermissionDeniedError):
    """Only the owner, or the owner and the organisers, do this."""

    code = "club_role_missing"


class ClubClosedError(PermissionDeniedError):
    """The club takes in whom it asks."""

    code = "club_by_invitation"


class ClubFullError(ConflictError):
    """As many people are in the club, or wait for it, as can be."""

    code = "club_full"


class TooManyClubsError(ConflictError):
    """One person owns, or is in, as many clubs as can be."""

    code = "too_many_clubs"


async def create(session: AsyncSession, athlete_id: AthleteId, new: NewClub, *, now: datetime) -> Club:
    """Make a club; who makes it owns it."""
    await require_may_share(session, athlete_id, today=now.date())
    await require_profile(session, athlete_id)
    require_group_name(new.name)
    clubs = ClubRepository(session)
    if await clubs.joined(athlete_id, ("owner",)) >= MOST_OWNED:
        raise TooManyClubsError(f"You own {MOST_OWNED} clubs.", remedy="Hand one over, or delete one first.")
    await _require_few(session, athlete_id)
    row = ClubRow(id=new_id(), created_at=now, **new.model_dump(mode="json"))
    await clubs.add(row, athlete_id, now=now)
    await tell_club(session, row.id, athlete_id)
    return await get_club(session, athlete_id, row.id)


async def get_club(session: AsyncSession, viewer: AthleteId, club_id: UUID) -> Club:
    """Return a club that the viewer may know of."""
    return _shown(await _visible(session, viewer, club_id))


async def list_clubs(
    session: AsyncSession, viewer: AthleteId, *, which: ListedClubs, words: str, cursor: str | None, limit: int
) -> ClubPage:
    """Return a page of one's own clubs, or of listed ones that are new to one."""
    found = await ClubRepository(session).page(
        viewer, is_mine=which == "mine", words=words.strip(), after=decode_cursor(cursor), limit=limit + 1
    )
    shown, has_more = split_page(found, limit)
    return ClubPage(
        items=[_shown(seen) for seen in shown],
        next_cursor=encode_cursor(shown[-1].row.created_at, shown[-1].row.id) if has_more else None,
    )


async def change(
    session: AsyncSession, athlete_id: AthleteId, club_id: UUID, wish: ClubChange, *, now: datetime
) -> Club:
    """Change how a club is called, described, found and joined."""
    row = await _run(session, athlete_id, club_id)
    await require_may_share(session, athlete_id, today=now.date())
    values: dict[str, Any] = wish.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    if values.get("name", row.name) != row.name:
        require_group_name(values["name"])
        if folded(values["name"]) in await RemovalRepository(session).club_names_taken(club_id):
            raise NameTakenAwayError("A moderator took this name away.", remedy="Choose another one, or appeal.")
    for name, value in values.items():
        setattr(row, name, value)
    await session.flush()
    await tell_club(session, club_id)
    return await get_club(session, athlete_id, club_id)


async def delete(session: AsyncSession, athlete_id: AthleteId, club_id: UUID) -> Nothing:
    """Delete one's own club."""
    await _run(session, athlete_id, club_id, as_owner=True)
    await delete_club(session, club_id)
    return Nothing()


async def join(session: AsyncSession, athlete_id: AthleteId, club_id: UUID, *, now: datetime) -> Club:
    """Join a club, or ask to, as the club has it; who was asked joins at once."""
    await require_may_share(session, athlete_id, today=now.date())
    await require_profile(session, athlete_id)
    seen = await _locked(session, athlete_id, club_id)
    if seen.standing in (*MEMBERS, "requested"):
        return _shown(seen)
    if seen.standing != "invited" and seen.row.joining == "invitation":
        raise ClubClosedError("This club takes in whom it asks.", remedy="Ask its owner for an invitation.")
    await _require_few(session, athlete_id)
    if seen.standing == "invited" or seen.row.joining == "open":
        await _take_in(session, club_id, athlete_id, now=now)
        await tell_club(session, club_id, athlete_id)
    else:
        await _require_few_waiting(session, club_id)
        await ClubRepository(session).set_standing(club_id, athlete_id, "requested", since=now)
        for runner in await ClubPeopleRepository(session).runners(club_id):
            _happened(session, "club_request", club_id, runner, by=athlete_id, now=now)
        await tell_club(session, club_id, athlete_id, all_members=False)
    return await get_club(session, athlete_id, club_id)


async def leave(session: AsyncSession, athlete_id: AthleteId, club_id: UUID) -> Nothing:
    """Leave a club, take one's request back, or say no to an invitation."""
    seen = await _locked(session, athlete_id, club_id)
    if seen.standing is None:
        raise NotFoundError("You are not in such a club.")
    if seen.standing in MEMBERS:
        await end_membership(session, club_id, athlete_id)
    else:
        await ClubRepository(session).drop(club_id, athlete_id)
        await tell_club(session, club_id, athlete_id, all_members=False)
    return Nothing()


async def people(session: AsyncSession, viewer: AthleteId, club_id: UUID, standing: Standing | None) -> ClubPeople:
    """Return who is in a club, or who stands otherwise to it, as far as the viewer may know."""
    await _visible(session, viewer, club_id)
    found = await ClubRepository(session).people(viewer, club_id, MEMBERS if standing is None else (standing,))
    return ClubPeople(items=[_person(row, person, viewer) for row, person in found])


async def posts(session: AsyncSession, viewer: AthleteId, club_id: UUID, *, cursor: str | None, limit: int) -> PostPage:
    """Return a page of what is shared with a club; nothing for who is not in it."""
    await _visible(session, viewer, club_id)
    return await posts_of_club(session, viewer, club_id, cursor=cursor, limit=limit)


async def set_standing(
    session: AsyncSession, athlete_id: AthleteId, club_id: UUID, handle: str, wanted: GivenStanding, *, now: datetime
) -> ClubPerson:
    """Ask somebody in, say yes to a request, give a role, hand the club over, or keep somebody out."""
    as_owner = wanted in RUNNING
    await _run(session, athlete_id, club_id, as_owner=as_owner)
    await require_may_share(session, athlete_id, today=now.date())
    clubs = ClubRepository(session)
    found = await clubs.person(athlete_id, club_id, handle)
    person = found[1] if found else (await person_of(session, athlete_id, handle)).row
    before = found[0].standing if found else None
    if person.athlete_id == athlete_id:
        raise InvalidInputError("You cannot change your own role.", remedy="Hand the club over, or leave it.")
    if before != wanted:
        await _require_above(session, athlete_id, club_id, before)
        await _move(session, athlete_id, club_id, person.athlete_id, before, wanted, now=now)
    now_there = await clubs.person(athlete_id, club_id, handle)
    if now_there is None:
        raise NotFoundError(NOT_THERE)
    return _person(*now_there, athlete_id)


async def remove(session: AsyncSession, athlete_id: AthleteId, club_id: UUID, handle: str) -> Nothing:
    """Remove somebody, refuse a request, take an invitation back, or let somebody in again who was kept out."""
    await _run(session, athlete_id, club_id)
    clubs = ClubRepository(session)
    found = await clubs.person(athlete_id, club_id, handle)
    if found is None:
        raise NotFoundError(NOT_THERE)
    row, person = found
    if person.athlete_id == athlete_id:
        raise InvalidInputError("That is you.", remedy="Leave the club instead.")
    before = row.standing
    await _require_above(session, athlete_id, club_id, before)
    await clubs.drop(club_id, person.athlete_id)
    told = () if before == "banned" else (person.athlete_id,)  # Who was kept out learns nothing of the club.
    await tell_club(session, club_id, *told, all_members=before in MEMBERS)
    return Nothing()


async def _move(
    session: AsyncSession,
    athlete_id: AthleteId,
    club_id: UUID,
    person: UUID,
    before: str | None,
    wanted: GivenStanding,
    *,
    now: datetime,
) -> None:
    clubs = ClubRepository(session)
    match wanted:
        case "invited" if before is None:
            await _require_few_waiting(session, club_id)
            await clubs.set_standing(club_id, person, "invited", since=now)
            _happened(session, "club_invitation", club_id, person, by=athlete_id, now=now)
        case "invited" | "member" if before == "requested":
            await require_may_share(session, AthleteId(person), today=now.date())
            await _take_in(session, club_id, AthleteId(person), now=now)
            _happened(session, "club_accepted", club_id, person, by=athlete_id, now=now)
        case "member" | "organiser" if before in MEMBERS:
            await clubs.set_standing(club_id, person, wanted, since=None)
        case "owner" if before in MEMBERS:
            await require_may_share(session, AthleteId(person), today=now.date())
            await clubs.set_standing(club_id, athlete_id, "organiser", since=None)
            await hand_over(session, club_id, person)
            return
        case "invited" if before in MEMBERS:
            return
        case "banned" if before is not None:
            await clubs.set_standing(club_id, person, "banned", since=now)
        case _ if before == "banned":
            raise ConflictError("This person is kept out of the club.", remedy="Let them in again first.")
        case _ if before is None:
            raise NotFoundError(NOT_THERE)
        case _:
            raise ConflictError("This person is not in the club yet.", remedy="Wait until they have joined.")
    seen_by_all = before in MEMBERS or wanted in MEMBERS or before == "requested"
    await tell_club(session, club_id, person, all_members=seen_by_all)


def _happened(session: AsyncSession, kind: str, club_id: UUID, told: UUID, *, by: UUID, now: datetime) -> None:
    """Have somebody told of a membership, once a day however often it is asked and taken back."""
    key = f"{kind}:{club_id}:{by}:{now.date()}"
    happened(session, Happening(kind, told, key, now, actor_id=by, club_id=club_id))


async def _take_in(session: AsyncSession, club_id: UUID, athlete_id: AthleteId, *, now: datetime) -> None:
    clubs = ClubRepository(session)
    if await clubs.count(club_id, MEMBERS) >= MOST_PEOPLE:
        raise ClubFullError(f"{MOST_PEOPLE} people are in the club.", remedy="Join another one, or make one.")
    await clubs.set_standing(club_id, athlete_id, "member", since=now)


async def _require_few(session: AsyncSession, athlete_id: AthleteId) -> None:
    if await ClubRepository(session).joined(athlete_id, (*MEMBERS, "requested")) >= MOST_JOINED:
        raise TooManyClubsError(
            f"You are in {MOST_JOINED} clubs, or ask to join them.", remedy="Leave one of them first."
        )


async def _require_few_waiting(session: AsyncSession, club_id: UUID) -> None:
    if await ClubRepository(session).count(club_id, ("requested", "invited")) >= MOST_WAITING:
        raise ClubFullError(
            f"{MOST_WAITING} people ask to join or were asked.", remedy="Wait until some of them are answered."
        )


async def _require_above(session: AsyncSession, athlete_id: AthleteId, club_id: UUID, standing: str | None) -> None:
    """Refuse that organisers change who else runs the club; nobody changes the owner but the owner."""
    if standing in RUNNING and await ClubRepository(session).standing(athlete_id, club_id) != "owner":
        raise ClubRoleError("Only the owner changes who runs the club.", remedy="Ask the owner.")


async def _visible(session: AsyncSession, viewer: AthleteId, club_id: UUID) -> Seen:
    seen = await ClubRepository(session).visible(viewer, club_id)
    if seen is None:
        raise NotFoundError("There is no such club.")
    return seen


async def _locked(session: AsyncSession, viewer: AthleteId, club_id: UUID) -> Seen:
    await ClubRepository(session).lock(club_id)
    return await _visible(session, viewer, club_id)


async def _run(session: AsyncSession, athlete_id: AthleteId, club_id: UUID, *, as_owner: bool = False) -> ClubRow:
    """Return a club that one runs, locked; what one may not see is not there."""
    seen = await _locked(session, athlete_id, club_id)
    if seen.standing != "owner" and (as_owner or seen.standing not in RUNNING):
        raise ClubRoleError(
            "Only the owner does this." if as_owner else "Only the owner and organisers do this.",
            remedy="Ask the owner of the club.",
        )
    return seen.row


def _shown(seen: Seen) -> Club:
    row = seen.row
    return Club.model_validate(
        {
            "id": row.id,
            "name": row.name,
            "description": row.description,
            "sports": row.sports,
            "joining": row.joining,
            "is_listed": row.is_listed,
            "owner": None if seen.owner is None else Author(handle=seen.owner.handle, name=seen.owner.name),
            "people": seen.people,
            "standing": seen.standing or "none",
            "requests": seen.requests if seen.standing in RUNNING else None,
            "created_at": row.created_at,
        }
    )


def _person(row: ClubMemberRow, person: PersonRow, viewer: AthleteId) -> ClubPerson:
    return ClubPerson.model_validate(
        {
            "handle": person.handle,
            "name": person.name,
            "is_you": person.athlete_id == viewer,
            "standing": row.standing,
            "since": row.since,
        }
    )
